mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]], c=[0, 1, 2, 0])
  k: c -> class(3)
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  z: linear(3)
  out: linear(1)
}

loss {
  a = cross_entropy(z, k, weight=[1, 2, 3])
  b = mse_loss(out, y)
  a + b
}
optimizer sgd(lr=0.1)

train {
  accumulate = 2
  run = 10 epochs
}
