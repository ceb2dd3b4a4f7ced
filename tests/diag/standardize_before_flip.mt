mt 1

data {
  train = records("data_batch_*.bin", label=u8, image=u8[3, 32, 32])
  x: image -> reshape(3072) -> standardize -> reshape(3, 32, 32) -> random_hflip
  y: label -> class(10)
  batch = 4
  shuffle = true
}

model net(x: [B, 3, 32, 32]) {
  conv1: conv2d(6, 3, padding=1) -> relu -> max_pool2d(2)
  flatten
  out: linear(10)
}

loss { cross_entropy(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
}
