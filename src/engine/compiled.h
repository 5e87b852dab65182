// compiled.h -- a module and the code of its functions as one run of bytes, mostly a file:
//
//     head     magic, who made it, for which machine and mode, where all is
//     module   its bytes
//     index    of each function that is not imported: where its record and its body are; sums
//     records  run/stored.h
//
// Whoever made it, nothing in it is believed. The module is decoded, and its definitions validated,
// as ever; a body is validated when its function is first called, by the walk that makes code of
// it, or that looks at code which was made (valid/shape.h). So one that is not valid is a trap
// where it is called. Sums find what was damaged by chance.
#pragma once

#include "engine/load.h"
#include "run/stored.h"

#define COMPILED_MAGIC "\0wfcode\n"
enum { COMPILED_FORMAT = 2 };

// Numbers are little endian.
typedef struct {
    char magic[8];
    u32 format, head_size;
    char engine[16], machine[16]; // names, with zeros behind them
    u64 maker;                    // maker_sources
    u32 mode, tier;
    u64 size;                     // of all
    u64 module_at, module_size, module_sum;
    u64 index_at, index_sum;
    u32 first, count;             // functions
    u32 bodies, bodies_end;       // of the module: where their bodies are
    u32 optimized, unused;        // was it made from graphs, as far as it can be?
    u64 sum;                      // of the head in front of this
} CompiledHead;

// Where the bytes are. `free` is called once, by whoever was given this.
typedef struct {
    void *env;
    u64 size;
    bool (*read)(void *env, u64 at, void *to, size_t size); // from any thread
    void (*free)(void *env);
} CompiledFrom;

// A file's (plat/file.h), which is closed with it; where that cannot be had the file stays open. 0
// or an errno.
int compiled_from_file(int file, CompiledFrom *out);
// A copy of these, which is the account's. False: *why is out_of_memory or limit_module_bytes.
bool compiled_from_bytes(Bytes bytes, Account *account, CompiledFrom *out, Err *why);

// Do they begin as such bytes do?
bool compiled_is(const u8 *bytes, size_t size);
// The mode that instances have whose memories are the module's own, or have guards as those would.
u32 compiled_mode(const Engine *engine, const Module *m, bool fueled);

// Compiles all functions, on so many threads, and writes all bytes in order. False: *diag says why,
// but where `write` failed, which has said so. The module was validated in full.
typedef struct {
    void *env;
    bool (*write)(void *env, const void *bytes, size_t size);
} CompiledSink;
bool compiled_write(const Module *m, u32 mode, u32 threads, const CompiledSink *sink, Diag *diag);

// Reads the head. False: it is damaged (malformed_compiled), or not for this engine and this
// machine (compiled_mismatch); *diag says what to do.
bool compiled_head(const CompiledFrom *from, CompiledHead *head, Diag *diag);
// Of all of a module that is not between: CompiledHead.module_sum.
u64 compiled_sum(const u8 *module, size_t size, u32 bodies, u32 bodies_end);
// Reads the index, which has code and bodies where there may be some, and keeps `from`, which goes
// with it (stored_free). What that takes is the account's. NULL: it is damaged, or there is no
// room; `from` is not freed.
Stored *compiled_index(const CompiledFrom *from, const CompiledHead *head, Account *account,
                       Diag *diag);
// Reads the module but for its bodies, to where there is room for all of it. False: it is damaged.
bool compiled_module(const CompiledFrom *from, const CompiledHead *head, u8 *to, Diag *diag);
// Gives the code to its module, whose bytes stand at `to`, without bodies yet; or, with NULL, which
// has all. The module has it in any case. False: it is another's. Code may divide by zero, or look
// for an object where none is: unless the user is known to have made it (`own`), it is used where
// the engine handles faults by now, and else the module alone.
bool compiled_attach(Engine *engine, Stored *stored, u8 *to, bool own, Module *m, Diag *diag);
// Of a module that has code: reads and judges that of each function, as a call would. How many have
// none, and how many were refused, of which `tell` was told the first. False: there is no room, or
// it is not used here.
bool compiled_judge(Module *m, u32 *without, u32 *refused);
