mt 1
model net(x: [B, 1]) {
  a: linear(1) relu
}

data {
  train = inline(x=[[0], [1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}

loss { mse_loss(a, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
