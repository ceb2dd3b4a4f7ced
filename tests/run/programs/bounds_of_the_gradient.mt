mt 1

# The loss is a sum: the gradient is bounded without having been divided.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  hidden: linear(3) -> tanh
  out: linear(1)
}

loss { sum((out - t) * (out - t)) }
optimizer sgd(lr=0.1)

train {
  run = 2 epochs
  clip_grad_norm = 0.5
  clip_grad_value = 0.2
}
