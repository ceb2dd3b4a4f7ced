mt 1

# A function of what the data do not decide goes with micro-batches; a row that is only reported may be any function.
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
  ce = cross_entropy(z, k, weight=[1, 2, 3])
  perplexity = exp(ce)
  size = sum(w ** 2)
  ce + 0.1 * sqrt(size) + 0.01 * size
}
optimizer sgd(lr=0.1)

train {
  accumulate = 2
  run = 10 epochs
}
