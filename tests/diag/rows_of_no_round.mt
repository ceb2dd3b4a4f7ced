mt 1

data {
  train = inline(x=[[0.1, -0.2, 0.3], [1, 0.4, -0.6], [0.2, 0.8, 0.5]], t=[[0.1], [0.5], [0.4]])
  batch = 2
  shuffle = false
}

block spare(x; k=2) {
  w = param(3, init=ones)
  shift = param(3, init=zeros)
  x * w
}

model m(x: [B, 3]) {
  a: spare when false
  b: repeat 0 { fc: linaer(4) }
  c: repeat 0 as i { linear(4 + i, baes=false) }
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 4 epochs }
