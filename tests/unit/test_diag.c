// Messages as a collection: their order and number, the forms for programs, edits, codes.
#define _POSIX_C_SOURCE 200809L
#include "diag_setup.h"

Test(diag, sorted_by_place_then_by_order)
{
    Setup s = setup("a.mt", "mt 1\nab\n");
    diag_add(s.diags, E0201, nowhere(), "last");
    diag_add(s.diags, E0201, find(&s, "b", 1), "third");
    diag_add(s.diags, E0201, find(&s, "a", 1), "first");
    diag_add(s.diags, E0201, find(&s, "ab", 1), "second");
    check_format(&s, FORMAT_SHORT, "a.mt:2:1: error[E0201]: first\n"
                                   "a.mt:2:1: error[E0201]: second\n"
                                   "a.mt:2:2: error[E0201]: third\n"
                                   "a.mt: error[E0201]: last\n");
}

Test(diag, fifty_messages_and_no_more)
{
    Setup s = setup("a.mt", "mt 1\n");
    for (int k = 0; k < 52; k++)
        diag_add(s.diags, E0201, (Span){0, 0, 2}, "m%d", k);
    cr_assert(diags_errors(s.diags) == 52 && diags_warnings(s.diags) == 0);
    const char *got = print(&s, FORMAT_FULL, false);
    int heads = 0;
    for (const char *c = got; (c = strstr(c, "error[E0201]: m")) != NULL; c++)
        heads++;
    cr_assert(heads == 50);
    const char *end = "\n\n2 messages more, not shown\n52 errors\n";
    cr_assert(strcmp(got + strlen(got) - strlen(end), end) == 0, "%s", got + strlen(got) - strlen(end));
    heads = 0;
    got = print(&s, FORMAT_JSON, false);
    for (const char *c = got; (c = strchr(c, '\n')) != NULL; c++)
        heads++;
    cr_assert(heads == 52);
    arena_destroy(s.arena);
}

Test(diag, no_warning_takes_the_place_of_an_error)
{
    Setup s = setup("a.mt", "mt 1\nab\n");
    for (int k = 0; k < 60; k++)
        diag_add(s.diags, k < 55 ? W0502 : E0201, find(&s, k < 55 ? "a" : "b", 1), "m%d", k);
    const char *got = print(&s, FORMAT_SHORT, false);
    int errors = 0, warnings = 0;
    for (const char *c = got; *c; c += strcspn(c, "\n") + 1) {
        errors += strncmp(c, "a.mt:2:2: error[E0201]: m", 25) == 0;
        warnings += strncmp(c, "a.mt:2:1: warning[W0502]: m", 27) == 0;
    }
    cr_assert(errors == 5 && warnings == 45, "%d errors, %d warnings", errors, warnings);
    cr_assert(strstr(got, "10 messages more, not shown\n") != NULL);
    cr_assert(diags_errors(s.diags) == 5 && diags_warnings(s.diags) == 55);
    got = print(&s, FORMAT_FULL, false);
    cr_assert(strcmp(got + strlen(got) - 25, "\n5 errors and 55 warnings\n" + 1) == 0, "%s", got + strlen(got) - 25);
    arena_destroy(s.arena);
}

Test(diag, nothing_to_say_says_nothing)
{
    Setup s = setup("a.mt", "mt 1\n");
    cr_assert(*print(&s, FORMAT_FULL, true) == 0 && *print(&s, FORMAT_JSON, false) == 0);
    cr_assert(diags_apply_edits(s.diags, s.arena, 0) == NULL);
    arena_destroy(s.arena);
}

Test(diag, json_has_everything)
{
    Setup s = setup("dir/a \"b\".mt", "\xef\xbb\xbfmt 1\n  foo(1)\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "foo", 1), "a \"q\" \\ \t \x01 \xff \xc3\xbc \xe0\x80\xaf");
    diag_label(d, "l");
    diag_second(d, find(&s, "1", 2), "s");
    diag_fact(d, "f1");
    diag_fact(d, "f2");
    diag_note(d, find(&s, "mt", 1), "n");
    diag_fact(d, "of n");
    diag_note(d, nowhere(), "n2");
    diag_help(d, "h");
    diag_edit(d, find(&s, "foo", 1), "bar\n");
    diag_edit(d, span_start(find(&s, "mt", 1)), "#");
    check_format(&s, FORMAT_JSON,
        "{\"code\":\"E0201\",\"severity\":\"error\","
        "\"message\":\"a \\\"q\\\" \\\\ \\u0009 \\u0001 \\ufffd \xc3\xbc \\ufffd\\ufffd\\ufffd\","
        "\"file\":\"dir/a \\\"b\\\".mt\",\"line\":2,\"column\":3,\"end_line\":2,\"end_column\":6,\"label\":\"l\","
        "\"spans\":[{\"file\":\"dir/a \\\"b\\\".mt\",\"line\":2,\"column\":7,\"end_line\":2,\"end_column\":8,\"label\":\"s\"}],"
        "\"facts\":[\"f1\",\"f2\"],"
        "\"notes\":[{\"message\":\"n\",\"file\":\"dir/a \\\"b\\\".mt\",\"line\":1,\"column\":1,\"end_line\":1,"
        "\"end_column\":3,\"facts\":[\"of n\"]},"
        "{\"message\":\"n2\",\"file\":\"dir/a \\\"b\\\".mt\",\"line\":null,\"column\":null,\"end_line\":null,"
        "\"end_column\":null,\"facts\":[]}],"
        "\"help\":\"h\","
        "\"edits\":[{\"file\":\"dir/a \\\"b\\\".mt\",\"from\":3,\"to\":3,\"text\":\"#\"},"
        "{\"file\":\"dir/a \\\"b\\\".mt\",\"from\":10,\"to\":13,\"text\":\"bar\\n\"}]}\n");
}

Test(diag, edits_of_the_first_help_are_applied)
{
    Setup s = setup("a.mt", "mt 1\nabc\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "abc", 1), "m");
    diag_edit(d, find(&s, "abc", 1), "lost: no help yet");
    diag_note(d, find(&s, "abc", 1), "n");
    diag_edit(d, find(&s, "abc", 1), "lost: a note");
    diag_help(d, "words only");
    diag_help(d, "code");
    diag_edit(d, find(&s, "c", 1), "C");
    diag_edit(d, find(&s, "a", 1), "");
    diag_edit(d, find(&s, "bc", 1), "overlaps");
    diag_help(d, "another way");
    diag_edit(d, find(&s, "abc", 1), "x");
    const char *edited = diags_apply_edits(s.diags, s.arena, 0);
    // `c` lies inside `bc`, which begins before it.
    cr_assert(strcmp(edited, "mt 1\noverlaps\n") == 0, "%s", edited);
    arena_destroy(s.arena);
}

Test(diag, codes_have_names)
{
    cr_assert(strcmp(code_name(E0201), "E0201") == 0);
    cr_assert(code_find("E0201") == E0201 && code_find("E0") == DIAG_CODES);
    for (int code = 0; code < DIAG_CODES; code++) {
        const char *name = code_name((Code)code);
        cr_assert((name[0] == 'E' || name[0] == 'W') && strlen(name) == 5, "%s", name);
        cr_assert(code_find(name) == (Code)code && *code_title((Code)code) != 0, "%s", name);
    }
}
