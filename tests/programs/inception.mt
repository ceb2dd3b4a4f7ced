mt 1

block cbr(x; ch, k) {
  conv: conv2d(ch, k, padding=k // 2, bias=false)
  bn: batch_norm2d
  relu
}

block inception(x; c1, c3, c5, cp) {
  b1 = x -> cbr(c1, 1)
  r3 = x -> cbr(c3 // 2, 1)
  b3 = r3 -> cbr(c3, 3)
  r5 = x -> cbr(c5 // 2, 1)
  b5 = r5 -> cbr(c5, 5)
  bp = x -> max_pool2d(3, stride=1, padding=1) -> cbr(cp, 1)
  [b1, b3, b5, bp] -> concat(dim=1)
}
