mt 1

data {
  train = inline(x=[[0, 0], [1, 1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}

fn f(; a=1) = a

model net(x: [B, 2]) {
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 1 epochs
}
