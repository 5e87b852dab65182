// mistyped_test.c -- code that the checker lets pass, since nothing is required of the type of whom
// it calls, and that no compiler makes: it calls and tail calls a function of the host's with more
// parameters or results than its frame has slots, and an entry that is no function. All that is
// around stays as it is, and the guest traps.

#include "check.h"
#include "engine/source.h"
#include "jit/check/check.h"
#include "run/exec.h"

#if NATIVE

enum { WIDE = 200, FRAME = 32 };
static const char head[] = "(module (import \"h\" \"wide\" (func $wide ";
static const char tail[] = "))\n (func (export \"call\")) (func (export \"tail\")))";

static char *new_text(const char *kind)
{
    static char text[sizeof head + sizeof tail + WIDE * 4 + 100];
    char *at = text + sprintf(text, "%s(%s", head, kind);
    for (u32 i = 0; i < WIDE; i++) at += sprintf(at, " i64");
    sprintf(at, ")%s", tail);
    return text;
}

static u32 called;

static Trap wide(HostCall *call)
{
    called++;
    memset(call->slots, 0x5a, WIDE * sizeof(u64));
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    *out = (Extern){.kind = import->kind};
    out->func = func_new_host(env, type->func, wide, NULL);
    return true;
}

// ---- Code. SLOT: a distance to fill in. At the end of the frame the import is called.

#define ENTER(overflow, poll)                                                                      \
    0x49, 0x83, 0xee, 0x08,             /* sub r14, 8 */                                           \
    0x41, 0x8f, 0x06,                   /* pop [r14] */                                            \
    0x4c, 0x8d, 0x5d, 0xe0,             /* lea r11, [rbp - 32] */                                  \
    0x4d, 0x39, 0xf3,                   /* cmp r11, r14 */                                         \
    0x77, (overflow) - 16,              /* ja */                                                   \
    0x4d, 0x8b, 0x5f, 0x10,             /* mov r11, [r15 + 16] */                                  \
    0x41, 0x83, 0x3b, 0x00,             /* cmp dword [r11], 0 */                                   \
    0x75, (poll) - 26                   /* jne */
#define SLOT 0, 0, 0, 0
#define IMPORT                                                                                     \
    0x4d, 0x8b, 0x5f, 0x60,             /* 26: mov r11, [r15 + 96] */                              \
    0x4d, 0x8b, 0x1b                    /* mov r11, [r11] */
#define NO_FUNCTION                                                                                \
    0x45, 0x23, 0x5f, 0x40,             /* 26: and r11d, [r15 + 64] */                             \
    0x49, 0xc1, 0xe3, 0x05,             /* shl r11, 5 */                                           \
    0x4d, 0x03, 0x5f, 0x28              /* add r11, [r15 + 40] */
#define DROP 0x41, 0xff, 0x36, 0x49, 0x83, 0xc6, 0x08 // push [r14]; add r14, 8
#define LATE(overflow, back)                                                                       \
    0xff, 0x15, SLOT,                   /* overflow: call */                                       \
    0xff, 0x15, SLOT,                   /* poll: call */                                           \
    0xeb, (u8)((back) - (overflow) - 14)

typedef struct {
    u8 bytes[96];
    u32 size, overflow;   // where that label is; 6 bytes behind it that of poll
    u32 back;             // where poll goes back to
    u32 call;             // the far call's slot, or jump's
    bool jumps;
} Made;
static const Made made_call = {
    {ENTER(55, 61), IMPORT, 0x48, 0x83, 0xc5, FRAME, 0xff, 0x15, SLOT, 0x48, 0x83, 0xed, FRAME,
     DROP, 0xc3, LATE(55, 26)}, 69, 55, 26, 39, false};
static const Made made_jump = {{ENTER(46, 52), IMPORT, DROP, 0xff, 0x25, SLOT, LATE(46, 26)},
                               60, 46, 26, 42, true};
// null's entry
static const Made made_none = {
    {ENTER(55, 61), 0x45, 0x31, 0xdb, NO_FUNCTION, 0xff, 0x15, SLOT, DROP, 0xc3, LATE(55, 26)},
    69, 55, 26, 43, false};

static void put_slot(u8 *bytes, u32 at, s64 slots_at, u32 slot)
{
    s32 distance = (s32)(slots_at + slot * 8 - at - 4);
    memcpy(bytes + at, &distance, 4);
}

// Publishes it as the function, when the checker has let it pass.
static void publish(ModuleCode *code, u32 func, const Made *made)
{
    Err why;
    u8 bytes[96];
    u32 body = code->module->funcs[func].body.start;
    u32 ends[] = {made->jumps ? 0 : made->call + 4, made->overflow + 6, made->overflow + 12};
    SiteKind kinds[] = {SITE_call, SITE_entry, SITE_entry};
    u8 map[16];
    u32 len = 0, before = 0;
    for (u32 i = made->jumps; i < 3; before = ends[i++]) {
        u32 step = (ends[i] - before) << 3 | kinds[i];
        map[len++] = (u8)(step | 0x80), map[len++] = (u8)(step >> 7);
        u32 turn = before ? 0 : body << 1;
        map[len++] = (u8)(turn | 0x80), map[len++] = (u8)(turn >> 7);
        if (!i) map[len++] = made == &made_none ? 0 : FRAME / 8;
    }
    const Native told = {.func = func, .size = made->size, .frame_slots = FRAME / 8, .map = map,
                         .map_len = len};
    const CheckLabel labels[] = {{made->back, 0, 0}, {made->overflow, 0, CHECK_outline},
                                 {made->overflow + 6, 0, CHECK_outline}};
    NativeRegion *r = native_region_make(code, &why);
    NativePlace *place = r ? native_take(code, made->size, false) : NULL;
    if (!CHECK(place != NULL)) exit(1);
    s64 slots_at = -(s64)r->space.data_size - place->start;
    memcpy(bytes, made->bytes, made->size);
    put_slot(bytes, made->call, slots_at, made->jumps ? RUNTIME_tail_far : RUNTIME_call_far);
    put_slot(bytes, made->overflow + 2, slots_at, RUNTIME_overflow);
    put_slot(bytes, made->overflow + 8, slots_at, RUNTIME_poll);
    CheckInput in = {.bytes = bytes, .code_size = made->size, .size = made->size,
                     .frame_bytes = FRAME, .labels = labels, .label_count = COUNT_OF(labels),
                     .slots_at = slots_at, .slot_count = RUNTIME_COUNT + code->module->func_count,
                     .module = code->module, .native = &told};
    u32 scratch[100];
    CheckFault fault = {0};
    CHECK(check_scratch(&in) <= COUNT_OF(scratch));
    if (!CHECK(check_x64(&in, scratch, &fault))) printf("    %u %s\n", fault.offset, fault.what);
    CHECK_EQ_U64(native_publish(code, place, bytes, &told, (Halt){0}), COMPILED);
}

// ---- Runs

// Where the stack ends the call is made: there the records are, and nothing may lie over them.
static Trap run(Store *s, Func *func)
{
    enum { AROUND = 4096 };
    Exec *x = &s->exec, own = *x;
    static u64 block[2 * AROUND + 256];
    memset(block, 0xa5, sizeof block);
    x->stack = x->top = block + AROUND;
    x->stack_end = x->bottom = x->stack + 64;
    called = 0;
    Trap trap = engine_call(s, func, NULL, 0);
    u32 changed = 0;
    for (u32 i = 0; i < AROUND; i++)
        changed += (block[i] != block[0]) + (block[AROUND + 64 + i] != block[0]);
    CHECK_EQ_U64(changed, 0);
    CHECK_EQ_U64(called, 0);
    x->stack = own.stack;
    x->stack_end = own.stack_end;
    return trap;
}

static void check_with(const char *kind, const Made *call)
{
    Diag diag;
    Source source;
    char *text = new_text(kind);
    Engine *engine = engine_new(features_default);
    engine->tier = TIER_baseline;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) return;
    Store *s = engine_store(engine);
    Instance *inst = engine_instantiate(s, source.module, resolve, s, &diag).instance;
    if (CHECK(inst != NULL)) {
        publish(inst->made, 1, call);
        publish(inst->made, 2, &made_jump);
        CHECK_EQ_U64(run(s, instance_func(inst, 1)), TRAP_call_stack_exhausted);
        CHECK_EQ_U64(run(s, instance_func(inst, 2)), TRAP_call_stack_exhausted);
    }
    store_free(s);
    source_free(&source);
    engine_free(engine);
}
#endif

int main(void)
{
#if NATIVE
    if (tier_lacks()) return check_report();
    check_with("param", &made_call);
    check_with("result", &made_call);
    check_with("param", &made_none);
#endif
    return check_report();
}
