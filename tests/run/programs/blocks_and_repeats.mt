mt 1

# Blocks in blocks, a repeat of one row and one of several, a stage left out by `when`, a layer used twice, a list of values.

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.5, 0.9, -0.1]], y0=[0, 2, 1])
  x: x -> reshape(3, 1, 1)
  y: y0 -> class(3)
  batch = 4
  shuffle = true
}

block conv_act(x; ch, k=3, stride=1) {
  conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false)
  tanh
}

# A residual block.
block basic(x: [B, C, H, W]; ch, stride=1) {
  skip = x -> conv_act(ch, 1, stride) when stride != 1 || C != ch
  a: conv_act(ch, 3, stride) -> relu
  b: conv_act(ch)
  add(skip) -> relu
}

model resnet(x: [B, 3, 1, 1]) {
  stem: conv_act(4) -> relu
  s1: repeat 3 { basic(4) }
  s2: repeat 2 as i { basic(6, stride=where(i == 0, 2, 1)) }
  flatten
  d: repeat 2 as k {
    const W = 5 + k
    up: linear(W) -> dropout(0.3)
    down: linear(4)
    relu
  }
  e = d -> linear(3)
  f = s2 -> flatten -> linear(4)
  g = f -> share(e)
  [e, g] -> concat(dim=1)
  logits: linear(3)
}

loss { cross_entropy(logits, y) }
optimizer sgd(lr=0.01)
train { run = 2 epochs }
