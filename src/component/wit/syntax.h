// syntax.h -- what stands in a file, as it stands there: no name is looked up yet.
//
//     package a:b;                        NODE_package, without items
//     interface i {                       NODE_interface
//       use c:d/e.{f as g};                 NODE_use, and in it NODE_name
//       record r { x: list<g> }             NODE_type of the form record, and in it NODE_part
//       h: async func(y: r) -> u8;          NODE_func; what it returns is its `type`
//     }
//     world w { import i; include v; }    NODE_world, and in it NODE_import and NODE_include
#pragma once

#include "component/wit/lexer.h"

typedef enum {
    NODE_package, // nested: with items
    NODE_interface,
    NODE_world,
    NODE_use,     // at the top: `other` is the name it gets, or nobody
    NODE_include,
    NODE_import,  // of `form`
    NODE_export,
    NODE_type,    // a definition
    NODE_func,
    NODE_part,    // a field, case, flag or parameter
    NODE_name,    // of a use or include, and `other`, what it is called here
    NODE_ref,     // a type as it is used: `form`, or WIT_alias with the name of one
} WitNodeKind;

enum { AS_path, AS_func, AS_inline }; // an import's or export's form

// `ns:package/name@version`, or only the name.
typedef struct {
    Bytes space, package, name;
    WitVersion version;
    u32 at, name_at;
} WitPath;

struct WitNode {
    u8 kind, form;
    bool is_async, has_items;
    u8 func;             // WitFuncKind
    u32 at, other_at;
    Bytes name, other;
    WitPath *path;       // of a use, include, import or export
    const WitNotes *notes;
    WitNode *next;       // beside this one
    WitNode *items;      // in it
    WitNode *type, *second; // of a part, a result, in brackets
    u32 length;          // of a list
};

// The most that types stand in each other, and that one of them has in it.
enum { WIT_DEEPEST = 100, WIT_MOST_PARTS = 10000 };

// Reads wit->files' newest. Leaves through wit_fail.
WitNode *wit_parse(Wit *wit, const WitFile *file);
