// walk.c -- the parts of the walk that are not worth having once per consumer. See walk_core.h.

#include "valid/walk_core.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// ---- Refusal

static bool walk_fail_va(WalkState *w, Err err, size_t offset, const char *fmt, va_list args)
{
    char detail[sizeof w->diag->detail];
    vsnprintf(detail, sizeof detail, fmt, args);
    return diag_fail(w->diag, err, offset, "%s", detail);
}

bool walk_fail(WalkState *w, Err err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    walk_fail_va(w, err, w->pos, fmt, args);
    va_end(args);
    return false;
}

bool walk_fail_at(WalkState *w, Err err, const u8 *at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    walk_fail_va(w, err, (size_t)(at - w->m->bytes), fmt, args);
    va_end(args);
    return false;
}

bool walk_disabled(WalkState *w, Op op)
{
    if (module_has(w->m, (Feature)op_info[op].since)) return true;
    const char *feature = feature_text[op_info[op].since];
    return walk_fail(w, ERR_feature_disabled, "%s needs %s (--features=+%s)", op_info[op].text,
                     feature, feature);
}

bool walk_illegal(WalkState *w)
{
    if (w->diag->err != ERR_none) return false;
    const u8 *at = w->m->bytes + w->pos;
    u32 sub = 0; // what cannot be read was refused before
    if (*at < 0xfb || *at > 0xfe) return walk_fail(w, ERR_illegal_opcode, " %02x", *at);
    w->in.next = at + 1;
    imm_u32(&w->in, &sub);
    return walk_fail(w, ERR_illegal_opcode, " %02x %02x", *at, sub);
}

bool walk_ran_out(WalkState *w)
{
    // The official tests tell apart whether more bodies follow.
    bool code_ends = w->func == w->m->func_count - 1;
    w->pos = (u32)(w->in.end - w->m->bytes);
    if (code_ends)
        return walk_fail(w, ERR_unexpected_end_of_section, "the function body has no end");
    return walk_fail(w, ERR_end_opcode_expected, "the function body has no end");
}

bool walk_leave(WalkState *w)
{
    if (w->in.next == w->in.end) return true;
    return walk_fail_at(w, ERR_section_size_mismatch, w->in.next,
                        "bytes follow the end of the function body");
}

TypeName walk_type_name(const WalkState *w, Type type)
{
    TypeName name;
    if (type == TYPE_bottom) snprintf(name.text, sizeof name.text, "anything");
    else if (type == TYPE_BOTTOM_REF) snprintf(name.text, sizeof name.text, "a reference");
    else type_text(name.text, sizeof name.text, type, w->m->types, w->m->type_count);
    return name;
}

// ---- Immediates

u32 walk_opcode(WalkState *w, u32 first)
{
    static const u16 base[] = {KEY_fb, KEY_fc, KEY_fd, KEY_fe};
    u32 sub;
    if (first > 0xfe || !imm_u32(&w->in, &sub)) return KEY_NONE;
    return sub < (first == 0xfd ? 0x200u : 0x100u) ? base[first - 0xfb] + sub : KEY_NONE;
}

bool walk_type(WalkState *w, Type *type)
{
    if (!type_is_ref(*type) || !type_is_concrete(*type)) return true;
    u32 index = type_id(*type);
    if (!walk_below(w, index, w->m->type_count, ERR_unknown_type)) return false;
    // rules: Typeuse_ok/typeidx, Heaptype_sub/typeidx-l, Heaptype_sub/typeidx-r
    *type = (*type & ~TYPE_HEAP_BITS) | w->m->types[index];
    return true;
}

const Type walk_number_lists[TYPE_NUMBER_COUNT + 1] = {
#define NUMBER(name, ...) [TYPE_##name] = TYPE_##name,
#include "op/type.def"
};

const u8 walk_short_types[0x40] = {
    [0x00] = WALK_SHORT_VOID,
#define NUMBER(name, text, byte)                                                                   \
    [(byte) & 0x3f] = TYPE_##name == TYPE_v128 ? TYPE_bottom : TYPE_##name,
#include "op/type.def"
};

const Type *walk_single(WalkState *w, Type type)
{
    static const Type refs[2][HEAP_COUNT] = {{
#define HEAP(name, ...) [HEAP_##name] = TYPE_REF | HEAP_##name,
#include "op/type.def"
    }, {
#define HEAP(name, ...) [HEAP_##name] = TYPE_REF | TYPE_NULL | HEAP_##name,
#include "op/type.def"
    }};
    if (!type_is_ref(type)) return &walk_number_lists[type];
    if (!type_is_concrete(type)) return &refs[type_is_null(type)][type_heap(type)];
    const Type **known = &w->single[(type ^ type >> 30) % COUNT_OF(w->single)];
    if (!*known || **known != type) *known = arena_copy(w->arena, &type, sizeof type);
    return *known;
}

static bool memory_fits(WalkState *w, Imm *imm)
{
    if (!walk_memory(w, imm->memarg.memory, &imm->is64)) return false;
    return imm->is64 || imm->memarg.offset <= UINT32_MAX ||
           walk_fail(w, ERR_invalid_offset, "0x%llx in a 32-bit memory",
                     (unsigned long long)imm->memarg.offset);
}

// rule: Memarg_ok
bool walk_memarg(WalkState *w, Imm *imm, u32 natural)
{
    if (imm->memarg.align > natural)
        return walk_fail(w, ERR_alignment_too_large, "2^%u, at most %u", imm->memarg.align,
                         1u << natural);
    return memory_fits(w, imm);
}

bool walk_atomic_memarg(WalkState *w, Imm *imm, u32 natural)
{
    if (imm->memarg.align != natural)
        return walk_fail(w, ERR_atomic_alignment, "2^%u, must be %u", imm->memarg.align,
                         1u << natural);
    return memory_fits(w, imm);
}

bool walk_lane(WalkState *w, u32 lane, u32 lanes)
{
    return lane < lanes || walk_fail(w, ERR_invalid_lane_index, "%u of %u", lane, lanes);
}

bool walk_below(WalkState *w, u32 index, u32 count, Err unknown)
{
    return index < count || walk_fail(w, unknown, " %u; there are %u", index, count);
}

// rule: Expand
bool walk_type_of(WalkState *w, u32 index, Imm *imm, CompKind kind)
{
    static const char *const kinds[] = {"a function", "a structure", "an array", "a continuation"};
    if (!walk_below(w, index, w->m->type_count, ERR_unknown_type)) return false;
    imm->type_id = w->m->types[index];
    imm->def = type_def(w->m->store, imm->type_id);
    if (imm->def->kind == kind) return true;
    return walk_fail(w, ERR_type_mismatch, "type %u is not %s type", index, kinds[kind]);
}

bool walk_memory(WalkState *w, u32 index, bool *is64)
{
    if (!walk_below(w, index, w->m->memory_count, ERR_unknown_memory)) return false;
    *is64 = w->m->memories[index].type.limits.is64;
    return true;
}

// ---- Operands

// Doubling while small, then by a quarter, so that a hostile body does not make us hold twice what
// it needs. From some size on the arena grows an array where it is.
static u32 grown(WalkState *w, u32 count, u32 cap, u32 more)
{
    u64 want = MAX((u64)count + more, (u64)cap + (cap < 65536 ? cap : cap / 4));
    if (want > UINT32_MAX) arena_fail(w->arena);
    return (u32)want;
}

// No more frames than there can be: each takes two bytes to open.
static void reserve_frame(WalkState *w)
{
    u32 cap = MAX(grown(w, w->frame_count, w->frame_cap, 1), 16);
    cap = MIN(cap, w->frame_count + 1 + (u32)((w->in.end - w->in.next) / 2));
    w->frames = arena_grow(w->arena, w->frames, w->frame_cap, cap, sizeof *w->frames);
    w->frame_cap = cap;
}

void walk_reserve(WalkState *w, u32 more)
{
    if (w->operand_cap - w->operand_count >= more) return;
    u32 cap = MAX(grown(w, w->operand_count, w->operand_cap, more), 64);
    w->operands = arena_grow(w->arena, w->operands, w->operand_cap, cap, sizeof *w->operands);
    w->operand_cap = cap;
}

bool walk_matches_slow(const WalkState *w, Type sub, Type super)
{
    // rule: Valtype_sub/bot
    if (sub == TYPE_bottom) return true;
    if (!type_is_ref(sub) || !type_is_ref(super)) return sub == super;
    // rule: Heaptype_sub/bot
    if (sub == TYPE_BOTTOM_REF) return true;
    return type_matches(w->m->store, sub, super);
}

static bool walk_mismatch(WalkState *w, Type want, u32 operand, bool there, Type found)
{
    return walk_fail(w, ERR_type_mismatch, "%s expected %s for operand %u, found %s",
                     op_info[w->op].text, walk_type_name(w, want).text, operand,
                     there ? walk_type_name(w, found).text : "nothing");
}

bool walk_pop_any(WalkState *w, Type *found)
{
    if (w->operand_count > w->floor) {
        *found = w->operands[--w->operand_count];
        return true;
    }
    // rule: Valtype_ok/bot
    *found = TYPE_bottom;
    if (w->frames[w->frame_count - 1].dead) return true;
    return walk_fail(w, ERR_type_mismatch, "%s expected an operand, found nothing",
                     op_info[w->op].text);
}

bool walk_pop_ref(WalkState *w, Type *found)
{
    if (!walk_pop_any(w, found)) return false;
    // rule: Heaptype_ok/bot
    if (*found == TYPE_bottom) *found = TYPE_BOTTOM_REF;
    if (type_is_ref(*found)) return true;
    return walk_fail(w, ERR_type_mismatch, "%s expected a reference, found %s", op_info[w->op].text,
                     walk_type_name(w, *found).text);
}

bool walk_pop_slow(WalkState *w, Type want) { return walk_pop_list(w, &want, 1); }

// Mostly there are few of them; else it is a memcmp.
static bool same_types(const Type *a, const Type *b, u32 count)
{
    if (WALK_SMALL || UNLIKELY(count > 8)) return memcmp(a, b, count * sizeof *a) == 0;
    u32 differ = 0;
    for (u32 i = 0; i < count; i++) differ |= a[i] ^ b[i];
    return !differ;
}

// The last operands against the last types; those that are missing are fine in a dead frame.
// rules: Resulttype_sub, Instrtype_sub, Instrs_ok/sub
static bool check_operands(WalkState *w, TypeList types, u32 count)
{
    if (!count) return true;
    u32 have = MIN(w->operand_count - w->floor, count);
    const Type *last = types.first + (size_t)(count - have) * types.step;
    const Type *found = w->operands + w->operand_count - have;
    // Often they are the very same, also a thousand of them.
    if (!(types.step == 1 && same_types(found, last, have))) {
        u32 wrong = list_mismatch_operands(w, (TypeList){last, types.step}, have);
        if (UNLIKELY(wrong))
            return walk_mismatch(w, type_unpacked(last[(size_t)(wrong - 1) * types.step]),
                                 count - have + wrong, true, found[wrong - 1]);
    }
    if (have < count && !w->frames[w->frame_count - 1].dead)
        return walk_mismatch(w, type_unpacked(types.first[(size_t)(count - have - 1) * types.step]),
                             count - have, false, TYPE_bottom);
    return true;
}

bool walk_check_list(WalkState *w, const Type *types, u32 count)
{
    return check_operands(w, (TypeList){types, 1}, count);
}

// rule: Instrs_ok/frame
static bool pop_operands(WalkState *w, TypeList types, u32 count)
{
    if (!check_operands(w, types, count)) return false;
    w->operand_count -= MIN(w->operand_count - w->floor, count);
    w->low = MIN(w->low, w->operand_count);
    return true;
}

bool walk_pop_fields(WalkState *w, const FieldType *fields, u32 count)
{
    return pop_operands(w, (TypeList){&fields->type, sizeof *fields / sizeof(Type)}, count);
}

bool walk_pop_same(WalkState *w, const FieldType *field, u32 count)
{
    return pop_operands(w, (TypeList){&field->type, 0}, count);
}

bool walk_pop_list(WalkState *w, const Type *types, u32 count)
{
    return pop_operands(w, (TypeList){types, 1}, count);
}

void walk_push_list(WalkState *w, const Type *types, u32 count)
{
    if (!count) return;
    walk_reserve(w, count);
    if (LIKELY(count == 1)) {
        w->operands[w->operand_count] = *types;
    } else {
        memcpy(w->operands + w->operand_count, types, count * sizeof *types);
        if (count >= LIST_LONG) list_pushed(w, types, count);
    }
    w->operand_count += count;
}

bool walk_swap_list(WalkState *w, const Type *types, u32 count)
{
    u32 have = w->operand_count - w->floor;
    if (count && have >= count && same_types(w->operands + w->operand_count - count, types, count))
        return true;
    if (!walk_pop_list(w, types, count)) return false;
    walk_push_list(w, types, count);
    return true;
}

bool walk_sig_slow(WalkState *w, Op op, Sig sig, Type first)
{
    const SigInfo *info = &sig_info[sig];
    Type types[4];
    for (u32 i = 0; i < info->param_count; i++) types[i] = i ? info->params[i] : first;
    w->op = op;
    if (!walk_pop_list(w, types, info->param_count)) return false;
    for (u32 i = 0; i < info->result_count; i++) walk_push(w, info->results[i]);
    return true;
}

bool walk_sig_call_from(WalkState *w, Op op, Sig sig, Type first)
{
    const SigInfo *info = &sig_info[sig];
    u32 n = info->param_count, r = info->result_count, differ = 0;
    if (w->operand_count - w->floor < n || w->operand_cap == w->operand_count)
        return walk_sig_slow(w, op, sig, first);
    Type *at = w->operands + w->operand_count - n;
    if (n) differ = at[0] ^ first;
    for (u32 i = 1; i < n; i++) differ |= at[i] ^ info->params[i];
    if (differ || r > 1) return walk_sig_slow(w, op, sig, first);
    at[0] = r ? info->results[0] : at[0];
    w->operand_count += r - n;
    return true;
}

bool walk_sig_call(WalkState *w, Op op, Sig sig)
{
    return walk_sig_call_from(w, op, sig, sig_info[sig].params[0]);
}

bool walk_shared(WalkState *w, Op op, Imm *imm)
{
    const OpInfo *row = &op_info[op];
    if (!walk_enabled(w, (Feature)row->since) && !walk_disabled(w, op)) return false;
    if (!imm) return walk_sig_call(w, op, (Sig)row->sig);
    return imm_read(&w->in, op, imm) && walk_memarg(w, imm, (u32)__builtin_ctz(row->bits / 8u)) &&
           walk_sig_call_from(w, op, (Sig)row->sig, walk_address(imm->is64));
}

bool walk_hand(WalkState *w, Imm *imm, bool (*valid)(WalkState *w, Imm *imm))
{
    w->op = imm->op;
    if (!walk_enabled(w, (Feature)op_info[w->op].since) && !walk_disabled(w, w->op)) return false;
    return imm_read(&w->in, w->op, imm) && valid(w, imm);
}

// ---- Frames

void walk_refresh(WalkState *w)
{
    if (!w->frame_count) return;
    const WalkFrame *f = &w->frames[w->frame_count - 1];
    w->floor = f->height;
    w->reachable = !f->dead && !f->silent;
}

WalkFrame *walk_open(WalkState *w, Op op, const Type *params, u32 param_count, const Type *results,
                     u32 result_count)
{
    if (w->frame_count == w->frame_cap) reserve_frame(w);
    WalkFrame *f = &w->frames[w->frame_count];
    *f = (WalkFrame){
        .op = (u16)op,
        .silent = w->frame_count && !w->reachable,
        .params = params,
        .param_count = (u16)param_count,
        .results = results,
        .result_count = (u16)result_count,
        .height = w->operand_count - param_count,
        .inits = w->init_count,
    };
    w->frame_count++;
    walk_refresh(w);
    return f;
}

// rules: Instrs_ok/empty, Instrtype_sub
bool walk_check_end(WalkState *w)
{
    const WalkFrame *f = &w->frames[w->frame_count - 1];
    if (!walk_pop_list(w, f->results, f->result_count)) return false;
    if (w->operand_count == w->floor) return true;
    return walk_fail(
        w, ERR_type_mismatch, "at the end of the %s %u values too many are on the stack",
        w->frame_count == 1 ? "body" : op_info[f->op].text, w->operand_count - w->floor);
}

void walk_forget_inits(WalkState *w, u32 down_to)
{
    while (w->init_count > down_to) {
        u32 local = w->inits[--w->init_count];
        w->inited[local / 8] &= (u8)~(1u << local % 8);
    }
}

WalkFrame *walk_close(WalkState *w)
{
    WalkFrame *f = &w->frames[--w->frame_count];
    walk_forget_inits(w, f->inits);
    walk_refresh(w);
    return f;
}

// rule: Instrtype_ok
void walk_dead(WalkState *w)
{
    w->operand_count = w->floor;
    w->frames[w->frame_count - 1].dead = true;
    w->reachable = false;
}

bool walk_label(WalkState *w, u32 depth, Imm *imm)
{
    if (!walk_below(w, depth, w->frame_count, ERR_unknown_label)) return false;
    imm->depth = depth;
    imm->frame = walk_frame(w, depth);
    return true;
}

// ---- Set-up

void walk_init(WalkState *w, const Module *m, Arena *scratch, Diag *diag)
{
    *w = (WalkState){
        .m = m, .diag = diag, .arena = scratch, .func = DIAG_NO_FUNC, .globals = m->global_count};
    if (m->memory_count) w->memory0 = m->memories[0].type.limits.is64 ? 2 : 1;
}

void *walk_alone(const Module *m, WalkMaker *make, void *env)
{
    Arena scratch;
    jmp_buf failed;
    Diag diag;
    WalkState w;
    arena_init(&scratch);
    scratch.on_failure = &failed;
    if (setjmp(failed)) {
        arena_free(&scratch);
        return NULL;
    }
    diag_init(&diag);
    walk_init(&w, m, &scratch, &diag);
    void *made = make(env, &w);
    arena_free(&scratch);
    return made;
}

static void walk_reads(WalkState *w, Range range)
{
    w->in = (ImmReader){w->m, w->m->bytes + range.start, w->m->bytes + range.end,
                        ERR_unexpected_end_of_section, w->diag, .arena = w->arena};
}

// What an earlier walk left may be gone with the arena.
static void walk_restart(WalkState *w, Range range)
{
    w->pos = range.start;
    walk_reads(w, range);
    w->type = NULL;
    w->local_count = w->operand_count = w->operand_cap = w->frame_count = w->frame_cap = 0;
    w->init_count = w->init_cap = w->floor = 0;
    w->locals = w->operands = NULL;
    w->frames = NULL;
    w->inited = NULL;
    w->runs = NULL;
    w->run_count = w->local_flat = 0;
    w->inits = NULL;
    w->pushed_count = w->pushed_cap = w->pair_count = w->pair_cap = w->seen_cap = 0;
    w->pushed = NULL;
    w->pairs = NULL;
    w->known = NULL;
    w->seen = NULL;
    memset(w->single, 0, sizeof w->single);
    walk_reserve(w, 64);
}

Type walk_far_local(const WalkState *w, u32 index)
{
    if (index < w->type->param_count) return w->type->params[index];
    u32 low = 0, high = w->run_count - 1; // the first run that ends behind index
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (w->runs[middle].end > index) high = middle;
        else low = middle + 1;
    }
    return w->runs[low].type;
}

static void flatten(WalkState *w, u32 count)
{
    if (count <= w->local_flat) return;
    Type *locals = arena_alloc_array(w->arena, count, sizeof *locals);
    u32 i = 0;
    for (; i < MIN(count, w->type->param_count); i++) locals[i] = w->type->params[i];
    for (u32 r = 0; r < w->run_count; r++)
        while (i < MIN(count, w->runs[r].end)) locals[i++] = w->runs[r].type;
    w->locals = locals;
    w->local_flat = count;
}

u32 walk_pushed(const WalkState *w, Op op, const Imm *imm)
{
    if (op != OP_switch) return imm->def->result_count;
    Type own = imm->def->params[imm->def->param_count - 1]; // what is switched back to
    const TypeDef *cont = type_def(w->m->store, type_id(own));
    return type_def(w->m->store, cont->cont)->param_count;
}

void walk_flatten_locals(WalkState *w) { flatten(w, w->local_count); }

enum {
    LOCALS_MOST = 50000,
    LOCALS_FLAT = 256, // as many get an array entry at once, all that one byte can name among them
};

// Groups of locals are kept as runs: a body of a few bytes may declare 50,000.
static bool walk_locals(WalkState *w)
{
    const u8 *start = w->in.next;
    u32 groups, params = w->type->param_count, count = params;
    u64 declared = 0;
    if (!imm_count(&w->in, &groups, "groups of locals")) return false;
    w->runs = arena_alloc_array(w->arena, groups, sizeof *w->runs);
    w->run_count = 0;
    bool some_unset = false;
    for (u32 g = 0; g < groups; g++) {
        const u8 *at = w->in.next;
        u32 n;
        Type type;
        w->pos = (u32)(at - w->m->bytes);
        // rule: Localtype_ok
        if (!imm_u32(&w->in, &n) || !imm_value_type(&w->in, &type) || !walk_type(w, &type))
            return false;
        declared += n;
        if (declared > UINT32_MAX)
            return walk_fail_at(w, ERR_too_many_locals, at, "more than 2^32-1");
        if (declared + params > LOCALS_MOST || !n) continue; // a later group may still be malformed
        count += n;
        w->runs[w->run_count++] = (struct WalkRun){count, type};
        // rules: Local_ok/set, Local_ok/unset
        some_unset |= !type_is_defaultable(type);
    }
    if (declared + params > LOCALS_MOST)
        return walk_fail_at(w, ERR_limit_locals, start, "%llu",
                            (unsigned long long)(declared + params));
    w->local_count = count;
    w->local_flat = 0;
    flatten(w, MIN(count, LOCALS_FLAT));
    w->inited = some_unset ? arena_alloc(w->arena, (count + 7) / 8) : NULL;
    return true;
}

// rule: Func_ok
bool walk_enter_func(WalkState *w, u32 func)
{
    const FuncDecl *decl = &w->m->funcs[func];
    walk_restart(w, decl->body);
    w->func = w->diag->func = func;
    w->type = type_def(w->m->store, decl->type);
    w->constant = false;
    if (!module_fetch(w->m, func))
        return walk_fail_at(w, ERR_malformed_compiled, w->m->bytes + decl->body.start,
                            "its body is damaged, or cannot be read");
    if (!walk_locals(w)) return false;
    w->pos = (u32)(w->in.next - w->m->bytes);
    // rule: Expr_ok
    walk_open(w, OP_block, NULL, 0, type_results(w->type), w->type->result_count);
    return true;
}

void walk_enter_expr(WalkState *w, u32 at, Type expected)
{
    walk_reads(w, (Range){at, (u32)w->m->size});
    w->operand_count = w->pushed_count = w->frame_count = w->floor = 0;
    w->func = w->diag->func = DIAG_NO_FUNC;
    w->constant = true;
    walk_reserve(w, 64);
    walk_open(w, OP_block, NULL, 0, walk_single(w, expected), 1);
}
