// fuse_string.c -- strings from one side to another: what string.c does, in the same steps, which a
// guest's realloc can see, but that realloc is called from here. Characters are gone through by the
// runtime's transcoders, which believe none of the addresses that they are given.
// spec: CanonicalABI/load_string, store_string

#include "base/transcode.h"
#include "component/abi/fuse_code.h"

// A string on its way. All but `whole` are i64.
typedef struct {
    Fuser *f;
    const FuseSide *from, *to;
    Code code;                   // of the source
    u32 ptr, units, len;         // the source
    u32 target, room, size;      // what realloc gave
    u32 read, written, whole;    // how far it is, in bytes; was that all?
} Route;

static void put_product(Fuser *f, u32 local, u32 factor)
{
    get(f, local);
    if (factor == 1) return;
    put_i64(f, factor);
    put(f, OP_i64_mul);
}

// To what is on the stack.
static void resize(Route *r, u32 align)
{
    set(r->f, r->size);
    call_realloc(r->f, r->to, r->target, r->room, align, r->size);
    get(r->f, r->size);
    set(r->f, r->room);
}

static void put_sum(Fuser *f, Op op, u32 a, u32 b)
{
    get(f, a);
    get(f, b);
    put(f, op);
}

static void add_to(Fuser *f, u32 local)
{
    get(f, local);
    put(f, OP_i64_add);
    set(f, local);
}

// Goes on to the end of the source or of the room, or to what is none of the target's.
static void go_on(Route *r, Code to)
{
    Fuser *f = r->f;
    put_sum(f, OP_i64_add, r->ptr, r->read);
    put_sum(f, OP_i64_sub, r->len, r->read);
    put_sum(f, OP_i64_add, r->target, r->written);
    put_sum(f, OP_i64_sub, r->room, r->written);
    call_runtime(f, (FuseImport){FUSE_transcode, r->from->memory, r->to->memory, r->code, to});
    set(f, r->whole);
    add_to(f, r->written);
    add_to(f, r->read);
}

// The same bytes are ASCII in UTF-8 and Latin-1, and a short string is mostly that: it is copied
// without the runtime. What turns out to be more begins anew.
static void start(Route *r, Code to)
{
    enum { SHORT = 64 };
    Fuser *f = r->f;
    HelperKey key = {HELPER_ascii, 0, 0, *r->from, *r->to};
    u8 sig[] = {address_letter(r->from), address_letter(r->to), 'l', '_', 'i'};
    get(f, r->len);
    put_i64(f, SHORT);
    put(f, OP_i64_le_u);
    put_block(f, OP_if);
    get(f, r->ptr);
    put_to_address(f, r->from);
    get(f, r->target);
    put_to_address(f, r->to);
    get(f, r->len);
    call_own(f, find_helper(f, key, "ascii", (Bytes){sig, sizeof sig}));
    set(f, r->whole);
    put_end(f);
    get(f, r->whole);
    put_block(f, OP_if);
    get(f, r->len);
    set(f, r->written);
    put(f, OP_else);
    go_on(r, to);
    put_end(f);
}

static void check_whole(Route *r)
{
    get(r->f, r->whole);
    put(r->f, OP_i32_eqz);
    fail_if(r->f, r->code == CODE_utf16 ? TRAP_invalid_utf16 : TRAP_invalid_utf8);
}

static void finish(Route *r, Code to)
{
    go_on(r, to);
    check_whole(r);
}

static void shrink(Route *r, u32 align)
{
    put_sum(r->f, OP_i64_ne, r->written, r->room);
    put_block(r->f, OP_if);
    get(r->f, r->written);
    resize(r, align);
    put_end(r->f);
}

// The answer: where, and how many units, of two bytes each if it is `wide`.
static void answer(Route *r, bool wide, bool tagged)
{
    Fuser *f = r->f;
    get(f, r->target);
    get(f, r->written);
    if (wide) put_i64(f, 1), put(f, OP_i64_shr_u);
    if (tagged) put_i64(f, (u64)1 << (r->to->wide ? 63 : 31)), put(f, OP_i64_or);
    put(f, OP_return);
}

// ---- Storing, as the specification has it

static void store_copy(Route *r, Code to, u32 align)
{
    put_product(r->f, r->units, code_unit(to));
    resize(r, align);
    if (r->code == CODE_utf16 || to == CODE_utf16) go_on(r, to);
    else start(r, to);
    check_whole(r);
}

static void store_to_utf8(Route *r, u32 worst)
{
    Fuser *f = r->f;
    get(f, r->units);
    resize(r, 1);
    if (r->code == CODE_latin1) start(r, CODE_ascii);
    else go_on(r, CODE_ascii);
    get(f, r->whole);
    put(f, OP_i32_eqz);
    put_block(f, OP_if);
    put_product(f, r->units, worst);
    resize(r, 1);
    finish(r, CODE_utf8);
    shrink(r, 1);
    put_end(f);
    answer(r, false, false);
}

static void store_to_latin1_or_utf16(Route *r)
{
    Fuser *f = r->f;
    get(f, r->units);
    resize(r, 2);
    if (r->code == CODE_utf8) start(r, CODE_latin1);
    else go_on(r, CODE_latin1);
    get(f, r->whole);
    put_block(f, OP_if);
    shrink(r, 2);
    answer(r, false, false);
    put_end(f);
    put_product(f, r->units, 2);
    resize(r, 2);
    get(f, r->target);
    get(f, r->written);
    call_runtime(f, (FuseImport){FUSE_widen, r->to->memory, 0, 0, 0});
    put_product(f, r->written, 2);
    set(f, r->written);
    finish(r, CODE_utf16);
    shrink(r, 2);
    answer(r, true, true);
}

static void store_probably_utf16(Route *r)
{
    Fuser *f = r->f;
    u32 narrow = take_local(f, 'l');
    store_copy(r, CODE_utf16, 2);
    get(f, r->target);
    get(f, r->written);
    call_runtime(f, (FuseImport){FUSE_narrow, r->to->memory, 0, 0, 0});
    tee(f, narrow);
    put_i64(f, 0);
    put(f, OP_i64_lt_s);
    put_block(f, OP_if);
    answer(r, true, true);
    put_end(f);
    get(f, narrow);
    tee(f, r->written);
    resize(r, 1);
    answer(r, false, false);
}

// What the source says is checked; `tagged`: it is UTF-16 that could have been Latin-1.
static void put_route(Route *r, Code from, bool tagged)
{
    Fuser *f = r->f;
    r->code = from;
    get(f, r->units);
    put_i64(f, ABI_MOST_BYTES / code_unit(from));
    put(f, OP_i64_gt_u);
    fail_if(f, TRAP_string_too_long);
    if (from != CODE_utf8) check_aligned(f, r->ptr, 2, TRAP_unaligned_pointer);
    put_product(f, r->units, code_unit(from));
    set(f, r->len);
    check_within(f, r->from, r->ptr, r->len, TRAP_string_out_of_bounds);
    if (r->to->encoding == COPTION_utf8) {
        if (from != CODE_utf8) {
            store_to_utf8(r, from == CODE_latin1 ? 2 : 3);
        } else {
            store_copy(r, CODE_utf8, 1);
            answer(r, false, false);
        }
    } else if (r->to->encoding == COPTION_utf16) {
        store_copy(r, CODE_utf16, 2);
        shrink(r, 2);
        answer(r, true, false);
    } else if (from == CODE_latin1) {
        store_copy(r, CODE_latin1, 2);
        answer(r, false, false);
    } else if (tagged) {
        store_probably_utf16(r);
    } else {
        store_to_latin1_or_utf16(r);
    }
}

static void put_tagged_route(Route *r)
{
    Fuser *f = r->f;
    u64 tag = (u64)1 << (r->from->wide ? 63 : 31);
    get(f, r->units);
    put_i64(f, tag);
    put(f, OP_i64_and);
    put_i64(f, 0);
    put(f, OP_i64_ne);
    put_block(f, OP_if);
    get(f, r->units);
    put_i64(f, ~tag);
    put(f, OP_i64_and);
    set(f, r->units);
    put_route(r, CODE_utf16, true);
    put_end(f);
    put_route(r, CODE_latin1, false);
}

void write_string(Fuser *f, const HelperKey *key)
{
    Route r = {.f = f, .from = &key->from, .to = &key->to, .ptr = 0, .units = 1};
    u32 *const of[] = {&r.len, &r.target, &r.room, &r.size, &r.read, &r.written};
    for (u32 i = 0; i < COUNT_OF(of); i++) *of[i] = zero_local(f, 'l');
    r.whole = zero_local(f, 'i');
    if (r.from->encoding == COPTION_latin1_utf16) put_tagged_route(&r);
    else put_route(&r, r.from->encoding == COPTION_utf16 ? CODE_utf16 : CODE_utf8, false);
    put_end(f);
}

// Parameters and locals of the helper that copies ASCII: addresses are as each side has them.
enum { ASCII_source, ASCII_target, ASCII_len, ASCII_last, ASCII_bytes };

static void put_either(Fuser *f, const FuseSide *side, Op op32, Op op64)
{
    put(f, side->wide ? op64 : op32);
}

static void put_step(Fuser *f, const FuseSide *side, u32 local, u32 size)
{
    get(f, local);
    if (side->wide) put_i64(f, size);
    else put_i32(f, size);
    put_either(f, side, OP_i32_add, OP_i64_add);
    set(f, local);
}

// So many bytes, and on to the next; answers 0 if they are no ASCII.
static void copy_ascii(Fuser *f, const HelperKey *key, u32 width)
{
    get(f, ASCII_source);
    put_access(f, width == 1 ? OP_i64_load8_u : OP_i64_load, &key->from, 0);
    tee(f, ASCII_bytes);
    put_i64(f, 0x8080808080808080);
    put(f, OP_i64_and);
    put(f, OP_i64_eqz);
    put(f, OP_i32_eqz);
    put_block(f, OP_if);
    put_i32(f, 0);
    put(f, OP_return);
    put_end(f);
    get(f, ASCII_target);
    get(f, ASCII_bytes);
    put_access(f, width == 1 ? OP_i64_store8 : OP_i64_store, &key->to, 0);
}

static void return_at(Fuser *f, const FuseSide *side, u32 end)
{
    get(f, ASCII_source);
    get(f, end);
    put_either(f, side, OP_i32_eq, OP_i64_eq);
    put_block(f, OP_if);
    put_i32(f, 1);
    put(f, OP_return);
    put_end(f);
}

// ASCII_last: the source's address and `len`, and so much.
static void set_last(Fuser *f, const FuseSide *side, s32 more)
{
    get(f, ASCII_len);
    put_i64(f, (u64)(s64)more);
    put(f, OP_i64_add);
    put_to_address(f, side);
    get(f, ASCII_source);
    put_either(f, side, OP_i32_add, OP_i64_add);
    set(f, ASCII_last);
}

static void copy_bytes(Fuser *f, const HelperKey *key)
{
    set_last(f, &key->from, 0);
    put_block(f, OP_loop);
    return_at(f, &key->from, ASCII_last);
    copy_ascii(f, key, 1);
    put_step(f, &key->from, ASCII_source, 1);
    put_step(f, &key->to, ASCII_target, 1);
    put_u(f, OP_br, 0);
    put_end(f);
}

// The last word may begin within the one before: both go back by as much.
static void go_back(Fuser *f, const HelperKey *key)
{
    get(f, ASCII_last);
    get(f, ASCII_source);
    put_either(f, &key->from, OP_i32_lt_u, OP_i64_lt_u);
    put_block(f, OP_if);
    get(f, ASCII_last);
    get(f, ASCII_source);
    put_either(f, &key->from, OP_i32_sub, OP_i64_sub);
    put_convert(f, address_letter(&key->from), address_letter(&key->to));
    if (key->to.wide && !key->from.wide) put(f, OP_i64_extend32_s);
    get(f, ASCII_target);
    put_either(f, &key->to, OP_i32_add, OP_i64_add);
    set(f, ASCII_target);
    get(f, ASCII_last);
    set(f, ASCII_source);
    put_end(f);
}

void write_ascii(Fuser *f, const HelperKey *key)
{
    enum { WORD = 8 };
    zero_local(f, address_letter(&key->from));
    zero_local(f, 'l');
    get(f, ASCII_len);
    put_i64(f, WORD);
    put(f, OP_i64_lt_u);
    put_block(f, OP_if);
    copy_bytes(f, key);
    put_end(f);
    set_last(f, &key->from, -WORD);
    put_block(f, OP_loop);
    copy_ascii(f, key, WORD);
    return_at(f, &key->from, ASCII_last);
    put_step(f, &key->from, ASCII_source, WORD);
    put_step(f, &key->to, ASCII_target, WORD);
    go_back(f, key);
    put_u(f, OP_br, 0);
    put_end(f);
    put(f, OP_unreachable);
    put_end(f);
}

void call_string(Fuser *f, const FuseSide *from, const FuseSide *to)
{
    HelperKey key = {HELPER_string, 0, 0, *from, *to};
    call_own(f, find_helper(f, key, "string", sig_of("ll_ll")));
}
