mt 1

data {
  train = npy(img="img.npy", y="y.npy")
  y: y -> class(10)
  batch = 4
  shuffle = true
}

# Two convolutions and a way around them.
block basic(x: [B, C, H, W]; ch, stride=1) {
  skip = x -> conv2d(ch, 1, stride=stride) when stride != 1 || C != ch
  a: conv2d(ch, 3, stride=stride, padding=1) -> relu
  b: conv2d(ch, 3, padding=1)
  add(skip) -> relu
}

block inner(x; ch) { a: basic(ch) -> dropout(0.1) }

model resnet(img: [B, 3, 16, 16]) {
  stem: conv2d(8, 3, padding=1) -> relu
  s1: repeat 2 { basic(8) }
  s2: repeat 2 as i { basic(16, stride=where(i == 0, 2, 1)) }
  s3: inner(16) -> relu
  flatten
  logits: linear(10)
}

loss { cross_entropy(logits, y) }
optimizer sgd(lr=0.1, momentum=0.9, weight_decay=1e-4)
train { run = 16 epochs }
