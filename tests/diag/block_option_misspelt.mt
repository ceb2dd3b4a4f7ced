mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

block dense(x; width, bias=true) {
  fc: linear(width, bias=bias) -> relu
}

model m(x: [B, 2]) {
  a: dense(8, wdith=4)
  b: dense
  c: dense(8, true, 3)
  d: dense(8, width=4)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
