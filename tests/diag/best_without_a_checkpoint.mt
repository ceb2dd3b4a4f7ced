mt 1

data {
  train = csv("points.csv", header=true)
  valid = csv("more.csv", header=true)
  x: columns(0, 1, 2)
  y: column(3) -> class(2)
  batch = 128
  shuffle = true
}

model net(x: [B, 3]) {
  hidden: linear(16) -> relu
  logits: linear(2)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
  best = max(acc)
}
