// values.c -- a type, core values and a memory out of any bytes. What the walk makes of them is
// what the specification's rules do: the same value, or the same trap. A value reads back from its
// text, and goes back into a memory in the same steps. Then the bytes are a text themselves.
// Hazards: R29, R30, R36.

#include "fuzz.h"

#include "component/abi/plain.h"
#include "component/abi/wave.h"

enum { MEMORY = 1 << 14, SLOTS = 20 };

typedef struct { const u8 *at, *end; } Input;

static u8 byte(Input *in) { return in->at < in->end ? *in->at++ : 0; }

typedef struct {
    Abi abi;
    AbiMemory memory;
    u8 bytes[MEMORY];
    u64 next, asked;
} Side;

static bool side_realloc(void *env, u64 old, u64 old_size, u32 align, u64 size, u64 *at)
{
    Side *s = env;
    s->asked = s->asked * 31 + old + old_size * 3 + align * 5 + size * 7;
    *at = (s->next + align - 1) & ~(u64)(align - 1);
    s->next = *at + size;
    if (s->next > MEMORY) return false;
    memmove(s->bytes + *at, s->bytes + old, (size_t)MIN(old_size, size));
    return true;
}
static bool side_lift(void *env, CType t, u32 index, u64 *handle, AbiFault *fault)
{
    *handle = index;
    return index != 5;
}
static bool side_lower(void *env, CType t, u64 handle, u32 *index, AbiFault *fault)
{
    *index = (u32)handle;
    return true;
}

static CType some_type(CTypes *types, Input *in, u32 depth)
{
    static char names[40][4];
    CField fields[40];
    Err err = ERR_none;
    u8 pick = byte(in), count = 1 + byte(in) % 5;
    CForm form = (CForm)(CFORM_record + pick % 14);
    bool labels = form == CFORM_flags || form == CFORM_enum;
    if (pick >= 128 || !depth || form > CFORM_fixed_list) return pick % CPRIM_COUNT;
    if (form == CFORM_list || form == CFORM_option) count = 1;
    if (form == CFORM_result) count = 2;
    if (labels) count = 1 + pick % 32;
    if (form == CFORM_own || form == CFORM_borrow) {
        CType resource = ctype_make_resource(types, TYPE_i32, 0);
        return ctype_make(types, form, &(CField){{0}, resource}, 1, &err);
    }
    for (u32 i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "f%u", i);
        bool may_lack = form == CFORM_variant || form == CFORM_result;
        bool none = labels || (may_lack && byte(in) % 4 == 0);
        bool named = labels || form == CFORM_record || form == CFORM_variant;
        fields[i].name = named ? bytes_of(names[i]) : (Bytes){0};
        fields[i].type = none ? CTYPE_NONE : some_type(types, in, depth - 1);
    }
    CType t = ctype_make(types, form, fields, count, &err);
    return err ? (CType)CPRIM_u8 : t;
}

static Bytes text_of(const CTypes *types, CType t, const CValue *v, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    wave_print(types, t, v, &out);
    return buf_view(&out);
}

// Text, value and text again are the same.
static void read_back(const CTypes *types, CType t, Bytes text, bool must, Arena *arena)
{
    CValue v;
    Diag diag;
    if (wave_parse(types, t, text, arena, &v, &diag)) {
        Bytes once = text_of(types, t, &v, arena);
        MUST(wave_parse(types, t, once, arena, &v, &diag));
        MUST(bytes_same(once, text_of(types, t, &v, arena)));
        MUST(!must || bytes_same(once, text));
    } else {
        MUST(diag.err && diag.offset <= text.len && diag.line && diag.column);
        MUST(!must || memmem(text.data, text.len, "(", 1)); // a handle
    }
}

static void both(CTypes *types, CType t, Input *in, Arena *arena)
{
    static Side plain, walk;
    CoreValue flat[SLOTS] = {0};
    u64 core[SLOTS] = {0};
    FlatTypes flat_types = {0};
    u8 choice = byte(in);
    u32 max_flat = choice & 8 ? 16 : 1, count = 0, walked = 0;
    CValue a, b;
    memset(&plain, 0, sizeof plain);
    plain.memory = (AbiMemory){plain.bytes, MEMORY};
    plain.abi = (Abi){.types = types, .wide = choice & 4, .encoding = (u8)(choice % 3),
                      .realloc = side_realloc, .lift_handle = side_lift,
                      .lower_handle = side_lower, .arena = arena};
    MUST(plain_flatten_types(&plain.abi, &t, 1, &flat_types));
    if (flat_types.count > max_flat) flat_types = (FlatTypes){(u8[]){choice & 4 ? 'l' : 'i'}, 1, 1};
    for (u32 i = 0; i < flat_types.count; i++) {
        u64 bits = byte(in);
        if (bits > 200) bits = bits << 24 | (u64)byte(in) << 56 | byte(in);
        core[i] = bits;
        flat[i] = (CoreValue){flat_types.types[i], bits};
        if (flat[i].type == 'i' || flat[i].type == 'f') flat[i].bits = (u32)bits;
    }
    memcpy(plain.bytes, in->at, MIN((size_t)(in->end - in->at), MEMORY));
    walk = plain;
    walk.memory.base = walk.bytes;
    plain.abi.memory = &plain.memory;
    walk.abi.memory = &walk.memory;
    plain.abi.env = &plain;
    walk.abi.env = &walk;
    bool lifted = plain_lift_flat_values(&plain.abi, max_flat, flat, &t, 1, &a);
    MUST(abi_lift(&walk.abi, max_flat, core, &t, 1, &b) == lifted);
    MUST(walk.abi.fault == plain.abi.fault);
    if (!lifted) return;
    Bytes text = text_of(types, t, &a, arena);
    MUST(bytes_same(text, text_of(types, t, &b, arena)));
    read_back(types, t, text, true, arena);
    if (memmem(text.data, text.len, "\"", 1)) return; // strings remember where they came from
    bool lowered = plain_lower_flat_values(&plain.abi, max_flat, &a, &t, 1, NULL, flat, &count);
    MUST(abi_lower(&walk.abi, max_flat, &b, &t, 1, NULL, core, &walked) == lowered);
    MUST(walk.abi.fault == plain.abi.fault);
    if (!lowered) return;
    MUST(count == walked && plain.asked == walk.asked && plain.next == walk.next);
    MUST(!memcmp(plain.bytes, walk.bytes, MEMORY));
    for (u32 i = 0; i < count; i++) MUST(core[i] == flat[i].bits);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Arena arena, scratch;
    CTypes types;
    jmp_buf failure;
    TypeStore *store = type_store_new();
    arena_init(&arena);
    arena_init(&scratch);
    arena.on_failure = scratch.on_failure = &failure;
    arena.limit = 1 << 28;
    if (!setjmp(failure)) {
        Input in = {data, data + size};
        ctypes_init(&types, &arena, &scratch, store);
        CType t = some_type(&types, &in, 5);
        Bytes rest = {in.at, (size_t)(in.end - in.at)};
        both(&types, t, &in, &arena);
        read_back(&types, t, rest, false, &arena);
    }
    arena_free(&arena);
    arena_free(&scratch);
    type_store_free(store);
    return 0;
}
