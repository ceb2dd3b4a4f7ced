mt 1

data {
  train = inline(x=[[0.1, -0.2]], t=[[0.1]])
  batch = 1
  shuffle = false
}

block b0(x) { tanh }
block b1(x) {
  b0
  b0
}
block b2(x) {
  b1
  b1
}
block b3(x) {
  b2
  b2
}
block b4(x) {
  b3
  b3
}
block b5(x) {
  b4
  b4
}
block b6(x) {
  b5
  b5
}
block b7(x) {
  b6
  b6
}
block b8(x) {
  b7
  b7
}
block b9(x) {
  b8
  b8
}
block b10(x) {
  b9
  b9
}
block b11(x) {
  b10
  b10
}
block b12(x) {
  b11
  b11
}
block b13(x) {
  b12
  b12
}
block b14(x) {
  b13
  b13
}
block b15(x) {
  b14
  b14
}
block b16(x) {
  b15
  b15
}
block b17(x) {
  b16
  b16
}
block b18(x) {
  b17
  b17
}
block b19(x) {
  b18
  b18
}
block b20(x) {
  b19
  b19
}
block b21(x) {
  b20
  b20
}
block b22(x) {
  b21
  b21
}

model m(x: [B, 2]) {
  b22
  out: linear(1)
}

loss { mse_loss(out, t) }
optimizer sgd(lr=0.1)
train { run = 1 epochs }
