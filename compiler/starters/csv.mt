mt 1

# Classes from the columns of a table: put in the names of your columns and classes.
#   mtc run NAME.mt          trains; for another file than NAME.csv: mtc run NAME.mt -- --data.train=TABLE.csv
#   mtc NAME.mt -o NAME.c    writes the trainer, one file of C

const HIDDEN = 16

# Where examples come from. A line `name: ...` is a column of the model, made from columns of the file.
data {
  train = csv("NAME.csv", header=true)
  test = holdout(train, 0.2)
  x: columns("length", "width", "height") -> standardize
  y: column("kind") -> classes("small", "large")
  batch = 16
  shuffle = true
}

# Each row takes the value of the row above. B is the batch; rows with parameters have names.
model NAME(x: [B, 3]) {
  fc1: linear(HIDDEN) -> relu
  logits: linear(2)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer adamw(lr=0.01)

# Everything here is a flag of the trainer as well: --run=20epochs
train {
  run = 50 epochs
  eval_every = 10 epochs
  seed = 1
}
