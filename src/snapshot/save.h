// save.h -- what the files that write a snapshot share.
#pragma once

#include "base/map.h"
#include "run/cont.h"
#include "run/gc/collect.h"
#include "run/object.h"
#include "snapshot/form.h"
#include "snapshot/names.h"
#include "snapshot/places.h"
#include "snapshot/snapshot.h"
#include "snapshot/stream.h"

// A place, and how many others were met before it.
typedef struct {
    PlaceName name;
    u32 met;
} SavedPlace;

typedef struct SavedFrame SavedFrame;

// A call that was stopped.
typedef struct {
    u8 kind;           // CALL_
    Trap trap;
    const Func *called;
    Position at;
} SavedCall;

typedef struct {
    Store *store;
    const SnapshotWriter *how;
    Diag *diag;
    jmp_buf *failed;
    Arena arena;
    Arena walking;     // of one walk over a body
    Buf out;           // of the section that is being written
    Sink sink;
    StoreNames names;
    Ref *objects;      // that live, in order
    u32 object_count, object_cap;
    const Module *const *modules;
    const u32 *module_numbers; // by instance
    SavedCall *calls;
    u32 call_count, call_cap;
    // Those of continuations and then of calls, each newest first; how many each has.
    SavedFrame *frames;
    u32 frame_count, frame_cap, next_frame;
    u32 *runs;
    u32 run_count, run_cap, next_run;
    Map places_known;     // SavedPlace.met by name
    SavedPlace *places;   // in the order of the list once that is written
    u32 place_count, place_cap;
    HomesAt *homes;       // by SavedPlace.met
    u32 *place_numbers;   // likewise
} Save;

// Leaves: what of the store it is that cannot be written.
_Noreturn void save_refuse(Save *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void save_number(Save *s, u64 value);
void save_name(Save *s, ItemName name);
void save_func(Save *s, const Func *f);
// A value of that type, from its slots.
void save_value(Save *s, Type type, const u64 *slots);
// All frames from there on are yet to be written, behind those that were noted before. `stops`: it
// is of a guest that was stopped, and no continuation.
void save_note_frames(Save *s, const Position *from, bool stops);
// Where all that were noted stand.
void save_places(Save *s);
// The next that were noted and not written, oldest first.
void save_frames(Save *s);
