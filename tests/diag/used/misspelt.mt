mt 1

const M = 4
const N = 2 * MM
