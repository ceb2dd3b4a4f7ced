mt 1

data {
  train = inline(x=[[0, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 1], [1, 1, 0, 0]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = false
}

fn l(x) = relu
fn f(x) = floor(x)
fn m(x) = max

model m(x: [B, 4]) {
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 2 steps }
