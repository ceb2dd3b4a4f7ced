mt 1

# A block used twice with the same parameters, a weight that is tied to another layer's, a parameter of a row in the loss,
# parts of a value with names of their own.
data {
  train = inline(a=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], b=[[0.5, 0.2, -0.3], [0.7, -0.4, 0.1], [0.3, 0.3, -0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

block tower(x: [B, I]; d) {
  const wide = 2 * I
  fc1: linear(wide) -> tanh
  scale = param(1, init=ones)
  fc2: linear(d)
  mul(scale)
}

model siamese(a: [B, 3], b: [B, 3]) {
  za = a -> tower(4)
  zb = b -> share(za)
  p, q = za -> chunk(2, dim=1)
  r, s = zb -> chunk(2, dim=-1)
  [q, s, p] -> concat(dim=1)
  h: linear(4) -> relu
  back: h -> linear(6, weight=za.fc1.weight) when false
  up: linear(3, bias=false)
  twin = r -> linear(4)
  narrow: linear(2) -> tanh
  dec: linear(4, weight=twin.weight, bias=false) -> add(twin)
  out: linear(1)
}

loss {
  size = 0.01 * sum(za.fc1.weight ** 2)
  mse_loss(out, t) + size
}
optimizer sgd(lr=0.1)
train { run = 4 epochs }
