mt 1

data {
  train = inline(x=[[0, 0.5, 1, 2], [0, 1, 3, 1], [1, 0, 2, 1]], y=[[0], [1], [1]])
  batch = 2
  shuffle = false
}

model m(x: [B, 4]) {
  fc1: linear(8) -> tanh
  fc2: linear(8) -> tanh
  o: linear(1)
}

params {
  bias { frozen = 1 }
  "o.*" { lr_scale = -1 }
}

loss { mse_loss(o, y) }
optimizer sgd(lr=0.05)

train { run = 2 epochs }
