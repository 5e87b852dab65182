// tool.h -- components from core modules, and what one is made of.
//
//     module + WIT --tool_embed--> module with a section that says which world it is made for
//              WIT --tool_dummy--> module that does nothing, for what to embed is missing
//                  --tool_new----> component: the module, lifted and lowered to that world
//        libraries --tool_link--> component: the same of several modules with one memory
//        libraries --tool_link--> component: the same of several modules with one memory
//
// All that they take stays with the caller. spec: CanonicalABI, BuildTargets
#pragma once

#include "component/wit/binary.h"

// A copy of the module, which has the world in a section component-type:NAME behind all others.
// Another one of that name is left out. False: wit->diag says why.
bool tool_embed(Wit *wit, const WitWorld *w, WitStrings strings, Bytes module, Buf *out);

// How the functions of a module that does nothing are called, and which ways of async it goes.
typedef enum { DUMMY_legacy, DUMMY_standard32 } DummyNames;
typedef enum { DUMMY_sync, DUMMY_callback, DUMMY_stackful } DummyAsync;

// A module with all imports that the world allows, and all exports that it wants, which trap; the
// other options of async there are with DUMMY_legacy alone. False: wit->diag says why.
bool tool_dummy(Wit *wit, const WitWorld *w, DummyNames names, DummyAsync async, Buf *out);

// What a module says of its worlds: the content of its sections component-type.., in the arena, and
// how many. Leaves through the arena. False: *diag says why they cannot be found.
bool tool_worlds(Arena *arena, Bytes module, Bytes **list, u32 *count, Diag *diag);

// What gives a module imports of a name that no world has, as wasi_snapshot_preview1: a module that
// works on the main one's memory, by imports of worlds. As much of it is taken as is used.
typedef struct { Bytes name, module; } ToolAdapter;

// False: *diag says why. The arena's failure is caught.
bool tool_new(Arena *arena, Bytes module, const ToolAdapter *adapters, u32 adapter_count, Buf *out,
              Diag *diag);

// A library that is linked dynamically: what others need it as, and can it be had by dlopen?
typedef struct { Bytes name, module; bool openable; } ToolLibrary;

typedef struct {
    const ToolLibrary *libraries; // of those that export the same the first one counts
    u32 library_count;
    const ToolAdapter *adapters;
    u32 adapter_count;
    u32 stack_size;               // 0: 1 MiB
    bool stubs;                   // functions that no library exports trap
    bool libdl;                   // with a library libdl.so of our own
    u32 failed;                   // out: which library could not be read; or UINT32_MAX
} ToolLink;

// False: *diag says why.
bool tool_link(Arena *arena, ToolLink *how, Buf *out, Diag *diag);
// What a library needs, in the arena, through which it leaves. False: *diag says why it cannot be
// found.
bool tool_needed(Arena *arena, Bytes module, Bytes **list, u32 *count, Diag *diag);

// Does a component fit into a world: does it import no more than that, and export all that? The
// component's world is that of `there`. False: `why`, whose failure the caller catches, says why
// not, in lines. Both were resolved; they leave through arenas of their own.
bool tool_fits(Wit *there, Wit *wanted, const WitWorld *world, Buf *why);

// Where packages are: the bytes of a component, binary, or text of WIT, of a name as a:b@1.0.0.
// Data NULL: there is none. False: why it could not be read has been told.
typedef struct {
    bool (*find)(void *env, Bytes name, Bytes *bytes);
    void *env;
} ToolPackages;

// From a file in the wac language to the component that it describes. `wit` was initialised and
// becomes what the file says of WIT. False: wit->diag says why, with more lines in *out; ERR_none:
// that has been told.
bool tool_compose(Wit *wit, Bytes path, Bytes text, const ToolPackages *packages, Buf *out);

// The first is a component, and the others are given to it as imports, by name. It fails as
// tool_compose does.
typedef struct { Bytes name, bytes; } ToolPart;
bool tool_plug(Wit *wit, const ToolPart *parts, u32 count, Buf *out);
