mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

block basic(x: [B, C]; width) {
  fc1: linaer(width) -> relu
  fc2: linear(width, biass=false)
  add(xx) -> relu
}

model m(x: [B, 2]) {
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
