mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

block basic(x; width) {
  fc1: linear(width) -> relu
  fc2: linear(width)
  add(x) -> relu
}

model m(x: [B, 2]) {
  s1: repeat 2 as i { basic(2) }
  s2: basic(5)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
