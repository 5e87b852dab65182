// fannkuch.c -- permutations and their flips: short loops over small arrays.
#include <stdio.h>

int main(void)
{
    enum { N = 9 };
    int runs = 4, p[N], q[N], count[N], most = 0, sum = 0, r = N, parity = 0;
    for (int i = 0; i < N; i++) p[i] = i;
    for (;;) {
        for (; r != 1; r--) count[r - 1] = r;
        for (int i = 0; i < N; i++) q[i] = p[i];
        int flips = 0;
        for (int k; (k = q[0]) != 0; flips++)
            for (int i = 0, j = k; i < j; i++, j--) {
                int t = q[i];
                q[i] = q[j];
                q[j] = t;
            }
        if (flips > most) most = flips;
        sum += parity ? -flips : flips;
        parity = !parity;
        for (;; r++) {
            if (r == N) {
                if (--runs) {
                    r = N;
                    break;
                }
                printf("fannkuch %d %d\n", sum, most);
                return 0;
            }
            int first = p[0];
            for (int i = 0; i < r; i++) p[i] = p[i + 1];
            p[r] = first;
            if (--count[r] > 0) break;
        }
    }
}
