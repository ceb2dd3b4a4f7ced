mt 1

# Options of a fn that are options and sizes of a block; a fn on both sides of a loss; the same fn in every round of a repeat.

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], y=[[0], [1], [1], [0], [3]])
  batch = 4
  shuffle = true
}

fn swish(x; beta=1.0) = x * sigmoid(beta * x)
fn mix(a, b; t=0.5) = t * a + (1 - t) * b

block layer(x: [B, C]; out, beta) {
  const half = beta / 2
  a: linear(out) -> swish(beta=half)
  b: linear(out)
  mix(a, b, t=1 / C)
}

model blocks(x: [B, 2]) {
  first: layer(4, 2)
  rest: repeat 2 {
    inner: layer(4, 1.5)
    swish
  }
  out: linear(1)
}

loss { mse_loss(swish(out), swish(y, beta=2)) }
optimizer sgd(lr=0.01)

train { run = 10 epochs }
