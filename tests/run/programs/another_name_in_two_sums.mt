mt 1

data {
  train = inline(x=[[0, 0.5, 1, 2], [0, 1, 3, 1], [1, 0, 2, 1]], y=[[0], [1], [1]])
  batch = 2
  shuffle = false
}

model m(x: [B, 4]) {
  a: x -> linear(4)
  h = a
  c: x -> linear(4)
  w = h * 2
  u = h + c
  z = w * w + u * u
  o: z -> linear(1)
}

loss { mse_loss(o, y) }
optimizer sgd(lr=0.00001)

train { run = 2 epochs }
