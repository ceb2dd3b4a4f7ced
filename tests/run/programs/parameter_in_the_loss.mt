mt 1

# The loss reads a parameter itself, not only values of the model.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  w = param(2, init=uniform(-1, 1))
  h: x * w -> tanh
  out: linear(1)
}

loss {
  size = mean(w * h)
  mse_loss(out, t) + 0.1 * size
}
optimizer sgd(lr=0.1)

train { run = 2 epochs }
