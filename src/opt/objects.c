// objects.c -- objects that nobody sees but the function that makes them are not made: what their
// fields hold are values.
//
//     (local.set $p (struct.new $point (x) (y)))          x' = phi x, x' + 1
//     (loop (struct.set $point 0 (local.get $p)           loop
//             (i32.add (struct.get $point 0 ...) 1)) ...)
//
// Of a new object only fields are read and written, if it stays here: whatever else is done with it
// may show it to others. What is written has a value at the end of each block, and where those of
// several ways differ, or in a loop that writes it, a phi. What is never written may itself meet
// others like it in a phi: then its fields do.
//
// Elements of an array with few of them are as fields, where all indices are constants.

#include "opt/spots.h"
#include "opt/watch.h"

#include <string.h>

typedef struct {
    NodeId node;
    BlockId block; // it stands in
    u32 like;      // the object, plus 1, whose fields a phi has; of others 0
    u32 count;     // of fields
    u32 reach;     // of those of a phi that are read, the last, plus 1
    u32 first;     // of the values of its fields, or of those in each block, if it is written
    bool phi, written, escapes;
} Object;

typedef struct {
    BlockId block;
    NodeId phi;
    u32 var;       // of a loop that writes it; else NO_VAR
    u32 next;      // of the same block, plus 1
} NewPhi;
enum { NO_VAR = UINT32_MAX };

typedef struct {
    Graph *g;
    u32 object_count, object_cap; Object *objects;
    u32 node_count, *of;           // by node: its object, plus 1
    u32 value_count, value_cap; NodeId *values; // of fields that are never written
    u32 var_count, var_cap; struct Var { u32 object, field; } *vars; // fields that are
    NodeId *out;                   // by block, and var: what it holds at the end; 0: nothing yet
    bool *written_in;              // by region, and var
    u32 phi_count, phi_cap; NewPhi *phis;
} Objects;

static Node *node(const Objects *o, NodeId id) { return &o->g->nodes[id]; }
static Object *object(const Objects *o, NodeId id)
{
    id = graph_at(o->g, id);
    return id < o->node_count && o->of[id] ? &o->objects[o->of[id] - 1] : NULL;
}

// ---- Which stay here

static void add_object(Objects *o, NodeId id, BlockId block, bool phi)
{
    enum { FIELDS = 32 };
    u32 count = phi ? 0 : heap_count(o->g, id);
    if (!phi && (!count || count > FIELDS)) return;
    ARENA_PUSH(o->g->arena, o->objects, o->object_count, o->object_cap) =
        (Object){.node = id, .block = block, .count = count, .phi = phi};
    o->of[id] = o->object_count;
}

static bool is_candidate(const Node *n)
{
    return n->op == OP_struct_new || n->op == OP_struct_new_default || n->op == OP_array_new ||
           n->op == OP_array_new_default || n->op == OP_array_new_fixed;
}

static bool makes_objects(const Graph *g)
{
    for (BlockId b = 0; b < g->block_count; b++)
        for (u32 i = 0; i < g->blocks[b].count; i++)
            if (is_candidate(&g->nodes[g->skeleton[g->blocks[b].first + i]])) return true;
    return false;
}

static void find_objects(Objects *o)
{
    const Graph *g = o->g;
    o->node_count = g->node_count;
    o->of = NEW_ARRAY(g->arena, u32, g->node_count);
    graph_work(o->g, g->node_count / 4);
    for (BlockId b = 0; b < g->block_count; b++)
        for (u32 i = 0; i < g->blocks[b].count; i++) {
            NodeId id = g->skeleton[g->blocks[b].first + i];
            const Node *n = node(o, id);
            if (n->op == NODE_phi && type_is_ref(n->type)) add_object(o, id, b, true);
            else if (is_candidate(n)) add_object(o, id, b, false);
        }
}

// Which field of its first operand the instruction is about; UINT32_MAX: that is not known.
static u32 field_of(const Objects *o, Node *n)
{
    Imm imm;
    Bytes bytes;
    if (op_info[n->op].immediates == IMM_type_field) {
        node_read_imm(o->g, n, &imm, &bytes);
        return imm.type_field.field;
    }
    const Node *index = node(o, graph_at(o->g, node_inputs(o->g, n)[1]));
    return index->op == OP_i32_const ? (u32)index->bits : UINT32_MAX;
}

static void look_at_use(Objects *o, Node *n, u32 which, Object *used)
{
    bool sets = n->op == OP_struct_set || n->op == OP_array_set;
    if (n->op == NODE_phi) return;
    if (n->op == OP_ref_eq) used->escapes |= used->phi; // of two new ones it is known
    else if (which || !(sets || is_heap_read(n))) used->escapes = true;
    else if (used->phi && (sets || field_of(o, n) == UINT32_MAX)) used->escapes = true;
    else if (used->phi) used->reach = MAX(used->reach, field_of(o, n) + 1);
    else if (field_of(o, n) >= used->count) used->escapes = true;
    else used->written |= sets;
}

static void look_at_uses(Objects *o)
{
    for (NodeId id = 1; id < o->node_count; id++) {
        Node *n = node(o, id);
        if (!(n->flags & NODE_used) || node_is_const(n)) continue;
        u32 count = node_count(n);
        graph_work(o->g, 1 + count / 4);
        for (u32 i = 0; i < count; i++) {
            Object *used = object(o, node_inputs(o->g, n)[i]);
            if (used) look_at_use(o, n, i, used);
        }
    }
}

static bool escape(Object *x)
{
    bool changed = !x->escapes;
    x->escapes = true;
    return changed;
}

// A phi has the fields of what it is, if all of that has the same, and nobody writes any.
static bool look_at_phi(Objects *o, Object *phi)
{
    Node *n = node(o, phi->node);
    u32 count = node_count(n);
    bool good = !phi->escapes, changed = false;
    graph_work(o->g, count);
    for (u32 i = 0; i < count; i++) {
        const Object *in = object(o, node_inputs(o->g, n)[i]);
        good = good && in && !in->escapes && !in->written;
        if (!good) break;
        u32 like = in->phi ? in->like : (u32)(in - o->objects) + 1;
        if (!like || like == phi->like) continue;
        const Object *a = &o->objects[like - 1];
        if (!phi->like) {
            phi->like = like;
            phi->count = a->count;
            changed = true;
        } else {
            const Object *b = &o->objects[phi->like - 1];
            good = a->count == b->count && node(o, a->node)->type == node(o, b->node)->type;
        }
    }
    if (good && phi->reach <= phi->count) return changed;
    if (good && !phi->like) return changed; // what it is like is not found yet
    changed |= escape(phi);
    for (u32 i = 0; i < count; i++) {
        Object *in = object(o, node_inputs(o->g, n)[i]);
        if (in) changed |= escape(in);
    }
    return changed;
}

// False: it is not certain which do.
static bool find_escapes(Objects *o)
{
    enum { ROUNDS = 16 };
    bool changed = true;
    look_at_uses(o);
    for (u32 i = 0; i < ROUNDS && changed; i++) {
        changed = false;
        for (u32 k = 0; k < o->object_count; k++)
            if (o->objects[k].phi) changed |= look_at_phi(o, &o->objects[k]);
    }
    for (u32 k = 0; k < o->object_count; k++) {
        Object *x = &o->objects[k];
        x->escapes |= x->phi && !x->like; // of nothing but each other
    }
    return !changed;
}

// ---- Values of fields that are never written

static Type field_type(const Objects *o, const Object *x, u32 field)
{
    const Object *like = x->like ? &o->objects[x->like - 1] : x;
    return type_unpacked(heap_field_at(o->g, node(o, like->node), field)->type);
}

static NodeId new_phi(Objects *o, Type type, BlockId block, u32 var)
{
    NodeId phi = graph_add(o->g, NODE_phi, type, NULL, 0, 0);
    ARENA_PUSH(o->g->arena, o->phis, o->phi_count, o->phi_cap) = (NewPhi){block, phi, var, 0};
    return phi;
}

static void fill_phi(Objects *o, NodeId phi, const NodeId *in, u32 count)
{
    Graph *g = o->g;
    Node *n = node(o, phi);
    n->flags |= NODE_many;
    n->in[0] = g->input_count;
    n->in[1] = count;
    graph_work(g, count);
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(g->arena, g->inputs, g->input_count, g->input_cap) = in[i];
}

static bool stays(const Object *x) { return x && !x->escapes; }

static void find_values(Objects *o)
{
    for (u32 k = 0; k < o->object_count; k++) {
        Object *x = &o->objects[k];
        if (!stays(x) || x->written) continue;
        x->first = o->value_count;
        for (u32 f = 0; f < x->count; f++) {
            NodeId value = x->phi ? new_phi(o, field_type(o, x, f), x->block, NO_VAR)
                                  : heap_first(o->g, x->node, f);
            ARENA_PUSH(o->g->arena, o->values, o->value_count, o->value_cap) = value;
        }
    }
    for (u32 k = 0; k < o->object_count; k++) {
        const Object *x = &o->objects[k];
        if (!stays(x) || !x->phi) continue;
        u32 count = node_count(node(o, x->node));
        NodeId *from = NEW_ARRAY(o->g->arena, NodeId, count);
        for (u32 f = 0; f < x->count; f++) {
            for (u32 i = 0; i < count; i++) {
                const Object *in = object(o, node_inputs(o->g, node(o, x->node))[i]);
                from[i] = o->values[in->first + f];
            }
            fill_phi(o, o->values[x->first + f], from, count);
        }
    }
}

// ---- Values of fields that are

// As many as there is room for: the others are made as they were.
static void find_vars(Objects *o)
{
    enum { ROOM_LEAST = 1 << 12, ROOM_A_NODE = 8 };
    u64 each = (u64)o->g->block_count + o->g->region_count;
    u64 room = ROOM_LEAST + ROOM_A_NODE * (u64)o->node_count;
    for (u32 k = 0; k < o->object_count; k++) {
        Object *x = &o->objects[k];
        if (!stays(x) || !x->written) continue;
        x->escapes = (o->var_count + x->count) * each > room;
        x->first = o->var_count;
        for (u32 f = 0; f < x->count && stays(x); f++)
            ARENA_PUSH(o->g->arena, o->vars, o->var_count, o->var_cap) = (struct Var){k, f};
    }
    graph_work(o->g, o->var_count * each / 4);
    o->out = NEW_ARRAY(o->g->arena, NodeId, (size_t)o->var_count * o->g->block_count);
    o->written_in = NEW_ARRAY(o->g->arena, bool, (size_t)o->var_count * o->g->region_count);
}

static bool is_write(const Node *n) { return n->op == OP_struct_set || n->op == OP_array_set; }

static void find_written(Objects *o)
{
    const Graph *g = o->g;
    for (BlockId b = 0; b < g->block_count; b++)
        for (u32 i = 0; i < g->blocks[b].count; i++) {
            Node *n = node(o, g->skeleton[g->blocks[b].first + i]);
            const Object *x = is_write(n) ? object(o, node_inputs(g, n)[0]) : NULL;
            if (!stays(x)) continue;
            u32 var = x->first + field_of(o, n);
            for (u32 r = g->blocks[b].region; r != NO_REGION; r = g->regions[r].outer) {
                bool *written = &o->written_in[(size_t)r * o->var_count + var];
                if (*written) break;
                *written = true;
            }
        }
}

static NodeId *out_of(const Objects *o, BlockId b) { return o->out + (size_t)b * o->var_count; }

static Type var_type(const Objects *o, u32 var)
{
    return field_type(o, &o->objects[o->vars[var].object], o->vars[var].field);
}

// Where ways meet. A header's phis get what comes back to it in the end.
static NodeId value_at(Objects *o, BlockId id, u32 var, NodeId *from)
{
    const Graph *g = o->g;
    const Block *b = &g->blocks[id];
    const BlockId *preds = g->words + b->preds;
    bool same = true;
    NodeId first = out_of(o, preds[0])[var];
    if (!first) return 0;
    if (block_is_header(g, id)) {
        bool changes = o->written_in[(size_t)b->region * o->var_count + var];
        return changes ? new_phi(o, var_type(o, var), id, var) : first;
    }
    for (u32 i = 0; i < b->pred_count; i++) {
        from[i] = out_of(o, preds[i])[var];
        if (!from[i]) return 0;
        same &= from[i] == first;
    }
    if (same) return first;
    NodeId phi = new_phi(o, var_type(o, var), id, NO_VAR);
    fill_phi(o, phi, from, b->pred_count);
    return phi;
}

static void begin_vars(Objects *o, BlockId id, NodeId *now)
{
    u32 preds = o->g->blocks[id].pred_count;
    if (!preds) return;
    NodeId *from = NEW_ARRAY(o->g->arena, NodeId, o->var_count ? preds : 0);
    graph_work(o->g, (u64)preds * o->var_count / 4);
    for (u32 v = 0; v < o->var_count; v++) now[v] = value_at(o, id, v, from);
}

static void fill_headers(Objects *o)
{
    const Graph *g = o->g;
    for (u32 p = 0; p < o->phi_count; p++) {
        NewPhi new = o->phis[p];
        if (new.var == NO_VAR) continue;
        const Block *b = &g->blocks[new.block];
        NodeId *from = NEW_ARRAY(g->arena, NodeId, b->pred_count);
        for (u32 i = 0; i < b->pred_count; i++)
            from[i] = out_of(o, g->words[b->preds + i])[new.var];
        fill_phi(o, new.phi, from, b->pred_count);
    }
}

// ---- Instructions

static void look_at(Objects *o, NodeId id, NodeId *now)
{
    Node *n = node(o, id);
    const Object *made = object(o, id);
    if (stays(made) && made->written)
        for (u32 f = 0; f < made->count; f++)
            now[made->first + f] = heap_first(o->g, id, f);
    if (made || !(is_heap_read(n) || is_write(n))) return;
    const Object *x = object(o, node_inputs(o->g, n)[0]);
    if (!stays(x)) return;
    u32 field = x->first + field_of(o, n);
    if (is_write(n)) {
        NodeId value = graph_at(o->g, node_inputs(o->g, n)[node_count(n) - 1]);
        now[field] = value;
        graph_same(o->g, id, value); // nobody asks: it gives nothing
        return;
    }
    NodeId value = x->written ? now[field] : o->values[field];
    Type stored = heap_field(o->g, n)->type;
    graph_same(o->g, id, heap_unpacked(o->g, n->op, stored, value));
}

static void walk(Objects *o)
{
    Graph *g = o->g;
    for (BlockId id = 0; id < g->block_count; id++) {
        NodeId *now = out_of(o, id);
        begin_vars(o, id, now);
        for (u32 i = g->blocks[id].phi_count; i < g->blocks[id].count; i++)
            look_at(o, g->skeleton[g->blocks[id].first + i], now);
    }
    fill_headers(o);
}

// No new object that stays here is another one.
static void compare(Objects *o)
{
    for (NodeId id = 1; id < o->node_count; id++) {
        const Node *n = node(o, id);
        if (n->op != OP_ref_eq || !(n->flags & NODE_used)) continue;
        NodeId a = graph_at(o->g, n->in[0]), b = graph_at(o->g, n->in[1]);
        if (stays(object(o, a)) || stays(object(o, b)))
            graph_same(o->g, id, graph_const(o->g, TYPE_i32, a == b));
    }
}

// None of those that stay here is made.
static bool leave_out(Objects *o)
{
    bool any = false;
    for (u32 k = 0; k < o->object_count; k++) {
        const Object *x = &o->objects[k];
        if (!stays(x)) continue;
        any = true;
        if (x->phi) continue;
        graph_note(o->g, "%s %%%u is not made", op_info[node(o, x->node)->op].text, x->node);
        o->g->gains++;
        graph_same(o->g, x->node, graph_zero(o->g, node(o, x->node)->type | TYPE_NULL));
    }
    return any;
}

static void put_phis(Objects *o)
{
    Graph *g = o->g;
    u32 *first = NEW_ARRAY(g->arena, u32, o->phi_count ? g->block_count : 0);
    NodeId *list = NEW_ARRAY(g->arena, NodeId, o->phi_count);
    for (u32 p = o->phi_count; p-- > 0;) {
        o->phis[p].next = first[o->phis[p].block];
        first[o->phis[p].block] = p + 1;
    }
    for (u32 p = 0; p < o->phi_count; p++) {
        BlockId id = o->phis[p].block;
        u32 count = 0;
        for (u32 i = first[id]; i; i = o->phis[i - 1].next) list[count++] = o->phis[i - 1].phi;
        first[id] = 0;
        if (count) graph_put_phis(g, id, list, count);
    }
}

static bool unmake_once(Graph *g)
{
    Objects o = {.g = g};
    find_objects(&o);
    if (!o.object_count || !find_escapes(&o)) return false;
    find_vars(&o);
    find_values(&o);
    find_written(&o);
    walk(&o);
    compare(&o);
    put_phis(&o);
    return leave_out(&o);
}

// One that another holds may stay here when that is gone.
void graph_unmake(Graph *g)
{
    enum { ROUNDS = 4 };
    bool some = g->rules && makes_objects(g);
    for (u32 i = 0; i < ROUNDS && some; i++) {
        graph_tidy(g); // so that it is known who is used
        some = unmake_once(g);
    }
    if (some) graph_tidy(g);
}
