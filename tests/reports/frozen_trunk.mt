mt 1

data {
  train = npy(x="x.npy", y="y.npy")
  y: y -> class(3)
  batch = 20
  shuffle = true
}

block conv_bn(x; ch) {
  conv: conv2d(ch, 3, padding=1, bias=false)
  bn: batch_norm2d
  relu
}

model transfer(x: [B, 1, 8, 8]) {
  trunk: conv_bn(4) -> max_pool2d(2)
  more: conv_bn(8) -> avg_pool2d(4) -> flatten
  head: linear(3)
}

params {
  "trunk*" { frozen = true }
  "head.*" { lr_scale = 10 }
}

loss { cross_entropy(head, y) }
optimizer sgd(lr=0.01, momentum=0.9)
train { run = 2 epochs }
