mt 1

# Names that mean something in C, in its headers or in the output. They are members of structs, and nothing else.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9]], EOF_=[[0.1, 0], [0.5, 1], [0.4, 0]], unsigned=[0, 1, 1])
  char: unsigned -> class(2)
  batch = 2
  shuffle = false
}

model memory(x: [B, 2]) {
  int: linear(2) -> tanh
  float: linear(2) -> tanh
  double: linear(2) -> tanh
  EOF: linear(2) -> tanh
  linux: linear(2) -> tanh
  signal: linear(2) -> tanh
  errno: linear(2) -> tanh
  B1: linear(2) -> tanh
  y1: linear(2) -> tanh
  gamma: linear(2) -> tanh
  real: linear(2) -> tanh
  main: linear(2) -> tanh
  B_: linear(2) -> tanh
  BATCH: linear(2) -> tanh
  n: linear(2) -> tanh
  p: linear(2) -> tanh
  v: linear(2) -> tanh
  d: linear(2) -> tanh
  g: linear(2) -> tanh
  s: linear(2) -> tanh
  l: linear(2) -> tanh
  i: linear(2) -> tanh
  NULL: linear(2) -> tanh
  INFINITY: linear(2) -> tanh
  struct: linear(2) -> tanh
  register: linear(2) -> tanh
  signbit: linear(2) -> tanh
  unix: linear(2) -> tanh
  j0: linear(2) -> tanh
  stdin: linear(2) -> tanh
  Parameters: linear(2) -> tanh
  values: linear(2) -> tanh
  real_: linear(2) -> tanh
  int_: linear(2) -> tanh
  loss1: linear(2) -> tanh
  options: linear(2) -> tanh
  step: linear(2) -> tanh
  seed: linear(2) -> tanh
  time: linear(2) -> tanh
  when: linear(2) -> tanh
  repeat: linear(2) -> tanh
  sum_of = int + float + double + EOF + linux + signal + errno + B1 + y1 + gamma + real + main + B_ + BATCH + n + p + v + d + g + s + l + i + NULL + INFINITY + struct + register + signbit + unix + j0 + stdin + Parameters + values + real_ + int_ + loss1 + options + step + seed + time + when + repeat
  out: x * sum_of -> linear(2)
}

loss {
  void = mse_loss(out, EOF_)
  static = mean(gamma * y1)
  cross_entropy(out, char) + void - static
}
metrics {
  const = accuracy(out, char)
  if = exp(const) + void
}
optimizer sgd(lr=0.1)

train { run = 2 epochs }
