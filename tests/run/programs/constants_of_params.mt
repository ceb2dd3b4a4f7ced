mt 1

# Constants of `params` and of a rule.

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 3]) {
  h: linear(4) -> tanh
  out: linear(1)
}

params {
  const S = 0.02
  linear.weight {
    const T = 2 * S
    init = normal(std=T)
  }
  bias { weight_decay = S }
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 4 epochs }
