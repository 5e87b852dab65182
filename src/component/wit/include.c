// include.c -- what a world gets from one that it includes. See resolver.h.
//
// Interfaces are the same in both. What has a name, types and functions and interfaces without a
// name of their own, is copied, and may get another name; types within the copies are those of this
// world.
// spec: WIT/Worlds, Union of Worlds with include

#include "component/wit/resolver.h"

typedef struct {
    Wit *wit;
    const WitPackage *p;
    const WitInclusion *inclusion;
    // What is copied stands in one of the first two, and the copies in the others.
    const WitInterface *from_interface;
    const WitWorld *from_world;
    WitInterface *to_interface;
    WitWorld *to_world;
    bool foreign; // a world of another package, whose versions are not ours
} Copier;

static const WitGate no_gate = {.kind = GATE_none};

static const WitGate *copy_gate(const Copier *c, const WitGate *gate)
{
    return gate && c->foreign && gate->kind == GATE_since ? &no_gate : gate;
}

static const WitNotes *copy_notes(const Copier *c, const WitNotes *notes)
{
    if (copy_gate(c, &notes->gate) == &notes->gate) return notes;
    WitNotes *copy = arena_copy(c->wit->arena, notes, sizeof *notes);
    copy->gate = no_gate;
    return copy;
}

static bool stands_there(const Copier *c, const WitType *t)
{
    return (t->interface || t->world) && t->interface == c->from_interface &&
           t->world == c->from_world;
}

static WitPart *copy_parts(Copier *c, const WitPart *parts, u32 count);

// Types that have names are copied in order, so this goes no deeper than those without.
static WitType *copy_type(Copier *c, WitType *t)
{
    Wit *wit = c->wit;
    bool named = t && (t->interface || t->world);
    if (!t || t->kind < WIT_own) return t;
    if (t->copy_round == wit->round) return t->copy;
    if (named && !stands_there(c, t)) return t; // used from an interface, which both have
    wit_spend(wit, 1 + t->part_count);
    WitType *copy = arena_copy(wit->arena, t, sizeof *t);
    copy->own = NULL;
    copy->gate = copy_gate(c, t->gate);
    if (named) {
        copy->interface = c->to_interface;
        copy->world = c->to_world;
    }
    copy->of = copy_type(c, t->of);
    copy->second = copy_type(c, t->second);
    copy->parts = copy_parts(c, t->parts, t->part_count);
    if (t->resource) copy->resource = t->resource == t ? copy : copy->of->resource;
    copy->index = wit->type_count;
    ARENA_PUSH(wit->arena, wit->types, wit->type_count, wit->type_cap) = copy;
    t->copy = copy;
    t->copy_round = wit->round;
    return copy;
}

static WitPart *copy_parts(Copier *c, const WitPart *parts, u32 count)
{
    if (!count) return NULL;
    WitPart *copy = arena_copy(c->wit->arena, parts, count * sizeof *parts);
    for (u32 i = 0; i < count; i++) copy[i].type = copy_type(c, parts[i].type);
    return copy;
}

static WitFunc *copy_func(Copier *c, const WitFunc *f)
{
    wit_spend(c->wit, 1 + f->param_count);
    WitFunc *copy = arena_copy(c->wit->arena, f, sizeof *f);
    copy->resource = copy_type(c, f->resource);
    copy->params = copy_parts(c, f->params, f->param_count);
    copy->result = copy_type(c, f->result);
    copy->notes = copy_notes(c, f->notes);
    return copy;
}

static WitInterface *copy_interface(const Copier *outer, WitInterface *i)
{
    Copier c = *outer;
    Wit *wit = c.wit;
    WitInterface *copy = arena_copy(wit->arena, i, sizeof *i);
    wit_spend(wit, 1 + i->type_count + i->func_count);
    c.from_interface = i;
    c.from_world = NULL;
    c.to_interface = copy;
    c.to_world = NULL;
    copy->types = NEW_ARRAY(wit->arena, WitType *, (size_t)i->type_count + 1);
    copy->funcs = NEW_ARRAY(wit->arena, WitFunc *, (size_t)i->func_count + 1);
    for (u32 k = 0; k < i->type_count; k++) copy->types[k] = copy_type(&c, i->types[k]);
    for (u32 k = 0; k < i->func_count; k++) copy->funcs[k] = copy_func(&c, i->funcs[k]);
    copy->package = c.inclusion->to->package;
    copy->notes = copy_notes(&c, i->notes);
    copy->copy_of = i;
    copy->index = wit->interface_count;
    ARENA_PUSH(wit->arena, wit->interfaces, wit->interface_count, wit->interface_cap) = copy;
    return copy;
}

// ---- Other names

// [method]NAME.f and the like: where the name stands in it.
static Bytes name_within(Bytes name)
{
    size_t start = 0, end;
    for (size_t i = 0; i < name.len && name.data[0] == '['; i++)
        if (name.data[i] == ']') start = i + 1;
    for (end = start; end < name.len && name.data[end] != '.';) end++;
    return (Bytes){name.data + start, end - start};
}

static bool is_named(const WitItem *item, const WitNode *rename)
{
    return item->name.len && bytes_same(name_within(item->name), rename->name);
}

static Bytes new_name(const Copier *c, const WitItem *item)
{
    Buf out;
    const WitNode *n = c->inclusion->node->items;
    while (n && !is_named(item, n)) n = n->next;
    if (!n) return item->name;
    Bytes old = item->name, within = name_within(old);
    size_t front = (size_t)(within.data - old.data), behind = front + within.len;
    buf_init(&out, c->wit->arena);
    buf_bytes(&out, old.data, front);
    buf_bytes(&out, n->other.data, n->other.len);
    buf_bytes(&out, old.data + behind, old.len - behind);
    return buf_view(&out);
}

static bool has_name(const WitItems *items, const WitNode *rename)
{
    for (u32 i = 0; i < items->count; i++)
        if (is_named(&items->items[i], rename)) return true;
    return false;
}

static void check_renames(const Copier *c)
{
    const WitInclusion *in = c->inclusion;
    for (const WitNode *n = in->node->items; n; n = n->next) {
        wit_spend(c->wit, in->from->imports.count + in->from->exports.count);
        if (!has_name(&in->from->imports, n) && !has_name(&in->from->exports, n))
            wit_fail(c->wit, (WitSpot){in->at.file, n->at}, ERR_wit_unknown_name,
                     "world \"%.*s\" has no import or export that is called \"%.*s\" there",
                     WIT_SAY(in->from->name), WIT_SAY(n->name));
    }
}

// ---- Items

static void include_named(Copier *c, const WitItem *item, WitItems *to, const char *does)
{
    WitItem copy = *item;
    u32 renames = 0;
    for (const WitNode *n = c->inclusion->node->items; n; n = n->next) renames++;
    wit_spend(c->wit, 1 + renames);
    copy.name = new_name(c, item);
    copy.gate = copy_gate(c, item->gate);
    copy.at = c->inclusion->at;
    if (item->type) {
        copy.type = copy_type(c, item->type);
        copy.type->name = copy.name;
    } else if (item->func) {
        copy.func = copy_func(c, item->func);
        copy.func->name = copy.name;
    } else if (!item->interface->name.len) {
        copy.interface = copy_interface(c, item->interface);
    }
    if (wit_items_add(c->wit->arena, to, &copy))
        wit_fail(c->wit, copy.at, ERR_wit_duplicate_name,
                 "the world %s \"%.*s\" already; `with { %.*s as ... }` gives it another name",
                 does, WIT_SAY(copy.name), WIT_SAY(copy.name));
}

static bool same_gate(const WitGate *a, const WitGate *b)
{
    return a->kind == b->kind && bytes_same(a->feature, b->feature) &&
           bytes_same(a->since.text, b->since.text) &&
           bytes_same(a->deprecated.text, b->deprecated.text);
}

static void include_interface(Copier *c, const WitItem *item, WitItems *to)
{
    WitItem copy = *item;
    wit_spend(c->wit, 1);
    copy.gate = copy_gate(c, item->gate);
    copy.at = c->inclusion->at;
    WitItem *other = wit_items_add(c->wit->arena, to, &copy);
    if (!other || same_gate(other->gate, copy.gate)) return;
    if (c->foreign && item->gate->kind == GATE_since) other->gate = &no_gate;
    else if (other->gate->kind == GATE_none) other->gate = copy.gate;
    else if (copy.gate->kind != GATE_none)
        wit_fail(c->wit, copy.at, ERR_wit_gate,
                 "\"%.*s\" has another gate here than in what is included",
                 WIT_SAY(item->interface->name));
}

static void include_items(Copier *c, const WitItems *from, WitItems *to, const char *does)
{
    for (u32 i = 0; i < from->count; i++) {
        if (from->items[i].name.len) include_named(c, &from->items[i], to, does);
        else include_interface(c, &from->items[i], to);
    }
}

void wit_include(Wit *wit, const WitPackage *p, const WitInclusion *in)
{
    Copier c = {.wit = wit, .p = p, .inclusion = in, .from_world = in->from, .to_world = in->to,
                .foreign = in->from->package != p};
    if (in->from->index == WIT_LEFT_OUT)
        wit_fail(wit, in->at, ERR_wit_closed_gate, "world \"%.*s\" is needed here",
                 WIT_SAY(in->from->name));
    wit->round++;
    check_renames(&c);
    include_items(&c, &in->from->imports, &in->to->imports, "imports");
    include_items(&c, &in->from->exports, &in->to->exports, "exports");
}
