// hello.c -- the least that a program does: what is measured is everything around it.
#include <stdio.h>

int main(void)
{
    puts("hello");
    return 0;
}
