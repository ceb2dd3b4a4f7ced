mt 1
const T = 256
const C = 384

data {
  train = bytes("shakespeare.txt", window=T)
  valid = holdout(train, 0.1)
  batch = 16
  shuffle = true
}

block layer(x: [B, T, C]; heads) {
  ln1: layer_norm
  qkv: linear(3 * C)
  q, k, v = qkv -> chunk(3, dim=-1)
  s[b, h < heads, t, u] = where(u <= t, sum[d](q[b, t, (h d)] * k[b, u, (h d)]) / sqrt(C / heads), -inf)
  a = s -> softmax(dim=-1) -> dropout(0.1)
  y[b, t, (h d)] = sum[u](a[b, h, t, u] * v[b, u, (h d)])
  proj: y -> linear(C) -> dropout(0.1)
  mid: add(x)
  ln2: layer_norm
  up: linear(4 * C) -> gelu
  down: linear(C) -> dropout(0.1)
  add(mid)
}

model gpt(tokens: int[B, T]) {
  wte: embedding(256, C)
  wpe = param(T, C)
  add(wpe) -> dropout(0.1)
  blocks: repeat 6 { layer(heads=6) }
  ln_f: layer_norm
  logits: linear(256, bias=false, weight=wte.weight)
}

params { linear.weight, embedding.weight, "wpe" { init = normal(std=0.02) } }
loss { cross_entropy(logits, next, dim=-1) }
optimizer adamw(lr=1e-3, betas=[0.9, 0.95], weight_decay=0.1)
schedule linear_lr(start_factor=0.01, total_iters=100 steps) -> cosine_annealing_lr(T_max=4900 steps)
train { run = 5000 steps }
