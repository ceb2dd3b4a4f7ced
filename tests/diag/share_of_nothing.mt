mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

model m(x: [B, 2]) {
  a: linear(2)
  h: relu
  b: a -> share(h)
  c: a -> share(aa)
  d: linear(2, weight=h.weight)
  e: linear(2, weight=a.wieght)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
