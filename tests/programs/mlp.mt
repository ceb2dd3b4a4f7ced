mt 1

data {
  train = idx(image="train-images-idx3-ubyte", label="train-labels-idx1-ubyte")
  test = idx(image="t10k-images-idx3-ubyte", label="t10k-labels-idx1-ubyte")
  valid = holdout(train, 0.1)
  x: image -> scale(1 / 255) -> normalize(mean=0.1307, std=0.3081)
  y: label -> class(10)
  batch = 32
  shuffle = true
}

fn swish(x; beta=1.0) = x * sigmoid(beta * x)

model mlp(x: [B, 28, 28]) {
  flatten
  fc1: linear(256) -> swish -> dropout(0.2)
  fc2: linear(128) -> swish(beta=1.5) -> dropout(0.2)
  logits: linear(10)
}

params {
  linear.weight { init = kaiming_normal(nonlinearity="relu") }
  bias { weight_decay = 0 }
}

loss { cross_entropy(logits, y, label_smoothing=0.1) }
metrics { acc = accuracy(logits, y) }
optimizer sgd(lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=true)
schedule step_lr(step_size=5 epochs, gamma=0.5)

train {
  run = 20 epochs
  accumulate = 4
  best = max(acc)
  early_stop = 5
  checkpoint = "mlp.ckpt"
}
