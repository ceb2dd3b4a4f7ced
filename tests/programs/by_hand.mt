mt 1

fn gelu_tanh(x) = 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)))

block dense(x: [B, I]; O) {
  w = param(O, I, init=kaiming_uniform(a=sqrt(5)))
  b = param(O, init=uniform(-1 / sqrt(I), 1 / sqrt(I)))
  y[n, o] = sum[i](x[n, i] * w[o, i]) + b[o]
  y -> gelu_tanh
}

model net(x: [B, 20]) {
  h: dense(32)
  pe[t < 4, c < 32] = sin(t / 10000 ** (c / 32))
  m[n, t, c] = h[n, c] + pe[t, c]
  m -> flatten
  out: linear(1)
}
