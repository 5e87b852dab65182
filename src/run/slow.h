// slow.h -- what instructions do by a call, because it is rare or long: the same in every tier.
// Operands stand in slots, and `word` holds two indices.
#pragma once

#include "run/exec.h"
#include "run/instance.h"

// Builds that leave exceptions out have nobody to look for.
enum { SLOW_UNWINDS = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_exceptions)) };

static inline u64 width_of(bool is64, u64 v) { return is64 ? v : (u32)v; }
static inline u64 mem_width(const Memory *m, u64 v) { return width_of(m->type.limits.is64, v); }
static inline u64 table_width(const Table *t, u64 v) { return width_of(t->type.limits.is64, v); }

Trap slow_host(Exec *x, Instance *inst, Record *rec, u64 *fp);
Trap slow_host_threw(Exec *x, Instance *inst, Record *rec, u64 *fp, Trap trap);
Trap slow_address(const Memory *m, u64 base, u64 offset, u64 bytes, u8 **out);
Trap slow_entry(Exec *x, Ref ref);
Trap slow_callee(Exec *x, const Instance *inst, u64 word, u64 i, Func **out);
Trap slow_memory_copy(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_memory_fill(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_memory_init(Exec *x, Instance *inst, u64 word, u64 *v);
Trap slow_table_copy(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_table_fill(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_table_init(Exec *x, Instance *inst, u64 word, u64 *v);
