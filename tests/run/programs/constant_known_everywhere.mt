mt 1

# pi in a formula of the model, of a block and of the loss.

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

block wave(x; k=pi) {
  sin(x * k) + pi
}

model m(x: [B, 3]) {
  h: linear(4) -> wave
  g: h * pi
  out: linear(1)
}

loss { mse_loss(out, t) * pi }
optimizer sgd(lr=0.01)
train { run = 4 epochs }
