#!/usr/bin/env python3
"""Writes the grammars of the editors from the tables of the compiler: keywords, operations, optimizers, schedules.

    python3 grammar/editors/make.py TABLES.json        TABLES.json: what build/tests/dump_operations prints

Both grammars colour the same classes, by one line at a time: comments, strings, durations, numbers, constants, keywords
where they are keywords, names of the tables, what is called or stands behind `->`, and names in front of `:` and `=`.
"""

import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
TEXTMATE = FOLDER / "vscode" / "syntaxes" / "mt.tmLanguage.json"
VIM = FOLDER / "vim" / "syntax" / "mt.vim"

NAME = "[A-Za-z][A-Za-z0-9_]*"
NUMBER = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
CONSTANTS = ["true", "false", "inf", "pi", "B"]


def names(tables):
    """Words that are built in: what the tables hold, but for signs and what only the compiler uses."""
    found = {table["name"] for kind in ("operations", "optimizers", "schedules") for table in tables[kind]
             if table.get("kind") not in ("operator", "internal")}
    return sorted(found)


def textmate(tables):
    keywords = "|".join(tables["keywords"])
    rules = [
        ("comment.line.number-sign.mt", r"#.*$"),
        ("string.quoted.double.mt", r'"(\\.|[^"\\])*"'),
        ("constant.numeric.duration.mt", rf"(?<![A-Za-z0-9_]){NUMBER}\s*(steps?|epochs?)\b"),
        ("constant.numeric.mt", rf"(?<![A-Za-z0-9_]){NUMBER}\b"),
        ("keyword.control.mt", rf"^\s*({keywords})(?=\s+[A-Za-z0-9\"]|\s*\{{)"),
        ("keyword.control.mt", rf"(?<=[:{{])\s*(repeat|const)(?=\s+[A-Za-z0-9(])"),
        ("keyword.control.mt", r"(?<=\s)(when|as)(?=\s+[A-Za-z0-9(!\-\[\".])"),
        ("variable.parameter.mt", rf"(?<![.A-Za-z0-9_]){NAME}(?=\s*=(?!=))"),
        ("entity.name.tag.mt", rf"(?<![.A-Za-z0-9_]){NAME}(?=\s*:)"),
        ("constant.language.mt", rf"(?<![.A-Za-z0-9_])({'|'.join(CONSTANTS)})\b"),
        ("support.function.mt", rf"(?<![.A-Za-z0-9_])({'|'.join(names(tables))})\b"),
        ("entity.name.function.mt", rf"(?<![.A-Za-z0-9_]){NAME}(?=\s*\()|(?<=->){NAME}|(?<=-> ){NAME}"),
        ("variable.other.mt", rf"{NAME}"),
        ("keyword.operator.mt", r"->|\*\*|//|\|\||&&|[<>=!]=|[-+*/%<>!=]"),
    ]
    grammar = {"name": "mt", "scopeName": "source.mt", "fileTypes": ["mt"], "firstLineMatch": "^mt [0-9.]+",
               "patterns": [{"name": scope, "match": match} for scope, match in rules]}
    return json.dumps(grammar, indent=2) + "\n"


# The last rule wins where several match at one place. No `syntax keyword`: those would win over all.
VIM_TEMPLATE = r'''" Colours of model.mt. Written by grammar/editors/make.py.
if exists("b:current_syntax")
  finish
endif
syntax case match
syntax match mtOperator "->\|\*\*\|//\|||\|&&\|[<>=!]=\|[-+*/%<>!=]"
syntax match mtName "\<\a\w*"
syntax match mtCall "\<\a\w*\ze\s*("
syntax match mtCall "\%(->\s*\)\@<=\a\w*"
syntax match mtBuiltin "[.0-9A-Za-z_]\@1<!@WORDS@\>"
syntax match mtConstant "[.0-9A-Za-z_]\@1<!@CONSTANTS@\>"
syntax match mtRow "[.0-9A-Za-z_]\@1<!\a\w*\ze\s*:"
syntax match mtSetting "[.0-9A-Za-z_]\@1<!\a\w*\ze\s*==\@!"
syntax match mtKeyword "^\s*\zs@KEYWORDS@\ze\%(\s\+[A-Za-z0-9"]\|\s*{\)"
syntax match mtKeyword "\%([:{]\s*\)\@<=\%(repeat\|const\)\ze\s\+[A-Za-z0-9(]"
syntax match mtKeyword "\s\@1<=\%(when\|as\)\ze\s\+[-A-Za-z0-9(!\[".]"
syntax match mtNumber "\w\@1<!@NUMBER@"
syntax match mtDuration "\w\@1<!@NUMBER@\s*\%(steps\=\|epochs\=\)\>"
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
'''


def vim(tables):
    def one_of(words):
        return r"\%(" + r"\|".join(words) + r"\)"
    number = r"\%(\d\+\%(\.\d\+\)\=\|\.\d\+\)\%([eE][+-]\=\d\+\)\="
    text = VIM_TEMPLATE.replace('[A-Za-z0-9"]', r"[A-Za-z0-9\"]").replace('!\\[".]', r"!\[\".]")
    for place, words in (("@WORDS@", one_of(names(tables))), ("@CONSTANTS@", one_of(CONSTANTS)),
                         ("@KEYWORDS@", one_of(tables["keywords"])), ("@NUMBER@", number)):
        text = text.replace(place, words)
    return text


def main():
    tables = json.loads(pathlib.Path(sys.argv[1]).read_text())
    for path, text in ((TEXTMATE, textmate(tables)), (VIM, vim(tables))):
        path.write_text(text)


if __name__ == "__main__":
    main()
