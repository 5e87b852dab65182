// nearest.c -- see nearest.h.

#include "base/nearest.h"

// How many letters of two short words to change, leave out, put in, or swap with the next, or more
// than `most`.
static u32 distance(const char *a, size_t a_len, const char *b, size_t b_len, u32 most)
{
    enum { WORD = 40 };
    u8 rows[3][WORD + 1]; // the one that is made, and the two before
    if (a_len > WORD || b_len > WORD || a_len > b_len + most || b_len > a_len + most)
        return most + 1;
    u8 *row = rows[0], *above = rows[1], *higher = rows[2];
    for (u32 j = 0; j <= b_len; j++) row[j] = (u8)j;
    for (u32 i = 1; i <= a_len; i++) {
        u8 *last = higher;
        higher = above, above = row, row = last;
        row[0] = (u8)i;
        for (u32 j = 1; j <= b_len; j++) {
            u8 change = (u8)(above[j - 1] + (a[i - 1] != b[j - 1]));
            row[j] = MIN(change, (u8)(MIN(above[j], row[j - 1]) + 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = MIN(row[j], (u8)(higher[j - 2] + 1));
        }
    }
    return row[b_len];
}

void nearest_try(Nearest *n, const char *text, size_t len)
{
    u32 d = distance(n->word, n->len, text, len, n->least);
    if (d >= n->least || d * 3 > n->len) return;
    n->least = d;
    n->best = text;
    n->best_len = len;
}
