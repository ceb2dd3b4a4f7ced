mt 1

# What goes into a block is a parameter: in C that is the parameter itself, no value of the block.

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

block tilt(w; k=2) {
  sin
  w * k
}
block gate(x, w: [I]) {
  x * w
}
model m(x: [B, 3]) {
  w = param(3, init=ones)
  v = w -> tilt
  h: x * v
  g: gate(w)
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 4 epochs }
