mt 1

# Noise that is drawn in evaluation too; terms of four denominators in one objective; penalties that the data do not decide.

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], y=[[0], [1], [1], [0], [3]], c=[0, 1, 2, 0, 1])
  k: c -> class(3)
  batch = 4
  shuffle = true
}

model xor(x: [B, 2]) {
  w = param(2, init=ones)
  h: x * w
  fc1: linear(8) -> tanh
  mu: linear(4)
  s = mu * randn_like(mu)
  z: s -> linear(3)
  out: linear(1)
}

loss {
  a = cross_entropy(z, k, weight=[1, 2, 3])
  b = mse_loss(out, y)
  penalty = 0.001 * sum(w ** 2) + mean(abs(w))
  a + 0.5 * b + penalty + sum(z) * 0.01
}
optimizer sgd(lr=0.01)

train {
  run = 10 epochs
}
