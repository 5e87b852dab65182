// doctor.h -- what is found out about a file: what it is, what it needs, and whether it would run.
#pragma once

#include "cli/cli.h"

// A feature beyond WebAssembly 1.0, and where loading ends without it: an instruction, or what
// stands in a section.
typedef struct {
    Feature feature;
    Diag first;
    Bytes op;   // the instruction, or empty
} Need;

// Why `weft run` would not run it, and what to do about that, or "".
typedef struct { char what[700], remedy[400]; } Problem;
enum { PROBLEMS = 8 };
enum { DOCTOR_HEAP = 64 << 20 }; // bytes of objects

typedef struct {
    const char *file;
    Features features;      // that are on
    Intake input;
    Source source;          // text or binary, of whatever is a module
    const char *kind;       // what it is
    bool decoded;           // `m` is there
    bool loads;             // it is valid, with all features on
    Diag diag;              // why it is not
    Engine *engine;
    Module *m;
    Bytes bytes;            // of the module
    Features needs;         // of what loads
    Need need[FEATURE_COUNT];
    u32 need_count;
    Problem problems[PROBLEMS];
    u32 problem_count;
    bool starts;            // it has a function _start, or a start function
    bool untried;           // whether what it makes before it begins has room
    bool by_name;           // it has none, and exports functions
} Doctor;

// False if it could not be read, or memory is short, which was printed. doctor_free either way.
bool doctor_look(Doctor *d, const char *file, Features features);
void doctor_free(Doctor *d);

// Will there be something of that name? An ImportFound.
bool doctor_provided(void *env, const Module *m, const Import *import);
u64 memory_bytes(u64 pages, const MemType *type); // UINT64_MAX: more than can be said
size_t doctor_size(const Doctor *d); // in bytes, as binary if it can be that
// The name of the section that an offset is in, or NULL.
const char *doctor_section(const Doctor *d, size_t offset);
// Where that is, "0x1a3", or "3:14" if it was text. Returns `out`.
enum { PLACE_MOST = 40 };
const char *doctor_place(const Doctor *d, size_t offset, char out[PLACE_MOST]);

// For people, and as JSON. False: out of memory, which was printed.
bool doctor_show(const Doctor *d);
bool doctor_tell(const Doctor *d);
