# Softmax over the channels of an image, in the middle of a net; bins that overlap; axes of four that change places; and
# the same operations on parameters, which have no axis B and no lanes.

mt 1

data {
  train = inline(x=[[0, 0.5, 1, 2, 1, 0.25], [0, 1, 3, 1, -1, 2], [1, 0, 2, 1, 0, 1]], y=[[0], [1], [1]])
  batch = 3
  shuffle = false
}

model m(x: [B, 6]) {
  mix = param(3, 2, init=normal(std=0.5))
  shares = mix -> softmax(0) -> transpose(0, 1) -> slice(1, 0, 2) -> sum(dim=1, keepdim=true)
  gate = mix -> last(1) -> log_softmax(0) -> mean(0)
  reshape(B, 1, 2, 3)
  conv: conv2d(3, 2, padding=1) -> softmax(1)
  drop: dropout2d(0.25) -> upsample(2, mode="bilinear")
  pool: adaptive_avg_pool2d([4, 3]) -> identity
  swapped = pool -> transpose(1, 3) -> sum([1, 3])
  h: pool -> mean([2, 3])
  o: linear(1)
  out: o * gate + (swapped * swapped)
  flatten
  w: linear(2)
  fc: linear(1)
  z = shares -> sum([0, 1])
  end: fc * z
}

loss { mse_loss(end, y) }
optimizer sgd(lr=0.05)

train { run = 2 epochs }
