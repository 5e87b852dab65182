// emit.c -- bytes of a body, and the image of what they leave on the stack. See gen.h.
//
// Where a module is to be spoilt, the mistake is made here: one byte code, index or type is another
// than it should be.

#include "gen.h"

static bool spoilt(Gen *g) { return g->spoil && !--g->spoil; }

void emit_byte(Gen *g, u32 byte) { buf_byte(&g->body, (u8)byte); }

void emit_u(Gen *g, u64 n)
{
    if (spoilt(g)) n += odds(g, 1, 2) ? 1 : pick(g, 4) - 1u;
    buf_leb_u(&g->body, n);
}

void emit_s(Gen *g, s64 n) { buf_leb_s(&g->body, n); }

u32 row_seen[OP_COUNT], row_drawn[OP_COUNT];

void emit_op(Gen *g, Op op)
{
    if (spoilt(g)) op = (Op)pick(g, OP_COUNT);
    row_seen[op]++;
    u32 opcode = op_info[op].opcode, prefix = op_prefix(opcode);
    if (prefix) {
        buf_byte(&g->body, (u8)prefix);
        buf_leb_u(&g->body, op_sub(opcode));
    } else {
        buf_byte(&g->body, (u8)opcode);
    }
    g->left--;
}

void emit_index(Gen *g, Op op, u64 index)
{
    emit_op(g, op);
    emit_u(g, index);
}

static bool heap_matches(const Gen *g, Ty t, Ty want)
{
    if (t == want) return true;
    bool concrete = t >= TY_FIRST_REF, object = concrete && ty_type(t) < g->object_count;
    if (concrete && !object) return want == TY_func && !ty_is_cont(g, t);
    switch (want) {
    case TY_any: return object || t >= TY_anyref;
    case TY_eq: return object || t >= TY_eqref;
    case TY_struct: return object && g->types[ty_type(t)].kind == TYPE_struct;
    case TY_array: return object && g->types[ty_type(t)].kind == TYPE_array;
    default: break;
    }
    if (!object) return false;
    u8 super = g->types[ty_type(t)].super;
    while (super && ty_to(super - 1u, false) != want) super = g->types[super - 1].super;
    return super;
}

bool ty_matches(const Gen *g, Ty t, Ty want)
{
    if (t == want || !ty_is_ref(t) || !ty_is_ref(want)) return t == want;
    return (ty_null(want) || !ty_null(t)) && heap_matches(g, t | 1, want | 1);
}

void emit_heap(Gen *g, Buf *out, Ty ty)
{
    static const u8 codes[] = {0x70, 0x6f, 0x69, 0x6e, 0x6d, 0x6c, 0x6b, 0x6a};
    if (ty >= TY_FIRST_REF) buf_leb_s(out, ty_type(ty));
    else buf_byte(out, codes[(ty - TY_funcref) / 2]);
}

void emit_type(Gen *g, Buf *out, Ty ty)
{
    if (spoilt(g)) {
        u32 other = 1 + pick(g, TY_array + 6); // those with names, and some of the module's
        ty = (Ty)other;
    }
    if (!ty_is_ref(ty)) {
        buf_byte(out, (u8)(0x80 - ty));
        return;
    }
    // Abstract ones that may be null have a short form.
    if (ty >= TY_FIRST_REF || !ty_null(ty)) buf_byte(out, ty_null(ty) ? 0x63 : 0x64);
    emit_heap(g, out, ty);
}

u32 type_of(Gen *g, const FuncTy *type)
{
    for (u32 i = 0; i < g->type_count; i++)
        if (!g->types[i].kind && tys_equal(&g->types[i].params, &type->params) &&
            tys_equal(&g->types[i].results, &type->results))
            return i;
    g->types[g->type_count] = *type;
    return g->type_count++;
}

void emit_blocktype(Gen *g, const FuncTy *type)
{
    if (type->params.count || type->results.count > 1) buf_leb_s(&g->body, type_of(g, type));
    else if (type->results.count) emit_type(g, &g->body, type->results.at[0]);
    else buf_byte(&g->body, 0x40);
}

void push(Gen *g, Ty ty) { g->stack[g->height++] = ty; }

// In code that is not reached there may be fewer.
void pop(Gen *g, u32 count)
{
    u32 own = own_height(g);
    g->height -= MIN(count, own);
}

void push_all(Gen *g, const Tys *tys)
{
    for (u32 i = 0; i < tys->count; i++) push(g, tys->at[i]);
}

// One that exists, or a new one.
u32 new_local(Gen *g, Ty ty, bool kept)
{
    bool full = g->local_count == GEN_LOCALS;
    if (!kept && (full || odds(g, 3, 4)))
        for (u32 i = 0; i < g->local_count; i++)
            if (g->locals[i] == ty && !g->kept[i]) return i;
    if (full) return UINT32_MAX;
    g->locals[g->local_count] = ty;
    g->kept[g->local_count] = kept;
    return g->local_count++;
}

void emit_dead(Gen *g)
{
    g->height = inner(g)->base;
    g->dead = true;
}

void emit_end(Gen *g)
{
    GenBlock *b = inner(g);
    emit_op(g, OP_end);
    g->height = b->base;
    g->depth--;
    g->dead = false;
    push_all(g, &b->results);
}
