mt 1

# One condition inside another, as C; and functions that need no kernel but vec.
data {
  train = inline(x=[[0.3, -0.7], [1.1, 0.4], [-0.2, 0.9], [0.8, -0.1]], t=[[0.1], [0.5], [0.4], [0]])
  batch = 3
  shuffle = true
}

model m(x: [B, 2]) {
  a_value_with_a_rather_long_name: linear(3)
  bend = where(a_value_with_a_rather_long_name < 0.1, a_value_with_a_rather_long_name * 2, where(a_value_with_a_rather_long_name <= 0.6, a_value_with_a_rather_long_name ** 2, 0.5))
  b: clamp(bend, -0.4, 0.9) -> relu6
  max(min(b, a_value_with_a_rather_long_name), where(bend > b, b, -b)) -> hardtanh(min_val=-0.6, max_val=0.7)
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)

train { run = 2 epochs }
