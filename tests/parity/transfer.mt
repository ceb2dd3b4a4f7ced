mt 1

# Transfer: convolutions that PyTorch has trained to tell ten digits apart, frozen; a new head that tells odd from even.
data {
  train = npy(image="train_image.npy", odd="train_odd.npy")
  test = npy(image="test_image.npy", odd="test_odd.npy")
  x: image -> scale(1 / 16) -> unsqueeze(0)
  y: odd -> class(2)
  batch = 50
  shuffle = false
}

model parity(x: [B, 1, 8, 8]) {
  conv1: conv2d(8, 3, padding=1) -> relu -> max_pool2d(2)
  conv2: conv2d(16, 3, padding=1) -> relu -> max_pool2d(2)
  flatten
  head: linear(2)
}

params {
  "conv*" { frozen = true }
  "head.*" { init = zeros }
  bias { weight_decay = 0 }
}

loss { cross_entropy(head, y) }
metrics { acc = accuracy(head, y) }
optimizer sgd(lr=0.01, momentum=0.9, weight_decay=0.001)

train {
  run = 3 epochs
  log_every = 10 steps
}
