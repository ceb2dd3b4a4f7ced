mt 1

# Frozen rows between trained ones: the derivative passes through them and is no gradient of theirs; a frozen norm still
# counts its statistics; of a weight and a bias one may be frozen; a parameter of its own, frozen, in a product.
data {
  train = inline(x=[[0.3, -0.7, 0.2], [1.1, 0.4, -0.9], [-0.2, 0.9, 0.5], [0.8, -0.1, 0.6]], t=[[0.1], [0.5], [0.4], [-0.3]])
  batch = 4
  shuffle = false
}

model m(x: [B, 3]) {
  first: linear(5)
  bn: batch_norm1d -> tanh
  half: linear(4)
  ln: layer_norm
  w = param(4, init=uniform(-1, 1))
  h: ln * w -> tanh
  out: linear(1)
}

params {
  norm { frozen = true }
  "half.bias", "out.weight", "w" { frozen = true }
  linear.weight { lr_scale = 0.5 }
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1, momentum=0.9, weight_decay=0.01)

train { run = 2 epochs }
