/* words.c -- functions for SQL that is about words and numbers: gcd and hypotenuse take numbers,
   slug and distance values, and median is an aggregate of values. */

#include "sqlfunc.h"
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("gcd") long long gcd(long long a, long long b)
{
    while (b) {
        long long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

EXPORT("hypotenuse") double hypotenuse(double a, double b)
{
    return __builtin_sqrt(a * a + b * b);
}

/* "Hello, World!" becomes "hello-world", in the place of the argument. */
EXPORT("slug") void slug(int argc, const SqlValue *argv, SqlValue *result)
{
    char *bytes;
    unsigned i, len = 0;
    if (argc != 1 || argv->type != SQL_TEXT) {
        if (argc != 1 || argv->type != SQL_NULL) sql_error(result, "slug takes one text");
        return; /* the result is NULL at first */
    }
    bytes = argv->of.bytes;
    for (i = 0; i < argv->len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c >= 'A' && c <= 'Z') c = (unsigned char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 128) bytes[len++] = (char)c;
        else if (len && bytes[len - 1] != '-') bytes[len++] = '-';
    }
    if (len && bytes[len - 1] == '-') len--;
    sql_text(result, bytes, len);
}

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

/* How many bytes must be put in, taken out or changed to make one text of the other. */
EXPORT("distance") void distance(int argc, const SqlValue *argv, SqlValue *result)
{
    unsigned i, j, *row;
    if (argc != 2 || argv[0].type != SQL_TEXT || argv[1].type != SQL_TEXT) {
        sql_error(result, "distance takes two texts");
        return;
    }
    row = malloc((argv[1].len + 1) * sizeof *row);
    if (!row) {
        sql_error(result, "out of memory");
        return;
    }
    for (j = 0; j <= argv[1].len; j++) row[j] = j;
    for (i = 1; i <= argv[0].len; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (j = 1; j <= argv[1].len; j++) {
            unsigned above = row[j];
            unsigned same = argv[0].of.bytes[i - 1] == argv[1].of.bytes[j - 1];
            row[j] = least(diagonal + !same, least(row[j - 1], above) + 1);
            diagonal = above;
        }
    }
    sql_integer(result, row[argv[1].len]);
    free(row);
}

/* Each group of rows has an instance of its own, so these are of one group. */
static double *numbers;
static size_t count, room;

EXPORT("median_step") void median_step(int argc, const SqlValue *argv)
{
    double *more;
    if (argc != 1 || (argv->type != SQL_INTEGER && argv->type != SQL_REAL)) return;
    if (count == room) {
        room = room ? room * 2 : 64;
        more = realloc(numbers, room * sizeof *numbers);
        if (!more) __builtin_trap();
        numbers = more;
    }
    numbers[count++] = argv->type == SQL_REAL ? argv->of.real : (double)argv->of.integer;
}

static int number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

EXPORT("median_final") void median_final(SqlValue *result)
{
    if (!count) return;
    qsort(numbers, count, sizeof *numbers, number_order);
    sql_real(result, (numbers[(count - 1) / 2] + numbers[count / 2]) / 2);
}
