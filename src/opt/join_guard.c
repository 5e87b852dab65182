// join_guard.c -- may stores be joined: is all in the memory, and what changes places apart? See
// join.h.
//
// What stands from the first load or store of a vector to the last is done in another order: all
// loads, then all stores. Nobody can tell where none of them traps, and no store is at what is read
// behind it, or written by one that it changes places with. Of accesses at known distances from
// each other, a range, that is known where they are; of two ranges it is compared. A range is in
// the memory where an access in front says so, or the first of all, that reaches as far and stays
// the first; else that is compared as well.

#include "opt/join.h"

static const Access *lowest_of(const Joiner *j, const JoinRange *r)
{
    return &j->accesses[r->lowest].a;
}

static NodeId address_of(const Joiner *j, const Access *a)
{
    return graph_at(j->g, j->g->nodes[a->node].in[0]);
}

// ---- Ranges

static bool put_in_range(Joiner *j, u32 access)
{
    const Access *a = &j->accesses[access].a;
    u64 bytes;
    u32 r = 0;
    for (; r < j->range_count; r++) {
        JoinRange *range = &j->ranges[r];
        u64 behind = distance_of(lowest_of(j, range), a);
        u64 front = distance_of(a, lowest_of(j, range));
        if (behind == UINT64_MAX && front == UINT64_MAX) continue;
        if (behind == UINT64_MAX) bytes = MAX(range->bytes + front, a->bytes);
        else bytes = MAX(range->bytes, behind + a->bytes);
        if (bytes > INT32_MAX) continue;
        if (behind == UINT64_MAX) range->lowest = access;
        range->bytes = bytes;
        break;
    }
    if (r == JOIN_RANGES) return join_cannot(j, "it is in too many places");
    if (r == j->range_count)
        j->ranges[j->range_count++] = (JoinRange){.lowest = access, .bytes = a->bytes};
    j->accesses[access].range = r;
    j->ranges[r].loads |= !a->store;
    return true;
}

// Does the one reach to the range's end, wherever that is, and so all of it is in the memory?
static bool reaches(const Joiner *j, const JoinRange *r, const Access *a)
{
    const Access *lowest = lowest_of(j, r);
    return a->memory == lowest->memory && address_of(j, a) == address_of(j, lowest) &&
           a->offset + a->bytes >= lowest->offset + r->bytes;
}

// Those in front, in this block.
static bool was_reached(const Joiner *j, const JoinRange *r)
{
    enum { FAR = 64 };
    const Graph *g = j->g;
    const Block *b = &g->blocks[j->block];
    u32 far = MIN(j->first - b->phi_count, (u32)FAR);
    graph_work(j->g, far);
    for (u32 i = 1; i <= far; i++) {
        NodeId id = g->skeleton[b->first + j->first - i];
        const Node *n = &g->nodes[id];
        if (n->op >= OP_COUNT || !is_plain_access(n->op)) continue;
        Access a = access_at(g, id, false);
        if (a.memory != j->memory) continue;
        if (!lowest_of(j, r)->core && g->nodes[a.core].op == OP_i32_const) continue;
        if (reaches(j, r, &a)) return true;
    }
    return false;
}

static bool is_sure(const Joiner *j, const JoinRange *r, u32 leader)
{
    const Access *lowest = lowest_of(j, r), *a = &j->accesses[leader].a;
    const Limits *limits = &j->g->m->memories[j->memory].type.limits;
    if (!lowest->core && lowest->offset + r->bytes <= limits->min << limits->page_log2)
        return true;
    if (was_reached(j, r)) return true;
    return j->accesses[leader].range == (u32)(r - j->ranges) && reaches(j, r, a) &&
           (!a->store || !r->loads);
}

// ---- What changes places

// Where what the store is part of is done.
static u32 place_of(const Joiner *j, u32 access)
{
    const JoinAccess *a = &j->accesses[access];
    return a->a.grouped ? j->groups[a->group].first : access;
}

static bool is_one(const Joiner *j, u32 x, u32 y)
{
    const JoinAccess *a = &j->accesses[x], *b = &j->accesses[y];
    return a->a.grouped && b->a.grouped && a->group == b->group;
}

// Of one range.
static bool are_apart(const Joiner *j, u32 x, u32 y)
{
    const JoinAccess *a = &j->accesses[x], *b = &j->accesses[y];
    const Access *lowest = lowest_of(j, &j->ranges[a->range]);
    u64 p = distance_of(lowest, &a->a), q = distance_of(lowest, &b->a);
    return p + a->a.bytes <= q || q + b->a.bytes <= p;
}

static bool check_order(Joiner *j)
{
    for (u32 x = 0; x < j->access_count; x++) {
        const JoinAccess *a = &j->accesses[x];
        if (!a->a.store || !join_moves(j, a)) continue;
        graph_work(j->g, j->access_count - x);
        for (u32 y = x + 1; y < j->access_count; y++) {
            const JoinAccess *b = &j->accesses[y];
            if (!join_moves(j, b)) break;
            bool stays = b->a.store && place_of(j, x) < place_of(j, y);
            if (stays || (b->a.store && is_one(j, x, y))) continue;
            if (a->range != b->range)
                j->guarded = j->apart[MIN(a->range, b->range)][MAX(a->range, b->range)] = true;
            else if (!are_apart(j, x, y)) return join_cannot(j, "it is read or written in between");
        }
    }
    return true;
}

// ----

bool join_ranges(Joiner *j)
{
    u32 leader = JOIN_ACCESSES;
    j->range_count = 0;
    j->guarded = false;
    for (u32 i = 0; i < JOIN_RANGES; i++)
        for (u32 k = 0; k < JOIN_RANGES; k++) j->apart[i][k] = false;
    for (u32 i = 0; i < j->access_count; i++) {
        if (!join_moves(j, &j->accesses[i])) continue;
        leader = MIN(leader, i);
        if (!put_in_range(j, i)) return false;
        graph_work(j->g, j->range_count);
        if (join_depends(j, address_of(j, &j->accesses[i].a)) != DEPENDS_not)
            return join_cannot(j, "where it is, is read in between");
    }
    for (u32 r = 0; r < j->range_count; r++) {
        j->ranges[r].sure = is_sure(j, &j->ranges[r], leader);
        j->guarded |= !j->ranges[r].sure;
    }
    return check_order(j);
}

// ---- Finding out

u32 join_cost(const Joiner *j)
{
    enum { SIZE = 2, BRANCH = 1, RANGE = 4, APART = 4 };
    u32 cost = 0;
    bool size = false;
    if (!j->guarded) return 0;
    for (u32 r = 0; r < j->range_count; r++) {
        size |= !j->ranges[r].sure;
        cost += j->ranges[r].sure ? 0 : RANGE;
        for (u32 k = 0; k < j->range_count; k++) cost += j->apart[r][k] ? APART : 0;
    }
    return cost + BRANCH + (size ? SIZE : 0);
}

static NodeId number(Joiner *j, u64 bits) { return graph_const(j->g, TYPE_i64, bits); }

static NodeId start_of(Joiner *j, const JoinRange *r)
{
    const Access *a = lowest_of(j, r);
    Imm imm;
    Bytes bytes;
    node_read_imm(j->g, &j->g->nodes[a->node], &imm, &bytes);
    NodeId address = pure_1(j->g, OP_i64_extend_i32_u, address_of(j, a));
    return pure_2(j->g, OP_i64_add, address, number(j, imm.memarg.offset));
}

static NodeId and_also(Joiner *j, NodeId a, NodeId b)
{
    return a ? pure_2(j->g, OP_i32_and, a, b) : b;
}

// `size`: of the memory, in bytes.
NodeId join_condition(Joiner *j, NodeId size)
{
    Graph *g = j->g;
    NodeId all = 0;
    for (u32 r = 0; r < j->range_count; r++) {
        const JoinRange *x = &j->ranges[r];
        if (x->sure) continue;
        NodeId end = pure_2(g, OP_i64_add, start_of(j, x), number(j, x->bytes));
        all = and_also(j, all, pure_2(g, OP_i64_le_u, end, size));
    }
    for (u32 r = 0; r < j->range_count; r++)
        for (u32 k = r + 1; k < j->range_count; k++) {
            if (!j->apart[r][k]) continue;
            // the second begins no less than so far behind the first, or ends in front of it
            const JoinRange *x = &j->ranges[r], *y = &j->ranges[k];
            NodeId by = pure_2(g, OP_i64_sub, start_of(j, y), start_of(j, x));
            NodeId from = pure_2(g, OP_i64_add, by, number(j, y->bytes - 1));
            NodeId apart = pure_2(g, OP_i64_ge_u, from, number(j, x->bytes + y->bytes - 1));
            all = and_also(j, all, apart);
        }
    return all;
}
