mt 1

# The formula has a step of its own, beside the clock of the stage in front of it.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  hidden: linear(3) -> tanh
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer adam(lr=0.1)
schedule linear_lr(total_iters=1 step) -> where(step < 1, 1, 0.5 * epoch / epochs + step / steps)

train { run = 2 epochs }
