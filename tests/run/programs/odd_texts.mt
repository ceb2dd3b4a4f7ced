mt 1

# A comment with */ and /* and ??/ and a backslash at its end \
# 100 % of it, %s and %n, "quoted", é
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

# above the model */ \
model m(x: [B, 2]) {
  # above a row: */ /* ??/ \
  h: linear(3) -> tanh   # behind a row */ \
  # aVeryLongWordInACommentThatCannotBeBrokenBecauseItHoldsNoBlankAtAll_aVeryLongWordInACommentThatCannotBeBroken
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)

train { run = 2 epochs }
