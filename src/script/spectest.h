// spectest.h -- the host module that the official scripts import from.
#pragma once

#include "run/store.h"

// Finds an import from "spectest", making it on first use. Answers like a Resolver.
typedef struct {
    Store *store;
    Extern made[32]; // by row; kind EXTERN_COUNT where not made yet
} Spectest;
void spectest_init(Spectest *s, Store *store);
bool spectest_find(Spectest *s, const Import *import, Extern *out);
