mt 1

data {
  train = idx(image="a", label="b")
  x: image -> scale(1 / 255) -> unsqueeze(0)
  y: label -> class(10) -> scale(2)
  batch = 4
  shuffle = true
}

model net(x: [B, 1, 8, 8]) {
  conv1: conv2d(6, 3, padding=1) -> relu -> max_pool2d(2)
  flatten
  out: linear(10)
}

loss { cross_entropy(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
}
