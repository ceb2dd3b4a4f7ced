mt 1

const K = 2 * N
