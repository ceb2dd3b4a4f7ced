mt 1

# `h` is another name of `a`, and read several times: the derivative of `a` has all parts.
data {
  train = inline(x=[[0.5, 1], [0.2, -1], [1, 0.3]], t=[[1, 2, 3], [0, 1, 0], [1, 1, 1]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  a: linear(3)
  h: a
  z: h + h * tanh(h)
}

loss { mse_loss(z, t) }
optimizer sgd(lr=0.1)

train { run = 2 epochs }
