// wasi_link.h -- WASI's functions as imports of a store's instances.
#pragma once

#include "engine/engine.h"
#include "wasi/wasi.h"

// Resolves an import of either WASI preview 1 module name to a host function over whatever context
// the store has when it is called (Store.wasi); without one it traps. As a Resolver answers: false
// for what is no WASI function, and when memory is short. A guest that ends itself makes the call
// return TRAP_exit, with the status in store->exec.exit_status.
bool wasi_link(Store *store, const Import *import, Extern *out);
bool wasi_is_link(const HostFunc *host);
// The same, over `ctx` from now on, which must outlive the store.
bool wasi_resolve(Store *store, WasiCtx *ctx, const Import *import, Extern *out);

// From now on a guest of this store that waits or works in `ctx` ends when exec_stop asks it to,
// and pays for what it makes `ctx` do with its fuel. That is what its functions work on.
void wasi_obey(Store *store, WasiCtx *ctx);
