mt 1

# A small residual net: what a repeat, a block and an option of it change when they are edited.
data {
  train = npy(image="image.npy", label="label.npy")
  x: image -> scale(1 / 255) -> reshape(3, 8, 8)
  y: label -> class(10)
  batch = 16
  shuffle = true
}

block conv_act(x; ch, k=3, stride=1) {
  conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false)
  relu
}

# A residual block.
block basic(x: [B, C, H, W]; ch, stride=1) {
  skip = x -> conv_act(ch, 1, stride) when stride != 1 || C != ch
  a: conv_act(ch, 3, stride)
  b: conv_act(ch)
  add(skip) -> relu
}

model resnet(x: [B, 3, 8, 8]) {
  # the stem
  stem: conv_act(8)
  s1: repeat 2 { basic(8) }
  s2: basic(16, stride=2)
  s3: repeat 2 { basic(16) }
  avg_pool2d(4)
  flatten
  logits: linear(10)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer sgd(lr=0.1, momentum=0.9, weight_decay=1e-4)
schedule multistep_lr(milestones=[5 epochs, 8 epochs])

train { run = 10 epochs }
