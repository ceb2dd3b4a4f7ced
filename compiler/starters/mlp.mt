mt 1

# A multilayer perceptron that reads handwritten digits (MNIST).
#   mtc run NAME.mt          trains, in the folder of the four files; or behind -- a flag for each that is elsewhere:
#                            mtc run NAME.mt -- --data.train.image=FOLDER/train-images-idx3-ubyte
#   mtc NAME.mt -o NAME.c    writes the trainer, one file of C

# What changes shapes is a constant: mtc NAME.mt -o NAME.c --set HIDDEN=512
const HIDDEN = 256

# Where examples come from. A line `name: ...` is a column and what is done to it.
data {
  train = idx(image="train-images-idx3-ubyte", label="train-labels-idx1-ubyte")
  test = idx(image="t10k-images-idx3-ubyte", label="t10k-labels-idx1-ubyte")
  x: image -> scale(1 / 255) -> normalize(mean=0.1307, std=0.3081)
  y: label -> class(10)
  batch = 64
  shuffle = true
}

# Each row takes the value of the row above. B is the batch; rows with parameters have names.
model NAME(x: [B, 28, 28]) {
  flatten
  fc1: linear(HIDDEN) -> relu -> dropout(0.2)
  fc2: linear(HIDDEN // 2) -> relu -> dropout(0.2)
  logits: linear(10)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer adam(lr=1e-3)

# Everything here is a flag of the trainer as well: --run=20epochs
train {
  run = 10 epochs
  seed = 1
}
