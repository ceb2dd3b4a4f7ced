mt 1

# Functions of the program: options that depend on options, one that calls another, a power that is none of a whole number,
# the same function twice in a row, an input that backward does not need, names that mean something in C.

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], y=[[0], [1], [1], [0], [3]])
  batch = 4
  shuffle = true
}

const D = 0.5

# Ramachandran et al., 2017
fn swish(x; beta=1.0) = x * sigmoid(beta * x)
fn huber(r; delta=2 * D) = where(abs(r) < delta, 0.5 * r * r, delta * (abs(r) - 0.5 * delta))
fn gelu_tanh(x) = 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)))
# -log p(x | logit) of one Bernoulli pixel
fn bce(x, logit) = softplus(logit) - x * logit
fn cube(x; a=1, b=2 * a) = clamp(x, -a, b) ** 3 / (1 + x ** 2) + elu(x, alpha=b)
fn all(x) = swish(x, beta=2) + gelu(x) + silu(x) + 0.5 * cube(x, a=3) + log(x * x + 1) + abs(x) ** 1.5
fn double(sigmoid, max; lists=2, n=1) = sigmoid(sigmoid) * lists + max(max, n - 3)
fn nothing(x) = where(x > 0, 1, 2)
fn words(n; P=inf, seed=2, valid=1) = min(n, P) * seed - valid

model functions(x: [B, 2]) {
  fc1: linear(8) -> swish -> swish(beta=1.5)
  fc2: linear(8) -> gelu_tanh
  a: linear(4) -> cube(b=3)
  b = fc2 -> linear(4)
  both: double(a, b, n=3)
  fc4: linear(4) -> sigmoid -> all
  up: fc4 + nothing(fc4) + words(fc4)
  out: linear(1)
}

loss {
  distance = mean(huber(out - y))
  distance + 0.1 * mean(bce(y, out))
}

optimizer sgd(lr=0.01)

train { run = 10 epochs }
