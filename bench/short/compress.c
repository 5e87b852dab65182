// compress.c -- the kernel of that name on less.
#define SIZE (128 << 10)
#include "../kernels/compress.c"
