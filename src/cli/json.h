// json.h -- writes JSON: what stands at the two outer levels gets lines of its own, the rest is
// short.
//
//     json_open(&j, NULL, '{');
//     json_number(&j, "size", 12);
//     json_open(&j, "names", '[');
//     json_string(&j, NULL, name);          // in an array there are no keys
//     json_close(&j, ']'), json_close(&j, '}');
#pragma once

#include "base/buf.h"
#include "module/describe.h"

#include <stdio.h>

typedef struct {
    FILE *file;
    Buf text;   // of one string
    Quote quote;
    u32 depth, lines; // lines: the deepest level that gets some
    bool first; // nothing stands yet at this level
} Json;

void json_init(Json *j, FILE *file, Arena *arena); // whose failure the caller catches
// Everything on one line.
void json_init_lines(Json *j, FILE *file, Arena *arena);
// Strings as wabt reads them, which could drive a terminal.
void json_init_plain(Json *j, FILE *file, Arena *arena);
void json_open(Json *j, const char *key, char bracket);
void json_close(Json *j, char bracket);
void json_number(Json *j, const char *key, u64 value);
void json_signed(Json *j, const char *key, s64 value);
void json_bool(Json *j, const char *key, bool value);
void json_null(Json *j, const char *key);
void json_string(Json *j, const char *key, Bytes value); // any bytes; wrong UTF-8 becomes U+FFFD
void json_known(Json *j, const char *key, Bytes value);  // likewise; null for the empty string
void json_text(Json *j, const char *key, const char *value);
