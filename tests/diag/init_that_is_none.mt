mt 1

data {
  train = inline(x=[[0, 0.5, 1, 2], [0, 1, 3, 1], [1, 0, 2, 1]], y=[[0], [1], [1]])
  batch = 2
  shuffle = false
}

model m(x: [B, 4]) {
  w = param(3, 4, init=3)
  penalty = w * w
  o: linear(1)
}

loss { mse_loss(o, y) + 0.1 * mean(penalty) }
optimizer sgd(lr=0.05)

train { run = 2 epochs }
