mt 1

const N = (2 * 4
