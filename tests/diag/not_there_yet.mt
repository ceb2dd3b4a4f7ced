mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)

train {
  ema = 0.999
  run = 10 epochs
}
