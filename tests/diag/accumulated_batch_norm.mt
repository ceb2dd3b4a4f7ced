mt 1

data {
  train = csv("points.csv", header=true)
  x: columns(0, 1, 2)
  y: column(3) -> class(2)
  batch = 128
  shuffle = true
}

block normed(x; d) {
  fc: linear(d, bias=false)
  bn: batch_norm1d
  relu
}

model net(x: [B, 3]) {
  h1: normed(16)
  h2: normed(16)
  logits: linear(2)
}

loss { cross_entropy(logits, y) }
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
  accumulate = 4
}
