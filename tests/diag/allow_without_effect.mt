mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true  # mtc: allow W0503
}

model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1) # mtc: allow W0202 W0201

train {
  run = 10 epochs
}
