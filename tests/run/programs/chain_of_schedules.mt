mt 1

# Two stages have the same options, and the T_max of the last one is what is left of the run.
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
schedule linear_lr(total_iters=1 step) -> cosine_annealing_lr(T_max=1 step, eta_min=0.01) -> cosine_annealing_lr(T_max=run)

train { run = 2 epochs }
