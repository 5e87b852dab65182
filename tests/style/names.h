// names.h -- names that are formed otherwise.
#pragma once

#define bad_square(x) ((x) * (x))
typedef int bad_type;
typedef enum { bad_one, ONE_more } One;
typedef struct { // bad
    struct { int y; } inner;
    int x;
} Names_struct;

static int badFunction(int x)
{
    return x;
}
