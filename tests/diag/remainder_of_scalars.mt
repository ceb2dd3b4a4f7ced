mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 2
  shuffle = true
}

model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  out: linear(1)
}

loss {
  a = mse_loss(out, y) % 2
  max(a, out)
}
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
}
