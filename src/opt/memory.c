// memory.c -- what was read or written before need not be read again.
//
// Each part of the state has a version, a number that changes wherever it may be written; where
// ways with other versions meet, or at the head of a loop in which it is written, it is a new one.
// A read of one version, of the same place, gives what the first gave, if that dominates it: then
// nothing was written in between. What is stored is as if it was read from there; and a store to
// some other place, one that is as far from the same base, leaves alone what was known.
//
// So do instructions that only may trap: where an equal one dominates, it does not.

#include "opt/watch.h"

#include <string.h>

enum { RECENT = 8, FAR = 32 }; // how many are looked at

typedef struct { u32 of[DOMAIN_COUNT]; } Versions;

// Where in a linear memory: so far behind what a node gives, modulo 2^32. Or a global.
typedef struct {
    NodeId base;     // 0: at a fixed place
    u64 offset;
    u32 memory, bytes;
} Place;

typedef struct {
    NodeId node;     // that would read it, or one like it
    NodeId value;
    BlockId block;
    u32 version, next; // in a chain of those with equal hashes, plus 1
} Known;

typedef struct {
    Graph *g;
    Versions *out;       // by block: at its end
    const u32 *writes;   // by region: domains
    u32 versions;        // so far
    Versions now;
    BlockId at;
    u32 known_count, known_cap; Known *known;
    u32 *table, table_size;
    u32 found;           // reads and checks that need not be
    u32 recent[RECENT], recent_at; // what was learnt of memory and globals last, plus 1
} State;

static Node *node(const State *s, NodeId id) { return &s->g->nodes[id]; }

enum { READS = (1 << DOMAIN_COUNT) - 1 };
static u32 reads_of(const State *s, const Node *n) { return node_effects(s->g, n) & READS; }
static u32 writes_of(const State *s, const Node *n) { return node_effects(s->g, n) >> 8 & READS; }

// ---- Versions

const u32 *graph_writes(Graph *g)
{
    u32 *writes = NEW_ARRAY(g->arena, u32, g->region_count);
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        graph_work(g, b->count);
        for (u32 i = 0; i < b->count && b->region != NO_REGION; i++)
            writes[b->region] |= node_effects(g, &g->nodes[g->skeleton[b->first + i]]) >> 8 & READS;
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
}

// ---- What is known

static u32 version_of(const State *s, u32 reads)
{
    u32 version = 0;
    for (u32 d = 0; d < DOMAIN_COUNT; d++)
        if (reads >> d & 1) version = MAX(version, s->now.of[d]);
    return version;
}

static u32 mix(u32 hash, u32 word) { return (hash ^ word) * 0x9e3779b1u ^ hash >> 15; }

static bool is_access(const Node *n)
{
    return n->op < OP_COUNT && op_info[n->op].bits && op_info[n->op].immediates == IMM_memarg;
}

// All that counts of the immediates: not what they say of alignment.
typedef struct { u64 offset; u32 memory; Bytes bytes; } Which;

static Which which(const State *s, const Node *n)
{
    Imm imm;
    Bytes bytes;
    if (op_info[n->op].immediates == IMM_none) return (Which){0};
    node_read_imm(s->g, n, &imm, &bytes);
    if (is_access(n)) return (Which){.offset = imm.memarg.offset, .memory = imm.memarg.memory};
    return (Which){.bytes = bytes};
}

static u32 hash_of(const State *s, Node *n, Op op, u32 inputs, u32 version)
{
    u32 hash = mix(op, version);
    Which imm = which(s, n);
    hash = mix(mix(hash, (u32)imm.offset), imm.memory);
    for (u32 i = 0; i < inputs; i++) hash = mix(hash, graph_at(s->g, node_inputs(s->g, n)[i]));
    for (size_t i = 0; i < imm.bytes.len; i++) hash = mix(hash, imm.bytes.data[i]);
    return hash;
}

// As a read: a store is like the load of its width.
static Op read_of(const Node *n)
{
    switch (n->op) {
    case OP_i32_store: return OP_i32_load;
    case OP_i64_store: return OP_i64_load;
    case OP_f32_store: return OP_f32_load;
    case OP_f64_store: return OP_f64_load;
    case OP_v128_store: return OP_v128_load;
    case OP_global_set: return OP_global_get;
    default: return (Op)n->op;
    }
}
static u32 inputs_of(const Node *n) { return node_count(n) - (read_of(n) != n->op); }

static bool same_read(const State *s, Node *a, Node *b)
{
    if (read_of(a) != read_of(b) || inputs_of(a) != inputs_of(b)) return false;
    for (u32 i = 0; i < inputs_of(a); i++)
        if (graph_at(s->g, node_inputs(s->g, a)[i]) != graph_at(s->g, node_inputs(s->g, b)[i]))
            return false;
    Which x = which(s, a), y = which(s, b);
    return x.offset == y.offset && x.memory == y.memory && bytes_same(x.bytes, y.bytes);
}

static bool dominates(const State *s, BlockId a, BlockId b)
{
    return s->g->blocks[a].depth <= s->g->blocks[b].depth && graph_common(s->g, a, b) == a;
}

// The value, where it is known; 0 else.
static NodeId known_value(State *s, NodeId id, u32 version)
{
    Node *n = node(s, id);
    u32 slot = hash_of(s, n, read_of(n), inputs_of(n), version) & (s->table_size - 1), far = FAR;
    for (u32 i = s->table[slot]; i && far--; i = s->known[i - 1].next) {
        const Known *k = &s->known[i - 1];
        graph_work(s->g, 1);
        Node *known = node(s, k->node);
        // What the same check gives has the type that was known of its operand there.
        bool fits = known->type == n->type || read_of(known) != known->op;
        if (k->version == version && fits && same_read(s, known, n) &&
            dominates(s, k->block, s->at))
            return k->value;
    }
    return 0;
}

static void learn(State *s, NodeId id, NodeId value, u32 version)
{
    Node *n = node(s, id);
    u32 slot = hash_of(s, n, read_of(n), inputs_of(n), version) & (s->table_size - 1);
    graph_work(s->g, 2);
    ARENA_PUSH(s->g->arena, s->known, s->known_count, s->known_cap) =
        (Known){id, value, s->at, version, s->table[slot]};
    s->table[slot] = s->known_count;
    bool kept = op_info[n->op].bits || read_of(n) == OP_global_get;
    if (kept) s->recent[s->recent_at++ % RECENT] = s->known_count;
}

// ---- Places

static Place place_of(const State *s, Node *n)
{
    Imm imm;
    Bytes bytes;
    node_read_imm(s->g, n, &imm, &bytes);
    NodeId base = graph_at(s->g, node_inputs(s->g, n)[0]);
    Place p = {base, imm.memarg.offset, imm.memarg.memory, op_info[n->op].bits / 8};
    Node *a = node(s, base);
    if (a->op == OP_i32_const) return (Place){0, a->bits + p.offset, p.memory, p.bytes};
    if (a->op != OP_i32_add || node(s, graph_at(s->g, a->in[1]))->op != OP_i32_const) return p;
    p.base = graph_at(s->g, a->in[0]);
    p.offset += node(s, graph_at(s->g, a->in[1]))->bits;
    return p;
}

// However the addition wraps.
static bool are_apart(Place a, Place b)
{
    if (a.memory != b.memory) return false; // one may be imported twice
    u32 between = (u32)(b.offset - a.offset);
    return a.base == b.base && between >= a.bytes && (u32)-between >= b.bytes &&
           a.offset <= UINT32_MAX && b.offset <= UINT32_MAX;
}

static u32 global_of(const State *s, const Node *n)
{
    Imm imm;
    Bytes bytes;
    node_read_imm(s->g, n, &imm, &bytes);
    return imm.global;
}

static bool leaves_alone(const State *s, Node *write, Node *known)
{
    const Module *m = s->g->m;
    if (write->op == OP_global_set && read_of(known) == OP_global_get) {
        u32 a = global_of(s, write), b = global_of(s, known);
        return a != b && (a >= m->imported_globals || b >= m->imported_globals);
    }
    if (!is_access(write) || !is_access(known)) return false;
    return are_apart(place_of(s, write), place_of(s, known));
}

// ---- A block

// Its part of the state has a new version; what is known of other places is so of that too.
static void write(State *s, NodeId id, u32 domains)
{
    Node *n = node(s, id);
    u32 few[RECENT], before = version_of(s, domains);
    memcpy(few, s->recent, sizeof few);
    s->versions++;
    for (u32 d = 0; d < DOMAIN_COUNT; d++)
        if (domains >> d & 1) s->now.of[d] = s->versions;
    if (n->op != OP_global_set && !(is_access(n) && node_count(n) == 2)) return;
    for (u32 i = 0; i < RECENT; i++) {
        Known k = few[i] ? s->known[few[i] - 1] : (Known){0};
        if (k.node && k.version == before && leaves_alone(s, n, node(s, k.node)))
            learn(s, k.node, k.value, s->versions);
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
    NodeId value = known_value(s, id, version);
    s->found += value != 0;
    if (value) graph_same(s->g, id, value);
    else learn(s, id, id, version);
}

static void look_at(State *s, NodeId id)
{
    Node *n = node(s, id);
    u32 effects = node_effects(s->g, n), reads = reads_of(s, n), writes = writes_of(s, n);
    if (n->op >= OP_COUNT || graph_is_shared(s->g, n)) return;
    if (writes) {
        write(s, id, writes);
        bool plain = read_of(n) != n->op;
        if (plain) learn(s, id, node_inputs(s->g, n)[node_count(n) - 1], version_of(s, writes));
    } else if (n->type && effects && !(effects & ~(READS | TRAPS)) && !(reads & (reads - 1))) {
        read(s, id, reads);
    }
}

void graph_remember(Graph *g)
{
    enum { LEAST = 64 };
    State s = {.g = g, .table_size = LEAST};
    while (s.table_size < g->skeleton_count) s.table_size *= 2;
    s.table = NEW_ARRAY(g->arena, u32, s.table_size);
    s.out = NEW_ARRAY(g->arena, Versions, g->block_count);
    s.writes = graph_writes(g);
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        begin_block(&s, id);
        for (u32 i = b->phi_count; i < b->count; i++) look_at(&s, g->skeleton[b->first + i]);
        s.out[id] = s.now;
    }
    if (s.found) graph_note(g, "read or checked before: %u", s.found);
}
