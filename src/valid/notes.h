// notes.h -- what compilers want to know of a body before they come to it, noted while it is
// validated.
//
//     ModuleNotes *notes = notes_new(m);
//     NoteTaker *taker = note_taker_new(notes);   // one for each thread that validates
//     body_validator_note(validator, taker);
//     ... body_validator_check ...
//     notes_of(notes, func)
//
// Taking them is linear in the bytes. They take 16 bytes for a function and 64 for a loop.
#pragma once

#include "module/module.h"

// What a body has. Floats, vectors and references: among its locals, operands or results.
enum {
    NOTE_loops = 1, NOTE_calls = 2, NOTE_accesses = 4, // of memory, by loads, stores and atomics
    NOTE_floats = 8, NOTE_vectors = 16, NOTE_references = 32,
};

// Locals of a loop, heaviest first. A use weighs 1, and 8 times that of an inner loop.
enum {
    NOTE_LOCALS = 16,
    NOTE_DEPTH = 8,          // loops deeper than that share the list of the one around them
    NOTE_weight = 0x3f,      // log2
    NOTE_assigned = 0x40,    // in the loop
    // what it is worth at the loop's head may be read: always so, unless it is set before
    NOTE_read_first = 0x80,
};
#define NOTE_NONE UINT32_MAX

typedef struct {
    u32 start, end;          // offsets in the module: of the instruction, and behind its end
    u32 parent;              // number of the loop around it in the body, or NOTE_NONE
    u16 calls;               // inside, inner loops included; not more than UINT16_MAX
    u8 depth;                // 1 for an outermost loop; not more than UINT8_MAX
    u8 local_count;          // 0 of one that shares a list
    u16 locals[NOTE_LOCALS];
    u8 about[NOTE_LOCALS];   // NOTE_ of each
} LoopNote;
_Static_assert(sizeof(LoopNote) == 64, "what a module of many loops may take counts on it");

typedef struct {
    const LoopNote *loops;   // in the order of their starts
    u32 loop_count;
    u32 has : 8;             // NOTE_
    u32 most_operands : 24;  // as many at most; or all ones, if there may be more
} FuncNotes;

typedef struct ModuleNotes ModuleNotes;
typedef struct NoteTaker NoteTaker;
typedef struct BodyValidator BodyValidator;

ModuleNotes *notes_new(const Module *m); // NULL: out of memory
void notes_free(ModuleNotes *notes);     // NULL is fine
// Of a function whose body was validated with a taker of these notes.
const FuncNotes *notes_of(const ModuleNotes *notes, u32 func);

NoteTaker *note_taker_new(ModuleNotes *notes); // NULL: out of memory
void note_taker_free(NoteTaker *taker);        // NULL is fine
// From now on the validator, which must not outlive it, gives what it sees to the taker.
void body_validator_note(BodyValidator *v, NoteTaker *taker);
