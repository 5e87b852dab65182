// order.c -- each behind what it needs. See resolver.h.
//
// Of those that may come next it is the one that stands first, so that what is in order stays as it
// is. They wait in a heap.

#include "component/wit/resolver.h"

typedef struct {
    u32 *items, count;
} Heap;

static void swap(u32 *a, u32 *b)
{
    u32 was = *a;
    *a = *b;
    *b = was;
}

static void heap_push(Heap *h, u32 item)
{
    u32 i = h->count++;
    for (h->items[i] = item; i && h->items[(i - 1) / 2] > h->items[i]; i = (i - 1) / 2)
        swap(&h->items[i], &h->items[(i - 1) / 2]);
}

static u32 heap_pop(Heap *h)
{
    u32 top = h->items[0];
    h->items[0] = h->items[--h->count];
    for (u32 i = 0, least = 0;; i = least) {
        for (u32 child = 2 * i + 1; child <= 2 * i + 2; child++)
            if (child < h->count && h->items[child] < h->items[least]) least = child;
        if (least == i) return top;
        swap(&h->items[i], &h->items[least]);
    }
}

// users[start[i]] to users[start[i + 1]]: who needs i.
static u32 *users_of(Arena *arena, const WitEdges *edges, u32 count, u32 **starts)
{
    u32 *start = NEW_ARRAY(arena, u32, (size_t)count + 2);
    u32 *users = NEW_ARRAY(arena, u32, (size_t)edges->count + 1);
    for (u32 i = 0; i < edges->count; i++) start[edges->edges[i].to + 2]++;
    for (u32 i = 2; i <= count + 1; i++) start[i] += start[i - 1];
    for (u32 i = 0; i < edges->count; i++)
        users[start[edges->edges[i].to + 1]++] = edges->edges[i].from;
    *starts = start;
    return users;
}

u32 *wit_order(Arena *arena, const WitEdges *edges, u32 count, const WitEdge **stuck)
{
    u32 *start, *users = users_of(arena, edges, count, &start), done = 0;
    u32 *needs = NEW_ARRAY(arena, u32, (size_t)count + 1);
    u32 *order = NEW_ARRAY(arena, u32, (size_t)count + 1);
    Heap heap = {.items = NEW_ARRAY(arena, u32, (size_t)count + 1)};
    for (u32 i = 0; i < edges->count; i++) needs[edges->edges[i].from]++;
    for (u32 i = 0; i < count; i++)
        if (!needs[i]) heap_push(&heap, i);
    while (heap.count) {
        u32 item = order[done++] = heap_pop(&heap);
        for (u32 i = start[item]; i < start[item + 1]; i++)
            if (!--needs[users[i]]) heap_push(&heap, users[i]);
    }
    if (done == count) return order;
    for (u32 i = 0; i < edges->count; i++) {
        *stuck = &edges->edges[i];
        if (needs[(*stuck)->from] && needs[(*stuck)->to]) break;
    }
    return NULL;
}
