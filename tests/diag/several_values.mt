mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

model m(x: [B, 2]) {
  wide: linear(6)
  a, b = wide -> chunk(3, dim=1)
  c, d = wide -> chunk(2, dim=1)
  e: [c, d] -> relu
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
