mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

block dense(x: [B, C, T]; width) {
  fc: linear(width)
}

block square(x: [B, C]; C) {
  fc: linear(C) -> relu
}

model m(x: [B, 2]) {
  a: linear(3) -> relu
  b: dense(4)
  c: a -> square(2)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
