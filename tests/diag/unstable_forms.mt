mt 1

data {
  train = inline(x=[[0, 0], [1, 1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}

fn f(x) = (exp(x) - 1) * (1 - tanh(x + 1) ** 2)
fn g(x) = sqrt(x) + x ** 0.5 + (x * x + 1) ** 0.5
fn h(x) = log(sigmoid(x)) + log(exp(2 * x) + 1) + (1 - tanh(x) * tanh(x))

model net(x: [B, 2]) {
  out: linear(1) -> sigmoid -> log
  p = out -> softmax(-1) -> log
  out + p
}

loss { mean(log(1 + exp(out))) + mse_loss(out, y) }
optimizer sgd(lr=0.1)

train {
  run = 1 epochs
}
