mt 1
use "used/outer.mt"

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  hidden: outer(8)
  more: inner(8)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
