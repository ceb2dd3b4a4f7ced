mt 1

data {
  train = npy(x="img.npy", y="y.npy")
  y: y -> class(10)
  batch = 16
  shuffle = true
}

block two(x; n) {
  first: linear(n) -> tanh
  second: linear(n, bias=false)
}

model odd(x: [B, 8]) {
  base = x -> linear(16)
  repeat 2 { relu }
  rounds: repeat 3 as i {
    up: linear(16) -> gelu
    down: linear(8)
  }
  one: repeat 2 { linear(8) -> relu }
  a, b = one -> chunk(2, dim=1)
  mixed = a * b + 1
  used = base -> linear(8)
  again: one -> two(6) -> sigmoid
  h: mixed -> concat(again, used, dim=1)
  logits: linear(10)
  tied: x -> linear(16, weight=base.weight)
  more: tied -> linear(10)
  out: more + logits
}

loss { cross_entropy(out, y) }
optimizer sgd(lr=0.1)
train { run = 1 epochs }
