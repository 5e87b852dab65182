// decode.h -- bytes to a Module, in one go or as they arrive. Bodies and constant expressions are
// only delimited here; the one walk (valid/walk.h) reads them. spec: binary/modules
#pragma once

#include "module/module.h"
#include "op/diag.h"

// Decodes all of `bytes`, which must outlive the module. Types are interned in `store`, which must
// too. On success *out is a module owned by the caller (module_free); else *diag says why and
// where. Linear in size; no recursion on input. Errors: classes malformed, invalid (what needs the
// section's context), limit, resource.
bool module_decode(const u8 *bytes, size_t size, Features features, TypeStore *store, Module **out,
                   Diag *diag);
// The same of what need not be a module: *out has the sections, and the bodies, in front of the
// first that is wrong or cut, and Module.size is where they end: 0 if it is no module at all.
// False: there is no room, and *out is NULL.
bool module_decode_part(const u8 *bytes, size_t size, Features features, TypeStore *store,
                        Module **out);
void module_free(Module *m); // NULL is fine

enum { MODULE_SIZE_MOST = 1 << 30, MODULE_FUNCS_MOST = 1000000 }; // bytes, functions

// A module that arrives in pieces. The verdict, and the first error, do not depend on the pieces'
// sizes.
typedef struct Decoder ModuleDecoder;

// The module will stand at `bytes`, of which nothing need be there yet. The caller owns the result
// (module_decoder_free). NULL: out of memory.
ModuleDecoder *module_decoder_new(const u8 *bytes, Features features, TypeStore *store);
// What the module takes is counted in the engine's `accounts`. Before it is fed.
void module_decoder_charge(ModuleDecoder *decoder, Account *accounts);
// From now on, and by whoever validates the module, features that are not enabled where one is
// needed are added to *missing, and it goes on as if they were.
void module_decoder_note(ModuleDecoder *decoder, Features *missing);
// Bodies need not be there, nor the sizes in front of them: they are known. `bodies` must outlive
// what is fed; all of the module is, at once.
void module_decoder_bodies(ModuleDecoder *decoder, const Range *bodies, u32 count);
// The first `size` of the bytes are there now, never fewer than before; with `last` these are all.
// Decodes each section, and each body, that has become complete. False: *diag says why and where;
// then nothing more may be fed.
bool module_decoder_feed(ModuleDecoder *decoder, size_t size, bool last, Diag *diag);
// The module as far as it is known: see Module.stage. It belongs to the decoder, and changes with
// every piece.
Module *module_decoder_module(const ModuleDecoder *decoder);
// The finished module, once the last piece was decoded: the caller's from now on (module_free).
Module *module_decoder_take(ModuleDecoder *decoder);
// and its module, unless it was taken
void module_decoder_free(ModuleDecoder *decoder);
