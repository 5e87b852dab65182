// bare.h -- what the kernels call of C's library, for targets that have none. Stands for stdio.h,
// stdlib.h, string.h and math.h, which include it.
#pragma once

#include <stddef.h>

int printf(const char *format, ...);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *p);

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
char *strcpy(char *to, const char *from);

double cbrt(double x);
#define sqrt __builtin_sqrt
#define floor __builtin_floor
