mt 1

data {
  const N = 4
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = N
  shuffle = true
}

model xor(x: [B, 2]) {
  hidden: linear(8) -> tanh
  out: linear(1)
}

loss {
  const K = 2
}
optimizer sgd(lr=0.1)
train { run = 10 epochs }
