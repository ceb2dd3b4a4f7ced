" Colours of model.mt. Written by grammar/editors/make.py.
if exists("b:current_syntax")
  finish
endif
syntax case match
syntax match mtOperator "->\|\*\*\|//\|||\|&&\|[<>=!]=\|[-+*/%<>!=]"
syntax match mtName "\<\a\w*"
syntax match mtCall "\<\a\w*\ze\s*("
syntax match mtCall "\%(->\s*\)\@<=\a\w*"
syntax match mtBuiltin "[.0-9A-Za-z_]\@1<!\%(abs\|accuracy\|adam\|adamw\|adaptive_avg_pool2d\|add\|avg_pool2d\|batch_norm1d\|batch_norm2d\|binary_accuracy\|binary_cross_entropy_with_logits\|chunk\|clamp\|concat\|conv2d\|cos\|cosine_annealing_lr\|cross_entropy\|detach\|dropout\|dropout2d\|elu\|exp\|flatten\|gelu\|hardswish\|hardtanh\|identity\|last\|layer_norm\|leaky_relu\|linear\|linear_lr\|log\|log_sigmoid\|log_softmax\|max\|max_pool2d\|mean\|min\|mish\|mse_loss\|mul\|multistep_lr\|pad\|param\|randn_like\|relu\|relu6\|reshape\|selu\|sgd\|sigmoid\|silu\|sin\|slice\|softmax\|softplus\|softsign\|sqrt\|squeeze\|step_lr\|sum\|tanh\|transpose\|unsqueeze\|upsample\|where\)\>"
syntax match mtConstant "[.0-9A-Za-z_]\@1<!\%(true\|false\|inf\|pi\|B\)\>"
syntax match mtRow "[.0-9A-Za-z_]\@1<!\a\w*\ze\s*:"
syntax match mtSetting "[.0-9A-Za-z_]\@1<!\a\w*\ze\s*==\@!"
syntax match mtKeyword "^\s*\zs\%(const\|use\|fn\|block\|model\|optimizer\|schedule\|data\|params\|loss\|metrics\|train\|mt\|repeat\|when\|as\)\ze\%(\s\+[A-Za-z0-9\"]\|\s*{\)"
syntax match mtKeyword "\%([:{]\s*\)\@<=\%(repeat\|const\)\ze\s\+[A-Za-z0-9(]"
syntax match mtKeyword "\s\@1<=\%(when\|as\)\ze\s\+[-A-Za-z0-9(!\[\".]"
syntax match mtNumber "\w\@1<!\%(\d\+\%(\.\d\+\)\=\|\.\d\+\)\%([eE][+-]\=\d\+\)\="
syntax match mtDuration "\w\@1<!\%(\d\+\%(\.\d\+\)\=\|\.\d\+\)\%([eE][+-]\=\d\+\)\=\s*\%(steps\=\|epochs\=\)\>"
syntax match mtString +"\%(\\.\|[^"\\]\)*"+
syntax match mtComment "#.*$" contains=@Spell

highlight default link mtOperator Operator
highlight default link mtCall Function
highlight default link mtBuiltin Special
highlight default link mtConstant Constant
highlight default link mtRow Label
highlight default link mtSetting Identifier
highlight default link mtKeyword Keyword
highlight default link mtNumber Number
highlight default link mtDuration Number
highlight default link mtString String
highlight default link mtComment Comment
let b:current_syntax = "mt"
