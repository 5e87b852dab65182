// component.h -- what is behind the handles of weft_component.h.
#pragma once

#include "api/api.h"
#include "component/run/run.h"

struct weft_component {
    weft_engine *engine;
    Component *component;
    u8 *copy;          // of the bytes, which are so many
    size_t copied;
    Source source; // what they mean
    Plan *plan;        // NULL: it cannot be run; why, is told when it is to be
    atomic_uint users; // its owner, and stores
};

struct weft_cvalues { Arena arena; };

// A store keeps the components that it has instances of.
typedef struct ComponentUse {
    struct ComponentUse *next;
    weft_component *component;
} ComponentUse;
void components_let_go(ComponentUse *uses); // when the store is gone
