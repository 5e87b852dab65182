// nearest.h -- the word that somebody may have meant: of a list, the one with the fewest letters
// changed, left out, put in or swapped, if these are no more than a third of what was written.
//
//     Nearest n = nearest_to("ad", 2);
//     for (...) nearest_try(&n, words[i], strlen(words[i]));
//     if (n.best) ... n.best_len
#pragma once

#include "base/types.h"

typedef struct {
    const char *word, *best; // best NULL: none is near
    size_t len, best_len;
    u32 least;               // its distance
} Nearest;

enum { NEAREST_MOST = 4 }; // what is as far is not meant

static inline Nearest nearest_to(const char *word, size_t len)
{
    return (Nearest){.word = word, .len = len, .least = NEAREST_MOST};
}
// `text` stays with the caller, who keeps it for as long as best is looked at. Of several that are
// as near the first one is taken.
void nearest_try(Nearest *nearest, const char *text, size_t len);
