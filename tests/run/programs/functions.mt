mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], y=[[0], [1], [1], [0], [3]])
  batch = 4
  shuffle = true
}
const D = 0.5
# Ramachandran et al., 2017
fn swish(x; beta=1.0) = x * sigmoid(beta * x)
fn huber(r; delta=2*D) = where(abs(r) < delta, 0.5 * r * r, delta * (abs(r) - 0.5 * delta))
fn gelu_tanh(x) = 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)))
fn bce(x, logit) = softplus(logit) - x * logit
fn cube(x; a=1, b=2 * a) = clamp(x, -a, b) ** 3 / (1 + x ** 2) + elu(x, alpha=b)
fn all(x) = swish(x, beta=2) + gelu(x) + silu(x) + 0.5 * cube(x, a=3) + log(x * x + 1) + x ** 0.5 + abs(x) ** 1.5

model xor(x: [B, 2]) {
  fc1: linear(8) -> swish -> swish(beta=1.5)
  fc2: linear(8) -> gelu_tanh
  fc3: linear(4) -> cube(b=3)
  fc4: linear(4) -> sigmoid -> all
  out: linear(1)
}

loss { mean(huber(out - y)) + mean(bce(y, out)) }
optimizer sgd(lr=0.01)

train {
  run = 10 epochs
}
