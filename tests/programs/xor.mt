mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = false
}

model xor(x: [B, 2]) {
  hidden: linear(8) -> tanh
  logit: linear(1)
}

loss { binary_cross_entropy_with_logits(logit, y) }
metrics { acc = binary_accuracy(logit, y) }
optimizer adam(lr=0.05)

train {
  run = 500 epochs
  log_every = 100 steps
  seed = 7
}
