// decode.c -- the frame of a module: header, sections in their order, what must agree at the end.
//
//     \0asm 1 | id size content | id size content | ...
//
// Each section is read by a cursor that ends where the section does, so nothing can be taken from the
// next one; a section with bytes left over is as wrong as one that is too short.
// spec: binary/modules

#include "binary/decode.h"

#include "binary/decoder.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// Where each section stands in the order, by id; 0 is custom, which may be anywhere.
static const u8 section_rank[] = {
    [1] = 1, [2] = 2, [3] = 3, [4] = 4, [5] = 5, [13] = 6, [6] = 7,
    [7] = 8, [8] = 9, [9] = 10, [12] = 11, [10] = 12, [11] = 13,
};

static void decode_header(Decoder *d)
{
    const u8 *magic = read_bytes(&d->r, 4);
    if (magic && memcmp(magic, "\0asm", 4))
        decode_fail(d, ERR_magic_header_not_detected, magic, "%s", "");
    const u8 *version = read_bytes(&d->r, 4);
    if (version && !memcmp(version, "\x0d\0\1\0", 4))
        decode_fail(d, ERR_unknown_binary_version, version, "this is a component");
    if (version && memcmp(version, "\1\0\0\0", 4))
        decode_fail(d, ERR_unknown_binary_version, version, "%s", "");
}

static void decode_custom(Decoder *d, Section *section)
{
    section->name = read_name(&d->r);
    section->content.start = reader_offset(&d->r);
    d->r.pos = d->r.end;
}

static bool is_name_section(const Section *s)
{
    return s->id == 0 && s->name.len == 4 && !memcmp(s->name.data, "name", 4);
}

// Leaves the cursor behind the section. `last` is the id of the last section that was not custom.
static void decode_one_section(Decoder *d, u8 *last)
{
    Module *m = d->m;
    const u8 *at = d->r.pos;
    u8 id = read_u8(&d->r);
    if (id >= sizeof section_rank) decode_fail(d, ERR_malformed_section_id, at, "%u", id);
    u32 size = read_leb_u32(&d->r);
    if (decode_failed(d)) return;
    if (size > (size_t)(d->r.end - d->r.pos))
        decode_fail(d, ERR_length_out_of_bounds, at, "a section of %u bytes", size);
    else if (id && section_rank[id] <= section_rank[*last])
        decode_fail(d, ERR_unexpected_section, at, "section %u after section %u", id, *last);
    if (decode_failed(d)) return;

    Section section = {.id = id, .start = (u32)(at - d->r.start), .after = *last};
    section.content = (Range){reader_offset(&d->r), reader_offset(&d->r) + size};
    Reader whole = d->r;
    d->r.end = d->r.pos + size;
    d->r.at_end = ERR_unexpected_end_of_section;
    if (id == 0) decode_custom(d, &section);
    else decode_section(d, id);
    if (d->r.pos != d->r.end)
        decode_fail(d, ERR_section_size_mismatch, d->r.pos, "section %u has %zu bytes left over", id,
                    (size_t)(d->r.end - d->r.pos));
    d->r.at_end = whole.at_end;
    d->r.end = whole.end;
    m->sections[m->section_count++] = section;
    if (id) *last = id;
}

// Room for all sections at once: a module may be nothing but millions of empty ones.
static void reserve_sections(Decoder *d)
{
    Diag ignored;
    diag_init(&ignored);
    Reader r = d->r;
    r.diag = &ignored;
    while (r.pos < r.end) {
        d->section_cap++;
        read_u8(&r);
        read_bytes(&r, read_leb_u32(&r));
    }
    d->m->sections = NEW_ARRAY(&d->m->arena, Section, d->section_cap);
}

static void decode_end(Decoder *d)
{
    Module *m = d->m;
    const u8 *at = d->r.pos;
    if (!d->has_code && m->func_count > m->imported_funcs)
        decode_fail(d, ERR_inconsistent_code_count, at, "%u functions, no bodies",
                    m->func_count - m->imported_funcs);
    if (m->has_data_count && m->data_count != d->data_count)
        decode_fail(d, ERR_inconsistent_data_count, at, "%u announced, %u found", d->data_count, m->data_count);
    if (decode_failed(d)) return;
    if (d->invalid.err != ERR_none) {
        *d->r.diag = d->invalid;
        return;
    }
    if (!d->declared) d->declared = NEW_ARRAY(&m->arena, u8, (size_t)m->func_count / 8 + 1);
    m->declared = d->declared;
    for (u32 i = 0; i < m->section_count; i++)
        if (is_name_section(&m->sections[i])) decode_names(m, m->sections[i].content);
}

// `d` does not change and nothing else is read after a jump, so no local needs to be volatile.
static void decode_guarded(Decoder *d)
{
    jmp_buf failure;
    d->m->arena.on_failure = d->scratch.on_failure = &failure;
    if (setjmp(failure)) {
        decode_fail(d, ERR_out_of_memory, d->r.pos, "%s", "");
    } else {
        u8 last = 0;
        decode_header(d);
        reserve_sections(d);
        while (!decode_failed(d) && d->r.pos < d->r.end) decode_one_section(d, &last);
        if (!decode_failed(d)) decode_end(d);
    }
    d->m->arena.on_failure = d->scratch.on_failure = NULL;
}

bool module_decode(const u8 *bytes, size_t size, Features features, TypeStore *store, Module **out, Diag *diag)
{
    static const u8 nothing[1];
    *out = NULL;
    diag_init(diag);
    if (size > LIMIT_module_size) return diag_fail(diag, ERR_limit_module_size, 0, "%zu bytes", size);
    Module *m = calloc(1, sizeof *m);
    if (!m) return diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (!bytes) bytes = nothing;
    arena_init(&m->arena);
    m->store = store;
    m->features = features;
    m->bytes = bytes;
    m->size = size;

    Decoder d = {.r = {bytes, bytes, bytes + size, ERR_unexpected_end, diag}, .m = m};
    d.stand_in = TYPE_NONE;
    diag_init(&d.invalid);
    arena_init(&d.scratch);
    decode_guarded(&d);
    arena_free(&d.scratch);
    if (diag->err != ERR_none) {
        module_free(m);
        return false;
    }
    *out = m;
    return true;
}

void module_free(Module *m)
{
    if (!m) return;
    arena_free(&m->arena);
    free(m);
}
