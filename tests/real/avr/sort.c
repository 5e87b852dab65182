// sort.c -- recursion, a switch, strings, calls through pointers and a port of the machine.
#include <avr/io.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int8_t (*Order)(const void *a, const void *b);

int8_t order_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void sort(void *base, uint8_t count, uint8_t size, Order order)
{
    char *p = base, *last = p + (count - 1) * size, *keep = p;
    if (count < 2) return;
    for (char *q = p; q < last; q += size)
        if (order(q, last) < 0) {
            for (uint8_t k = 0; k < size; k++) {
                char t = q[k];
                q[k] = keep[k], keep[k] = t;
            }
            keep += size;
        }
    for (uint8_t k = 0; k < size; k++) {
        char t = last[k];
        last[k] = keep[k], keep[k] = t;
    }
    uint8_t left = (keep - p) / size;
    sort(p, left, size, order);
    sort(keep + size, count - left - 1, size, order);
}

const char *day_name(uint8_t day)
{
    switch (day % 7) {
    case 0: return "Sunday";
    case 1: return "Monday";
    case 2: return "Tuesday";
    case 3: return "Wednesday";
    case 4: return "Thursday";
    case 5: return "Friday";
    default: return "Saturday";
    }
}

void blink(uint8_t times)
{
    DDRB |= 1 << 5;
    while (times--) {
        PORTB ^= 1 << 5;
        for (volatile uint16_t i = 0; i < 30000; i++) {}
    }
}
