mt 1
use "used/whole_program.mt"

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  hidden: linear(N) -> tanh
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
