// spectest.h -- the host modules that scripts import from: spectest, and of `wasmtime` the function
// gc.
#pragma once

#include "run/store.h"
#include "script/spectest_rows.h"

enum { SPECTEST_ROWS = 16 };

typedef struct Spectest Spectest;
typedef struct { const Spectest *owner; u32 row; } SpectestFunc;

// Must stay where it is while the store lives. `print` is given what the print functions are called
// with, as "print_i32 42"; NULL: it goes nowhere.
void spectest_init(Spectest *s, Store *store, void (*print)(void *env, const char *text),
                   void *env);
// Finds an import, making it on first use. Answers like a Resolver.
bool spectest_find(Spectest *s, const Import *import, Extern *out);

struct Spectest {
    Store *store;
    void (*print)(void *env, const char *text);
    void *env;
    Extern made[SPECTEST_ROWS]; // kind EXTERN_COUNT where not made yet
    SpectestFunc funcs[SPECTEST_FUNCS];
};
