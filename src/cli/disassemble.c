// disassemble.c -- see disassemble.h. Another consumer of the one walk, which hears dead code too.

#include "cli/disassemble.h"

#include "cli/cli.h"
#include "op/eval.h"
#include "valid/walk_types.h"

#include <inttypes.h>
#include <string.h>

typedef struct {
    FILE *out;
    const Module *m;
    u32 depth;
} Listing;

static void print_type(Listing *d, Type type)
{
    char text[80];
    fprintf(d->out, " %s", type_text(text, sizeof text, type, d->m->types, d->m->type_count));
}

// "func" of "(ref null func)": what ref.null takes.
static void print_heap(Listing *d, Type type)
{
    char text[80];
    type_text(text, sizeof text, type, d->m->types, d->m->type_count);
    size_t skip = strlen("(ref null "), len = strlen(text);
    if (len > skip + 1) fprintf(d->out, " %.*s", (int)(len - skip - 1), text + skip);
}

static void print_types(Listing *d, const char *word, const Type *types, u32 count)
{
    if (!count) return;
    fprintf(d->out, " (%s", word);
    for (u32 i = 0; i < count; i++) print_type(d, types[i]);
    fputc(')', d->out);
}

static void print_func(Listing *d, u32 func)
{
    Bytes name = module_func_name(d->m, func);
    fprintf(d->out, " %u", func);
    if (!name.len) return;
    fputs(" <", d->out);
    print_tame(d->out, (Bytes){name.data, MIN(name.len, 200)});
    fputc('>', d->out);
}

static void print_memarg(Listing *d, const Imm *imm)
{
    if (imm->index) fprintf(d->out, " %u", imm->index);
    if (imm->offset) fprintf(d->out, " offset=%" PRIu64, imm->offset);
    u32 natural = op_info[imm->op].bits ? (u32)__builtin_ctz(op_info[imm->op].bits / 8) : imm->align;
    if (imm->align != natural) fprintf(d->out, " align=%u", 1u << imm->align);
}

static void print_catches(Listing *d, const Imm *imm)
{
    static const char *const kinds[] = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
    for (u32 i = 0; i < imm->catch_count; i++) {
        const WalkCatch *c = &imm->catches[i];
        fprintf(d->out, " (%s", kinds[c->kind & 3]);
        if (c->kind < 2) fprintf(d->out, " %u", c->tag);
        fprintf(d->out, " %u)", c->label);
    }
}

static void print_handlers(Listing *d, const Imm *imm)
{
    for (u32 i = 0; i < imm->catch_count; i++) {
        const WalkCatch *c = &imm->catches[i];
        if (c->kind) fprintf(d->out, " (on %u switch)", c->tag);
        else fprintf(d->out, " (on %u %u)", c->tag, c->label);
    }
}

static void print_bytes(Listing *d, const Imm *imm, bool lanes)
{
    fputs(lanes ? "" : " i8x16", d->out);
    for (u32 i = 0; i < 16; i++) fprintf(d->out, lanes ? " %u" : " 0x%02x", imm->bytes[i]);
}

static void print_block(Listing *d, const Imm *imm)
{
    print_types(d, "param", imm->frame->params, imm->frame->param_count);
    print_types(d, "result", imm->frame->results, imm->frame->result_count);
}

static void print_immediates(Listing *d, Op op, const Imm *imm)
{
    u64 slots[2] = {imm->bits};
    switch ((ImmKind)op_info[op].immediates) {
    case IMM_none: case IMM_fence: break;
    case IMM_block: print_block(d, imm); break;
    case IMM_try_table: print_block(d, imm), print_catches(d, imm); break;
    case IMM_label: case IMM_local: case IMM_global: case IMM_table: case IMM_memory: case IMM_data: case IMM_elem:
    case IMM_type: case IMM_tag: fprintf(d->out, " %u", imm->index); break;
    case IMM_func: print_func(d, imm->index); break;
    case IMM_labels:
        for (u32 i = 0; i < imm->label_count; i++) fprintf(d->out, " %u", imm->labels[i]);
        break;
    case IMM_types: print_types(d, "result", &imm->type, 1); break;
    case IMM_type_table: fprintf(d->out, " %u (type %u)", imm->index2, imm->index); break;
    case IMM_memarg: print_memarg(d, imm); break;
    case IMM_memarg_lane: print_memarg(d, imm), fprintf(d->out, " %u", imm->lane); break;
    case IMM_lane: fprintf(d->out, " %u", imm->lane); break;
    case IMM_lanes: print_bytes(d, imm, true); break;
    case IMM_v128: print_bytes(d, imm, false); break;
    case IMM_i32: fputc(' ', d->out), print_value(d->out, NULL, TYPE_i32, slots); break;
    case IMM_i64: fputc(' ', d->out), print_value(d->out, NULL, TYPE_i64, slots); break;
    case IMM_f32: fputc(' ', d->out), print_value(d->out, NULL, TYPE_f32, slots); break;
    case IMM_f64: fputc(' ', d->out), print_value(d->out, NULL, TYPE_f64, slots); break;
    case IMM_memory_memory: case IMM_table_table: case IMM_type_type: case IMM_type_field: case IMM_type_count:
    case IMM_type_data: case IMM_type_elem: case IMM_type_tag: fprintf(d->out, " %u %u", imm->index, imm->index2); break;
    case IMM_data_memory: case IMM_elem_table: fprintf(d->out, " %u %u", imm->index2, imm->index); break; // text puts it first
    case IMM_heap: op == OP_ref_null ? print_heap(d, imm->type) : print_type(d, imm->type); break;
    case IMM_cast: fprintf(d->out, " %u", imm->index), print_type(d, imm->type2), print_type(d, imm->type); break;
    case IMM_resume: fprintf(d->out, " %u", imm->index), print_handlers(d, imm); break;
    case IMM_resume_throw: fprintf(d->out, " %u %u", imm->index, imm->index2), print_handlers(d, imm); break;
    }
}

static inline void listing_each(Listing *d, WalkState *w, Op op, const Imm *imm)
{
    bool closes = op == OP_end || op == OP_else || op == OP_catch || op == OP_catch_all || op == OP_delegate;
    bool opens = op == OP_block || op == OP_loop || op == OP_if || op == OP_try || op == OP_try_table;
    if (closes && d->depth) d->depth--;
    fprintf(d->out, "  0x%06x  %*s%s", w->pos, (int)MIN(2 * d->depth, 80), "", op_info[op].text);
    if (imm) print_immediates(d, op, imm);
    fputc('\n', d->out);
    if (opens || (closes && op != OP_end && op != OP_delegate)) d->depth++;
}

#define WALK_NAME listing
#define WALK_CONTEXT Listing
#include "valid/observe.h"
#define WALK_HEARS(reachable) ((void)(reachable), true)
#include "valid/walk.h"

static void list_body(Listing *d, WalkState *w, Arena *arena, Diag *diag, u32 func)
{
    const TypeDef *type = type_def(d->m->store, d->m->funcs[func].type);
    fprintf(d->out, "\nfunc");
    print_func(d, func);
    print_types(d, "param", type->params, type->param_count);
    print_types(d, "result", type->results, type->result_count);
    fputc('\n', d->out);
    arena_reset(arena);
    walk_init(w, d->m, arena, diag);
    d->depth = 0;
    listing_walk_func(d, w, func);
}

bool disassemble(FILE *out, const Module *m, u32 func)
{
    Arena arena;
    jmp_buf failed;
    Diag diag;
    WalkState w;
    Listing d = {.out = out, .m = m};
    arena_init(&arena);
    arena.on_failure = &failed;
    bool volatile good = !setjmp(failed);
    diag_init(&diag);
    if (good) {
        u32 first = func == DIAG_NO_FUNC ? m->imported_funcs : func, last = func == DIAG_NO_FUNC ? m->func_count : func + 1;
        for (u32 i = first; i < last; i++) list_body(&d, &w, &arena, &diag, i);
    }
    arena_free(&arena);
    return good;
}
