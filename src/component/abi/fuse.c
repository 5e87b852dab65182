// fuse.c -- see fuse.h. Adapters, the helpers that call realloc, and the module.

#include "component/abi/fuse_code.h"
#include "component/abi/place.h"
#include "component/type/flat.h"

Fuser *fuse_begin(Arena *arena, const FuseWorld *world)
{
    Fuser *f = NEW(arena, Fuser);
    *f = (Fuser){.arena = arena, .world = *world, .types = world->types};
    map_init(&f->type_map, arena);
    map_init(&f->import_map, arena);
    map_init(&f->helper_map, arena);
    map_init(&f->seen, arena);
    return f;
}

// ---- What an instance has while a call is in it

// The context of a call begins as zeros. spec: CanonicalABI/thread state
static void save_context(Fuser *f, const FuseSide *side, u32 saved[2])
{
    for (u32 i = 0; i < 2 && side->context; i++) {
        put_global(f, OP_global_get, FUSE_context, side->instance, i);
        saved[i] = take_local(f, 'l');
        set(f, saved[i]);
        put_i64(f, 0);
        put_global(f, OP_global_set, FUSE_context, side->instance, i);
    }
}

static void restore_context(Fuser *f, const FuseSide *side, const u32 saved[2])
{
    for (u32 i = 0; i < 2 && side->context; i++) {
        get(f, saved[i]);
        put_global(f, OP_global_set, FUSE_context, side->instance, i);
        free_local(f, saved[i]);
    }
}

// ---- realloc. spec: CanonicalABI/lowering context

void call_realloc(Fuser *f, const FuseSide *side, u32 address, u32 old_size, u32 align, u32 size)
{
    HelperKey key = {HELPER_realloc, 0, 0, *side, *side};
    get(f, address);
    get(f, old_size);
    put_i32(f, align);
    get(f, size);
    call_own(f, find_helper(f, key, "realloc", sig_of("llil_l")));
    set(f, address);
}

// What it answers is checked, in memory as it is then.
static void write_realloc(Fuser *f, const HelperKey *key)
{
    enum { OLD, OLD_SIZE, ALIGN, SIZE };
    static const u32 args[] = {OLD, OLD_SIZE, ALIGN, SIZE};
    const FuseSide *side = &key->to;
    u32 saved[2], at = take_local(f, 'l');
    save_context(f, side, saved);
    set_flag(f, FUSE_may_leave, side->instance, false);
    call_core(f, side->realloc, sig_of(side->wide ? "llll_l" : "iiii_i"), args, at);
    set_flag(f, FUSE_may_leave, side->instance, true);
    restore_context(f, side, saved);
    get(f, at);
    put(f, OP_i32_wrap_i64);
    get(f, ALIGN);
    put_i32(f, 1);
    put(f, OP_i32_sub);
    put(f, OP_i32_and);
    fail_if(f, TRAP_realloc_unaligned);
    check_within(f, side, at, SIZE, TRAP_realloc_out_of_bounds);
    get(f, at);
    put_end(f);
}

// ---- Adapters

typedef struct {
    Fuser *f;
    const FusePair *pair;
    const CFunc *of_caller, *of_callee;
    FlatSig lower, lift;
    bool spills;              // parameters are more than are passed as such
    u32 args[FLAT_SIG_MOST];  // for the callee
    u32 result;               // that it gives
    u32 out;                  // what is given to the caller
    u32 saved[2];
} Adapter;

static Bytes sig_text(const FlatSig *sig, Buf *text)
{
    buf_bytes(text, sig->params, sig->count);
    buf_byte(text, '_');
    buf_bytes(text, sig->results, sig->result_count);
    return buf_view(text);
}

static Bytes new_sig(Fuser *f, const FlatSig *sig)
{
    Buf text;
    buf_init(&text, f->arena);
    return sig_text(sig, &text);
}

static bool holds_borrow(const Adapter *a)
{
    u32 holds = 0;
    for (u32 i = 0; i < a->of_caller->count; i++)
        holds |= ctype_holds(a->f->types, a->of_caller->params[i].type);
    return holds & HOLDS_borrow;
}

static void unless_flag(Fuser *f, FuseKind kind, u32 instance, Trap trap)
{
    put_global(f, OP_global_get, kind, instance, 0);
    put(f, OP_i32_eqz);
    fail_if(f, trap);
}

static void put_enter(Adapter *a)
{
    Fuser *f = a->f;
    const FusePair *p = a->pair;
    if (p->caller.leaves) unless_flag(f, FUSE_may_leave, p->caller.instance, TRAP_cannot_leave);
    for (u32 i = 0; i < p->checked_count; i++)
        unless_flag(f, FUSE_may_enter, p->checked[i], TRAP_cannot_enter);
    for (u32 i = 0; i < p->entered_count; i++) set_flag(f, FUSE_may_enter, p->entered[i], false);
    save_context(f, &p->callee, a->saved);
    if (!holds_borrow(a)) return;
    f->b->crossing = zero_local(f, 'i');
    call_runtime(f, (FuseImport){.kind = FUSE_begin});
    set(f, f->b->crossing);
}

static void put_leave(Adapter *a)
{
    Fuser *f = a->f;
    const FusePair *p = a->pair;
    restore_context(f, &p->callee, a->saved);
    for (u32 i = 0; i < p->entered_count; i++) set_flag(f, FUSE_may_enter, p->entered[i], true);
    if (f->b->crossing == FUSE_NONE) return;
    get(f, f->b->crossing);
    call_runtime(f, (FuseImport){.kind = FUSE_end});
}

// As one tuple, in the memory of that side.
static u32 tuple_size(Fuser *f, const FuseSide *side, const CField *fields, u32 count, u32 *align)
{
    Place at = {side, false, 0, 0}, part;
    *align = 1;
    for (u32 i = 0; i < count; i++) {
        u32 of = fuse_next(f, &at, fields[i].type, &part);
        *align = MAX(*align, of);
    }
    return (u32)abi_aligned(at.offset, *align);
}

// An address of values that one of the sides gave; what it says is checked.
static Place given_place(Fuser *f, const FuseSide *side, u32 local, const CField *fields, u32 count)
{
    u32 align, size = tuple_size(f, side, fields, count, &align);
    u32 at = take_local(f, 'l'), bytes = take_local(f, 'l');
    get(f, local);
    put_convert(f, f->b->letters[local], 'l');
    set(f, at);
    check_aligned(f, at, align, TRAP_unaligned_pointer);
    put_i64(f, size);
    set(f, bytes);
    check_within(f, side, at, bytes, TRAP_pointer_out_of_bounds);
    free_local(f, at);
    free_local(f, bytes);
    return (Place){side, false, local, 0};
}

// Room for all parameters, in the callee's memory; the address is its argument.
static Place new_place(Adapter *a, const FuseSide *side, const CField *fields, u32 count)
{
    Fuser *f = a->f;
    u32 align, size = tuple_size(f, side, fields, count, &align);
    u32 at = take_local(f, 'l'), none = take_local(f, 'l'), bytes = take_local(f, 'l');
    put_i64(f, 0);
    tee(f, at);
    set(f, none);
    put_i64(f, size);
    set(f, bytes);
    call_realloc(f, side, at, none, align, bytes);
    get(f, at);
    put_to_address(f, side);
    set(f, a->args[0]);
    free_local(f, at);
    free_local(f, none);
    free_local(f, bytes);
    return (Place){side, false, a->args[0], 0};
}

static void put_params(Adapter *a)
{
    Fuser *f = a->f;
    const FusePair *p = a->pair;
    const CField *from_fields = a->of_caller->params, *to_fields = a->of_callee->params;
    u32 count = a->of_caller->count;
    Place from = {&p->caller, true, 0, 0}, to = {&p->callee, true, 0, 0};
    for (u32 i = 0; i < a->lift.count; i++) a->args[i] = zero_local(f, a->lift.params[i]);
    to.local = a->args[0];
    if (a->spills) {
        from = given_place(f, &p->caller, 0, from_fields, count);
        to = new_place(a, &p->callee, to_fields, count);
    }
    for (u32 i = 0; i < count && !f->refused; i++) {
        CType t = from_fields[i].type, u = to_fields[i].type;
        Place in, out;
        fuse_next(f, &from, t, &in);
        fuse_next(f, &to, u, &out);
        fuse_value(f, t, u, in, out);
    }
}

// spec: CanonicalABI/canon lift: nothing that was borrowed may be left behind.
static void put_returned(Fuser *f)
{
    if (f->b->crossing == FUSE_NONE) return;
    get(f, f->b->crossing);
    call_runtime(f, (FuseImport){.kind = FUSE_returned});
}

static void put_result(Adapter *a)
{
    Fuser *f = a->f;
    const FusePair *p = a->pair;
    CField in = {{0}, a->of_callee->result}, out = {{0}, a->of_caller->result};
    if (in.type == CTYPE_NONE) {
        put_returned(f);
        return;
    }
    Place from = {&p->callee, true, a->result, 0}, to = {&p->caller, true, a->out, 0};
    bool many = ctype_layout(f->types, in.type)->flat_count > 1;
    if (many) from = given_place(f, &p->callee, a->result, &in, 1);
    put_returned(f);
    if (many) to = given_place(f, &p->caller, a->lower.count - 1, &out, 1);
    fuse_value(f, in.type, out.type, from, to);
}

static void put_post_return(Adapter *a)
{
    Fuser *f = a->f;
    const FusePair *p = a->pair;
    FlatSig sig = {.count = a->lift.result_count};
    if (p->post_return == FUSE_NONE) return;
    sig.params[0] = a->lift.results[0];
    set_flag(f, FUSE_may_leave, p->callee.instance, false);
    call_core(f, p->post_return, new_sig(f, &sig), &a->result, FUSE_NONE);
    set_flag(f, FUSE_may_leave, p->callee.instance, true);
}

static u32 flat_count(const Fuser *f, const CFunc *func)
{
    u32 count = 0;
    for (u32 i = 0; i < func->count && count <= FLAT_MOST; i++)
        count += ctype_layout(f->types, func->params[i].type)->flat_count;
    return count;
}

// What was written by then, and would be too much.
static void end_func(Fuser *f)
{
    f->made += f->b->code.len;
    if (f->made > f->world.room) f->refused = true;
}

static void put_adapter(Fuser *f, const FusePair *pair)
{
    Adapter a = {.f = f, .pair = pair};
    a.of_caller = ctype_def(f->types, pair->of_caller)->func;
    a.of_callee = ctype_def(f->types, pair->of_callee)->func;
    a.spills = flat_count(f, a.of_caller) > FLAT_MOST;
    cfunc_flatten(f->types, a.of_caller, (FlatWay){.is64 = pair->caller.wide}, &a.lower);
    cfunc_flatten(f->types, a.of_callee, (FlatWay){.lift = true, .is64 = pair->callee.wide},
                  &a.lift);
    u32 made = begin_func(f, new_sig(f, &a.lower));
    f->funcs[made].of = pair->name;
    ARENA_PUSH(f->arena, f->adapters, f->adapter_count, f->adapter_cap) = made;
    put_enter(&a);
    put_params(&a);
    if (a.lift.result_count) a.result = zero_local(f, a.lift.results[0]);
    if (a.lower.result_count) a.out = zero_local(f, a.lower.results[0]);
    call_core(f, pair->core, new_sig(f, &a.lift), a.args, a.result);
    put_result(&a);
    put_post_return(&a);
    put_leave(&a);
    if (a.lower.result_count) get(f, a.out);
    put_end(f);
    end_func(f);
}

size_t fuse_made(const Fuser *f) { return f->made; }

static void write_helper(Fuser *f, u32 func)
{
    const HelperKey key = f->funcs[func].key;
    f->b = f->funcs[func].body;
    switch ((HelperWhat)key.what) {
    case HELPER_copy: write_copy(f, &key); break;
    case HELPER_string: write_string(f, &key); break;
    case HELPER_ascii: write_ascii(f, &key); break;
    case HELPER_realloc: write_realloc(f, &key); break;
    }
    end_func(f);
}

// With what is refused goes what came with it, since that may call it.
bool fuse_add(Fuser *f, const FusePair *pair)
{
    u32 first = f->func_count;
    f->refused = f->made > f->world.room;
    if (f->refused) return false;
    put_adapter(f, pair);
    while (f->waiting_count) write_helper(f, f->waiting[--f->waiting_count]);
    if (!f->refused) return true;
    for (u32 i = first; i < f->func_count; i++) f->funcs[i].bad = true;
    f->adapter_count--;
    return false;
}

// ---- The module. spec: binary/modules

enum { TYPES = 1, IMPORTS = 2, FUNCS = 3, EXPORTS = 7, CODE = 10, NUMBER_MOST = 12 };

static void put_section(Buf *out, u8 id, u32 count, const Buf *items)
{
    Buf number;
    buf_init(&number, out->arena);
    buf_leb_u(&number, count);
    buf_byte(out, id);
    buf_leb_u(out, number.len + items->len);
    buf_bytes(out, number.data, number.len);
    buf_bytes(out, items->data, items->len);
}

static u8 type_code(u8 letter)
{
    return letter == 'i' ? 0x7f : letter == 'l' ? 0x7e : letter == 'f' ? 0x7d : 0x7c;
}

static void put_types(Buf *b, Bytes letters)
{
    buf_leb_u(b, letters.len);
    for (size_t i = 0; i < letters.len; i++) buf_byte(b, type_code(letters.data[i]));
}

static void put_sig(Buf *b, Bytes sig)
{
    size_t params = 0;
    while (sig.data[params] != '_') params++;
    buf_byte(b, 0x60);
    put_types(b, (Bytes){sig.data, params});
    put_types(b, (Bytes){sig.data + params + 1, sig.len - params - 1});
}

static const char *const import_names[FUSE_COUNT] = {
#define FUSE(name, sig) [FUSE_##name] = #name,
#include "component/abi/fuse.def"
};

static void put_import(Buf *b, const FuseImported *i)
{
    const char *name = import_names[i->import.kind];
    buf_byte(b, 0); // of ""
    buf_name(b, name, strlen(name));
    switch (i->import.kind) {
    case FUSE_memory:
        buf_byte(b, EXTERN_memory);
        encode_limits(b, &(Limits){.is64 = i->import.from_as, .page_log2 = 16});
        break;
    case FUSE_may_leave: case FUSE_may_enter: case FUSE_context:
        buf_byte(b, EXTERN_global);
        buf_byte(b, type_code(i->import.kind == FUSE_context ? 'l' : 'i'));
        buf_byte(b, 1);
        break;
    default:
        buf_byte(b, EXTERN_func);
        buf_leb_u(b, i->type);
    }
}

// Numbers of functions of its own are known now.
static void patch_calls(Fuser *f, Body *b)
{
    for (u32 i = 0; i < b->call_count; i++) {
        u32 number = f->counts[EXTERN_func] + b->calls[i].func;
        u8 *at = b->code.data + b->calls[i].at;
        for (u32 k = 0; k < 4; k++, number >>= 7) *at++ = (u8)(number | 0x80);
        *at = (u8)number;
    }
}

static void put_body(Fuser *f, Buf *out, const FuseFunc *func)
{
    Buf body;
    Body *b = func->body;
    buf_init(&body, f->arena);
    if (func->bad) {
        buf_name(out, encode_trap_body.data, encode_trap_body.len);
        return;
    }
    patch_calls(f, b);
    buf_leb_u(&body, b->count - b->params);
    for (u32 i = b->params; i < b->count; i++) {
        buf_byte(&body, 1);
        buf_byte(&body, type_code(b->letters[i]));
    }
    buf_bytes(&body, b->code.data, b->code.len);
    buf_name(out, body.data, body.len);
}

static Bytes number_text(u32 number, char text[NUMBER_MOST])
{
    char *at = text + NUMBER_MOST;
    do *--at = (char)('0' + number % 10);
    while (number /= 10);
    return (Bytes){(u8 *)at, (size_t)(text + NUMBER_MOST - at)};
}

static void put_names(Fuser *f, Buf *out)
{
    Buf names, section;
    buf_init(&names, f->arena);
    buf_init(&section, f->arena);
    buf_leb_u(&names, f->func_count);
    for (u32 i = 0; i < f->func_count; i++) {
        Bytes name = f->funcs[i].name ? bytes_of(f->funcs[i].name) : f->funcs[i].of;
        buf_leb_u(&names, f->counts[EXTERN_func] + i);
        buf_name(&names, name.data, name.len);
    }
    buf_name(&section, "name", 4);
    buf_byte(&section, 1); // of functions
    buf_name(&section, names.data, names.len);
    buf_byte(out, 0);
    buf_name(out, section.data, section.len);
}

static Bytes put_module(Fuser *f)
{
    Buf out, b;
    buf_init(&out, f->arena);
    buf_init(&b, f->arena);
    buf_bytes(&out, "\0asm\1\0\0\0", 8);
    for (u32 i = 0; i < f->sig_count; i++) put_sig(&b, f->sigs[i]);
    put_section(&out, TYPES, f->sig_count, &b);
    b.len = 0;
    for (u32 i = 0; i < f->import_count; i++) put_import(&b, &f->imports[i]);
    put_section(&out, IMPORTS, f->import_count, &b);
    b.len = 0;
    for (u32 i = 0; i < f->func_count; i++) buf_leb_u(&b, f->funcs[i].type);
    put_section(&out, FUNCS, f->func_count, &b);
    b.len = 0;
    for (u32 i = 0; i < f->adapter_count; i++) {
        char text[NUMBER_MOST];
        Bytes name = number_text(i, text);
        buf_name(&b, name.data, name.len);
        buf_byte(&b, EXTERN_func);
        buf_leb_u(&b, f->counts[EXTERN_func] + f->adapters[i]);
    }
    put_section(&out, EXPORTS, f->adapter_count, &b);
    b.len = 0;
    for (u32 i = 0; i < f->func_count; i++) put_body(f, &b, &f->funcs[i]);
    put_section(&out, CODE, f->func_count, &b);
    put_names(f, &out);
    return buf_view(&out);
}

Fused fuse_end(Fuser *f)
{
    FuseImport *imports = NEW_ARRAY(f->arena, FuseImport, f->import_count);
    for (u32 i = 0; i < f->import_count; i++) imports[i] = f->imports[i].import;
    return (Fused){put_module(f), imports, f->import_count};
}
