// compiled.c -- see compiled.h. A function is made in which the instruction stands, as text, and
// nothing else that is done by a call of C.

#include "cli/compiled.h"

#include "engine/source.h"
#include "jit/listing.h"

#include <stdio.h>
#include <string.h>

static const char *const bodies[OP_COUNT] = {
#define BODY(row, text) [OP_##row] = text,
#include "cli/compiled.def"
};

static const char *immediate(ImmKind kind)
{
    switch (kind) {
    case IMM_lane: case IMM_memarg_lane: case IMM_i32: case IMM_i64: case IMM_f32: case IMM_f64:
    case IMM_data: case IMM_elem: return "0";
    case IMM_lanes: return "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0";
    case IMM_v128: return "i32x4 0 0 0 0";
    default: return "";
    }
}

static void add(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s ", more);
}

// Operands are locals, whose numbers are those of their types less one.
static void add_plain(char *text, size_t size, Op op)
{
    static const char *const operands[] = {"", "local.get 0", "local.get 1", "local.get 2",
                                           "local.get 3", "local.get 4"};
    const SigInfo *sig = &sig_info[op_info[op].sig];
    for (u32 i = 0; i < sig->param_count; i++) add(text, size, operands[sig->params[i]]);
    add(text, size, op_info[op].text);
    add(text, size, immediate(op_info[op].immediates));
    for (u32 i = 0; i < sig->result_count; i++) add(text, size, "drop");
}

// Does it leave for C on its way? What stands out of line is rare.
static bool calls_c(const Listing *l)
{
    u32 late = l->in.code_size;
    for (u32 i = l->part_count; i && l->parts[i - 1].late; i--) late = l->parts[i - 1].at;
    for (u32 i = 0; i < l->field_count && l->fields[i] < late; i++)
        if (l->slots[i] == RUNTIME_slow || l->slots[i] == RUNTIME_throw) return true;
    return false;
}

static CompiledBy look(const Module *m)
{
    Err why;
    Listing listing;
    Arena arena;
    ModuleCode *code = code_of_module(m, CODE_compiled, &why);
    if (!code) return BY_unknown;
    arena_init(&arena);
    Compiled made = jit_list(code, 0, &arena, &listing);
    CompiledBy by = made == COMPILED_short ? BY_unknown
                    : made != COMPILED     ? BY_interpreter
                    : calls_c(&listing)    ? BY_call
                                           : BY_code;
    arena_free(&arena);
    return by;
}

CompiledBy compiled_by(Engine *engine, Op op)
{
    char text[1200] =
        "(module (type $v (func)) (type $s (struct (field (mut i32)) (field (mut i8))))"
        " (type $a (array (mut i8))) (type $r (array (mut funcref)))"
        " (rec (type $p (descriptor $q) (struct)) (type $q (describes $p) (struct)))"
        " (type $k (cont $v)) (rec (type $t (func (param (ref null $w)))) (type $w (cont $t)))"
        " (memory 1) (table 1 funcref) (tag) (data \"\")"
        " (global (mut i32) (i32.const 0)) (elem func $f)"
        " (func $f (local i32 i64 f32 f64 v128 funcref externref (ref null $s) (ref null $a)) ";
    Source source;
    Diag diag;
    if (op_info[op].sig != SIG_any) add_plain(text, sizeof text, op);
    else add(text, sizeof text, bodies[op] ? bodies[op] : "?");
    add(text, sizeof text, "))");
    bool good = source_load(&source, engine, (const u8 *)text, strlen(text), &diag);
    CompiledBy by = good && NATIVE ? look(source.module) : BY_unknown;
    source_free(&source);
    return by;
}
