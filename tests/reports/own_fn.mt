mt 1

data {
  train = npy(x="a.npy", y="b.npy")
  batch = 4
  shuffle = true
}

fn swish(x; beta=1.0) = x * sigmoid(beta * x)

model m(x: [B, 4]) {
  h: linear(5) -> swish(beta=2) -> swish
  n: layer_norm
  o: linear(1)
}

loss { mse_loss(o, y) }
optimizer sgd(lr=0.1)
train { run = 1 epochs }
