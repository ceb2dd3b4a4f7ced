mt 1

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 3]) {
  skip = x -> linear(4)
  h: linear(4)
  a: add(skp) when false
  b: leaky_relu(slope=0.1) when false
  c: concat(dim=1, skip)
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 4 epochs }
