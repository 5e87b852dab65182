// places.c -- see places.h.

#include "snapshot/places.h"

#include "run/map.h"

#include <stdlib.h>

static int order_of(u64 left, u64 right) { return left == right ? 0 : left < right ? -1 : 1; }

int place_order(const void *left, const void *right)
{
    const PlaceName *a = left, *b = right;
    int order = order_of(a->module, b->module);
    if (!order) order = order_of(a->func, b->func);
    return order ? order : order_of(a->offset, b->offset);
}

static int by_place(const void *left, const void *right)
{
    const HomesAt *a = *(HomesAt *const *)left, *b = *(HomesAt *const *)right;
    int order = order_of((uintptr_t)a->module, (uintptr_t)b->module);
    if (!order) order = order_of(a->func, b->func);
    return order ? order : order_of(a->offset, b->offset);
}

static bool same_func(const HomesAt *a, const HomesAt *b)
{
    return a->module == b->module && a->func == b->func;
}

bool places_same(const HomesAt *a, const HomesAt *b)
{
    return same_func(a, b) && a->offset == b->offset;
}

// Two modules of a snapshot may be one here, if it was loaded twice there: places of one function
// are brought together first, or who names a module a thousand times would have it walked as often.
bool places_find(PlaceFinder *f, HomesAt **places, u32 count)
{
    if (count) qsort(places, count, sizeof *places, by_place);
    for (u32 first = 0, end; first < count; first = end) {
        const HomesAt *one = places[first];
        for (end = first + 1; end < count && same_func(one, places[end]);) end++;
        f->walked += places[end - 1]->offset - one->module->funcs[one->func].body.start;
        arena_reset(f->walking);
        if (!map_finder.each(places + first, end - first, &f->left, f->walking, f->arena))
            return false;
    }
    return true;
}
