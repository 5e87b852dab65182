// one.c -- functions that are inlined into each other, for tests of where they say they are.

typedef int Number;

static inline __attribute__((always_inline)) Number divide(Number a, Number b)
{
    return a / b;
}

static inline __attribute__((always_inline)) Number average(const Number *all, Number count)
{
    Number sum = 0;
    for (Number i = 0; i < count; i++) {
        Number one = all[i];
        sum += one;
    }
    return divide(sum, count);
}

Number left_out(Number a) { return a * 12345; }

Number twice(Number a);

__attribute__((noinline)) Number report(const Number *all, Number count)
{
    Number mean = average(all, count);
    {
        Number more = twice(mean);
        return more + divide(more, mean - 3);
    }
}

// All is well from 1 on; of none there is no average.
__attribute__((export_name("measure"))) Number measure(Number count)
{
    static const Number numbers[8] = {1, 4, 1, 5, 9, 2, 6, 5};
    return report(numbers, count & 7);
}
