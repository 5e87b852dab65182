// locals_test.c -- indices of locals in all their lengths, in validation and in execution: 1, 2 and
// 3 bytes, and longer than they need be.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <stdlib.h>
#include <string.h>

enum { LOCALS = 50000 };

static bool none(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return false;
}

static u32 leb(u8 *out, u32 value, u32 bytes)
{
    for (u32 i = 0; i < bytes; i++, value >>= 7)
        out[i] = (u8)((value & 0x7f) | (i + 1 < bytes ? 0x80 : 0));
    return bytes;
}

// () -> i32 with LOCALS i32 locals: sets the local to 77 and gets it, with indices of `bytes`
// bytes.
static u32 make(u8 *out, u32 local, u32 bytes)
{
    static const u8 head[] = "\0asm\1\0\0\0\1\5\1\x60\0\1\x7f\3\2\1\0\7\5\1\1f\0\0\12";
    u8 body[64], *p = body;
    *p++ = 1; // one group of locals
    p += leb(p, LOCALS, 3);
    *p++ = 0x7f;
    *p++ = 0x41, *p++ = 0xcd, *p++ = 0; // i32.const 77
    *p++ = 0x21, p += leb(p, local, bytes);
    *p++ = 0x20, p += leb(p, local, bytes);
    *p++ = 0x0b;
    u32 size = (u32)(p - body), at = sizeof head - 1;
    memcpy(out, head, at);
    out[at++] = (u8)(size + 2); // the section: a count, a size, the body
    out[at++] = 1;
    out[at++] = (u8)size;
    memcpy(out + at, body, size);
    return at + size;
}

static void check(Engine *engine, u32 local, u32 bytes)
{
    u8 module[128];
    Diag diag;
    u32 size = make(module, local, bytes);
    Module *m = engine_load(engine, module, size, &diag);
    CHECK_EQ_U64(diag.err, local < LOCALS ? ERR_none : ERR_unknown_local);
    if (!m) return;
    Store *store = engine_store(engine);
    Instance *inst = engine_instantiate(store, m, none, NULL, &diag).instance;
    Extern f;
    u64 slots[1] = {0};
    if (CHECK(inst && instance_export(inst, (Bytes){(const u8 *)"f", 1}, &f))) {
        CHECK_EQ_U64(engine_call(store, f.func, slots, COUNT_OF(slots)), TRAP_none);
        CHECK_EQ_U64((u32)slots[0], 77);
    }
    store_free(store);
    engine_unload(m);
}

int main(void)
{
    static const u32 locals[] = {0,     1,     127,   128,   129,   255,   16383, 16384, 16385,
                                 16511, 16512, 32767, 32768, 33000, 49999, 50000, 65535};
    Engine *engine = engine_new(features_default);
    for (u32 i = 0; i < COUNT_OF(locals); i++) {
        u32 least = locals[i] < 128 ? 1 : locals[i] < 16384 ? 2 : 3;
        for (u32 bytes = least; bytes <= 5; bytes++) check(engine, locals[i], bytes);
    }
    engine_free(engine);
    return check_report();
}
