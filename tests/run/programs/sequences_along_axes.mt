# Operations along axes, of values that are stored with the last axis outermost: linear on [B, T, C] makes them so. Every
# dim in turn, transposition there and back, and the same value read by both kinds of rows.

mt 1

data {
  train = inline(x=[[0, 0.5, 1, 2, 1, 0.25], [0, 1, 3, 1, -1, 2], [1, 0, 2, 1, 0, 1]], y=[[0], [1], [1]])
  batch = 2
  shuffle = false
}

model m(x: [B, 6]) {
  reshape(B, 3, 2)
  a: linear(4) -> tanh
  ln: layer_norm
  s = ln -> softmax(dim=-1)
  t = ln -> transpose(1, 2) -> softmax(dim=2) -> transpose(1, 2)
  both: s + t * a
  part = both -> slice(1, 1, 3) -> pad([1, 0, 0, 1], value=0.5)
  tail = part -> slice(-1, 0, 4) -> last(1)
  sums = both -> sum(1)
  whole = both -> mean([1, 2], keepdim=true) -> squeeze(2)
  logs = both -> log_softmax(dim=1) -> mean(-2)
  h: sums + logs + tail * whole
  o: linear(1)
}

loss { mse_loss(o, y) }
optimizer sgd(lr=0.05)

train { run = 2 epochs }
