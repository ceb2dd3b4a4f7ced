/* safetensors.c: files of parameters, as Python's safetensors reads and writes them.
 *
 * A file is 8 bytes (the length of the header, little-endian), the header, and the numbers. The
 * header is a JSON object from names to {"dtype": "F32", "shape": [2, 3], "data_offsets": [0,
 * 24]}, offsets behind the header, with "__metadata__" from strings to strings.
 * Input: a file by somebody else, so any bytes. Output: its tensors and metadata, or what is wrong
 * with it. Invariant: nothing is read outside of the file. */

#include "trainer.h"

#ifdef MT_DECLARE
//@ declare safetensors
struct TensorEntry {
    char *name;
    char dtype[8];
    int rank;
    uint64_t shape[8], begin, end; /* begin, end: in bytes, behind the header */
};
struct TensorFile {
    const char *path;
    const unsigned char *numbers; /* what stands behind the header */
    uint64_t bytes; /* of them */
    struct TensorEntry *entries;
    int count;
    char **metadata; /* key, value, key, value ... */
    int pairs;
    unsigned char *all;
    const char *fault; /* what is wrong with it */
};
//@ end
#elif !defined MT_SAFETENSORS_C
#define MT_SAFETENSORS_C

//@ piece safetensors
/* The header, while it is read. */
struct Json {
    const char *at, *end;
    const char *fault;
};

static int json_fault(struct Json *json, const char *fault)
{
    if (!json->fault)
        json->fault = fault;
    json->at = json->end;
    return 0;
}

static int json_peek(struct Json *json)
{
    while (json->at < json->end && strchr(" \t\r\n", *json->at) && *json->at)
        json->at++;
    return json->at < json->end ? (unsigned char)*json->at : -1;
}

static int json_take(struct Json *json, int c)
{
    if (json_peek(json) != c)
        return 0;
    json->at++;
    return 1;
}

static int json_expect(struct Json *json, int c)
{
    return json_take(json, c)
        ? 1
        : json_fault(json, "its header is not the JSON of a safetensors file");
}

/* Four hexadecimal digits, or -1. */
static int json_hex(struct Json *json)
{
    int code = 0;
    if (json->end - json->at < 4)
        return -1;
    for (int k = 0; k < 4; k++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF", *found;
        char c = *json->at++;
        found = c ? strchr(digits, c) : NULL;
        if (!found)
            return -1;
        code = code * 16 + (int)(found - digits) % 16;
    }
    return code;
}

/* A code point of the first plane in UTF-8; halves of surrogate pairs are written one by one. */
static char *put_utf8(char *to, int code)
{
    if (code < 0x80)
        *to++ = (char)code;
    else {
        if (code < 0x800)
            *to++ = (char)(0xC0 | code >> 6);
        else {
            *to++ = (char)(0xE0 | code >> 12);
            *to++ = (char)(0x80 | (code >> 6 & 63));
        }
        *to++ = (char)(0x80 | (code & 63));
    }
    return to;
}

/* What stands behind a backslash; NULL after a fault. */
static char *read_escape(struct Json *json, char *to)
{
    static const char names[] = "bfnrt\"\\/", meanings[] = "\b\f\n\r\t\"\\/";
    const char *name = json->at < json->end && *json->at ? strchr(names, *json->at) : NULL;
    int code;
    if (name) {
        json->at++;
        *to = meanings[name - names];
        return to + 1;
    }
    if (json->at == json->end || *json->at++ != 'u' || (code = json_hex(json)) <= 0) {
        json_fault(json, "a string in its header has a faulty escape");
        return NULL;
    }
    return put_utf8(to, code);
}

/* A string, for the caller to free; NULL after a fault. */
static char *json_read_string(struct Json *json)
{
    char *text, *to;
    if (!json_expect(json, '"'))
        return NULL;
    to = text = malloc((size_t)(json->end - json->at) + 1);
    if (!text)
        json_fault(json, "there is not enough memory");
    while (to && json->at < json->end && *json->at != '"' && *json->at != '\0')
        if (*json->at != '\\')
            *to++ = *json->at++;
        else {
            json->at++;
            to = read_escape(json, to);
        }
    if (!to || json->at == json->end || *json->at != '"') {
        free(text);
        json_fault(json, "a string in its header does not end");
        return NULL;
    }
    json->at++;
    *to = '\0';
    return text;
}

static int json_read_whole(struct Json *json, uint64_t *number)
{
    int digits = 0;
    *number = 0;
    for (int c = json_peek(json); c >= '0' && c <= '9' && digits < 18; digits++) {
        *number = *number * 10 + (uint64_t)(c - '0');
        json->at++;
        c = json->at < json->end ? (unsigned char)*json->at : -1;
    }
    return digits > 0 ? 1 : json_fault(json, "a size in its header is not a whole number");
}

/* "shape": [2, 3]: how many, up to 8; -1 after a fault. */
static int json_read_sizes(struct Json *json, uint64_t *sizes)
{
    int count = 0;
    if (!json_expect(json, '['))
        return -1;
    if (json_take(json, ']'))
        return 0;
    do {
        if (count == 8) {
            json_fault(json, "a tensor in it has more than 8 axes");
            return -1;
        }
        if (!json_read_whole(json, &sizes[count++]))
            return -1;
    } while (json_take(json, ','));
    return json_expect(json, ']') ? count : -1;
}

/* {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]} */
static int read_entry(struct Json *json, struct TensorEntry *entry)
{
    uint64_t offsets[8];
    int found = 0;
    if (!json_expect(json, '{'))
        return 0;
    do {
        char *key = json_read_string(json), *dtype = NULL;
        int known = key && json_expect(json, ':') ? 1 : 0;
        if (known && strcmp(key, "dtype") == 0) {
            dtype = json_read_string(json);
            if (dtype)
                snprintf(entry->dtype, sizeof entry->dtype, "%s", dtype);
            found |= 1;
        } else if (known && strcmp(key, "shape") == 0) {
            entry->rank = json_read_sizes(json, entry->shape);
            found |= 2;
        } else if (known && strcmp(key, "data_offsets") == 0) {
            if (json_read_sizes(json, offsets) == 2)
                found |= 4;
        } else
            json_fault(json, "a tensor in its header has an unknown key");
        free(key);
        free(dtype);
    } while (json_take(json, ','));
    if (!json_expect(json, '}') || json->fault)
        return 0;
    if (found != 7)
        return json_fault(json, "a tensor in its header lacks dtype, shape or data_offsets");
    entry->begin = offsets[0];
    entry->end = offsets[1];
    return 1;
}

/* {"format": "pt", ...} */
static int read_metadata(struct Json *json, struct TensorFile *file)
{
    if (!json_expect(json, '{'))
        return 0;
    if (json_take(json, '}'))
        return 1;
    do {
        char **longer = realloc(file->metadata, ((size_t)file->pairs + 1) * 2 * sizeof *longer);
        if (!longer)
            return json_fault(json, "there is not enough memory");
        file->metadata = longer;
        longer += 2 * file->pairs++;
        longer[0] = json_read_string(json);
        longer[1] = longer[0] && json_expect(json, ':') ? json_read_string(json) : NULL;
    } while (json_take(json, ','));
    return json_expect(json, '}') && !json->fault;
}

/* How many bytes a number of this dtype has; 0 if it is not one of ours. */
static uint64_t dtype_size(const char *dtype)
{
    return strcmp(dtype, "F32") == 0 ? 4 : strcmp(dtype, "F64") == 0 ? 8 : 0;
}

/* Whether the offsets of an entry lie in the file, and fit its shape. */
static const char *entry_fault(const struct TensorFile *file, const struct TensorEntry *entry)
{
    uint64_t size = dtype_size(entry->dtype), count = 1;
    if (entry->begin > entry->end || entry->end > file->bytes)
        return "a tensor in it reaches past its end: is it cut off?";
    for (int k = 0; k < entry->rank; k++) {
        if (entry->shape[k] != 0 && count > file->bytes / entry->shape[k])
            return "a tensor in it has a shape larger than the file";
        count *= entry->shape[k];
    }
    if (size != 0 && count * size != entry->end - entry->begin)
        return "a tensor in it has offsets that do not fit its shape";
    return NULL;
}

static int read_entries(struct Json *json, struct TensorFile *file)
{
    if (!json_expect(json, '{'))
        return 0;
    if (json_take(json, '}'))
        return 1;
    do {
        struct TensorEntry *longer, *entry;
        char *name = json_read_string(json);
        if (!name || !json_expect(json, ':')) {
            free(name);
            return 0;
        }
        if (strcmp(name, "__metadata__") == 0) {
            free(name);
            if (!read_metadata(json, file))
                return 0;
            continue;
        }
        longer = realloc(file->entries, ((size_t)file->count + 1) * sizeof *longer);
        if (!longer) {
            free(name);
            return json_fault(json, "there is not enough memory");
        }
        file->entries = longer;
        entry = &longer[file->count++];
        memset(entry, 0, sizeof *entry);
        entry->name = name;
        if (!read_entry(json, entry))
            return 0;
        if (entry_fault(file, entry))
            return json_fault(json, entry_fault(file, entry));
    } while (json_take(json, ','));
    return json_expect(json, '}');
}

/* Reads the header of a file in memory, which the TensorFile then points into. 0: file->fault says
 * why. */
static int safetensors_parse(struct TensorFile *file, unsigned char *all, uint64_t size)
{
    uint64_t header = 0;
    struct Json json = {NULL, NULL, NULL};
    file->all = all;
    for (int k = 0; k < 8 && size >= 8; k++)
        header |= (uint64_t)all[k] << 8 * k;
    if (size < 8 || header > size - 8) {
        file->fault = "it is not a safetensors file, or cut off";
        return 0;
    }
    json.at = (const char *)all + 8;
    json.end = json.at + header;
    file->numbers = all + 8 + header;
    file->bytes = size - 8 - header;
    read_entries(&json, file);
    file->fault = json.fault;
    return !file->fault;
}

static void safetensors_close(struct TensorFile *file)
{
    for (int k = 0; k < file->count; k++)
        free(file->entries[k].name);
    for (int k = 0; k < 2 * file->pairs; k++)
        free(file->metadata[k]);
    free(file->entries);
    free(file->metadata);
    free(file->all);
    memset(file, 0, sizeof *file);
}

static const struct TensorEntry *safetensors_find(const struct TensorFile *file, const char *name)
{
    for (int k = 0; k < file->count; k++)
        if (strcmp(file->entries[k].name, name) == 0)
            return &file->entries[k];
    return NULL;
}

/* Number i of a tensor. */
static double safetensors_number(
    const struct TensorFile *file, const struct TensorEntry *entry, uint64_t i)
{
    uint64_t size = dtype_size(entry->dtype), bits = 0;
    const unsigned char *at = file->numbers + entry->begin + i * size;
    for (uint64_t k = 0; k < size; k++)
        bits |= (uint64_t)at[k] << 8 * k;
    if (size == 4) {
        uint32_t half = (uint32_t)bits;
        float number;
        memcpy(&number, &half, sizeof number);
        return number;
    }
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}
//@ end
#endif
