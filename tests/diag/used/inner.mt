mt 1

block inner(x; n) {
  a: linear(n) -> relu
}
