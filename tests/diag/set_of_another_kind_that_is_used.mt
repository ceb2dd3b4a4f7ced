# flags: --set 'C="a"'
mt 1

data {
  train = inline(x=[[0, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 1], [1, 1, 0, 0]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = false
}

const C = 4
const R = C * 2

model m(x: [B, 4]) {
  a: linear(R)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 2 steps }
