mt 1

# A block whose value is several: its last item names the parts.

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

block halves(x) {
  wide = x * 2
  lower, upper = wide -> concat(x, dim=1) -> chunk(2, dim=1)
}

model m(x: [B, 3]) {
  h: linear(4) -> tanh
  both = h -> halves
  p, q = both
  g: p * q
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 4 epochs }
