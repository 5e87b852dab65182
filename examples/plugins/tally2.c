/* tally2.c -- the plug-in tally, improved: also how many words the longest line has. It takes the
   state of version 1, which knows nothing of that. */

#include "tally.h"

static struct {
    Count lines, words, longest;
} state;

PLUGIN_EXPORT(handle) void handle(unsigned len)
{
    Count words = read_words();
    (void)len;
    state.lines++;
    state.words += words;
    if (words > state.longest) state.longest = words;
    SAY("line ");
    say_number(state.lines);
    SAY(": ");
    say_number(state.words);
    SAY(" words, at most ");
    say_number(state.longest);
}

PLUGIN_EXPORT(version) int version(void) { return 2; }

PLUGIN_EXPORT(save) void save(void) { plugin_write(&state, sizeof state); }

PLUGIN_EXPORT(load) int load(int from, unsigned len)
{
    unsigned want = sizeof state - (from == 1 ? sizeof state.longest : 0);
    if ((from != 1 && from != 2) || len != want) return 1;
    plugin_read(&state, len);
    return 0;
}
