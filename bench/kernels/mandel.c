// mandel.c -- a tight floating-point loop with an unpredictable end.
#include <stdio.h>

int main(void)
{
    long long steps = 0;
    for (int row = 0; row < 800; row++)
        for (int column = 0; column < 800; column++) {
            double cx = -2.0 + 3.0 * column / 800, cy = -1.5 + 3.0 * row / 800, x = 0, y = 0;
            int n = 0;
            for (; n < 150 && x * x + y * y < 4; n++) {
                double next = x * x - y * y + cx;
                y = 2 * x * y + cy;
                x = next;
            }
            steps += n * (row + 1);
        }
    printf("mandel %lld\n", steps);
    return 0;
}
