mt 1

data {
  train = csv("iris.csv", header=true)
  test = holdout(train, 0.2)
  x: columns("sepal_length", "sepal_width") -> standardize
  y: columns("petal_width")
  batch = 16
  shuffle = true
}

model iris(x: [B, 2]) {
  fc1: linear(16) -> relu
  fc2: linear(16) -> relu
  out: linear(1)
}

loss { mse_loss(out, y) }

optimizer adamw(lr=0.01, weight_decay=0.001)
schedule multistep_lr(milestones=[30, 60])

train {
  run = 100 epochs
  seed = 1
}
