mt 1

data {
  train = npy(x="img.npy", y="y.npy")
  y: y -> class(10)
  batch = 16
  shuffle = true
}

# A convolution and its corner.
block cbr(x; ch, k) { conv: conv2d(ch, k, padding=k // 2, bias=false) -> relu }

block inception(x; c1, c3, c5, cp) {
  b1 = x -> cbr(c1, 1)
  r3 = x -> cbr(c3 // 2, 1)
  b3 = r3 -> cbr(c3, 3)
  r5 = x -> cbr(c5 // 2, 1)
  b5 = r5 -> cbr(c5, 5)
  bp = x -> max_pool2d(3, stride=1, padding=1) -> cbr(cp, 1)
  b1 -> concat(b3, b5, bp, dim=1)
}

model net(x: [B, 3, 16, 16]) {
  stem: conv2d(16, 3, padding=1) -> relu -> max_pool2d(2)
  mix1: inception(4, 8, 4, 4)
  mix2: inception(8, 16, 8, 8) -> avg_pool2d(8) -> flatten
  gate = x -> flatten -> dropout(0.2)
  side = gate -> linear(10)
  scores: linear(10)
  logits: scores + 0.5 * side
}

loss {
  ce = cross_entropy(logits, y)
  ce + 0.001 * mean(scores * scores)
}

optimizer adam(lr=0.001)
train { run = 16 epochs }
