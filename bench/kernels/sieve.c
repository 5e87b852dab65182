// sieve.c -- bytes in a large array: primes below 8 million.
#include <stdio.h>
#include <string.h>

enum { LIMIT = 8000000 };
static unsigned char composite[LIMIT];

int main(void)
{
    unsigned count = 0, sum = 0;
    for (int round = 0; round < 2; round++) {
        memset(composite, 0, sizeof composite);
        for (unsigned i = 2; i < LIMIT; i++) {
            if (composite[i]) continue;
            count++;
            sum += i;
            for (unsigned long long j = (unsigned long long)i * i; j < LIMIT; j += i)
                composite[j] = 1;
        }
    }
    printf("sieve %u %u\n", count, sum);
    return 0;
}
