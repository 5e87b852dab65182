// spectral.c -- divisions: the spectral norm of an endless matrix, cut at 500.
#include <math.h>
#include <stdio.h>

enum { N = 500 };
static double u[N], v[N], t[N];

static double a(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static void times(const double *in, double *out, int transposed)
{
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++) sum += (transposed ? a(j, i) : a(i, j)) * in[j];
        out[i] = sum;
    }
}

int main(void)
{
    double vbv = 0, vv = 0;
    for (int i = 0; i < N; i++) u[i] = 1;
    for (int round = 0; round < 30; round++) {
        times(u, t, 0), times(t, v, 1);
        times(v, t, 0), times(t, u, 1);
    }
    for (int i = 0; i < N; i++) vbv += u[i] * v[i], vv += v[i] * v[i];
    printf("spectral %.9f\n", sqrt(vbv / vv));
    return 0;
}
