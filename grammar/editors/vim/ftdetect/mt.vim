autocmd BufRead,BufNewFile *.mt setfiletype mt
