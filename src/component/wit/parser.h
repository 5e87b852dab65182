// parser.h -- the rules of WIT that a language has which contains it, as wac does. Each begins at
// its first token.
#pragma once

#include "component/wit/syntax.h"

// A type that was defined outside of interfaces and worlds.
typedef struct {
    WitNode *node;
    u32 *refs, ref_count; // others of those that it names
} WitOuter;

// What a language around has beside interfaces and worlds: types at the top, which may be named in
// those too, where they become types of their own; and the paths that name packages.
typedef struct {
    Map names;         // of types at the top, in `types`
    WitOuter *types;
    u32 count, cap;
    Map *inner;        // names in the interface or world in hand, which stand in front of those:
    WitNode **funcs;   // 0, or the place of a function type in this from 1 on
    u32 func_count, func_cap;
    u32 *refs;         // types at the top that are named in it, or in what else is in hand
    u32 ref_count, ref_cap;
    WitPath **paths;
    u32 path_count, path_cap;
} WitAround;

typedef struct {
    Wit *wit;
    WitLexer l;
    u32 depth;         // of types
    WitAround *around; // NULL: it is WIT
} WitParser;

bool wit_at_mark(const WitParser *p, char mark);
bool wit_eat_mark(WitParser *p, char mark);
void wit_expect_mark(WitParser *p, char mark);
bool wit_at_word(const WitParser *p, const char *word); // a keyword
bool wit_eat_word(WitParser *p, const char *word);
Bytes wit_expect_id(WitParser *p, const char *what, u32 *at); // `at` may be NULL
// Says what is there instead.
_Noreturn void wit_fail_expected(WitParser *p, const char *what);

WitNode *wit_node_new(WitParser *p, WitNodeKind kind);
const WitNotes *wit_take_notes(WitParser *p);
void wit_take_path_version(WitParser *p, WitVersion *version);
WitPath *wit_finish_path(WitParser *p, Bytes first, u32 at); // `first` is read already
WitNode *wit_take_definition(WitParser *p); // NULL: here is none
void wit_take_func_type(WitParser *p, WitNode *f);
WitNode *wit_take_interface_items(WitParser *p);
WitNode *wit_take_container(WitParser *p, WitNodeKind kind);

// As wit_add, of a file in another language: what of it is WIT comes of `parse`, which leaves
// through wit_fail.
typedef WitNode *WitParse(Wit *wit, const WitFile *file, void *env);
bool wit_add_as(Wit *wit, u32 group, Bytes path, Bytes text, WitParse *parse, void *env);
