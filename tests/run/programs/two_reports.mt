mt 1

# More than one number is reported: every struct Loss is initialized whole.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  hidden: linear(3) -> tanh
  out: linear(1)
}

loss {
  fit = mse_loss(out, t)
  size = mean(hidden * hidden)
  fit + 0.01 * size
}
metrics { both = fit + sqrt(size) }
optimizer adam(lr=0.1)

train { run = 2 epochs }
