// columns.c -- lines that are too long.

// This comment goes on and on, well beyond what fits beside another window, which is a bad thing to do.
static int sum_of_numbers(int first, int second, int third) { return first + second + third + bad + bad; }
