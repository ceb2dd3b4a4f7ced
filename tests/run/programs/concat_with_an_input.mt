mt 1

# An input of the model behind a value that is made by parameters: only one of the two derivatives is asked for in training.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  w = param(2, init=ones)
  x * w
  concat(x, dim=1)
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)

train { run = 2 epochs }
