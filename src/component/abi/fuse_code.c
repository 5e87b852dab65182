// fuse_code.c -- see fuse_code.h.

#include "component/abi/fuse_code.h"

const char *const fuse_sig[FUSE_COUNT] = {
#define FUSE(name, sig) [FUSE_##name] = sig,
#include "component/abi/fuse.def"
};

// ---- Instructions

void put_u(Fuser *f, Op op, u64 immediate)
{
    put(f, op);
    buf_leb_u(&f->b->code, immediate);
}

void put_i32(Fuser *f, u32 value)
{
    put(f, OP_i32_const);
    buf_leb_s(&f->b->code, (s32)value);
}

void put_i64(Fuser *f, u64 value)
{
    put(f, OP_i64_const);
    buf_leb_s(&f->b->code, (s64)value);
}

void put_block(Fuser *f, Op op)
{
    put(f, op);
    encode_block_type(&f->b->code, &(ImmBlock){.form = BLOCK_empty});
}

static u32 memory_of(Fuser *f, const FuseSide *side);

void put_access(Fuser *f, Op op, const FuseSide *side, u32 offset)
{
    u32 memory = memory_of(f, side);
    put(f, op);
    buf_byte(&f->b->code, 0x40); // what memory follows; of the alignment nothing is said
    buf_leb_u(&f->b->code, memory);
    buf_leb_u(&f->b->code, offset);
}

void put_size(Fuser *f, const FuseSide *side)
{
    enum { PAGE_LOG2 = 16 };
    put_u(f, OP_memory_size, memory_of(f, side));
    put_convert(f, address_letter(side), 'l');
    put_i64(f, PAGE_LOG2);
    put(f, OP_i64_shl);
}

void put_copy(Fuser *f, const FuseSide *to, const FuseSide *from)
{
    u32 source = memory_of(f, from);
    put_u(f, OP_memory_copy, memory_of(f, to));
    buf_leb_u(&f->b->code, source);
}

static const char letters[] = "ilfd";
static u32 letter_number(u8 letter) { return (u32)(strchr(letters, letter) - letters); }

u32 zero_local(Fuser *f, u8 letter)
{
    Body *b = f->b;
    ARENA_PUSH(f->arena, b->letters, b->count, b->cap) = letter;
    return b->count - 1;
}

u32 take_local(Fuser *f, u8 letter)
{
    Body *b = f->b;
    u32 n = letter_number(letter);
    return b->idle_count[n] ? b->idle[n][--b->idle_count[n]] : zero_local(f, letter);
}

void free_local(Fuser *f, u32 local)
{
    Body *b = f->b;
    u32 n = letter_number(b->letters[local]);
    ARENA_PUSH(f->arena, b->idle[n], b->idle_count[n], b->idle_cap[n]) = local;
}

void put_convert(Fuser *f, u8 have, u8 want)
{
    if (have == want) return;
    if (have == 'f') put(f, OP_i32_reinterpret_f32);
    if (have == 'd') put(f, OP_i64_reinterpret_f64);
    bool was_wide = have == 'l' || have == 'd', is_wide = want == 'l' || want == 'd';
    if (was_wide && !is_wide) put(f, OP_i32_wrap_i64);
    if (!was_wide && is_wide) put(f, OP_i64_extend_i32_u);
    if (want == 'f') put(f, OP_f32_reinterpret_i32);
    if (want == 'd') put(f, OP_f64_reinterpret_i64);
}

// ---- Types and imports

static u32 type_of(Fuser *f, Bytes sig)
{
    const u32 *known = map_get(&f->type_map, sig.data, sig.len);
    if (known) return *known;
    const u8 *copy = arena_copy(f->arena, sig.data, sig.len);
    map_add(&f->type_map, copy, sig.len, f->sig_count);
    ARENA_PUSH(f->arena, f->sigs, f->sig_count, f->sig_cap) = (Bytes){copy, sig.len};
    return f->sig_count - 1;
}

static ExternKind import_kind(u32 kind)
{
    switch (kind) {
    case FUSE_memory: return EXTERN_memory;
    case FUSE_may_leave: case FUSE_may_enter: case FUSE_context: return EXTERN_global;
    default: return EXTERN_func;
    }
}

// Its number in the index space of its kind.
static u32 import(Fuser *f, FuseImport i, Bytes sig)
{
    const u32 *known = map_get(&f->import_map, &i, sizeof i);
    if (known) return f->imports[*known].index;
    ExternKind kind = import_kind(i.kind);
    map_add(&f->import_map, arena_copy(f->arena, &i, sizeof i), sizeof i, f->import_count);
    FuseImported *made = &ARENA_PUSH(f->arena, f->imports, f->import_count, f->import_cap);
    *made = (FuseImported){i, f->counts[kind]++, 0};
    if (kind == EXTERN_func) made->type = type_of(f, sig);
    return made->index;
}

static u32 memory_of(Fuser *f, const FuseSide *side)
{
    return import(f, (FuseImport){FUSE_memory, side->memory, 0, side->wide, 0}, (Bytes){0});
}

void call_runtime(Fuser *f, FuseImport i)
{
    put_u(f, OP_call, import(f, i, sig_of(fuse_sig[i.kind])));
}

void put_global(Fuser *f, Op op, FuseKind kind, u32 instance, u32 which)
{
    put_u(f, op, import(f, (FuseImport){kind, instance, which, 0, 0}, (Bytes){0}));
}

void set_flag(Fuser *f, FuseKind kind, u32 instance, bool value)
{
    put_i32(f, value);
    put_global(f, OP_global_set, kind, instance, 0);
}

void fail_if(Fuser *f, Trap trap)
{
    put_block(f, OP_if);
    put_i32(f, trap);
    call_runtime(f, (FuseImport){.kind = FUSE_fail});
    put_end(f);
}

static void put_call(Fuser *f, u32 func, Bytes sig, const u32 *args, u32 result)
{
    u32 n = 0;
    for (; sig.data[n] != '_'; n++) {
        get(f, args[n]);
        put_convert(f, f->b->letters[args[n]], sig.data[n]);
    }
    put_u(f, OP_call, func);
    if (n + 1 == sig.len) return;
    put_convert(f, sig.data[n + 1], f->b->letters[result]);
    set(f, result);
}

void call_core(Fuser *f, u32 slot, Bytes sig, const u32 *args, u32 result)
{
    u32 func = import(f, (FuseImport){FUSE_func, slot, type_of(f, sig), 0, 0}, sig);
    if (!f->world.catches) {
        put_call(f, func, sig, args, result);
        return;
    }
    put_block(f, OP_block);
    put_block(f, OP_block);
    put_block(f, OP_try_table);
    buf_bytes(&f->b->code, (u8[]){1, 0x02, 0}, 3); // all of them, behind the inner block
    put_call(f, func, sig, args, result);
    put_end(f);
    put_u(f, OP_br, 1);
    put_end(f);
    put_i32(f, TRAP_exception_at_border);
    call_runtime(f, (FuseImport){.kind = FUSE_fail});
    put_end(f);
}

enum { PADDED = 5 }; // bytes of a number that is filled in later

void call_own(Fuser *f, u32 func)
{
    Body *b = f->b;
    put(f, OP_call);
    ARENA_PUSH(f->arena, b->calls, b->call_count, b->call_cap) = (OwnCall){b->code.len, func};
    buf_bytes(&b->code, (u8[PADDED]){0}, PADDED);
}

u32 begin_func(Fuser *f, Bytes sig)
{
    Body *b = NEW(f->arena, Body);
    FuseFunc *made = &ARENA_PUSH(f->arena, f->funcs, f->func_count, f->func_cap);
    *made = (FuseFunc){.body = b, .type = type_of(f, sig)};
    buf_init(&b->code, f->arena);
    f->b = b;
    for (u32 i = 0; sig.data[i] != '_'; i++) zero_local(f, sig.data[i]);
    b->params = b->count;
    b->crossing = FUSE_NONE;
    return f->func_count - 1;
}

u32 find_helper(Fuser *f, HelperKey key, const char *name, Bytes sig)
{
    const u32 *known = map_get(&f->helper_map, &key, sizeof key);
    if (known && !f->funcs[*known].bad) return *known;
    Body *before = f->b;
    u32 made = begin_func(f, sig);
    f->b = before;
    f->funcs[made].name = name;
    f->funcs[made].key = key;
    map_set(&f->helper_map, arena_copy(f->arena, &key, sizeof key), sizeof key, made);
    ARENA_PUSH(f->arena, f->waiting, f->waiting_count, f->waiting_cap) = made;
    return made;
}
