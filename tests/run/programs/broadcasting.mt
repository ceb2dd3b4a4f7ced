mt 1

# A parameter against a value: along every axis but one, along the first, along all.
data {
  train = inline(x=[[0.3, -0.7, 0.2, 0.1, -1.1, 0.6], [1.1, 0.4, -0.6, 0.9, 0.3, -0.8]], t=[[0.1, 0.2], [0.5, -0.3]])
  x: x -> reshape(2, 3)
  batch = 2
  shuffle = false
}

model m(x: [B, 2, 3]) {
  row = param(3, init=uniform(-1, 1))
  column = param(2, 1, init=normal(mean=0.5, std=0.2))
  one = param(1, init=ones)
  narrow: linear(1)
  wide: narrow * row + column / (one * one + 1.5) - x
  out: flatten -> linear(2)
}

loss { mse_loss(out, t) }
optimizer adamw(lr=0.1)

train { run = 2 epochs }
