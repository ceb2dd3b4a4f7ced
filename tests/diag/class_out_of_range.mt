mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], c=[0, 1, 2, 3])
  y: c -> class(3)
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  out: linear(3)
}

loss { cross_entropy(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
}
