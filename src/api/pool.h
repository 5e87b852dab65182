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

weft_module *pool_module(const weft_store *store); // of a pool's
// A store of a pool's, whose tasks are gone, goes back to it.
void pool_take_back(weft_store *store);
