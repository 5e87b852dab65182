/* tally.h -- what both versions of the plug-in tally have: it counts lines and words. */
#pragma once

#include "guest.h"

#define SAY(text) plugin_write(text, sizeof text - 1)

typedef unsigned long long Count;

static void say_number(Count value)
{
    char digits[20];
    unsigned i = sizeof digits;
    do digits[--i] = (char)('0' + value % 10);
    while (value /= 10);
    plugin_write(digits + i, (unsigned)sizeof digits - i);
}

/* How many words the message has; it is gone then. */
static Count read_words(void)
{
    char piece[256];
    unsigned len, i;
    Count words = 0;
    int is_within = 0;
    while ((len = plugin_read(piece, sizeof piece)) > 0) {
        for (i = 0; i < len; i++) {
            words += piece[i] != ' ' && !is_within;
            is_within = piece[i] != ' ';
        }
    }
    return words;
}
