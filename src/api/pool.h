// pool.h -- what templates and pools know of each other. See weft_pool.h.
#pragma once

#include "api/api.h"
#include "run/template.h"
#include "weft_pool.h"

struct weft_template {
    weft_engine *engine;
    weft_module *module;
    Template state;
    ApiFunc **imports; // by index; counted
    HeldTypes types;   // that objects may be of
    atomic_uint users; // its owner, and pools
};

void template_release(weft_template *template);

// Of a pool's store: what all in the pool are made of has them.
weft_module *pool_module(const weft_store *store);
const HeldTypes *pool_types(const weft_store *store);
// It is a pool's, and nobody has taken it.
bool pool_has(const weft_store *store);
// A store of a pool's, whose tasks are gone, goes back to it.
void pool_take_back(weft_store *store);
