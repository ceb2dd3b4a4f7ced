mt 1

data {
  train = inline(x=[[0.1, -0.2, 0.3, 0.4], [1, 0.4, -0.6, 0.2]], t=[[0.1], [0.5]])
  batch = 2
  shuffle = false
}

block c(x; k) {
  l: linear(k)
}
block gain(x) {
  w = param(4, init=ones)
  x * w
}
block norm(x) {
  bn: batch_norm1d(affine=false)
}

model m(x: [B, 4]) {
  batch_norm1d(affine=false)
  a = x -> c(4) -> c(4)
  b = x -> gain -> gain
  d = x -> norm -> norm
  e = x -> batch_norm1d(affine=false) -> batch_norm1d(affine=false)
  h = x -> linear(4)
  k = x -> linear(4)
  tied = x -> linear(4, weight=h.weight, weight=k.weight)
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 1 epochs }
