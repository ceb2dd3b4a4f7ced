mt 1

# Batch norm in blocks, one of which is used twice: the same running statistics, updated by both uses. A short last batch, and
# a norm of the input itself, whose derivative only gradcheck asks for.

data {
  train = inline(
    x=[
      [0.1, -0.2, 0.3, 0.7, -0.5, 0.9, 0.2, -1.1],
      [1, 0.4, -0.6, 0.2, 0.8, -0.3, 0.1, 0.9],
      [-0.7, 0.3, 0.2, -0.4, 0.5, 0.6, -0.9, 0.8],
      [0.3, -0.8, 1.1, 0.5, -0.1, 0.2, 0.4, -0.6],
      [0.6, 0.7, -1.2, 0.9, 0.3, -0.5, 0.8, 0.1]
    ],
    y0=[0, 2, 1, 0, 2]
  )
  x: x -> reshape(2, 2, 2)
  y: y0 -> class(3)
  batch = 3
  shuffle = false
}

block conv_bn(x; ch, k=3) {
  conv: conv2d(ch, k, padding=k // 2, bias=false)
  bn: batch_norm2d(momentum=0.3)
}

block residual(x; ch) {
  skip = x -> conv_bn(ch, 1)
  a: conv_bn(ch) -> tanh
  b: conv_bn(ch) -> add(skip)
}

block tower(x: [B, I]; d) {
  fc: linear(d, bias=false)
  bn: batch_norm1d
  tanh
}

model net(x: [B, 2, 2, 2]) {
  entry: batch_norm2d(affine=false)
  stem: conv_bn(4)
  s: repeat 2 { residual(4) }
  flatten
  left: tower(10)
  own: linear(16)
  right: share(left)
  add(left)
  seq: reshape(B, 2, 5) -> batch_norm1d(track_running_stats=false, eps=0.01)
  flatten
  logits: linear(3)
}

loss { cross_entropy(logits, y) }
optimizer sgd(lr=0.01)
train { run = 2 epochs }
