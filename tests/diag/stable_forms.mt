mt 1

data {
  train = inline(x=[[0, 0], [1, 1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}

# None of these can overflow, or has an infinite derivative where it is used.
const C = 3
fn f(x; eps=1e-8) = log(1 + exp(-abs(x))) + sqrt(x * x + 1) + where(x > 0, sqrt(x), 0) + sqrt(x ** 2 + eps)
fn g(x) = where(x <= 0, 0, log(x) + sqrt(x)) + sqrt(2 / C) + where(x < 1, where(x > -1, 1 - tanh(x) ** 2, 0), 0)
fn h(x; z=1e-3) = where(1 < x, exp(x) - 1, 0) + sqrt(x + 1e-8) + sqrt(x + z) + log(sigmoid(abs(x)))

model net(x: [B, 2]) {
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 1 epochs
}
