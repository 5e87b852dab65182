// ackermann.c -- deep recursion, and a counter in memory so that no call is left out.
#include <stdio.h>

static unsigned calls;

__attribute__((noinline)) static unsigned ackermann(unsigned m, unsigned n)
{
    calls++;
    if (m == 0) return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

int main(void)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < 10; i++) sum += ackermann(2, 700 + i) + ackermann(3, 7 + i % 2);
    printf("ackermann %u %u\n", sum, calls);
    return 0;
}
