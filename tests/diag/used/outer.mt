mt 1

use "inner.mt"

block outer(x; n) {
  a: inner(n)
}
