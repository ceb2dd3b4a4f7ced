# Everything that a run keeps, in a program with all that must go on: batch norm, dropout, a schedule chain, the moments
# of adamw, a short last batch, a named loss. Rows have names of the training loop, and the checkpoint has quotes.
mt 1

data {
  train = inline(
    a=[[0, 0.5], [0.25, 1], [1, 0], [0.75, 1], [0.5, 0.5], [0.1, 0.9], [0.3, 0.2], [0.6, 0.4]],
    t=[0, 1, 1, 0, 1, 0, 1, 1]
  )
  test = inline(a=[[0.5, 0], [0.25, 0.75], [1, 0.1]], t=[0, 1, 1])
  valid = holdout(train, 0.25)
  x: a -> standardize -> random_noise(0.1)
  y: t -> class(2)
  batch = 4
  shuffle = true
}

model m(x: [B, 2]) {
  epoch: linear(6)
  progress: batch_norm1d -> tanh -> dropout(0.25)
  steps: linear(2)
}

loss {
  fit = cross_entropy(steps, y)
  fit + 0.01 * mean(steps * steps)
}

metrics { checkpoint = accuracy(steps, y) }

optimizer adamw(lr=0.01)
schedule linear_lr(start_factor=0.5, total_iters=2 steps) -> cosine_annealing_lr(T_max=run)

train {
  run = 5 epochs
  eval_every = 2 steps
  checkpoint = "it's \"kept\".ckpt"
  checkpoint_every = 3 steps
  best = max(checkpoint)
  early_stop = 20
}
