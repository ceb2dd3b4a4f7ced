mt 1

# A list of durations, the unit of which is that of the stage in front of it.
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
schedule linear_lr(total_iters=1 step) -> multistep_lr(milestones=[1 step, 2 steps])

train { run = 2 epochs }
