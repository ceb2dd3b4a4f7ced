mt 1

block tower(x; d) {
  fc1: linear(128) -> relu
  fc2: linear(d)
}

model siamese(a: [B, 784], b: [B, 784]) {
  za = a -> tower(64)
  zb = b -> share(za)
  sim[i, j] = sum[d](za[i, d] * zb[j, d]) / 0.1
}
