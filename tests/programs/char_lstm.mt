mt 1
const T = 128

data {
  train = bytes("shakespeare.txt", window=T)
  valid = holdout(train, 0.1)
  batch = 32
  shuffle = true
}

model char_lstm(tokens: int[B, T]) {
  emb: embedding(256, 128)
  mem: lstm(512, num_layers=2, dropout=0.2)
  dropout(0.2)
  logits: linear(256)
}

loss { cross_entropy(logits, next, dim=-1) }
metrics { bits_per_char = loss / log(2) }
optimizer adam(lr=0.002)
schedule exponential_lr(gamma=0.95, every=1 epoch)

train {
  run = 20 epochs
  clip_grad_norm = 5.0
  checkpoint = "char.ckpt"
  best = min(loss)
}
