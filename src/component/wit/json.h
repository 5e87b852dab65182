// json.h -- JSON in memory: what the documentation of packages in binary is written in.
#pragma once

#include "base/buf.h"

// ---- Writing: objects and strings. What is opened and stays empty is taken back.

typedef struct {
    Buf *out;
    bool first;
} JsonText;

typedef struct { size_t len; bool first; } JsonMark;

JsonMark json_text_open(JsonText *j, Bytes key); // {"key":{
void json_text_close(JsonText *j, JsonMark mark);
void json_text_string(JsonText *j, Bytes key, Bytes value);

// ---- Reading: a tree.

typedef enum { JSON_object, JSON_array, JSON_string, JSON_other } JsonKind;

typedef struct JsonNode {
    JsonKind kind;
    Bytes key, text;               // text: of a string what it says, of another how it is written
    struct JsonNode *first, *next; // in it; beside it
    struct JsonNode *outer, *last; // while it is read
} JsonNode;

// NULL: it is not JSON. Nothing calls itself for what nests in it. Leaves through the arena.
JsonNode *json_read(Arena *arena, Bytes text);
const JsonNode *json_member(const JsonNode *object, const char *key); // NULL: it has none
