// component.c -- any bytes are read and checked as a component: to one verdict, the same every
// time, at a place that exists, and the same when they arrive in pieces. What is valid is valid
// under all features, can be described, and comes back when it is printed; so does what is not
// valid, if it can be printed. All types that were interned are given back.
// Hazards: R40, R70.

#include "fuzz.h"

#include "component/binary/component.h"
#include "component/print/print.h"
#include "component/type/text.h"

static void describe(const Component *c)
{
    char text[200];
    const CExterns *e = ctype_def(&c->types, c->type)->externs;
    for (u32 i = 0; i < MIN(e->import_count, 100); i++)
        centity_describe(&c->types, e->imports[i].entity, text, sizeof text);
    for (u32 i = 0; i < MIN(e->export_count, 100); i++)
        centity_describe(&c->types, e->exports[i].entity, text, sizeof text);
    for (u32 i = 0; i < MIN(c->types.count, 1000); i++)
        MUST(ctype_describe(&c->types, CPRIM_COUNT + i, text, 1 + i % sizeof text) == text);
}

// What has not arrived is other bytes.
static bool load_in_pieces(const u8 *data, size_t size, Features features, TypeStore *types,
                           Diag *diag)
{
    u8 *room = malloc(size + 1);
    u32 random = (u32)size;
    memset(room, 0x55, size + 1);
    ComponentDecoder *d = component_decoder_new(room, features, types, NULL);
    bool good = true;
    for (size_t at = 0; good;) {
        random = random * 1103515245 + 12345;
        size_t piece = MIN((random >> 16) % 30, size - at);
        memcpy(room + at, data + at, piece);
        at += piece;
        good = component_decoder_feed(d, at, at == size, diag);
        if (at == size) break;
    }
    component_decoder_free(d);
    free(room);
    return good;
}

static bool load_under(Features features, const u8 *data, size_t size)
{
    TypeStore *types = type_store_new();
    Diag whole, pieces;
    Component *c = component_load(data, size, features, types, NULL, &whole);
    bool good = c != NULL;
    if (c) describe(c);
    component_free(c);
    MUST(load_in_pieces(data, size, features, types, &pieces) == good);
    MUST(same_diag(&whole, &pieces));
    MUST(good || (whole.err > ERR_none && whole.err < ERR_COUNT && whole.offset <= size));
    MUST(type_store_counts(types).groups == 0);
    type_store_free(types);
    return good;
}

static void print(const u8 *data, size_t size, bool valid)
{
    const PrintOptions options = {.fold = size & 1};
    Diag diag;
    RoundTrip r = component_round_trip((Bytes){data, size}, features_all, &options, &diag);
    if (r == ROUND_TRIP_fails) fprintf(stderr, "%s %s\n", err_text[diag.err], diag.detail);
    MUST(r != ROUND_TRIP_fails && !(valid && r == ROUND_TRIP_refused));
    MUST((r == ROUND_TRIP_refused) == (diag.err != ERR_none));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    bool usual = load_under(features_default, data, size);
    bool all = load_under(features_all, data, size);
    MUST(all || !usual);
    print(data, size, all);
    return 0;
}
