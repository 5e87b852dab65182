// quicksort.c -- recursion and comparisons of integers in memory.
#include <stdint.h>
#include <stdio.h>

enum { N = 1000000 };
static uint32_t data[N];

static void sort(uint32_t *low, uint32_t *high)
{
    while (high - low > 16) {
        uint32_t pivot = low[(high - low) / 2], *i = low, *j = high;
        for (;;) {
            while (*i < pivot) i++;
            while (*j > pivot) j--;
            if (i >= j) break;
            uint32_t t = *i;
            *i++ = *j;
            *j-- = t;
        }
        if (j - low < high - j) {
            sort(low, j);
            low = j + 1;
        } else {
            sort(j + 1, high);
            high = j;
        }
    }
    for (uint32_t *i = low + 1; i <= high; i++) {
        uint32_t value = *i, *j = i;
        for (; j > low && j[-1] > value; j--) *j = j[-1];
        *j = value;
    }
}

int main(void)
{
    uint32_t seed = 1, sum = 0;
    for (int i = 0; i < N; i++) data[i] = (seed = seed * 1664525u + 1013904223u);
    sort(data, data + N - 1);
    for (int i = 0; i < N; i++) {
        if (i && data[i - 1] > data[i]) return 1;
        sum = sum * 31 + data[i];
    }
    printf("quicksort %u\n", sum);
    return 0;
}
