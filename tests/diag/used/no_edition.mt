const N = 8
