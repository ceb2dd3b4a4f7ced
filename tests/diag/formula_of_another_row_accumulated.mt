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
  a = mse_loss(out, y)
  ratio = a / mean(y * y)
  a + 0.1 * ratio
}
optimizer sgd(lr=0.1)

train {
  accumulate = 2
  run = 10 epochs
}
