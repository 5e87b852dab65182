// json.c -- see json.h.

#include "cli/json.h"

#include <inttypes.h>
#include <string.h>

enum { DEEPEST_LINES = 2 };

void json_init(Json *j, FILE *file, Arena *arena)
{
    *j = (Json){.file = file, .first = true, .quote = QUOTE_json, .lines = DEEPEST_LINES};
    buf_init(&j->text, arena);
}

void json_init_lines(Json *j, FILE *file, Arena *arena)
{
    json_init(j, file, arena);
    j->lines = 0;
}

void json_init_plain(Json *j, FILE *file, Arena *arena)
{
    json_init(j, file, arena);
    j->quote = QUOTE_plain;
}

static void new_line(Json *j)
{
    if (j->depth <= j->lines) fprintf(j->file, "\n%*s", (int)(2 * j->depth), "");
}

// Keys are ours and need no escapes.
static void json_item(Json *j, const char *key)
{
    if (!j->first) fputs(j->depth > j->lines ? ", " : ",", j->file);
    if (j->depth) new_line(j);
    if (key) fprintf(j->file, "\"%s\": ", key);
    j->first = false;
}

void json_open(Json *j, const char *key, char bracket)
{
    json_item(j, key);
    fputc(bracket, j->file);
    j->depth++;
    j->first = true;
}

void json_close(Json *j, char bracket)
{
    bool lines = j->depth-- <= j->lines && !j->first;
    if (lines) new_line(j);
    fputc(bracket, j->file);
    j->first = false;
    if (!j->depth) fputc('\n', j->file);
}

void json_number(Json *j, const char *key, u64 value)
{
    json_item(j, key);
    fprintf(j->file, "%" PRIu64, value);
}

void json_signed(Json *j, const char *key, s64 value)
{
    json_item(j, key);
    fprintf(j->file, "%" PRId64, value);
}

void json_bool(Json *j, const char *key, bool value)
{
    json_item(j, key);
    fputs(value ? "true" : "false", j->file);
}

void json_null(Json *j, const char *key)
{
    json_item(j, key);
    fputs("null", j->file);
}

void json_string(Json *j, const char *key, Bytes value)
{
    json_item(j, key);
    j->text.len = 0;
    buf_quoted(&j->text, value, j->quote);
    fwrite(j->text.data, 1, j->text.len, j->file);
}

void json_known(Json *j, const char *key, Bytes value)
{
    if (value.len) json_string(j, key, value);
    else json_null(j, key);
}

void json_text(Json *j, const char *key, const char *value)
{
    json_string(j, key, bytes_of(value));
}
