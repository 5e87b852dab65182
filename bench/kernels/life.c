// life.c -- a grid of bytes, eight neighbours each.
#include <stdio.h>
#include <string.h>

enum { W = 512, H = 256 };
static unsigned char grid[2][H + 2][W + 2];

int main(void)
{
    unsigned seed = 5;
    for (int y = 1; y <= H; y++)
        for (int x = 1; x <= W; x++)
            grid[0][y][x] = (seed = seed * 1664525u + 1013904223u) >> 30 == 0;
    for (int round = 0; round < 180; round++) {
        unsigned char(*from)[W + 2] = grid[round & 1], (*to)[W + 2] = grid[~round & 1];
        for (int y = 1; y <= H; y++)
            for (int x = 1; x <= W; x++) {
                int n = from[y - 1][x - 1] + from[y - 1][x] + from[y - 1][x + 1] + from[y][x - 1] +
                        from[y][x + 1] + from[y + 1][x - 1] + from[y + 1][x] + from[y + 1][x + 1];
                to[y][x] = n == 3 || (n == 2 && from[y][x]);
            }
    }
    unsigned alive = 0, sum = 0;
    for (int y = 1; y <= H; y++)
        for (int x = 1; x <= W; x++) alive += grid[0][y][x], sum = sum * 31 + grid[0][y][x];
    printf("life %u %u\n", alive, sum);
    return 0;
}
