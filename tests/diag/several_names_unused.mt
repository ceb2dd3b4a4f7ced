mt 1

data {
  train = inline(x=[[0, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 1], [1, 1, 0, 0]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = false
}

block split(x) {
  p, q = x -> chunk(2, dim=1)
  l: linear(2)
}

model m(x: [B, 4]) {
  k: linear(4)
  a, b = k -> chunk(2, dim=1)
  c, d = k -> chunk(2, dim=1)
  e, f, g, h = k -> chunk(4, dim=1)
  s: split
  t: split
  out: concat(b, dim=1) -> linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 2 steps }
