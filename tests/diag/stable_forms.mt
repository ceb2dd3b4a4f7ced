mt 1

data {
  train = inline(x=[[0, 0], [1, 1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}

# None of these can overflow, or has an infinite derivative where it is used.
const C = 3
fn f(x; eps=1e-8) = log(1 + exp(-abs(x))) + sqrt(x * x + 1) + where(x > 0, sqrt(x), 0) + sqrt(x ** 2 + eps)
fn k(x; b=0) = x * sqrt(b) + b ** 0.5 + elu(x, alpha=sqrt(b))
fn g(x) = where(x <= 0, 0, log(x) + sqrt(x)) + sqrt(2 / C) + where(x < 1, where(x > -1, 1 - tanh(x) ** 2, 0), 0)
fn h(x; z=1e-3) = where(1 < x, exp(x) - 1, 0) + sqrt(x + 1e-8) + sqrt(x + z) + log(sigmoid(abs(x)))

block scaled(x: [B, D]; by) {
  const root = sqrt(by)
  w = param(D, init=uniform(-1 / sqrt(D), sqrt(by)))
  x * w * root / sqrt(D)
}

model net(x: [B, 2]) {
  a: scaled(3)
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 1 epochs
}
