// mandelbrot.c -- draws the set in letters.
//
//     mandelbrot [WIDTH]
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int width = argc > 1 ? atoi(argv[1]) : 76, height = width * 2 / 5;
    if (width < 1 || width > 10000) {
        fprintf(stderr, "mandelbrot: a width from 1 to 10000, please\n");
        return 2;
    }
    long steps = 0;
    for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
            double cx = -2.2 + 3.2 * column / width, cy = -1.2 + 2.4 * row / height, x = 0, y = 0;
            int n = 0;
            for (; n < 200 && x * x + y * y < 4; n++) {
                double next = x * x - y * y + cx;
                y = 2 * x * y + cy;
                x = next;
            }
            steps += n;
            putchar(n == 200 ? '@' : " .:-=+*#%"[n < 9 ? n : 8 - n % 4]);
        }
        putchar('\n');
    }
    printf("%ld steps\n", steps);
    return 0;
}
