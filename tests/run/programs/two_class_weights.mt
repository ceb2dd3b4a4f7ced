mt 1

# Two weights are a list, not a pair of a height and a width.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], label=[0, 1, 1], z=[[0, 1], [1, 1], [1, 0]])
  y: label -> class(2)
  batch = 2
  shuffle = false
}

model m(x: [B, 2]) {
  logits: linear(2)
}

loss {
  classes = cross_entropy(logits, y, weight=[0.5, 2], reduction="sum")
  binary_cross_entropy_with_logits(logits, z, weight=[0.5, 2], pos_weight=[3, 0.25], reduction="sum") + classes
}
optimizer sgd(lr=0.1)

train { run = 2 epochs }
