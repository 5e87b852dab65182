// p2.h -- WASI 0.2 for components, over the context that preview 1 has.
//
//     P2 *p2 = p2_new(ctx);
//     component_instantiate(store, plan, p2_host(p2), &trap, &diag);
//     p2_free(p2);                       behind the store
//
// What is granted, limited, counted and traced is what the context says: a handle of the guest's
// stands for an item of a P2, and an item that reaches something has a descriptor of the context's.
// Any version 0.2.x of an interface is met, also several in one component, and checked by type.
#pragma once

#include "component/run/run.h"
#include "wasi/wasi.h"

typedef struct P2 P2;

// What handles stand for, in all: guests that ask for more trap.
enum { P2_MOST_ITEMS = 65536 };

// NULL: out of memory. The context outlives it.
P2 *p2_new(WasiCtx *ctx);
void p2_free(P2 *p2); // NULL is fine; closes what was opened
const ComponentHost *p2_host(P2 *p2);

// Of the table, in its order.
typedef struct {
    const char *name, *type, *text;
    const char *interface; // "cli/exit"
    WasiAsks asks;
} P2Info;
bool p2_func(u32 index, P2Info *out); // false: there are not so many
// Is it a function that takes nothing and gives a result without values, as commands have?
bool p2_is_run(const Plan *plan, CType func);
// What an interface reaches. False: there is none of that name.
bool p2_asks(Bytes interface, WasiAsks *out);
// "wasi:cli/exit@0.2.3" is the interface "cli/exit". Empty: it is none of WASI 0.2.
Bytes p2_interface(Bytes name);
