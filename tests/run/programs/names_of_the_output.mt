mt 1

# Names that the pasted pieces have (functions, types) and macros of headers: members of structs, which ask for no piece.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], PRIx8=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  choose: linear(2) -> tanh
  load_statistics: linear(2) -> tanh
  repeat: linear(2) -> tanh
  forward: linear(2) -> tanh
  Fit: linear(2) -> tanh
  Pair: linear(2) -> tanh
  INT_MAX: linear(2) -> tanh
  E2BIG: linear(2) -> tanh
  PRId64: linear(2) -> tanh
  st_atime: linear(2) -> tanh
  MT_ANY: linear(2) -> tanh
  OUTPUT: linear(1)
}

loss {
  SIGINT = mean(INT_MAX * E2BIG)
  mse_loss(OUTPUT, PRIx8) + 0.1 * SIGINT
}
optimizer sgd(lr=0.1)

train { run = 2 epochs }
