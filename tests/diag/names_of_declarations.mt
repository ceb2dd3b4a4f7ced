mt 1

const B = 3
const conv2d = 3
const K = 2
const K = 3
const t = 4

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6]], t=[[0.1], [0.5]])
  batch = 2
  shuffle = false
}

block linear(x; n) {
  relu
}
block tail(x; n) {
  l: linear(n)
}
block tail(x; n) {
  l: linear(n) -> tanh
}

model m(x: [B, 3], t: [B, 1]) {
  u, u = x -> chunk(3, dim=1)
  r: repeat 2 as K { tanh }
  q: repeat 2 as x { tanh }
  p: repeat 2 as sigmoid { tanh }
  out: tail(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 1 epochs }
