// errors_syntax.h: the messages on syntax (E0001 to E0009, E0020 to E0026) and on constant arithmetic (E0010 to E0018,
// E0101). One constructor per fault; callers say what is wrong, the words are in errors_syntax.c and
// errors_constant.c. Spans are of the source that `diags` is about.
#ifndef MT_ERRORS_SYNTAX_H
#define MT_ERRORS_SYNTAX_H

#include "filter.h"

// E0009: the first line.
void error_edition_missing(Diags *diags, const Source *source, Span first, bool marked);
void error_edition(Diags *diags, Span span, const char *edition, bool later);

// E0007, E0008, E0020, E0021, E0026: what the lexer has against a token. `assign` is what `:=` should be here.
void error_token(Diags *diags, const Source *source, const Token *token, const char *assign);

// E0020: `10 epohcs`, `5 iterations`. false, without a message, for a word that is like no unit.
bool error_unit(Diags *diags, const Token *unit);

// E0001. `left` is the end of what stands in front, as text, or NULL.
void error_two_stages(Diags *diags, const Token *token, const char *left);
// E0002. `next` is where the bracket shows to be open, with a label; label NULL: nothing to show.
void error_bracket_unclosed(Diags *diags, const Open *open, Span next, const char *label);
// E0003
void error_unknown_declaration(Diags *diags, const Token *word);
// E0004: the innermost of `count` braces. `last` is the last token inside, `next` the one that shows the fault.
void error_brace_unclosed(Diags *diags, const Source *source, const Open *open, int count, Span last,
    const Token *next);
// E0005. `above` is the end of the line above, empty if there is none in this body.
void error_leading_operator(Diags *diags, const Source *source, Span span, const char *sign, Span above);
// E0006: everything else. `expected` is a list in words. `batch 64`; a section whose `{` is missing.
void error_unexpected(Diags *diags, const Token *token, const char *expected);
// `a, b: row`, or `p, q` and nothing behind it.
void error_several_names(Diags *diags, const Token *token, const char *first, const char *second, Span names);
// `use lib`
void error_use_unquoted(Diags *diags, const Source *source, Span word);
void error_no_body(Diags *diags, const Token *word);
void error_two_items(Diags *diags, const Token *token);
void error_no_equals(Diags *diags, const Source *source, const Token *name, const Token *value, const char *expected);
void error_nothing_follows(Diags *diags, const Token *token, const char *expected);
void error_chained_comparison(Diags *diags, const Token *sign);
void error_trailing_comma(Diags *diags, const Token *comma, const char *where);
// E0022
void error_nesting(Diags *diags, Span span, int limit);
void error_long_chain(Diags *diags, Span span, int limit);
// E0023
void error_closes_nothing(Diags *diags, Span span, const char *sign);
void error_closes_other(Diags *diags, const Token *token, const Open *open);
// E0024
void error_after_body(Diags *diags, const Token *token, bool repeat);
void error_repeat_value(Diags *diags, Span repeat, Span name, Span equals);
void error_repeat_stage(Diags *diags, Span repeat);
// E0025
void error_input_default(Diags *diags, const Token *equals, Span name, const Token *before);
void error_signature_end(Diags *diags, const Token *sign);
// E0026
void error_semicolon(Diags *diags, Span span, bool last);
void error_assignment(Diags *diags, const Token *sign, const Token *equals); // `+=`
void error_foreign_word(Diags *diags, const Token *word, const char *ours);
void error_method(Diags *diags, const Ast *member, const char *path);

// Constant arithmetic.
void error_constant_kind(Diags *diags, Span span, const char *sign, const char *wanted, const char *given); // E0010
void error_zero(Diags *diags, Span span, const char *sign);                                                 // E0011
void error_not_constant(Diags *diags, Span span, const char *why);                                          // E0012
void error_constant_cycle(Diags *diags, const Ast *const *constants, const Span *places, int count);                            // E0013
void error_no_number(Diags *diags, Span span, const char *what, const char *why);                           // E0014
void error_duration_arithmetic(Diags *diags, Span span, const char *why);                                   // E0015
void error_argument_count(Diags *diags, Span span, const char *function, const char *wanted, int given);    // E0016
void error_constant_twice(Diags *diags, const Ast *again, Span first); // E0018; first.from < 0: it is built in
void error_unknown_constant(Diags *diags, Span span, const char *what, const char *name, const char *const *names,
    int count); // E0101

#endif
