mt 1

const N = 8
const M = 2 * N
