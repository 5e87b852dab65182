// dispatch.c -- objects that call each other through function pointers and queues, as in a
// simulator.
#include <stdint.h>
#include <stdio.h>

enum { DEVICES = 16, QUEUE = 64 };
typedef struct Device Device;
struct Device {
    int (*step)(Device *, int);
    Device *next;
    uint32_t state, handled;
    int queue[QUEUE];
    unsigned head, tail;
};
static Device devices[DEVICES];

static void send(Device *d, int packet)
{
    if (d->tail - d->head < QUEUE) d->queue[d->tail++ % QUEUE] = packet;
}

static int worker(Device *d, int packet)
{
    d->state = d->state * 1103515245u + 12345u + (uint32_t)packet;
    return (int)(d->state >> 16 & 0x7fff);
}

static int counter(Device *d, int packet) { return packet + (int)(++d->state & 7); }

static int filter(Device *d, int packet)
{
    if (packet & 1) return -1;
    d->state ^= (uint32_t)packet;
    return packet / 2 + 3;
}

static int splitter(Device *d, int packet)
{
    if (packet % 3 == 0) send(d->next->next, packet / 3);
    return packet - packet / 4;
}

int main(void)
{
    int (*const kinds[])(Device *, int) = { worker, counter, filter, splitter };
    for (int i = 0; i < DEVICES; i++)
        devices[i] = (Device){
            .step = kinds[i * 7 % 4], .next = &devices[(i + 1) % DEVICES], .state = (uint32_t)i};
    for (int tick = 0; tick < 450000; tick++) {
        send(&devices[tick % DEVICES], tick & 0xfff);
        for (Device *d = devices; d < devices + DEVICES; d++) {
            if (d->head == d->tail) continue;
            int out = d->step(d, d->queue[d->head++ % QUEUE]);
            d->handled++;
            if (out >= 0) send(d->next, out);
        }
    }
    uint32_t sum = 0;
    for (int i = 0; i < DEVICES; i++) sum = sum * 31 + devices[i].state + devices[i].handled;
    printf("dispatch %u\n", sum);
    return 0;
}
