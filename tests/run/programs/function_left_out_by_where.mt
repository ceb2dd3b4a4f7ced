mt 1

# A function whose derivative is infinite or NaN where a `where` leaves it out: no gradient goes there, and none is NaN.

data {
  train = inline(x=[[0, 0.5], [0, 1], [1, 0], [1.5, 0.25], [2, 1]], y=[[0], [1], [1], [0], [3]])
  batch = 5
}

fn root(x) = where(x > 0, sqrt(x), 0)
fn power(x; p=0.5) = x ** p
fn inverse(x) = 1 / x
fn length(x, y) = sqrt(x * x + y * y)

model left_out(x: [B, 2]) {
  w = param(2, init=ones)
  r: root(relu(x * w))
  a = where(x > 0, power(x * w), 0)
  b = where(x > 0, inverse(x * w), 0)
  c = where(x > 0, length(x * w, x), 0)
  s: r + a + b + c
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.01)

train { run = 10 epochs }
