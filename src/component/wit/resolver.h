// resolver.h -- how names become what they name: what the files of the resolver share.
//
//     resolve.c    which packages there are, and in what order
//     find.c       where names are looked up, and which gates are open
//     define.c     per package: what interfaces and worlds define, gates open or not
//     settle.c     what closed gates leave of that, numbered; handles where values are resources
//     include.c    what worlds get from the worlds that they include
//     elaborate.c  what worlds import beside, since what they name uses types of it
//
// Nothing recurses but along types that stand in each other. All leaves through wit_fail.
#pragma once

#include "component/wit/syntax.h"

// What the items of a file, or of a nested package, may name without saying a package.
typedef struct {
    const WitFile *file;
    WitNode *items;
    Map names;       // items, and what stands in a use at the top: in `nodes`
    WitNode **nodes;
    u32 count, cap;
} WitScope;

// An interface or world of a package; which one of the two is known once it is defined.
typedef struct {
    WitNode *node;
    WitScope *scope;
    WitInterface *interface;
    WitWorld *world;
} WitEntry;

typedef struct {
    WitInterface *interface;
    WitWorld *world;
} WitTarget; // neither: not there, which a closed gate allows

typedef struct {
    WitWorld *to, *from;
    WitNode *node;
    WitSpot at;
    bool open;
} WitInclusion;

// Another package, where it is named first.
typedef struct {
    const WitPath *path;
    const WitFile *file;
} WitNeed;

// A package while it is resolved.
typedef struct WitDraft {
    WitScope *scopes;
    u32 scope_count, scope_cap;
    WitEntry *entries; // in the order of the text
    u32 entry_count, entry_cap;
    Map entry_names;
    WitNeed *needs;
    u32 need_count, need_cap, next_need;
    bool entered, done;

    WitType **types;   // in the order in which they were defined
    u32 type_count, type_cap;
    WitInterface **interfaces; // those in worlds too
    u32 interface_count, interface_cap;
    WitWorld **worlds;
    u32 world_count, world_cap;
    WitInclusion *inclusions;
    u32 inclusion_count, inclusion_cap;
    Map unnamed;       // types without a name, by what they are made of: in `types`
} WitDraft;

// What needs what: numbers from 0 on.
typedef struct { u32 from, to, at; } WitEdge;
typedef struct {
    WitEdge *edges;
    u32 count, cap;
} WitEdges;
// Each behind all that it needs, else as before. NULL, and *stuck: part of a cycle.
u32 *wit_order(Arena *arena, const WitEdges *edges, u32 count, const WitEdge **stuck);

bool wit_gate_open(Wit *wit, const WitPackage *p, const WitGate *gate, WitSpot at);
// Fails where the name is not known, unless `open` is false.
WitTarget wit_find(Wit *wit, const WitPackage *p, const WitScope *s, const WitPath *path,
                   bool open);
// The entry of the same package that a name without a package means; NULL: one of another package.
const WitEntry *wit_find_entry(Wit *wit, const WitPackage *p, const WitScope *s,
                               const WitPath *path);
// ns:name@version
Bytes wit_package_text(Arena *arena, Bytes space, Bytes name, const WitVersion *version);
WitPackage *wit_find_package(const Wit *wit, const WitPath *path); // NULL: there is none

void wit_make_primitives(Wit *wit);
void wit_define(Wit *wit, WitPackage *p);
void wit_settle(Wit *wit, WitPackage *p);
void wit_include(Wit *wit, const WitPackage *p, const WitInclusion *inclusion);
void wit_elaborate(Wit *wit, WitWorld *world);

// What a function that others call does once it was left by wit_fail or for want of memory: tells
// where it was, and puts the arena's way out back. Returns false.
bool wit_leave(Wit *wit, jmp_buf *outer);

// For what may take longer than the text is long.
void wit_spend(Wit *wit, u32 steps);

void wit_items_init(WitItems *items, Arena *arena);
// NULL: it was added; else the one that has its place.
WitItem *wit_items_add(Arena *arena, WitItems *items, const WitItem *item);
bool wit_items_have(const WitItems *items, const WitItem *item);

// A name in a message: %.*s.
enum { WIT_WORD_MOST = 60 };
#define WIT_SAY(name) (int)MIN((name).len, (size_t)WIT_WORD_MOST), (const char *)(name).data
typedef struct {
    Bytes *names;
    u32 count, cap;
} WitNames;
// `kind` is what was looked for; of those that are there the nearest is named.
_Noreturn void wit_fail_unknown(Wit *wit, WitSpot at, const char *kind, Bytes name,
                                const WitNames *there);
