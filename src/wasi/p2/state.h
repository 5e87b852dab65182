// state.h -- what the files of p2 share: items, calls, values.
//
//     a guest's handle --> number of an item --> P2Item --> P2File --> descriptor of the context
//
// A call does what it does by functions of preview 1, on a memory of its own (`scratch`), where
// their paths, bytes and answers are: so rights, limits, metering and the ways of paths are theirs.
#pragma once

#include "run/exec.h"
#include "wasi/ctx.h"
#include "wasi/p2/p2.h"

typedef enum {
    ITEM_free,
#define RESOURCE(id, ...) ITEM_##id,
#include "wasi/p2/p2.def"
    ITEM_COUNT
} P2Kind;

// A descriptor that items have together.
typedef struct {
    u32 number, users;
    bool owned; // it is closed with the last of them
} P2File;

// How a stream goes: as its descriptor does; at a place of its own in a file; at a file's end.
typedef enum { WAY_stream, WAY_at, WAY_append } P2Way;

typedef struct {
    u8 kind;       // P2Kind
    u8 way;        // P2Way, of a stream; how far a socket has come
    u8 event;      // EVENT_, of a pollable
    u32 permit;    // bytes that may be written since check-write
    WasiErrno err; // of an error
    u64 at;        // place in a file or directory; when a pollable is due; the next that is free
    P2File *file;  // or NULL
} P2Item;

enum {
    PIECE = 65536,       // most that one call reads or writes
    STREAM_PIECE = 4096, // the same of streams that could make a writer wait: PIPE_BUF
    AT_data = 0,
    AT_path = PIECE,
    AT_second = AT_path + BENEATH_PATH_MAX,
    AT_iovec = AT_second + BENEATH_PATH_MAX,
    AT_result = AT_iovec + IOVEC_SIZE,
    SCRATCH_SIZE = AT_result + FILESTAT_SIZE,
    LISTED = 4096,
};

typedef struct P2Link P2Link;

struct P2 {
    WasiCtx *ctx;
    ComponentHost host;
    P2Item *items; // from 1 on
    u32 count, cap, free;
    P2Link *links; // functions that were found
    // What was read of the directory that was listed last, of an item.
    struct { u32 of, at, used; u8 data[LISTED]; } listed;
    u8 scratch[SCRATCH_SIZE];
};

typedef struct {
    P2 *p2;
    ComponentRun *run;
    const CValue *args;
    CValue *result;
    Arena *arena;  // armed
    Trap trap;     // of P2_E_trap
} P2Call;

// Beside what functions of preview 1 answer: the call traps, for c->trap.
enum { P2_E_trap = 0x20000 };
typedef WasiErrno P2Handler(P2Call *c);

// Does a call end with this, rather than answer it?
static inline bool p2_ends(WasiErrno err) { return err >= WASI_E_exits; }
WasiErrno p2_trap(P2Call *c, Trap trap, const char *why);

// ---- item.c

// What the argument stands for, which is of that kind. NULL: the call traps.
P2Item *p2_item(P2Call *c, u32 arg, P2Kind kind);
// A new one, and its handle in *out; it takes a share of the file, if there is one. It may move
// others. NULL: the call traps, and the share is given back.
P2Item *p2_new_item(P2Call *c, P2Kind kind, P2File *file, CValue *out);
void p2_drop_item(P2 *p2, u64 number);
// Of nobody yet, so with one share. NULL: the call traps, and an owned descriptor is closed.
P2File *p2_new_file(P2Call *c, u32 number, bool owned);
P2File *p2_share(P2File *file); // NULL is fine
void p2_give_up(P2 *p2, P2File *file);

// ---- via.c: functions of preview 1

typedef WasiErrno P1Handler(WasiCtx *ctx, GuestMemory mem, const u64 *args);
// On the scratch memory, unless it is said which.
WasiErrno p2_via(P2 *p2, P1Handler *handler, const u64 *args);
WasiErrno p2_via_memory(P2 *p2, GuestMemory mem, P1Handler *handler, const u64 *args);
static inline u32 p2_got_u32(const P2 *p2) { return get_u32(p2->scratch + AT_result); }
static inline u64 p2_got_u64(const P2 *p2) { return get_u64(p2->scratch + AT_result); }
// Into the scratch memory, at AT_path or AT_second: *len for the function's arguments.
WasiErrno p2_put_path(P2 *p2, u32 at, const CValue *path, u64 *len);
// Between its data and a descriptor: *done bytes. `at`: where in the file, of WAY_at.
WasiErrno p2_move(P2 *p2, u32 number, bool write, P2Way way, u64 at, u32 len, u32 *done);

// ---- poll.c

// Is it ready, as things stand? Of a descriptor that is none, or can tell nothing, yes.
WasiErrno p2_ready_now(P2Call *c, const P2Item *pollable, bool *ready);
// Waits for it.
WasiErrno p2_wait(P2Call *c, const P2Item *pollable);
// What one of a stream would be.
P2Item p2_pollable_of(const P2Item *stream);

// ---- type.c

// Is it the type that the table has? The resources in it are of those imports.
bool p2_type_is(const Plan *plan, CType type, const char *wanted, const char *package);
// The kind of items that a resource the root imports stands for; ITEM_free: none.
P2Kind p2_kind_of(Bytes interface, Bytes name);

// ---- Values, in the call's arena

CValue p2_bytes(P2Call *c, const u8 *data, u32 len); // a copy
// False: it is not UTF-8.
bool p2_string(P2Call *c, const void *data, size_t len, CValue *out);
const CValue *p2_keep(P2Call *c, CValue v);
CValue p2_time(P2Call *c, u64 ns); // a datetime
static inline CValue p2_u64(u64 n) { return (CValue){.kind = WEFT_CVALUE_U64, .of.u = n}; }
static inline CValue p2_u32(u32 n) { return (CValue){.kind = WEFT_CVALUE_U32, .of.u = n}; }
static inline CValue p2_bool(bool b) { return (CValue){.kind = WEFT_CVALUE_BOOL, .of.boolean = b}; }
static inline CValue p2_enum(u32 i) { return (CValue){.kind = WEFT_CVALUE_ENUM, .index = i}; }
// Of several: a record, tuple or list.
static inline CValue p2_several(u8 kind, const CValue *items, size_t count)
{
    return (CValue){.kind = kind, .of.list = {items, count}};
}
// An option, a result or a variant; no payload is NULL.
static inline CValue p2_case(u8 kind, u32 index, const CValue *payload)
{
    return (CValue){.kind = kind, .index = index, .of.payload = payload};
}
// Answers ok with a payload, NULL none.
WasiErrno p2_ok(P2Call *c, const CValue *payload);

#define FUNC(interface, name, type, handler, ...) P2Handler p2_##handler;
#include "wasi/p2/p2.def"
