// answer.h -- one answer while it is put together. What has no room is lost as a whole.
#pragma once

#include "base/types.h"

#include <string.h>

enum { ANSWER_MOST = 1 << 18 };

typedef struct {
    u8 bytes[ANSWER_MOST];
    u32 size;
    bool full;
} Answer;

static inline void answer_bytes(Answer *a, const void *data, size_t size)
{
    a->full = a->full || size > ANSWER_MOST - a->size;
    if (a->full) return;
    memcpy(a->bytes + a->size, data, size);
    a->size += (u32)size;
}

// With the 0 byte. NULL is the empty string.
static inline void answer_string(Answer *a, const char *text)
{
    answer_bytes(a, text ? text : "", text ? strlen(text) + 1 : 1);
}
