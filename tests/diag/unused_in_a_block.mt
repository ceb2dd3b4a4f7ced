mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

block basic(x; width, residual=true) {
  skip = x -> linear(width)
  side = x -> linear(3)
  fc1: linear(width) -> relu
  add(skip) when residual
}

model m(x: [B, 2]) {
  s1: repeat 2 {
    far = x -> linear(2)
    one: linear(4)
    two: basic(4, residual=false)
  }
  s2: basic(5)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
