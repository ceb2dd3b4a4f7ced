mt 1

# LANGUAGE 4.9, section 6

data {
  train = inline(x=[[0, 0], [1, 1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}

fn bce(x, logit) = log(1 + exp(logit)) - x * logit

model net(x: [B, 2]) {
  out: linear(1)
}

loss { mean(bce(y, out)) }
optimizer sgd(lr=0.1)

train {
  run = 1 epochs
}
