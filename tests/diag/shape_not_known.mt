mt 1

data {
  train = npy(x="x.npy", weight="w.npy")
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  out: linear(1)
}

loss { 
  a = weight
  mean(out)
 }
optimizer sgd(lr=0.1)

train {
  run = 10 epochs
}
