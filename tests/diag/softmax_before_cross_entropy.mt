mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], label=[0, 1, 1, 0])
  y: label -> class(2)
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  p: linear(2) -> softmax(dim=1)
}

loss { cross_entropy(p, y) }
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
}
