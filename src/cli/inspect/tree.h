// tree.h -- what makes a module big: its bytes by section, and those of functions by the parts of
// their names.
//
//     m.wasm                      all of it
//       code                      a section
//         core                    a prefix of names: core::fmt::write, core::str::next
//           fmt
//             write               a function
//       data                      segments
//       custom                    by their names
//
// Names are what strangers wrote: they are cut at a depth, and prefixes are limited in number, so
// that all is linear in the module.
#pragma once

#include "cli/inspect/inspect.h"

typedef struct {
    Bytes name;         // of this part; data NULL: it has none
    Bytes whole;        // of a function, with its prefix
    u64 size;           // of all in it
    u32 parent, child, next; // the first child, the next sibling; 0: none
    u32 functions;      // in it
    u32 index;          // of what has no name
    enum { TREE_part, TREE_func, TREE_segment } kind;
} TreeNode;

enum { TREE_DEEPEST = 32 };

typedef struct {
    Arena *arena;
    TreeNode *nodes;    // the first is all of the module
    u32 count, cap;
    u32 prefixes;
    Map index;          // of a parent and a name
    Buf key;
} Tree;

// The parts of a function's name, the last with its parameters. Returns how many, one at least.
u32 tree_split(Bytes name, Bytes parts[TREE_DEEPEST]);
// Names that were mangled are made readable, unless they are to be raw.
WhereTrouble tree_make(Tree *t, Inspect *s, bool raw);
// Those children that are at least as large, and as many as are few, TREE_FEW at most; largest
// first. How much the others are together, and how many.
typedef struct { u32 *items; u32 count, others; u64 rest; } TreeChildren;
enum { TREE_FEW = 5 };
TreeChildren tree_children(const Tree *t, u32 node, u64 least, u32 few);
// For people: "write", "func 12".
void tree_put_name(const TreeNode *node, Buf *out);

typedef struct {
    u32 depth;          // that is shown; UINT32_MAX: as people like it, or all for programs
    f64 percent;        // of all, less is not shown; negative: likewise
} TreeLimits;

void tree_show(const Tree *t, Inspect *s, const TreeLimits *limits);
void tree_json(const Tree *t, Inspect *s, const TreeLimits *limits);
// A picture: nested rectangles, each as large as it is.
void tree_svg(const Tree *t, Inspect *s, FILE *out);
