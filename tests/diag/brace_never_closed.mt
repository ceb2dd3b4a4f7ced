mt 1

data {
  train = idx(image="train-images-idx3-ubyte", label="train-labels-idx1-ubyte")
  test = idx(image="t10k-images-idx3-ubyte", label="t10k-labels-idx1-ubyte")
  x: image -> scale(1 / 255) -> unsqueeze(0)
  y: label -> class(10)
  batch = 64
  shuffle = true
}

model lenet5(x: [B, 1, 28, 28]) {
  conv1: conv2d(6, 5, padding=2) -> relu -> max_pool2d(2)
  conv2: conv2d(16, 5) -> relu -> max_pool2d(2)
  flatten
  fc1: linear(120) -> relu
  fc2: linear(84) -> relu
  logits: linear(10)

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer sgd(lr=0.01, momentum=0.9)

train {
  run = 10 epochs
  log_every = 200 steps
  seed = 42
}
