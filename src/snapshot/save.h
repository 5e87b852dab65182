// save.h -- what the files that write a snapshot share.
#pragma once

#include "run/cont.h"
#include "run/gc/collect.h"
#include "run/object.h"
#include "snapshot/form.h"
#include "snapshot/names.h"
#include "snapshot/snapshot.h"
#include "snapshot/stream.h"

typedef struct {
    Store *store;
    const SnapshotWriter *how;
    Diag *diag;
    jmp_buf *failed;
    Arena arena;
    Buf out;           // of the section that is being written
    Sink sink;
    StoreNames names;
    Ref *objects;      // that live, in order
    u32 object_count, object_cap;
} Save;

// Leaves: what of the store it is that cannot be written.
_Noreturn void save_refuse(Save *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void save_number(Save *s, u64 value);
void save_name(Save *s, ItemName name);
void save_func(Save *s, const Func *f);
// A value of that type, from its slots.
void save_value(Save *s, Type type, const u64 *slots);
// All frames from there on, oldest first. `stops`: it is of a guest that was stopped, and no
// continuation.
void save_frames(Save *s, const Position *from, bool stops);
