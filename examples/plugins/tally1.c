/* tally1.c -- a plug-in: which line it is, and how many words there were so far. */

#include "tally.h"

/* Its state, version 1. All plug-ins are little endian. */
static struct {
    Count lines, words;
} state;

PLUGIN_EXPORT(handle) void handle(unsigned len)
{
    (void)len;
    state.lines++;
    state.words += read_words();
    SAY("line ");
    say_number(state.lines);
    SAY(": ");
    say_number(state.words);
    SAY(" words");
}

PLUGIN_EXPORT(version) int version(void) { return 1; }

PLUGIN_EXPORT(save) void save(void) { plugin_write(&state, sizeof state); }

PLUGIN_EXPORT(load) int load(int from, unsigned len)
{
    if (from != 1 || len != sizeof state) return 1;
    plugin_read(&state, sizeof state);
    return 0;
}
