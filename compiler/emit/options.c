// options.c: struct Options of the output, nested as the keys of the flags are, and the table flags[] that the command
// line is read with.
//
// Input: the flags of data and training. Output: C. Invariant: the value of each setting stands in one place, the
// table.
#include "options.h"
#include <float.h>
#include <string.h>

// "model.mt": the last part of the path.
static const char *file_name(const Program *program)
{
    const char *slash = strrchr(program->source->path, '/');
    return slash ? slash + 1 : program->source->path;
}

Flags options_flags(Program *program)
{
    Flags flags = {0};
    data_flags(program->data, program->arena, &flags);
    training_flags(program->training, program->arena, &flags);
    return flags;
}

// Length of the path up to its part `level`, with the dot behind it; 0 if it has no such part with a part below.
static size_t part_end(const char *member, int level)
{
    size_t end = 0;
    for (int k = 0; k <= level; k++) {
        size_t n = strcspn(member + end, ".");
        if (member[end + n] == '\0')
            return 0;
        end += n + 1;
    }
    return end;
}

static size_t part_start(const char *member, int level) { return level == 0 ? 0 : part_end(member, level - 1); }

static const char *declaration(Arena *arena, const Flag *flag, const char *name)
{
    switch (flag->kind) {
    case FLAG_INT:
    case FLAG_BOOL:
        return arena_format(arena, "int %s", name);
    case FLAG_LONG:
        return arena_format(arena, "int64_t %s", name);
    case FLAG_REAL:
        return arena_format(arena, "double %s", name);
    case FLAG_PAIR:
        return arena_format(arena, "double %s[2]", name);
    case FLAG_PATH:
        return arena_format(arena, "const char *%s", name);
    case FLAG_DURATION:
        return arena_format(arena, "struct Duration %s", name);
    case FLAG_DURATIONS:
        return arena_format(arena, "struct Durations %s", name);
    }
    return "";
}

// The members of flags [from, to), which agree in all parts above `level`. Flags of a group stand together.
static void emit_members(Writer *w, Arena *arena, const Flags *flags, int from, int to, int level)
{
    for (int i = from; i < to;) {
        const Flag *flag = &flags->items[i];
        size_t start = part_start(flag->member, level), end = part_end(flag->member, level);
        int next = i + 1;
        if (end == 0) {
            writer_line(w, "%s;", declaration(arena, flag, flag->member + start));
        } else {
            while (next < to && strncmp(flags->items[next].member, flag->member, end) == 0)
                next++;
            writer_open(w, "struct");
            emit_members(w, arena, flags, i, next, level + 1);
            writer_close(w, " %.*s;", (int)(end - start - 1), flag->member + start);
        }
        i = next;
    }
}

void emit_options(Writer *w, Program *program)
{
    Flags flags = options_flags(program);
    writer_section(w, "settings");
    writer_line(w, "#define MT_PROGRAM %s", emit_string(program->arena, program->name));
    writer_blank(w);
    writer_comment(w,
        "What the command line may change, --optimizer.lr=0.1 or --lr=0.1. The values of %s are in the table "
        "flags[].", file_name(program));
    writer_open(w, "struct Options");
    emit_members(w, program->arena, &flags, 0, flags.count, 0);
    writer_close(w, ";");
    writer_blank(w);
}

static const char *bound(Arena *arena, double x)
{
    return x <= -DBL_MAX ? "-MT_ANY" : x >= DBL_MAX ? "MT_ANY" : shortest(arena, x);
}

// What the runtime reads the value from: as on the command line.
static const char *value_text(Arena *arena, const Flag *flag)
{
    if (flag->kind == FLAG_PATH)
        return flag->value.text ? flag->value.text : "";
    if (flag->kind == FLAG_INT || flag->kind == FLAG_LONG)
        return arena_format(arena, "%.0f", flag->value.number);
    if (flag->kind == FLAG_BOOL)
        return flag->value.number != 0 ? "true" : "false";
    return constant_text(arena, &flag->value);
}

static void add_compiled(Text *out, const Setting *settings, int count)
{
    for (int k = 0; k < count; k++)
        if (!settings[k].is_flag)
            text_add(out, "\"%s\", ", settings[k].key);
}

// The settings that are no flags, because they decide which code there is: the command line says so.
static void emit_compiled(Writer *w, Program *program)
{
    const Training *training = program->training;
    Text keys = text_new(program->arena);
    add_compiled(&keys, training->optimizer_settings.items, training->optimizer_settings.count);
    for (int k = 0; k < training->schedule.count; k++)
        add_compiled(&keys, training->schedule.items[k].settings.items, training->schedule.items[k].settings.count);
    if (training->clip_grad_norm == 0)
        text_string(&keys, "\"train.clip_grad_norm\", ");
    if (training->clip_grad_value == 0)
        text_string(&keys, "\"train.clip_grad_value\", ");
    if (kept_compares(training) || training->checkpoint)
        text_add(&keys, "%s%s\"train.best\", ", training->checkpoint ? "" : "\"train.checkpoint\", ",
            training->early_stop ? "" : "\"train.early_stop\", ");
    writer_comment(w, "No flags: they decide which code there is.");
    writer_line(w, "static const char *const compiled[] = {%sNULL};", keys.data);
}

void emit_flags(Writer *w, Program *program)
{
    static const char *const kinds[] = {"FLAG_INT", "FLAG_LONG", "FLAG_REAL", "FLAG_PAIR", "FLAG_BOOL", "FLAG_PATH",
        "FLAG_DURATION", "FLAG_DURATIONS"};
    Arena *arena = program->arena;
    Flags flags = options_flags(program);
    writer_line(w, "#define OPTION(path) #path, offsetof(struct Options, path)");
    writer_open(w, "static const struct Flag flags[] =");
    writer_comment(w, "key, kind, value in %s, least, most, what it is", file_name(program));
    for (int k = 0; k < flags.count; k++) {
        const Flag *flag = &flags.items[k];
        const char *name = strcmp(flag->key, flag->member) == 0
            ? arena_format(arena, "OPTION(%s)", flag->key)
            : arena_format(arena, "%s, offsetof(struct Options, %s)", emit_string(arena, flag->key), flag->member);
        bool any = flag->least > flag->most || flag->kind > FLAG_PAIR;
        double least = any ? -DBL_MAX : flag->above_least ? flag->least + DBL_MIN : flag->least;
        bool batch = strcmp(flag->key, "data.batch") == 0; // the C may be compiled for another one
        writer_line(w, "{%s, %s, %s, %s, %s, %s},", name, kinds[flag->kind],
            batch ? "MT_TEXT(MT_BATCH)" : emit_string(arena, value_text(arena, flag)), bound(arena, least),
            batch ? "BATCH" : bound(arena, any ? DBL_MAX : flag->most), emit_string(arena, flag->doc ? flag->doc : ""));
    }
    writer_close(w, ";");
    writer_line(w, "enum { FLAGS = sizeof flags / sizeof *flags };");
    emit_compiled(w, program);
    writer_blank(w);
}
