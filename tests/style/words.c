// words.c -- what is not to be handed on.
// TODO: that is bad
static const char place[] = "/home/bad/weft";
static const char fine[] = "/proc/self/root and a/work/of/art";
