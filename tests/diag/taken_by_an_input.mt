mt 1

data {
  train = inline(x=[[0, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 1], [1, 1, 0, 0]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = false
}

const C = 4
block b(x: [B, C]; k=C) {
  const k = 3
  const x = 2
  x: linear(k)
}

model m(x: [B, 4]) {
  a: x
  a: linear(4)
  x: linear(4)
  c: b
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 2 steps }
