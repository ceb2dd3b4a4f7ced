mt 1

# MNIST with linear layers only: the net that tests/bench measures.
data {
  train = idx(image="train-images-idx3-ubyte", label="train-labels-idx1-ubyte")
  test = idx(image="t10k-images-idx3-ubyte", label="t10k-labels-idx1-ubyte")
  x: image -> scale(1 / 255)
  y: label -> class(10)
  batch = 64
  shuffle = true
}

model mlp(x: [B, 28, 28]) {
  flatten
  fc1: linear(512) -> relu
  fc2: linear(256) -> relu
  logits: linear(10)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer sgd(lr=0.05, momentum=0.9)

train {
  run = 10 epochs
  log_every = 200 steps
  seed = 1
}
