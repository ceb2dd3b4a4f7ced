mt 1

# A penalty beside a loss whose denominator the data decide: counted once, also where micro-batches are accumulated.
data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], c=[0, 1, 2, 0, 1])
  k: c -> class(3)
  batch = 2
  shuffle = true
}

model m(x: [B, 2]) {
  w = param(2, init=ones)
  h: x * w
  z: linear(3)
}

loss {
  size = sum(w)
  cross_entropy(z, k, weight=[1, 2, 3]) + 0.1 * mean(w ** 2) + 0.01 * size
}
optimizer sgd(lr=0.1)

train {
  accumulate = 2
  run = 10 epochs
}
