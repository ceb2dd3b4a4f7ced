mt 1

# A function with options only is a stage: its input is the trunk.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  a: linear(3)
  elu(alpha=0.3)
  b: clamp(min=-0.2)
  softplus(beta=2.5, threshold=1)
  c: linear(3) -> leaky_relu(negative_slope=0.3)
  gelu(approximate="tanh")
  hardtanh(min_val=-0.3, max_val=0.9)
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)

train { run = 2 epochs }
