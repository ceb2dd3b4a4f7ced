mt 1

# Blocks in rows without a name, two in a row, none in a repeat of nothing, with several inputs and outputs.
const WIDE = 6
const SIZES = [3, 3]

data {
  train = inline(a=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], b=[[0.5, 0.2, -0.3], [0.7, -0.4, 0.1], [0.3, 0.3, -0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

block noisy(x; p=0.3) {
  dropout(p)
  tanh
}

block two(x, z; d) {
  zz = z -> noisy(p=0.1)
  p: linear(d)
  q = zz -> linear(d)
  [p, q]
}

block gate(x: [B, I]) {
  g = x -> linear(I) -> sigmoid
  mul(g)
}

block deep(x; n) {
  r: repeat n as i {
    inner: repeat 2 as j { gate }
    fc: linear(WIDE - i) -> noisy
    relu when i > 0
  }
}

model odd(a: [B, 3], b: [B, 3]) {
  noisy(0.2)
  repeat 2 { noisy }
  zero: repeat 0 { linear(3) }
  both = a -> two(b, 4)
  u, v = both
  [u, v] -> concat(dim=1) -> noisy
  d: deep(n=2) -> relu
  d2 = u -> linear(6)
  e: d2 -> noisy -> noisy
  w = param(6, init=ones)
  f: e * w -> noisy
  out: linear(1)
  same: out
}

loss { mse_loss(same, t) }
optimizer adam(lr=0.01)
train { run = 4 epochs }
