mt 1

data {
  train = csv("iris.csv", header=true)
  test = holdout(train, 0.2)
  x: columns("sepal_length", "sepal_width", "petal_length", "petal_width") -> standardize
  y: column("species") -> classes("setosa", "versicolor", "virginica")
  batch = 16
  shuffle = true
}

model iris(x: [B, 4]) {
  fc1: linear(16) -> relu
  fc2: linear(16) -> relu
  logits: linear(3)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer adamw(lr=0.01, weight_decay=0.001)
schedule cosine_annealing_lr(T_max=run)

train {
  run = 100 epochs
  eval_every = 10 epochs
  seed = 1
}
