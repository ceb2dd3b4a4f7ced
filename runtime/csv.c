/* csv.c: tables of text: a line an example, cells parted by a separator; cells may be quoted
 * ("a ""b"", c"), lines end in LF or CR LF, a byte order mark is skipped.
 *
 * Input: a file and which of its columns the program wants (csv_names, csv_range; csv_class,
 * csv_classes for the last of these).
 * Output: an array for each, read in one pass by csv_read.
 * Invariant: each number is checked as it is read; a fault names file, line and column. Lines are
 * counted from 1, columns from 0, as the program counts them. */
#ifndef MT_CSV_C
#define MT_CSV_C
#include "data.c"

//@ declare csv
struct Csv;
//@ end

//@ piece csv needs read_bytes array
/* One column of the program: some cells of each line. */
struct CsvColumn {
    struct Array *array;
    int *cell; /* [cells]: which of the line, in order */
    int cells, classes, ignored;
    const char **class_names; /* NULL: the cells are numbers */
    unsigned char *data;
};

struct Csv {
    const char *path;
    const unsigned char *at, *end;
    char separator;
    int header;
    long line; /* of the record at `at` */
    char **name; /* [width]: of the header */
    int width; /* cells of every record */
    struct CsvColumn *column;
    int columns, room; /* records that there is memory for */
    struct CsvCell {
        const char *text; /* without quotes, ends in NUL */
        size_t length;
    } * cell; /* [width]: of the record just read */
    char *text; /* their bytes */
    size_t text_room;
    int cell_room;
};

/* One record into csv->cell; how many cells it has. */
static int csv_record(struct Csv *csv)
{
    const unsigned char *p = csv->at, *end = csv->end;
    int cells = 0, quoted, over = 0;
    size_t used = 0;
    long first = csv->line;
    while (!over) {
        size_t start = used;
        quoted = p < end && *p == '"';
        p += quoted;
        for (;; p++) {
            if (used + 1 >= csv->text_room) {
                csv->text_room = csv->text_room ? 2 * csv->text_room : 1 << 12;
                csv->text = data_memory(csv->text, csv->text_room, 1);
            }
            if (quoted && p == end)
                data_error("%s:%ld: column %d: a quote is never closed", csv->path, first, cells);
            if (quoted && *p == '"') {
                if (p + 1 < end && p[1] == '"')
                    p++;
                else
                    break;
            } else if (!quoted && (p == end || *p == (unsigned char)csv->separator || *p == '\n')) {
                break;
            }
            csv->line += *p == '\n';
            csv->text[used++] = (char)*p;
        }
        if (!quoted && used > start && csv->text[used - 1] == '\r' && (p == end || *p == '\n'))
            used--;
        if (quoted) {
            p++;
            p += p + 1 < end && p[0] == '\r' && p[1] == '\n';
            p += p + 1 == end && *p == '\r';
            if (p < end && *p != (unsigned char)csv->separator && *p != '\n')
                data_error("%s:%ld: column %d: text behind the closing quote", csv->path, csv->line,
                    cells);
        }
        csv->text[used++] = 0;
        if (cells == csv->cell_room) {
            csv->cell_room = csv->cell_room ? 2 * csv->cell_room : 64;
            csv->cell = data_memory(csv->cell, (size_t)csv->cell_room, sizeof *csv->cell);
        }
        csv->cell[cells++].length = used - start - 1;
        over = p == end || *p == '\n';
        p += p < end;
    }
    csv->line += p > csv->at && p[-1] == '\n';
    csv->at = p;
    for (int c = 0; c < cells; c++) /* text may have moved while it grew */
        csv->cell[c].text = c ? csv->cell[c - 1].text + csv->cell[c - 1].length + 1 : csv->text;
    return cells;
}

/* Whether only empty lines are left. */
static int csv_at_end(const struct Csv *csv)
{
    const unsigned char *p = csv->at;
    while (p < csv->end && (*p == '\n' || *p == '\r'))
        p++;
    return p == csv->end;
}

/* Reads the header, or counts the cells of the first line. */
static struct Csv *csv_open(const char *path, const char *separator, int header)
{
    struct Csv *csv = data_memory(NULL, 1, sizeof *csv), none = {0};
    struct Bytes file = read_bytes(path);
    *csv = none;
    csv->path = path;
    csv->at = file.data;
    csv->end = file.data + file.size;
    csv->separator = separator[0];
    csv->header = header;
    csv->line = 1;
    if (file.size >= 2 &&
        (memcmp(file.data, "\xff\xfe", 2) == 0 || memcmp(file.data, "\xfe\xff", 2) == 0))
        data_error("%s: this is UTF-16; save it as UTF-8", path);
    if (file.size >= 3 && memcmp(file.data, "\xef\xbb\xbf", 3) == 0)
        csv->at += 3;
    if (csv_at_end(csv))
        data_error("%s: the file has no lines", path);
    const unsigned char *start = csv->at;
    csv->width = csv_record(csv);
    if (!header) {
        csv->at = start;
        csv->line = 1;
        return csv;
    }
    csv->name = data_memory(NULL, (size_t)csv->width, sizeof *csv->name);
    for (int c = 0; c < csv->width; c++) {
        if (strlen(csv->cell[c].text) != csv->cell[c].length)
            data_error("%s:1: column %d: a zero byte in its name", path, c);
        csv->name[c] = data_memory(NULL, csv->cell[c].length + 1, 1);
        memcpy(csv->name[c], csv->cell[c].text, csv->cell[c].length + 1);
    }
    return csv;
}

/* What column `name` of the program, an array still to be filled, begins with. */
static struct CsvColumn *csv_column(struct Csv *csv, struct Array *array, const char *name)
{
    struct CsvColumn none = {0};
    if (csv->columns == 0 || csv->column[csv->columns - 1].array != array) {
        struct Array empty = {0};
        *array = empty;
        array->name = name;
        array->path = csv->path;
        array->type = ARRAY_REAL;
        csv->column = data_memory(csv->column, (size_t)csv->columns + 1, sizeof *csv->column);
        csv->column[csv->columns] = none;
        csv->column[csv->columns++].array = array;
    }
    return &csv->column[csv->columns - 1];
}

static void csv_add(struct CsvColumn *column, int cell)
{
    column->cell = data_memory(column->cell, (size_t)column->cells + 1, sizeof *column->cell);
    column->cell[column->cells++] = cell;
    column->array->count = (size_t)column->cells;
}

/* Stops at cell c of the record at `line`: what was expected there. */
static void csv_fault(const struct Csv *csv, long line, int c, const char *expected)
{
    char name[64] = "";
    if (csv->header)
        snprintf(name, sizeof name, " `%.50s`", csv->name[c]);
    if (csv->cell[c].length == 0)
        data_error("%s:%ld: column %d%s is empty; expected %s", csv->path, line, c, name, expected);
    if (strlen(csv->cell[c].text) != csv->cell[c].length)
        data_error(
            "%s:%ld: column %d%s has a zero byte; expected %s", csv->path, line, c, name, expected);
    data_error("%s:%ld: column %d%s is `%.60s`; expected %s", csv->path, line, c, name,
        csv->cell[c].text, expected);
}

/* A decimal number. What has at most 15 digits and no exponent is exact without the C library,
 * which is slower. */
static int csv_number(const struct CsvCell *cell, double *x)
{
    static const double ten[] = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *p = cell->text + strspn(cell->text, " \t"), *start = p;
    int64_t digits = 0;
    int negative = *p == '-', count = 0, behind = 0, point = 0;
    for (p += *p == '-' || *p == '+'; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++)
        if (*p == '.') {
            point = 1;
        } else {
            count++;
            behind += point;
            if (count <= 15)
                digits = 10 * digits + (*p - '0');
        }
    if (count == 0)
        return 0;
    if (count <= 15 && *p != 'e' && *p != 'E') {
        *x = (double)digits / ten[behind];
        *x = negative ? -*x : *x;
    } else {
        char *end;
        if (*p == 'e' || *p == 'E') {
            p += 1 + (p[1] == '-' || p[1] == '+');
            if (*p < '0' || *p > '9')
                return 0;
            p += strspn(p, "0123456789");
        }
        *x = strtod(start, &end);
        if (end != p || !(*x - *x == 0))
            return 0;
    }
    return p + strspn(p, " \t") == cell->text + cell->length; /* not at a zero byte inside */
}

/* Cell c as a class. */
static int csv_class_of(const struct Csv *csv, const struct CsvColumn *column, long line, int c)
{
    double x;
    char expected[80];
    if (!column->class_names) {
        if (csv_number(&csv->cell[c], &x) &&
            ((x >= 0 && x < column->classes && x == (int)x) || x == column->ignored))
            return (int)x;
        snprintf(expected, sizeof expected, "a whole number below %d", column->classes);
        csv_fault(csv, line, c, expected);
    }
    for (int k = 0; k < column->classes; k++)
        if (strlen(column->class_names[k]) == csv->cell[c].length &&
            strcmp(csv->cell[c].text, column->class_names[k]) == 0)
            return k;
    snprintf(expected, sizeof expected, "one of the %d classes, from `%.20s` to `%.20s`",
        column->classes, column->class_names[0], column->class_names[column->classes - 1]);
    csv_fault(csv, line, c, expected);
    return 0;
}

/* Takes what the columns want of a record. */
static void csv_take(struct Csv *csv, int example, long line)
{
    for (struct CsvColumn *k = csv->column; k < csv->column + csv->columns; k++)
        for (int i = 0; i < k->cells; i++) {
            size_t at = (size_t)example * (size_t)k->cells + (size_t)i;
            double x;
            if (k->array->type == ARRAY_INT) {
                int class = csv_class_of(csv, k, line, k->cell[i]);
                memcpy(k->data + at * sizeof class, &class, sizeof class);
            } else {
                if (!csv_number(&csv->cell[k->cell[i]], &x))
                    csv_fault(csv, line, k->cell[i], "a number");
                real value = (real)x;
                if (!(value - value == 0))
                    csv_fault(csv, line, k->cell[i], "a number that fits");
                memcpy(k->data + at * sizeof value, &value, sizeof value);
            }
        }
}

/* Reads all lines into the arrays of the columns, and closes the file. How many examples it has. */
static int csv_read(struct Csv *csv)
{
    int n = 0;
    for (; !csv_at_end(csv); n++) {
        long line = csv->line;
        int width = csv_record(csv);
        if (width == 1 && csv->cell[0].length == 0 && csv->width > 1)
            data_error("%s:%ld: an empty line", csv->path, line);
        if (width != csv->width)
            data_error("%s:%ld: %d cells, but %s has %d", csv->path, line, width,
                csv->header ? "the header" : "line 1", csv->width);
        if (n == csv->room) {
            csv->room = n ? (n < INT_MAX / 2 ? 2 * n : INT_MAX) : 1024;
            if (n == INT_MAX)
                data_error("%s: more than %d examples", csv->path, INT_MAX);
            for (struct CsvColumn *k = csv->column; k < csv->column + csv->columns; k++)
                k->data = data_memory(
                    k->data, (size_t)csv->room * (size_t)k->cells, array_size(k->array->type));
        }
        csv_take(csv, n, line);
    }
    if (n == 0)
        data_error("%s: no examples behind the header", csv->path);
    for (struct CsvColumn *k = csv->column; k < csv->column + csv->columns; k++) {
        k->array->data = k->data;
        k->array->examples = n;
        k->array->stride = k->array->count * array_size(k->array->type);
        free(k->cell);
        free(k->class_names);
    }
    for (int c = 0; csv->name && c < csv->width; c++)
        free(csv->name[c]);
    free(csv->name);
    free(csv->column);
    free(csv->cell);
    free(csv->text);
    free(csv);
    return n;
}
//@ end

//@ piece csv_names needs csv
/* The number of the column with this name. */
static int csv_find(const struct Csv *csv, const char *name)
{
    int found = -1;
    for (int c = 0; c < csv->width; c++)
        if (strcmp(csv->name[c], name) == 0) {
            if (found >= 0)
                data_error(
                    "%s:1: columns %d and %d are both called `%s`", csv->path, found, c, name);
            found = c;
        }
    if (found < 0) {
        fflush(stdout);
        fprintf(stderr, MT_PROGRAM ": error: %s:1: the header has no column `%s`\n  it has",
            csv->path, name);
        for (int c = 0; c < csv->width && c < 50; c++)
            fprintf(stderr, " `%s`", csv->name[c]);
        fprintf(stderr, csv->width > 50 ? " ...\n" : "\n");
        exit(1);
    }
    return found;
}

/* The column `name` of the program takes these, by the names of the header: `count` of them follow.
 * May be called again for the same array, which takes more then. */
static void csv_names(struct Csv *csv, struct Array *array, const char *name, int count, ...)
{
    struct CsvColumn *column = csv_column(csv, array, name);
    va_list list;
    va_start(list, count);
    for (int k = 0; k < count; k++)
        csv_add(column, csv_find(csv, va_arg(list, const char *)));
    va_end(list);
}
//@ end

//@ piece csv_range needs csv
/* The same by number: first, ... , last, counted from 0. */
static void csv_range(struct Csv *csv, struct Array *array, const char *name, int first, int last)
{
    struct CsvColumn *column = csv_column(csv, array, name);
    for (int cell = first; cell <= last; cell++) {
        if (cell >= csv->width)
            data_error("%s: `%s` takes column %d, but there are %d, counted from 0", csv->path,
                name, cell, csv->width);
        csv_add(column, cell);
    }
}
//@ end

//@ piece csv_class needs csv
/* The cells of the last column given are whole numbers below `classes`, or `ignored` (0: none). */
static void csv_class(struct Csv *csv, int classes, int ignored)
{
    struct CsvColumn *column = &csv->column[csv->columns - 1];
    column->classes = classes;
    column->ignored = ignored;
    column->array->type = ARRAY_INT;
}
//@ end

//@ piece csv_classes needs csv csv_class
/* The cells of the last column given are one of these words: the first is class 0. */
static void csv_classes(struct Csv *csv, int classes, ...)
{
    struct CsvColumn *column = &csv->column[csv->columns - 1];
    va_list list;
    csv_class(csv, classes, 0);
    column->class_names = data_memory(NULL, (size_t)classes, sizeof *column->class_names);
    va_start(list, classes);
    for (int k = 0; k < classes; k++)
        column->class_names[k] = va_arg(list, const char *);
    va_end(list);
}
//@ end
#endif
