// wac.h -- the wac language: what stands in a file, as it stands there.
//
//     package a:b targets c:d/e;
//     import log: c:d/log;                 WAC_import
//     let x = new c:f { log, ... };        WAC_let: an expression
//     export x.run as "go";                WAC_export
//     interface i { .. }  type t = u8;     WAC_type
//
// Interfaces, worlds and types are WIT, and so are the types of imports: they become items of the
// package and of a world beside it, `wac_world`, in which each import and type has a name of its
// number; what is targeted is the world that `wac_target` includes.
// spec: wac's LANGUAGE.md
#pragma once

#include "component/wit/parser.h"

typedef struct WacExpr WacExpr;
typedef enum { WAC_inferred, WAC_named, WAC_spread, WAC_rest } WacArgKind;

typedef struct {
    WacArgKind kind;
    bool exact;    // its name is a string
    u32 at;
    Bytes name;
    WacExpr *value; // of a named one
} WacArg;

typedef enum { WAC_name, WAC_new, WAC_access } WacExprKind;

struct WacExpr {
    WacExprKind kind;
    bool exact;    // an access by a string
    u32 at;
    Bytes name;    // of what is meant, accessed; a:b@1.0.0 of a package
    WacExpr *of;   // what is accessed
    WacArg *args;
    u32 arg_count, arg_cap;
};

typedef enum { WAC_import, WAC_let, WAC_export, WAC_type, WAC_interface } WacKind;

typedef struct {
    WacKind kind;
    bool spread;     // of an export
    u32 at, as_at, number;
    Bytes name, as;  // as: empty, there is none
    Bytes item;      // of an import or type: its name in wac_world, or
    WitPath *path;   // of an import that is called as the interface is
    WacExpr *value;
} WacStatement;

typedef struct {
    const WitFile *file;
    WitAround around;
    WacStatement *statements;
    u32 count, cap;
    WacExpr **news;      // of all packages that are instantiated
    u32 new_count, new_cap;
    Bytes name;          // of the package, without its version
    WitPath *target;     // NULL: there is none
    bool uses_types;     // imported functions name types of the file
} Wac;

#define WAC_WORLD "WAC-imports"
#define WAC_TARGET "WAC-target"

// Adds the file's WIT as group 0. False: wit->diag says why.
bool wac_add(Wit *wit, Bytes path, Bytes text, Wac *wac);
