mt 1

# A convolutional net that reads handwritten digits (MNIST).
#   mtc run NAME.mt          trains, in the folder of the four files; or behind -- a flag for each that is elsewhere:
#                            mtc run NAME.mt -- --data.train.image=FOLDER/train-images-idx3-ubyte
#   mtc NAME.mt -o NAME.c    writes the trainer, one file of C

# What changes shapes is a constant: mtc NAME.mt -o NAME.c --set CHANNELS=32
const CHANNELS = 16

# Where examples come from. A line `name: ...` is a column and what is done to it; unsqueeze(0) makes 28 x 28 numbers an
# image of one channel.
data {
  train = idx(image="train-images-idx3-ubyte", label="train-labels-idx1-ubyte")
  test = idx(image="t10k-images-idx3-ubyte", label="t10k-labels-idx1-ubyte")
  x: image -> scale(1 / 255) -> unsqueeze(0)
  y: label -> class(10)
  batch = 64
  shuffle = true
}

# Each row takes the value of the row above: [B, channels, height, width]. Rows with parameters have names.
model NAME(x: [B, 1, 28, 28]) {
  conv1: conv2d(CHANNELS, 3, padding=1) -> relu -> max_pool2d(2)
  conv2: conv2d(2 * CHANNELS, 3, padding=1) -> relu -> max_pool2d(2)
  flatten
  fc1: linear(128) -> relu -> dropout(0.5)
  logits: linear(10)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer sgd(lr=0.01, momentum=0.9, weight_decay=5e-4)
schedule cosine_annealing_lr(T_max=run)

# Everything here is a flag of the trainer as well: --run=20epochs
train {
  run = 10 epochs
  seed = 1
}
