// needs.c -- see needs.h.
//
// The decoder and the validator note each feature without which they would refuse the module, where
// they come to it, and go on. So there is no second list of what came with which proposal. What
// they do not refuse may still depend on a feature: whether what is made is of exactly its type. So
// the module is loaded under those that were noted once more, until nothing is missing. That is the
// second time, or, where exact types are used, the third.

#include "engine/needs.h"

enum { SECTION_TAG = 13 };

// Notes what is missing. False: it does not load.
static bool loads_under(const u8 *bytes, size_t size, Features features, Features *missing,
                        bool *has_tags)
{
    Diag diag;
    // In an engine of its own, since an engine keeps the types of all that it ever loaded.
    Engine *engine = engine_new(features);
    if (!engine) return false;
    engine->missing = missing;
    Module *m = engine_load(engine, bytes, size, &diag);
    for (u32 i = 0; m && i < m->section_count; i++) *has_tags |= m->sections[i].id == SECTION_TAG;
    *has_tags |= m && m->imported_tags;
    bool loads = m;
    engine_unload(m);
    engine_free(engine);
    return loads;
}

bool engine_needs(const Engine *engine, const u8 *bytes, size_t size, Features *needs)
{
    Features features = FEATURE_BIT(FEATURE_core1), missing;
    bool has_tags = false, loads;
    do {
        missing = 0;
        loads = loads_under(bytes, size, features, &missing, &has_tags);
        features |= missing;
    } while (missing);
    // Any of several features brings tags: the oldest.
    Features tags = engine->features & FEATURES_WITH_TAGS;
    if (has_tags && !(features & tags)) features |= tags & -tags;
    *needs = features & ~FEATURE_BIT(FEATURE_core1);
    return loads && !(features & ~engine->features);
}
