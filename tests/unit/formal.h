// formal.h -- a formal machine for a module that is given as text.
#pragma once

#include "check.h"

#include "binary/decode.h"
#include "formal/formal.h"
#include "text/parse.h"
#include "valid/valid.h"

typedef struct {
    Arena arena;             // of the text's translation
    Module *module;
    TypeStore *types;
    FormalStore store;
    Config config;
    ModuleInst *inst;
    Trap trap;               // of its instantiation
} Machine;

static bool nothing_imported(void *env, const Import *import, ExternAddr *out) { return false; }

// With `watch`, or NULL, from the first step on.
static void machine_open(Machine *m, const char *text, const Watch *watch)
{
    static const FormalLimits limits = {.memory_bytes = 1 << 26, .table_entries = 1 << 20,
                                        .table_total = 1 << 20, .heap_bytes = 1 << 26,
                                        .functions = 1 << 16, .code_bytes = 1 << 26};
    TextModule parsed;
    Diag diag;
    *m = (Machine){.types = type_store_new()};
    arena_init(&m->arena);
    diag_init(&diag);
    if (!m->types) exit(puts("out of memory"));
    formal_store_init(&m->store, m->types, &limits);
    config_init(&m->config, &m->store);
    m->config.watch = watch;
    if (!CHECK(text_parse(&m->arena, text, 0, strlen(text), features_all, NULL, &parsed, &diag)) ||
        !CHECK(module_decode(parsed.bytes.data, parsed.bytes.len, features_all, m->types,
                             &m->module, &diag)) ||
        !CHECK(module_validate(m->module, &diag))) {
        printf("    %s\n", diag.detail);
        exit(check_report());
    }
    m->inst = formal_instantiate(&m->config, m->module, nothing_imported, NULL, &m->trap, &diag);
    if (!CHECK(m->inst != NULL)) exit(check_report());
}

static void machine_close(Machine *m)
{
    config_free(&m->config);
    formal_store_free(&m->store);
    module_free(m->module);
    arena_free(&m->arena);
    type_store_free(m->types);
}

// The values are as many as its parameters, or its results, whichever there are more of.
static inline Trap machine_call(Machine *m, const char *name, Val *values)
{
    ExternAddr func;
    Bytes bytes = {(const u8 *)name, strlen(name)};
    if (!CHECK(formal_export(m->inst, bytes, &func))) exit(check_report());
    return formal_invoke(&m->config, func.address, values);
}
