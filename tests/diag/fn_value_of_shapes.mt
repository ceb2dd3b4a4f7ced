mt 1

data {
  train = inline(x=[[0, 0], [1, 1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}

fn f(a, b) = a * b

model net(x: [B, 2]) {
  a = x -> linear(3)
  b = x -> linear(2)
  f(a, b)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 1 epochs
}
