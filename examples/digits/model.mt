mt 1

# Handwritten digits of 8 x 8 pixels, in 17 shades of grey.
data {
  train = idx(image="train-images-idx3-ubyte", label="train-labels-idx1-ubyte")
  test = idx(image="test-images-idx3-ubyte", label="test-labels-idx1-ubyte")
  x: image -> scale(1 / 16) -> unsqueeze(0)
  y: label -> class(10)
  batch = 32
  shuffle = true
}

model digits(x: [B, 1, 8, 8]) {
  conv1: conv2d(16, 3, padding=1) -> relu -> max_pool2d(2)
  conv2: conv2d(32, 3, padding=1) -> relu -> max_pool2d(2)
  flatten
  fc1: linear(64) -> relu -> dropout(0.2)
  logits: linear(10)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer adam(lr=0.002)
schedule cosine_annealing_lr(T_max=run)

train {
  run = 40 epochs
  log_every = 45 steps
  seed = 1
}
