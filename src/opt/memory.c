// memory.c -- what was read or written before need not be read again.
//
// Each part of the state has a version, a number that changes wherever it may be written; where
// ways with other versions meet, or at the head of a loop in which it is written, it is a new one.
// A read of one version, of the same spot, gives what the first gave, if that dominates it: then
// nothing was written in between. What is stored is as if it was read from there, and so is what an
// object is made of; and a store to some other spot leaves alone what was known: one that is as
// far from the same base, another field, or another object.
//
// So do instructions that only may trap: where an equal one dominates, it does not. What else is
// known of references is in refs.c.

#include "opt/spots.h"
#include "opt/watch.h"

#include <string.h>

enum { RECENT = 8, FAR = 32 }; // how many are looked at

typedef struct { u32 of[DOMAIN_COUNT]; } Versions;

typedef struct {
    Spot spot;
    NodeId node;     // that would read it, or one like it
    NodeId value;
    BlockId block;
    u32 version, next; // in a chain of those with equal hashes, plus 1
} Known;

typedef struct {
    Graph *g;
    Refs refs;
    Versions *out;       // by block: at its end
    const u32 *writes;   // by region: domains
    u32 versions;        // so far
    Versions now;
    BlockId at;
    u32 known_count, known_cap; Known *known;
    u32 *table, table_size;
    u32 recent[RECENT], recent_at; // what was learnt of memory, globals and objects last, plus 1
} State;

static Node *node(const State *s, NodeId id) { return &s->g->nodes[id]; }

enum { READS = (1 << DOMAIN_COUNT) - 1 };
static u32 writes_of(const State *s, const Node *n) { return node_effects(s->g, n) >> 8 & READS; }
static u32 reads_of(const State *s, const Node *n)
{
    u32 reads = node_effects(s->g, n) & READS;
    if (reads == READS_heap && is_heap_read(n) && !heap_field(s->g, n)->mutable) return 0;
    return reads;
}

// ---- Versions

const u32 *graph_writes(Graph *g)
{
    u32 *writes = NEW_ARRAY(g->arena, u32, g->region_count);
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        graph_work(g, b->count);
        for (u32 i = 0; i < b->count && b->region != NO_REGION; i++)
            writes[b->region] |= node_effects(g, &g->nodes[g->skeleton[b->first + i]]) >> 8 & READS;
        if (b->region != NO_REGION && b->go == GO_call) writes[b->region] |= READS;
    }
    for (u32 r = g->region_count; r-- > 0;)
        if (g->regions[r].outer != NO_REGION) writes[g->regions[r].outer] |= writes[r];
    return writes;
}

static void begin_block(State *s, BlockId id)
{
    Graph *g = s->g;
    const Block *b = &g->blocks[id];
    u32 fresh = 0;
    for (u32 i = 0; i < b->pred_count; i++) {
        BlockId pred = g->words[b->preds + i];
        if (pred >= id) continue;
        const Versions *from = &s->out[pred];
        for (u32 d = 0; d < DOMAIN_COUNT; d++) {
            if (!i) s->now.of[d] = from->of[d];
            else if (s->now.of[d] != from->of[d]) fresh |= 1u << d;
        }
    }
    if (!b->pred_count) memset(&s->now, 0, sizeof s->now);
    if (block_is_header(g, id)) fresh |= s->writes[b->region];
    if (fresh) s->versions++;
    for (u32 d = 0; d < DOMAIN_COUNT; d++)
        if (fresh >> d & 1) s->now.of[d] = s->versions;
    s->at = id;
    memset(s->recent, 0, sizeof s->recent);
    refs_begin(&s->refs, id);
}

// ---- What is known

static u32 version_of(const State *s, u32 reads)
{
    u32 version = 0;
    for (u32 d = 0; d < DOMAIN_COUNT; d++)
        if (reads >> d & 1) version = MAX(version, s->now.of[d]);
    return version;
}

// May the value be used for what the instruction gives?
static bool fits(const State *s, NodeId value, NodeId id)
{
    return type_matches(s->g->m->store, node(s, value)->type, node(s, id)->type);
}

// The value, where it is known; 0 else.
static NodeId known_value(State *s, NodeId id, const Spot *spot, u32 version)
{
    u32 slot = spot_hash(spot, version) & (s->table_size - 1), far = FAR;
    for (u32 i = s->table[slot]; i && far--; i = s->known[i - 1].next) {
        const Known *k = &s->known[i - 1];
        graph_work(s->g, 1);
        if (k->version != version || !spot_same(&k->spot, spot) ||
            !(spot->kind == SPOT_memory || fits(s, k->value, id)) ||
            !graph_dominates(s->g, k->block, s->at))
            continue;
        NodeId value = spot_value(s->g, id, k->node, k->value);
        if (value) return value;
    }
    return 0;
}

static void learn(State *s, NodeId id, const Spot *spot, NodeId value, u32 version)
{
    u32 slot = spot_hash(spot, version) & (s->table_size - 1);
    graph_work(s->g, 2);
    ARENA_PUSH(s->g->arena, s->known, s->known_count, s->known_cap) =
        (Known){*spot, id, value, s->at, version, s->table[slot]};
    s->table[slot] = s->known_count;
    if (spot->kind != SPOT_other) s->recent[s->recent_at++ % RECENT] = s->known_count;
}

// Is that there already? As much of it as is written, at least.
static bool is_there(const State *s, const Spot *spot, u32 version, NodeId value)
{
    u32 slot = spot_hash(spot, version) & (s->table_size - 1), far = FAR;
    for (u32 i = s->table[slot]; i && far--; i = s->known[i - 1].next) {
        const Known *k = &s->known[i - 1];
        graph_work(s->g, 1);
        if (k->version == version && k->value == value && spot_same(&k->spot, spot) &&
            k->spot.bytes >= spot->bytes && graph_dominates(s->g, k->block, s->at))
            return true;
    }
    return false;
}

// ---- A block

// Its part of the state has a new version; what is known of other spots is so of that too.
static void write(State *s, const Spot *spot, u32 domains)
{
    u32 few[RECENT], before = version_of(s, domains);
    memcpy(few, s->recent, sizeof few);
    s->versions++;
    for (u32 d = 0; d < DOMAIN_COUNT; d++)
        if (domains >> d & 1) s->now.of[d] = s->versions;
    if (spot->kind == SPOT_other) return;
    for (u32 i = 0; i < RECENT; i++) {
        Known k = few[i] ? s->known[few[i] - 1] : (Known){0};
        if (k.node && k.version == before && spots_apart(s->g, spot, &k.spot))
            learn(s, k.node, &k.spot, k.value, s->versions);
    }
}

// Others write there, and make it larger.
bool graph_is_shared(const Graph *g, const Node *n)
{
    Imm imm;
    Bytes bytes;
    bool size = n->op == OP_memory_size;
    if (!is_access(n) && !size) return false;
    node_read_imm(g, n, &imm, &bytes);
    u32 memory = size ? imm.memory : imm.memarg.memory;
    return g->m->memories[memory].type.limits.shared;
}

static void read(State *s, NodeId id, u32 reads)
{
    u32 version = version_of(s, reads);
    Spot spot = spot_of(&s->refs, id);
    NodeId value = known_value(s, id, &spot, version);
    s->g->gains += value != 0;
    if (value) graph_same(s->g, id, value);
    else learn(s, id, &spot, id, version);
}

// What a new object holds, as far as it is looked at.
static void made(State *s, NodeId id)
{
    enum { FIELDS = 16 };
    u32 count = MIN(heap_count(s->g, id), FIELDS);
    for (u32 i = 0; i < count; i++) {
        NodeId value = heap_first(s->g, id, i);
        Spot spot = heap_spot(s->g, id, i);
        bool mutable = heap_field_at(s->g, node(s, id), i)->mutable;
        if (value) learn(s, id, &spot, value, version_of(s, mutable ? READS_heap : 0));
    }
}

// ends: the block, by saying where it goes on.
static void look_at(State *s, NodeId id, bool ends)
{
    if (refs_look(&s->refs, id, s->at)) return;
    Node *n = node(s, id);
    u32 effects = node_effects(s->g, n), reads = reads_of(s, n), writes = writes_of(s, n);
    if (ends && effects & THROWS) writes = READS; // who throws need not leave all as it was
    bool one = !(reads & (reads - 1)) && node_count(n) <= COUNT_OF((Spot){0}.in);
    if (n->op >= OP_COUNT || graph_is_shared(s->g, n)) return;
    if (is_fresh(n)) {
        made(s, id);
    } else if (writes) {
        bool plain = is_plain_write(n), access = is_access(n) && node_count(n) == 2;
        Spot spot = plain || access ? spot_of(&s->refs, id) : (Spot){0};
        NodeId value = plain ? graph_at(s->g, node_inputs(s->g, n)[node_count(n) - 1]) : 0;
        if (plain && is_there(s, &spot, version_of(s, writes), value)) {
            graph_same(s->g, id, value);
            s->g->gains++;
            return;
        }
        write(s, &spot, writes);
        if (plain) learn(s, id, &spot, value, version_of(s, writes));
    } else if (!ends && one && n->type && effects && !(effects & ~(READS | TRAPS))) {
        read(s, id, reads);
    }
}

void graph_remember(Graph *g)
{
    enum { LEAST = 64 };
    u32 before = g->gains;
    State s = {.g = g, .refs = {.g = g}, .table_size = LEAST};
    while (s.table_size < g->skeleton_count) s.table_size *= 2;
    s.table = NEW_ARRAY(g->arena, u32, s.table_size);
    s.out = NEW_ARRAY(g->arena, Versions, g->block_count);
    s.writes = graph_writes(g);
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        begin_block(&s, id);
        for (u32 i = b->phi_count; i < b->count; i++)
            look_at(&s, g->skeleton[b->first + i], i + 1 == b->count && block_ends_by_last(b));
        refs_end(&s.refs, id);
        s.out[id] = s.now;
    }
    if (g->gains > before) graph_note(g, "read or checked before: %u", g->gains - before);
}
