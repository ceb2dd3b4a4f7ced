mt 1
use "used/sizes.mt"

data {
  train = inline(x=[[0, 0.5, 1, 2], [0, 1, 3, 1], [1, 0, 2, 1]], y=[[0], [1], [1]])
  batch = 3
  shuffle = true
  y: y -> class(2)
}

model m(x: [B, 4]) {
  h: linear(N)
  out: h -> linear(M) -> unsqueeze(1)
}

loss { cross_entropy(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
