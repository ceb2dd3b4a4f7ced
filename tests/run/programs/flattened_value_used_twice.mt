mt 1

# A value that flatten only renames is used more than once: all its uses count when its derivative is shared.
data {
  train = inline(x=[[0.3, -0.7, 0.2], [1.1, 0.4, -0.6], [-0.2, 0.9, 0.5]], t=[[0.1, 0.2], [0.5, -0.3], [0.4, 0.7]])
  batch = 3
  shuffle = false
}

model m(x: [B, 3]) {
  a: linear(2) -> flatten
  b: a + a * a
}

loss { mse_loss(b, t) }
optimizer sgd(lr=0.1)

train { run = 2 epochs }
