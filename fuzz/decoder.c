// decoder.c -- any bytes are decoded and validated: to one verdict, the same every time, at a place
// that exists, and the same when they arrive in pieces. What loads loads again under all features;
// and what is known of a module can be told.
// Hazards: R40.

#include "fuzz.h"

#include "binary/decode.h"
#include "engine/load.h"
#include "module/describe.h"
#include "valid/valid.h"

static void check_diag(const Diag *d, size_t size)
{
    MUST(d->err > ERR_none && d->err < ERR_COUNT);
    MUST(d->offset <= size);
    MUST(d->line == 0);
    MUST(memchr(d->detail, 0, sizeof d->detail));
}

// Valid or not: nothing that is decoded may be beyond description.
static void describe_all(const Module *m)
{
    Arena arena;
    jmp_buf failed;
    Describer d;
    arena_init(&arena);
    arena.limit = 256 << 20;
    arena.on_failure = &failed;
    if (!setjmp(failed)) {
        describer_init(&d, m, &arena, 300);
        for (u32 i = 0; i < MIN(m->type_count, 100); i++) describe_type(&d, i);
        for (u32 i = 0; i < MIN(m->import_count, 100); i++)
            describe_item(&d, m->imports[i].kind, m->imports[i].index);
        for (u32 i = 0; i < MIN(m->export_count, 100); i++)
            describe_item(&d, m->exports[i].kind, m->exports[i].index);
    }
    arena_free(&arena);
    for (u32 i = 0; i < MIN(m->func_count, 100); i++) {
        Bytes name = module_func_name(m, i);
        MUST(!name.len || (name.data >= m->bytes && name.len <= m->size &&
                           name.data + name.len <= m->bytes + m->size));
    }
}

// What has not arrived is other bytes.
static bool load_in_pieces(Engine *e, const u8 *data, size_t size, Diag *diag)
{
    u8 *room = malloc(size + 1);
    u32 random = (u32)size;
    memset(room, 0x55, size + 1);
    Load *l = load_new(e, room);
    bool good = true;
    for (size_t at = 0; good;) {
        random = random * 1103515245 + 12345;
        size_t piece = MIN((random >> 16) % 30, size - at);
        memcpy(room + at, data + at, piece);
        at += piece;
        good = load_feed(l, at, at == size, diag);
        if (at == size) break;
    }
    load_free(l);
    free(room);
    return good;
}

static void check_pieces(Engine *e, const u8 *data, size_t size)
{
    Diag whole, pieces;
    Module *m = engine_load(e, data, size, &whole);
    MUST(load_in_pieces(e, data, size, &pieces) == (m != NULL));
    MUST(same_diag(&whole, &pieces));
    engine_unload(m);
}

static bool load_under(Features features, const u8 *data, size_t size)
{
    Engine *e = engine_new(features);
    Diag decoded, first, second;
    Module *m;
    bool valid = false;
    if (module_decode(data, size, features, e->types, &m, &decoded)) {
        diag_init(&first);
        diag_init(&second);
        valid = module_validate(m, &first);
        MUST(module_validate(m, &second) == valid);
        MUST(same_diag(&first, &second));
        if (!valid) check_diag(&first, size);
        describe_all(m);
        module_free(m);
    } else {
        MUST(!m);
        check_diag(&decoded, size);
    }
    check_pieces(e, data, size);
    engine_free(e);
    return valid;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    bool usual = load_under(features_default, data, size);
    bool all = load_under(features_all, data, size);
    MUST(all || !usual);
    return 0;
}
