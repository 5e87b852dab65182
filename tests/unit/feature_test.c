// feature_test.c -- the column of feature.def that says what runs: every instruction that can be
// run with plain operands is run once. A feature runs if none of these traps for want of a
// handler.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <stdlib.h>

static Engine *engine;
static u32 rows[FEATURE_COUNT], missing[FEATURE_COUNT]; // by the feature they came with

enum { HERE_named = 0, HERE_checked = 0, HERE_runs };
// Of the component model no row is an instruction.
enum { OF_core, OF_live = 0, OF_model };
static const bool of_components[FEATURE_COUNT] = {
#define FEATURE(name, text, state, on, here) [FEATURE_##name] = OF_##state,
#include "op/feature.def"
#undef FEATURE
};
static const bool said_to_run[FEATURE_COUNT] = {
#define FEATURE(name, text, state, on, here) [FEATURE_##name] = HERE_##here,
#include "op/feature.def"
#undef FEATURE
};

static const char *const type_names[] = {"", "i32", "i64", "f32", "f64", "v128"};

// What stands behind the instruction, or NULL: no such simple one.
static const char *immediates(Op op)
{
    switch (op_info[op].immediates) {
    case IMM_none: case IMM_fence: case IMM_memarg: return "";
    case IMM_lane: case IMM_memarg_lane: case IMM_i32: case IMM_i64: case IMM_f32: case IMM_f64:
    return " 0";
    case IMM_lanes: return " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0";
    case IMM_v128: return " i64x2 0 0";
    default: return NULL;
    }
}

// A function with the operands as locals, so that nothing but the instruction is special.
static int write_module(char *text, size_t size, Op op)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    int at = snprintf(text, size, "(module (memory 1) (func (export \"f\") (local");
    for (u32 i = 0; i < sig->param_count; i++)
        at += snprintf(text + at, size - (size_t)at, " %s", type_names[sig->params[i]]);
    at += snprintf(text + at, size - (size_t)at, ")");
    for (u32 i = 0; i < sig->param_count; i++)
        at += snprintf(text + at, size - (size_t)at, " (local.get %u)", i);
    at += snprintf(text + at, size - (size_t)at, " %s%s", op_info[op].text, immediates(op));
    for (u32 i = 0; i < sig->result_count; i++)
        at += snprintf(text + at, size - (size_t)at, " drop");
    return at + snprintf(text + at, size - (size_t)at, "))");
}

static bool runs(Op op)
{
    char text[500];
    Source source;
    Diag diag;
    int len = write_module(text, sizeof text, op);
    bool has_handler = false;
    if (CHECK(source_load(&source, engine, (const u8 *)text, (size_t)len, &diag))) {
        Store *store = engine_store(engine);
        Instance *instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
        Extern f;
        if (CHECK(instance && instance_export(instance, (Bytes){(const u8 *)"f", 1}, &f)))
            has_handler = engine_call(store, f.func, (u64[1]){0}, 1) != TRAP_not_executable;
        store_free(store);
    } else {
        printf("    %s\n", text);
    }
    source_free(&source);
    return has_handler;
}

int main(void)
{
    engine = engine_new(features_all);
    engine->limits.heap_bytes = 1 << 20;
    engine->limits.memory_room = 0;
    for (u32 op = 0; op < OP_COUNT; op++) {
        const OpInfo *info = &op_info[op];
        bool plain = info->sig != SIG_any && immediates((Op)op) && strcmp(info->text, "end");
        rows[info->since]++;
        missing[info->since] += plain && !runs((Op)op);
    }
    for (u32 f = 0; f < FEATURE_COUNT; f++) {
        if (of_components[f]) {
            CHECK(!rows[f] && !said_to_run[f]);
            continue;
        }
        if (!CHECK_EQ_U64(said_to_run[f], missing[f] == 0))
            printf("    feature.def on %s: %u of %u rows are not executed\n", feature_text[f],
                   missing[f], rows[f]);
    }
    engine_free(engine);
    return check_report();
}
