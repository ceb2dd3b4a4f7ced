// Messages as people read them: the forms of the language's reference, and what bends them (tabs, wide characters, long
// lines, bytes that are not text).
#define _POSIX_C_SOURCE 200809L
#include "diag_setup.h"

// LANGUAGE 5.4 with a forgotten flatten.
static const char *lenet = "mt 1\n"
                           "\n"
                           "data {\n"
                           "  train = idx(image=\"a\", label=\"b\")\n"
                           "  test = idx(image=\"c\", label=\"d\")\n"
                           "  x: image -> scale(1 / 255) -> unsqueeze(0)\n"
                           "  y: label -> class(10)\n"
                           "  batch = 64\n"
                           "  shuffle = true\n"
                           "}\n"
                           "\n"
                           "model lenet5(x: [B, 1, 28, 28]) {\n"
                           "  conv1: conv2d(6, 5, paddding=2) -> relu -> max_pool2d(2)\n"
                           "  conv2: conv2d(16, 5) -> relu -> max_pool2d(2)\n"
                           "  fc1: linear(120) -> relu\n"
                           "  fc2: linear(84) -> relu\n"
                           "  logits: linear(10)\n"
                           "}\n"
                           "\n"
                           "loss { cross_entropy(logits, y) }\n"
                           "metrics { acc = accuracy(logits, y) }\n"
                           "optimizer sgd(lr=0.01, momentum=0.9)\n"
                           "\n"
                           "train {\n"
                           "  log_every = 200 steps\n"
                           "  epochs = 10\n"
                           "}\n";

Test(diag, two_labels_facts_note_and_inserted_line)
{
    Setup s = setup("lenet5.mt", lenet);
    Diag *d = diag_add(s.diags, E0201, find(&s, "logits", 2), "cross_entropy: logits and target do not fit");
    diag_label(d, "f32[B, 16, 5, 10]");
    Span y = find(&s, "y) }", 1);
    diag_second(d, (Span){0, y.from, y.from + 1}, "class(10)[B]");
    diag_fact(d, "with dim=1 (the PyTorch default) the target would have to be [B, 5, 10]");
    diag_note(d, nowhere(), "where the sizes of `%s` come from", "logits");
    diag_fact(d, "axis 1   16   conv2d(16, 5)                                          line 14");
    diag_fact(d, "axis 2    5   (14 + 2*0 - 5)/1 + 1 = 10, then max_pool2d(2) -> 5      line 14");
    diag_fact(d, "axis 3   10   linear(10), which replaced the last axis               line 17");
    diag_help(d, "`linear` acts on the last axis only; flatten the image before `fc1`");
    Span fc1 = find(&s, "  fc1", 1);
    diag_edit(d, span_start(fc1), "  flatten\n");
    check(&s, "error[E0201]: cross_entropy: logits and target do not fit\n"
              "  --> lenet5.mt:20:22\n"
              "   |\n"
              "20 | loss { cross_entropy(logits, y) }\n"
              "   |                      ^^^^^^  - class(10)[B]\n"
              "   |                      |\n"
              "   |                      f32[B, 16, 5, 10]\n"
              "   |\n"
              "   = with dim=1 (the PyTorch default) the target would have to be [B, 5, 10]\n"
              "note: where the sizes of `logits` come from\n"
              "   = axis 1   16   conv2d(16, 5)                                          line 14\n"
              "   = axis 2    5   (14 + 2*0 - 5)/1 + 1 = 10, then max_pool2d(2) -> 5      line 14\n"
              "   = axis 3   10   linear(10), which replaced the last axis               line 17\n"
              "help: `linear` acts on the last axis only; flatten the image before `fc1`\n"
              "   |\n"
              "15 |   flatten\n"
              "   |   +++++++\n");
}

static const char *resnet = "mt 1\n"
                            "block basic(x: [B, C, H, W]; ch, stride=1) {\n"
                            "  a: conv_bn(ch, 3, stride) -> relu\n"
                            "  b: conv_bn(ch)\n"
                            "  add(x) -> relu\n"
                            "}\n"
                            "model resnet20(x: [B, 3, 32, 32]) {\n"
                            "  s1: repeat 3 { basic(16) }\n"
                            "  s2: repeat 3 as i { basic(32, stride=where(i == 0, 2, 1)) }\n"
                            "}\n";

Test(diag, note_with_a_place_and_several_edited_lines)
{
    Setup s = setup("resnet20.mt", resnet);
    Diag *d = diag_add(s.diags, E0201, find(&s, "add(x)", 1), "cannot add f32[B, 32, 16, 16] and f32[B, 16, 32, 32]");
    diag_label(d, "axes 1, 2 and 3 differ");
    diag_fact(d, "trunk   f32[B, 32, 16, 16]   32 is `ch`");
    diag_note(d, find(&s, "basic(32, stride=where(i == 0, 2, 1))", 1), "in block `basic`, used as `s2.0` here");
    diag_help(d, "give the block a projection for the cases where the shapes change");
    diag_edit(d, span_start(find(&s, "  a: conv", 1)),
        "  skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch\n");
    Span x = find(&s, "add(x)", 1);
    diag_edit(d, (Span){0, x.from + 4, x.from + 5}, "skip");
    const char *edited = diags_apply_edits(s.diags, s.arena, 0);
    cr_assert(strstr(edited, "ch, stride=1) {\n  skip = x -> conv_bn(ch, 1, stride) when stride != 1") != NULL);
    cr_assert(strstr(edited, "C != ch\n  a: conv") != NULL);
    cr_assert(strstr(edited, "  b: conv_bn(ch)\n  add(skip) -> relu\n}\n") != NULL);
    check(&s, "error[E0201]: cannot add f32[B, 32, 16, 16] and f32[B, 16, 32, 32]\n"
              "  --> resnet20.mt:5:3\n"
              "   |\n"
              " 5 |   add(x) -> relu\n"
              "   |   ^^^^^^ axes 1, 2 and 3 differ\n"
              "   |\n"
              "   = trunk   f32[B, 32, 16, 16]   32 is `ch`\n"
              "note: in block `basic`, used as `s2.0` here\n"
              "  --> resnet20.mt:9:23\n"
              "   |\n"
              " 9 |   s2: repeat 3 as i { basic(32, stride=where(i == 0, 2, 1)) }\n"
              "   |                       -------------------------------------\n"
              "help: give the block a projection for the cases where the shapes change\n"
              "   |\n"
              " 3 |   skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch\n"
              " 6 |   add(skip) -> relu\n");
}

Test(diag, list_of_facts_breaks_under_its_first_item)
{
    Setup s = setup("lenet5.mt", lenet);
    Diag *d = diag_add(s.diags, E0201, find(&s, "paddding", 1), "conv2d has no option `paddding`");
    diag_label(d, "did you mean `padding`?");
    static const char *const items[] = {"out_channels", "kernel_size", "stride=1", "padding=0", "dilation=1",
        "groups=1", "bias=true", "weight=own"};
    diag_fact_list(d, "conv2d(", items, 8, ")");
    check(&s, "error[E0201]: conv2d has no option `paddding`\n"
              "  --> lenet5.mt:13:23\n"
              "   |\n"
              "13 |   conv1: conv2d(6, 5, paddding=2) -> relu -> max_pool2d(2)\n"
              "   |                       ^^^^^^^^ did you mean `padding`?\n"
              "   |\n"
              "   = conv2d(out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,\n"
              "            bias=true, weight=own)\n");
}

Test(diag, replaced_text_is_marked_with_tildes)
{
    Setup s = setup("lenet5.mt", lenet);
    Diag *d = diag_add(s.diags, E0201, find(&s, "epochs", 1), "`train` has no setting `epochs`");
    diag_help(d, "the length of a run is one setting with its unit");
    diag_edit(d, find(&s, "epochs = 10", 1), "run = 10 epochs");
    check(&s, "error[E0201]: `train` has no setting `epochs`\n"
              "  --> lenet5.mt:26:3\n"
              "   |\n"
              "26 |   epochs = 10\n"
              "   |   ^^^^^^\n"
              "   |\n"
              "help: the length of a run is one setting with its unit\n"
              "   |\n"
              "26 |   run = 10 epochs\n"
              "   |   ~~~~~~~~~~~~~~~\n");
}

Test(diag, inserted_text_is_marked_with_pluses)
{
    Setup s = setup("iris.mt", "mt 1\n  linear(10)\n  out: linear(1)\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "linear(10)", 1), "this layer has parameters, so its row needs a name");
    diag_label(d, "owns 2 parameters: weight [10, 84], bias [10]");
    diag_fact(d, "the name is the checkpoint key and the C symbol; it must not depend on position");
    diag_help(d, "name the row, for example");
    diag_edit(d, span_start(find(&s, "linear(10)", 1)), "fc3: ");
    diag_help(d, "or");
    diag_edit(d, span_end(find(&s, "linear(1)", 1)), " -> squeeze(-1)");
    check(&s, "error[E0201]: this layer has parameters, so its row needs a name\n"
              "  --> iris.mt:2:3\n"
              "   |\n"
              " 2 |   linear(10)\n"
              "   |   ^^^^^^^^^^ owns 2 parameters: weight [10, 84], bias [10]\n"
              "   |\n"
              "   = the name is the checkpoint key and the C symbol; it must not depend on position\n"
              "help: name the row, for example\n"
              "   |\n"
              " 2 |   fc3: linear(10)\n"
              "   |   +++++\n"
              "help: or\n"
              "   |\n"
              " 3 |   out: linear(1) -> squeeze(-1)\n"
              "   |                  ++++++++++++++\n");
}

Test(diag, lines_between_are_dots_and_an_empty_line_can_be_filled)
{
    Setup s = setup(
        "lenet5.mt", "mt 1\nmodel lenet5(x: [B, 1, 28, 28]) {\n  a: linear(1)\n\n\nloss { mse_loss(a, y) }\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "{", 1), "`{` is never closed");
    diag_label(d, "opens `model lenet5`");
    diag_second(d, find(&s, "loss", 1), "a section starts here, at the left margin");
    diag_help(d, "close the model before line 6");
    Span line = {0, s.source->line_start[4], s.source->line_start[4]};
    diag_edit(d, line, "}\n");
    check(&s, "error[E0201]: `{` is never closed\n"
              "  --> lenet5.mt:2:33\n"
              "   |\n"
              " 2 | model lenet5(x: [B, 1, 28, 28]) {\n"
              "   |                                 ^ opens `model lenet5`\n"
              "...\n"
              " 6 | loss { mse_loss(a, y) }\n"
              "   | ---- a section starts here, at the left margin\n"
              "   |\n"
              "help: close the model before line 6\n"
              "   |\n"
              " 5 | }\n"
              "   | +\n");
}

Test(diag, neighbouring_lines_stand_together)
{
    Setup s = setup("net.mt", "mt 1\nmodel net(x: [B, 2]) {\n  a: linear(1\n  relu\n}\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "(", 2), "`(` is never closed");
    diag_label(d, "opened here");
    diag_second(d, find(&s, "relu", 1),
        "inside brackets a new line does not end the row, so this was read as an argument");
    check(&s, "error[E0201]: `(` is never closed\n"
              "  --> net.mt:3:12\n"
              "   |\n"
              " 3 |   a: linear(1\n"
              "   |            ^ opened here\n"
              " 4 |   relu\n"
              "   |   ---- inside brackets a new line does not end the row, so this was read as an argument\n");
}

Test(diag, a_row_split_in_two_shows_both_lines)
{
    Setup s = setup("resnet20.mt", "mt 1\n  a: conv2d(ch, 3) -> batch_norm2d -> relu\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "batch_norm2d", 1), "two layers with parameters in one row");
    diag_label(d, "would be `a.weight` too");
    diag_second(d, find(&s, "conv2d(ch, 3)", 1), "would be `a.weight`");
    diag_help(d, "give each its own row");
    diag_edit(d, span_end(find(&s, "a", 1)), "1");
    diag_edit(d, find(&s, " -> ", 1), "\n  a2: ");
    check(&s, "error[E0201]: two layers with parameters in one row\n"
              "  --> resnet20.mt:2:23\n"
              "   |\n"
              " 2 |   a: conv2d(ch, 3) -> batch_norm2d -> relu\n"
              "   |      -------------    ^^^^^^^^^^^^ would be `a.weight` too\n"
              "   |      |\n"
              "   |      would be `a.weight`\n"
              "   |\n"
              "help: give each its own row\n"
              "   |\n"
              " 2 |   a1: conv2d(ch, 3)\n"
              " 3 |   a2: batch_norm2d -> relu\n");
}

Test(diag, a_replacement_of_several_lines_is_shown_whole)
{
    Setup s = setup("a.mt", "mt 1\na = f(x)\nb\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "f(x)", 1), "m");
    diag_help(d, "h");
    diag_edit(d, find(&s, "f(x)", 1), "g(\n  x,\n  y\n)");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:5\n"
              "   |\n"
              " 2 | a = f(x)\n"
              "   |     ^^^^\n"
              "   |\n"
              "help: h\n"
              "   |\n"
              " 2 | a = g(\n"
              " 3 |   x,\n"
              " 4 |   y\n"
              " 5 | )\n");
}

Test(diag, a_deletion_is_marked_where_it_was)
{
    Setup s = setup("a.mt", "mt 1\na = f(x, y)\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "y", 1), "m");
    diag_help(d, "h");
    diag_edit(d, find(&s, ", y", 1), "");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:10\n"
              "   |\n"
              " 2 | a = f(x, y)\n"
              "   |          ^\n"
              "   |\n"
              "help: h\n"
              "   |\n"
              " 2 | a = f(x)\n"
              "   |        ~\n");
}

Test(diag, three_labels_hang_from_right_to_left)
{
    Setup s = setup("a.mt", "mt 1\n  aa + bbb * c\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "bbb", 1), "m");
    diag_label(d, "second");
    diag_second(d, find(&s, "aa", 1), "first");
    diag_second(d, find(&s, "c", 1), "third");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:8\n"
              "   |\n"
              " 2 |   aa + bbb * c\n"
              "   |   --   ^^^   - third\n"
              "   |   |    |\n"
              "   |   |    second\n"
              "   |   first\n");
}

Test(diag, two_spans_may_be_at_fault_alike)
{
    Setup s = setup("a.mt", "mt 1\nloss { mse_loss(out, y) }\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "out", 1), "mse_loss needs two equal shapes");
    diag_label(d, "f32[B, 1]");
    diag_also(d, find(&s, "y", 1), "f32[B]");
    check(&s, "error[E0201]: mse_loss needs two equal shapes\n"
              "  --> a.mt:2:17\n"
              "   |\n"
              " 2 | loss { mse_loss(out, y) }\n"
              "   |                 ^^^  ^ f32[B]\n"
              "   |                 |\n"
              "   |                 f32[B, 1]\n");
}

Test(diag, a_label_never_stands_on_a_mark)
{
    Setup s = setup("a.mt", "mt 1\n  f(aa + b)\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "aa", 1), "m");
    diag_label(d, "inner");
    diag_second(d, find(&s, "f(aa + b)", 1), "outer");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:5\n"
              "   |\n"
              " 2 |   f(aa + b)\n"
              "   |   --^^-----\n"
              "   |   | |\n"
              "   |   | inner\n"
              "   |   outer\n");
}

Test(diag, a_part_shows_inside_the_whole)
{
    Setup s = setup("a.mt", "mt 1\n  aa + bb\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "aa + bb", 1), "m");
    diag_second(d, find(&s, "bb", 1), "right");
    diag_second(d, find(&s, "aa", 1), "left");
    diag_second(d, find(&s, "aa + bb", 1), "%s", "");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:3\n"
              "   |\n"
              " 2 |   aa + bb\n"
              "   |   --^^^-- right\n"
              "   |   |\n"
              "   |   left\n");
}

Test(diag, a_span_of_several_lines_is_marked_at_both_ends)
{
    Setup s = setup("a.mt", "mt 1\nx = idx(a,   \n  b,\n  c,\n  d)\n \n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "idx(a,   \n  b,\n  c,\n  d)\n \n", 1), "m");
    diag_label(d, "here");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:5\n"
              "   |\n"
              " 2 | x = idx(a,\n"
              "   |     ^^^^^^\n"
              "...\n"
              " 5 |   d)\n"
              "   |   ^^ here\n");
}

Test(diag, a_single_line_between_is_shown)
{
    Setup s = setup("a.mt", "mt 1\na\nb\nc\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "a", 1), "m");
    diag_second(d, find(&s, "c", 1), "%s", "");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:1\n"
              "   |\n"
              " 2 | a\n"
              "   | ^\n"
              " 3 | b\n"
              " 4 | c\n"
              "   | -\n");
}

Test(diag, tabs_are_copied_and_wide_characters_take_two_columns)
{
    Setup s = setup("a.mt", "mt 1\n\tp = \"a\tüe\xcc\x81\xe6\xbc\xa2\" -> bad\n");
    Diag *d = diag_add(s.diags, E0201, find(&s, "bad", 1), "m");
    diag_label(d, "here");
    diag_second(d, find(&s, "\"a\tüe\xcc\x81\xe6\xbc\xa2\"", 1), "path");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:22\n"
              "   |\n"
              " 2 | \tp = \"a\tüe\xcc\x81\xe6\xbc\xa2\" -> bad\n"
              "   | \t    --\t-----    ^^^ here\n"
              "   | \t    |\n"
              "   | \t    path\n");
}

Test(diag, what_is_no_text_is_made_visible)
{
    Setup s = setup("a.mt", "mt 1\n# \x1b[31m \xff \xe2\x80\xae bad\n");
    diag_add(s.diags, E0201, find(&s, "bad", 1), "m \x1b \xff");
    check(&s, "error[E0201]: m \xe2\x90\x9b \xef\xbf\xbd\n"
              "  --> a.mt:2:15\n"
              "   |\n"
              " 2 | # \xe2\x90\x9b[31m \xef\xbf\xbd \xef\xbf\xbd bad\n"
              "   |             ^^^\n");
}

Test(diag, the_end_of_the_file_has_a_place)
{
    Setup s = setup("a.mt", "mt 1\nfoo");
    Diag *d = diag_add(s.diags, E0201, (Span){0, s.source->length, s.source->length}, "m");
    diag_label(d, "here");
    diag_help(d, "more");
    diag_edit(d, (Span){0, s.source->length, s.source->length}, "}\n");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:2:4\n"
              "   |\n"
              " 2 | foo\n"
              "   |    ^ here\n"
              "   |\n"
              "help: more\n"
              "   |\n"
              " 3 | }\n"
              "   | +\n");
}

Test(diag, spans_outside_the_text_do_no_harm)
{
    Setup s = setup("a.mt", "mt 1\nfoo\n");
    Diag *d = diag_add(s.diags, E0201, (Span){0, 1000, 2000}, "m");
    diag_second(d, (Span){0, 7, 3}, "backwards");
    diag_note(d, (Span){0, 6, 1 << 30}, "n");
    diag_help(d, "h");
    diag_edit(d, (Span){0, 900, 100}, "x");
    check(&s, "error[E0201]: m\n"
              "  --> a.mt:3:1\n"
              "   |\n"
              " 2 | foo\n"
              "   |   - backwards\n"
              " 3 |\n"
              "   | ^\n"
              "   |\n"
              "note: n\n"
              "  --> a.mt:2:2\n"
              "   |\n"
              " 2 | foo\n"
              "   |  --\n"
              "help: h\n"
              "   |\n"
              " 3 | x\n"
              "   | +\n");
}

Test(diag, a_message_may_have_no_place)
{
    Setup s = setup("a.mt", "mt 1\n");
    Diag *d = diag_add(s.diags, E0201, nowhere(), "the program has no `model`");
    diag_fact(d, "one\ntwo");
    check(&s, "error[E0201]: the program has no `model`\n"
              "  --> a.mt\n"
              "   = one\n"
              "     two\n");
}

Test(diag, the_gutter_is_as_wide_as_the_largest_line_number)
{
    Text text = text_new(arena_create(exhausted));
    for (int k = 0; k < 99; k++)
        text_string(&text, "a\n");
    text_string(&text, "bad\n");
    Setup s = setup("a.mt", text.data);
    Diag *d = diag_add(s.diags, E0201, find(&s, "bad", 1), "m");
    diag_fact(d, "f");
    diag_note(d, find(&s, "a", 1), "n");
    check(&s, "error[E0201]: m\n"
              "   --> a.mt:100:1\n"
              "    |\n"
              "100 | bad\n"
              "    | ^^^\n"
              "    |\n"
              "    = f\n"
              "note: n\n"
              "   --> a.mt:1:1\n"
              "    |\n"
              "  1 | a\n"
              "    | -\n");
    arena_destroy(text.arena);
}

Test(diag, long_lines_are_cut_around_the_span)
{
    char line[1000];
    memset(line, 'a', sizeof line);
    memcpy(line, "mt 1\n", 5);
    memcpy(line + 500, "bad", 3);
    Setup s = setup_bytes("a.mt", line, sizeof line);
    Diag *d = diag_add(s.diags, E0201, find(&s, "bad", 1), "m");
    diag_label(d, "here");
    diag_second(d, (Span){0, 990, 995}, "far away");
    const char *got = print(&s, FORMAT_FULL, false);
    for (const char *c = got; *c; c += strcspn(c, "\n") + 1)
        cr_assert(strcspn(c, "\n") < 200, "a line is too long:\n%s", got);
    cr_assert(strstr(got, "  --> a.mt:2:496\n") != NULL);
    cr_assert(strstr(got, " 2 | ...aaa") != NULL && strstr(got, "aaa...\n") != NULL, "%s", got);
    // The caret is under the text.
    const char *row = strstr(got, " 2 | "), *bad = strstr(row, "bad"), *marks = strchr(row, '\n') + 1;
    cr_assert(strncmp(marks + (bad - row), "^^^ ", 4) == 0, "%s", got);
    arena_destroy(s.arena);
}

Test(diag, color_adds_escapes_and_nothing_else)
{
    Setup s = setup("lenet5.mt", lenet);
    Diag *d = diag_add(s.diags, E0201, find(&s, "epochs", 1), "m");
    diag_label(d, "l");
    diag_second(d, find(&s, "10", 3), "s");
    diag_fact(d, "f");
    diag_note(d, find(&s, "mt", 1), "n");
    diag_help(d, "h");
    diag_edit(d, find(&s, "epochs = 10", 1), "run = 10 epochs");
    const char *plain = print(&s, FORMAT_FULL, false), *colored = print(&s, FORMAT_FULL, true);
    cr_assert(strchr(plain, '\033') == NULL && strstr(colored, "\033[0;1;31merror[E0201]") != NULL);
    char *stripped = arena_copy(s.arena, colored, strlen(colored)), *to = stripped;
    for (const char *c = colored; *c; c++) {
        if (*c == '\033')
            c = strchr(c, 'm');
        else
            *to++ = *c;
    }
    *to = 0;
    cr_assert(strcmp(plain, stripped) == 0, "\n%s\n%s", plain, stripped);
    cr_assert(strcmp(plain, print(&s, FORMAT_FULL, false)) == 0);
    arena_destroy(s.arena);
}

// ---------------------------------------------------------------------------------------------------- several files

static Setup two_files(void)
{
    Setup s = setup("a.mt", "mt 1\nuse \"lib/b.mt\"\nconst C = 1\n");
    const char *error = NULL;
    cr_assert(source_add(s.arena, s.source, "lib/b.mt", "mt 1\n\nconst C = 2", 17, &error));
    return s;
}

Test(diag, marks_in_another_file_stand_behind_its_name)
{
    Setup s = two_files();
    Diag *d = diag_add(s.diags, E0201, find(&s, "C", 1), "twice");
    diag_second(d, find(&s, "C", 2), "also here");
    diag_note(d, find(&s, "use", 1), "used here");
    diag_help(d, "write it once");
    diag_edit(d, find(&s, "const C = 2", 1), "");
    diag_help(d, "or");
    diag_edit(d, find(&s, "C = 1", 1), "D = 1");
    check(&s, "error[E0201]: twice\n"
              "  --> a.mt:3:7\n"
              "   |\n"
              " 3 | const C = 1\n"
              "   |       ^\n"
              "  ::: lib/b.mt:3:7\n"
              "   |\n"
              " 3 | const C = 2\n"
              "   |       - also here\n"
              "   |\n"
              "note: used here\n"
              "  --> a.mt:2:1\n"
              "   |\n"
              " 2 | use \"lib/b.mt\"\n"
              "   | ---\n"
              "help: write it once\n"
              "  --> lib/b.mt:3:1\n"
              "   |\n"
              " 3 |\n"
              "   | ~\n"
              "help: or\n"
              "   |\n"
              " 3 | const D = 1\n"
              "   |       ~~~~~\n");
}

Test(diag, places_in_another_file_name_it)
{
    Setup s = two_files();
    Diag *d = diag_add(s.diags, E0201, find(&s, "C", 2), "m");
    diag_second(d, find(&s, "C", 1), "s");
    diag_help(d, "h");
    diag_edit(d, find(&s, "2", 1), "3");
    cr_expect_str_eq(print(&s, FORMAT_SHORT, false), "lib/b.mt:3:7: error[E0201]: m\n");
    cr_expect_str_eq(diags_apply_edits(s.diags, s.arena, 0), "mt 1\n\nconst C = 3");
    check_format(&s, FORMAT_JSON,
        "{\"code\":\"E0201\",\"severity\":\"error\",\"message\":\"m\",\"file\":\"lib/b.mt\",\"line\":3,\"column\":7,"
        "\"end_line\":3,\"end_column\":8,\"label\":\"\",\"spans\":[{\"file\":\"a.mt\",\"line\":3,\"column\":7,"
        "\"end_line\":3,\"end_column\":8,\"label\":\"s\"}],\"facts\":[],\"notes\":[],\"help\":\"h\","
        "\"edits\":[{\"file\":\"lib/b.mt\",\"from\":16,\"to\":17,\"text\":\"3\"}]}\n");
}
