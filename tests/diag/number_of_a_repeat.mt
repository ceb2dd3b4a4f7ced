mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

model m(x: [B, 2]) {
  a: repeat 1.5 { linear(8) }
  b: repeat (-1) { linear(8) }
  c: linear(2) -> relu when 3
  d: linear(2) when true
  e = d when false
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
