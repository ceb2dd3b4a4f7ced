mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

block tower(x; d) {
  fc: linear(d)
}

model m(x: [B, 2]) {
  a: linear(3)
  b: a -> share(a)
  t: x -> tower(3)
  u: t -> share(t)
  w: x -> linear(4, weight=a.weight)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
