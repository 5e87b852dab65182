/* sqlfunc.h -- values of SQLite's as a wasm function sees them that was made with `values`. A
   scalar function is `void f(int argc, const SqlValue *argv, SqlValue *result)`; an aggregate has
   `void step(int argc, const SqlValue *argv)` and `void final(SqlValue *result)`. */
#pragma once

#include <string.h>

enum { SQL_INTEGER = 1, SQL_REAL, SQL_TEXT, SQL_BLOB, SQL_NULL, SQL_ERROR };

typedef struct {
    unsigned type;
    unsigned len; /* of text, a blob or an error's message: bytes */
    union {
        long long integer;
        double real;
        /* A zero stands behind arguments. What a result refers to is copied when the function has
           returned: it may be in the arguments, or static, or from malloc and freed next time. */
        char *bytes;
    } of;
} SqlValue;

static inline void sql_integer(SqlValue *result, long long value)
{
    result->type = SQL_INTEGER;
    result->of.integer = value;
}

static inline void sql_real(SqlValue *result, double value)
{
    result->type = SQL_REAL;
    result->of.real = value;
}

static inline void sql_text(SqlValue *result, char *bytes, unsigned len)
{
    result->type = SQL_TEXT;
    result->len = len;
    result->of.bytes = bytes;
}

static inline void sql_error(SqlValue *result, const char *message)
{
    result->type = SQL_ERROR;
    result->len = (unsigned)strlen(message);
    result->of.bytes = (char *)message;
}
