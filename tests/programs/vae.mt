mt 1
const Z = 20

data {
  train = idx(image="train-images-idx3-ubyte")
  test = idx(image="t10k-images-idx3-ubyte")
  x: image -> scale(1 / 255)
  batch = 128
  shuffle = true
}

# -log p(x | logit) of one Bernoulli pixel
fn bce(x, logit) = softplus(logit) - x * logit

model vae(x: [B, 28, 28]) {
  flat: flatten
  enc: linear(400) -> relu
  mu = enc -> linear(Z)
  logvar = enc -> linear(Z)
  z = mu + exp(0.5 * logvar) * randn_like(mu)
  dec: z -> linear(400) -> relu
  recon: linear(784)
}

loss {
  rec[b] = sum[i](bce(flat[b, i], recon[b, i]))
  kl[b] = -0.5 * sum[j](1 + logvar[b, j] - mu[b, j] ** 2 - exp(logvar[b, j]))
  mean(rec + kl)
}

optimizer adam(lr=1e-3)

train {
  run = 10 epochs
  ema = 0.999
}
