// decode.c -- the frame of a module: header, sections in their order, what must agree at the end.
//
//     \0asm 1 | id size content | id size content | ...
//
// Each section is read by a cursor that ends where the section does, so nothing can be taken from
// the next one; a section with bytes left over is as wrong as one that is too short.
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

enum { CODE = 10 };

static u32 bytes_left(const Decoder *d) { return (u32)(d->r.end - d->r.pos); }

// Is the number that comes next there, or enough of it to see that it is none?
static bool leb_is_there(const Decoder *d)
{
    for (const u8 *p = d->r.pos; p < d->r.end; p++)
        if (!(*p & 0x80)) return true;
    return bytes_left(d) >= 5;
}

// Goes on here when there is more; always false.
static bool wait_at(Decoder *d, const u8 *at)
{
    d->r.pos = at;
    return false;
}

static bool decode_header(Decoder *d)
{
    if (bytes_left(d) < 8 && !d->whole) return false;
    const u8 *magic = read_bytes(&d->r, 4);
    if (magic && memcmp(magic, "\0asm", 4))
        decode_fail(d, ERR_magic_header_not_detected, magic, "a module starts with 00 61 73 6d");
    const u8 *version = read_bytes(&d->r, 4);
    if (version && !memcmp(version, "\x0d\0\1\0", 4))
        decode_fail(d, ERR_unknown_binary_version, version, "this is a component");
    if (version && memcmp(version, "\1\0\0\0", 4))
        decode_fail(d, ERR_unknown_binary_version, version,
                    "%02x %02x %02x %02x, and not 01 00 00 00", version[0], version[1], version[2],
                    version[3]);
    d->next = NEXT_section;
    return true;
}

static void decode_custom(Decoder *d, Section *section)
{
    section->name_size = (u32)read_name(&d->r).len;
    section->content.start = reader_offset(&d->r);
    d->r.pos = d->r.end;
}

// A breach of a typing rule was no reason to stop reading definitions, but it is one to read no
// body.
static void report_invalid(Decoder *d)
{
    if (!decode_failed(d) && d->invalid.err != ERR_none) *d->r.diag = d->invalid;
}

static void finish_definitions(Decoder *d)
{
    Module *m = d->m;
    report_invalid(d);
    if (!d->declared) d->declared = NEW_ARRAY(&m->arena, u8, (size_t)m->func_count / 8 + 1);
    m->declared = d->declared;
}

static void decode_all_names(Module *m)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (section_is(m, &m->sections[i], "name")) decode_names(m, m->sections[i].content);
}

static void decode_end(Decoder *d)
{
    Module *m = d->m;
    const u8 *at = d->r.pos;
    d->next = NEXT_nothing;
    if (m->stage == STAGE_definitions && m->func_count > m->imported_funcs)
        decode_fail(d, ERR_inconsistent_code_count, at, "%u functions, no bodies",
                    m->func_count - m->imported_funcs);
    if (m->has_data_count && m->data_count != d->data_count)
        decode_fail(d, ERR_inconsistent_data_count, at, "%u announced, %u found", m->data_count,
                    d->data_count);
    if (m->stage == STAGE_definitions) finish_definitions(d);
    report_invalid(d);
    if (decode_failed(d)) return;
    decode_all_names(m);
    m->stage = STAGE_complete;
}

// A section that is there in whole.
static void decode_content(Decoder *d, Section *section)
{
    Reader outer = d->r;
    d->r.end = d->r.start + section->content.end;
    d->r.at_end = ERR_unexpected_end_of_section;
    if (section->id == 0) decode_custom(d, section);
    else decode_section(d, section->id);
    if (d->r.pos != d->r.end)
        decode_fail(d, ERR_section_size_mismatch, d->r.pos, "section %u has %u bytes left over",
                    section->id, bytes_left(d));
    d->r.at_end = outer.at_end;
    d->r.end = outer.end;
}

static void fail_length(Decoder *d, const Section *section)
{
    decode_fail(d, ERR_length_out_of_bounds, d->r.start + section->start, "a section of %u bytes",
                section->content.end - section->content.start);
}

// The cursor ends with what is there, and in the code section with that.
static void bound_cursor(Decoder *d)
{
    bool in_code = d->next == NEXT_body_count || d->next == NEXT_body;
    size_t end = in_code ? MIN(d->m->size, d->code.content.end) : d->m->size;
    d->r.end = d->r.start + end;
    d->r.at_end = in_code ? ERR_unexpected_end_of_section : ERR_unexpected_end;
}

static bool decode_next_section(Decoder *d)
{
    Module *m = d->m;
    const u8 *at = d->r.pos;
    if (at == d->r.end) {
        if (d->whole) decode_end(d);
        return d->whole;
    }
    u8 id = read_u8(&d->r);
    if (id >= sizeof section_rank) decode_fail(d, ERR_malformed_section_id, at, "%u", id);
    else if (id && section_rank[id] <= section_rank[d->last])
        decode_fail(d, ERR_unexpected_section, at, "section %u after section %u", id, d->last);
    if (!decode_failed(d) && !leb_is_there(d) && !d->whole) return wait_at(d, at);
    u32 size = read_leb_u32(&d->r), start = reader_offset(&d->r);
    if (decode_failed(d)) return true;
    Section section = {.id = id, .start = (u32)(at - d->r.start), .after = d->last,
                       .content = {start, start + size}};
    if (size > LIMIT_module_size - start) {
        fail_length(d, &section);
    } else if (id == CODE) {
        d->code = section;
        d->next = NEXT_body_count;
        bound_cursor(d);
    } else if (size <= bytes_left(d)) {
        decode_content(d, &section);
    } else if (d->whole) {
        fail_length(d, &section);
    } else {
        return wait_at(d, at);
    }
    ARENA_PUSH(&m->arena, m->sections, m->section_count, d->section_cap) = section;
    if (id) d->last = id;
    return true;
}

// When not all of the code section is there, `there` says whether what is read next is. Running out
// in the middle of the section is the same error for whatever is missing.
static bool code_is_there(Decoder *d, bool there)
{
    if (there || d->m->size >= d->code.content.end) return true;
    if (d->whole) fail_length(d, &d->code);
    return false;
}

static bool decode_bodies_start(Decoder *d)
{
    if (!code_is_there(d, leb_is_there(d))) return d->whole;
    decode_body_count(d);
    finish_definitions(d);
    if (!decode_failed(d)) d->m->stage = STAGE_code;
    d->next = NEXT_body;
    return true;
}

// Is the next body there, or enough of it to see that it is none?
static bool body_is_there(const Decoder *d)
{
    Diag ignored;
    diag_init(&ignored);
    Reader r = d->r;
    r.diag = &ignored;
    if (!leb_is_there(d)) return false;
    u32 size = read_leb_u32(&r);
    return reader_failed(&r) || size <= (u32)(r.end - r.pos) ||
           size > d->code.content.end - reader_offset(&r);
}

static bool decode_next_body(Decoder *d)
{
    Module *m = d->m;
    if (m->body_count < m->func_count - m->imported_funcs && d->bodies) {
        decode_known_bodies(d);
        return true;
    }
    if (m->body_count < m->func_count - m->imported_funcs) {
        if (!code_is_there(d, body_is_there(d))) return d->whole;
        decode_body(d);
        return true;
    }
    u32 left = d->code.content.end - reader_offset(&d->r);
    if (left)
        decode_fail(d, ERR_section_size_mismatch, d->r.pos, "section %u has %u bytes left over",
                    CODE, left);
    d->next = NEXT_section;
    if (!left) bound_cursor(d);
    return true;
}

// False: more bytes are needed.
static bool decode_step(Decoder *d)
{
    switch (d->next) {
    case NEXT_header: return decode_header(d);
    case NEXT_section: return decode_next_section(d);
    case NEXT_body_count: return decode_bodies_start(d);
    case NEXT_body: return decode_next_body(d);
    case NEXT_nothing: break;
    }
    return false;
}

static Err why_short(const Decoder *d)
{
    if (d->no_types) return ERR_limit_type_total;
    return d->m->arena.met || d->scratch.met ? ERR_limit_module_bytes : ERR_out_of_memory;
}

// A part ends with its bytes, and what would be missing then is not asked for.
static bool part_ends(const Decoder *d) { return d->part && reader_offset(&d->r) == d->m->size; }

static void decode_steps(Decoder *d)
{
    do if (d->invalid.err == ERR_none) d->good = reader_offset(&d->r);
    while (!part_ends(d) && decode_step(d) && !decode_failed(d));
    if (d->part && !decode_failed(d)) decode_all_names(d->m);
}

// `d` does not change and nothing else is read after a jump, so no local needs to be volatile.
static void decode_guarded(Decoder *d)
{
    jmp_buf failure;
    d->m->arena.on_failure = d->scratch.on_failure = &failure;
    if (setjmp(failure)) decode_fail(d, why_short(d), d->r.pos, "for what is decoded");
    else decode_steps(d);
    d->m->arena.on_failure = d->scratch.on_failure = NULL;
    decode_drop_group(d);
}

ModuleDecoder *module_decoder_new(const u8 *bytes, Features features, TypeStore *store)
{
    Decoder *d = calloc(1, sizeof *d);
    Module *m = d ? calloc(1, sizeof *m) : NULL;
    if (!m) {
        free(d);
        return NULL;
    }
    arena_init(&m->arena);
    m->store = store;
    m->features = features;
    m->bytes = bytes;
    d->m = m;
    d->r = (Reader){.start = bytes, .pos = bytes, .end = bytes};
    d->stand_in = TYPE_NONE;
    diag_init(&d->invalid);
    arena_init(&d->scratch);
    return d;
}

void module_decoder_charge(ModuleDecoder *d, Account *accounts)
{
    d->m->accounts = accounts;
    d->m->arena.account = d->scratch.account = &accounts[ENGINE_module_bytes];
}

void module_decoder_note(ModuleDecoder *d, Features *missing) { d->m->missing = missing; }

bool module_decoder_feed(ModuleDecoder *d, size_t size, bool last, Diag *diag)
{
    diag_init(diag);
    if (size > LIMIT_module_size)
        return diag_fail(diag, ERR_limit_module_size, 0, "%zu bytes, 1 GiB at most", size);
    d->m->size = size;
    d->whole = last;
    d->r.diag = diag;
    bound_cursor(d);
    decode_guarded(d);
    arena_reset(&d->scratch);
    return diag->err == ERR_none;
}

void module_decoder_bodies(ModuleDecoder *d, const Range *bodies, u32 count)
{
    d->bodies = bodies;
    d->known = count;
}

Module *module_decoder_module(const ModuleDecoder *d) { return d->m; }

Module *module_decoder_take(ModuleDecoder *d)
{
    Module *m = d->m;
    d->m = NULL;
    return m;
}

void module_decoder_free(ModuleDecoder *d)
{
    arena_free(&d->scratch);
    if (d->stand_in != TYPE_NONE) type_give_back(d->m->store, &d->stand_in, 1);
    module_free(d->m);
    free(d);
}

// *good: nothing in front of there is wrong.
static Module *decode_up_to(const u8 *bytes, size_t size, bool whole, Features features,
                            TypeStore *store, u32 *good, Diag *diag)
{
    static const u8 nothing[1];
    diag_init(diag);
    *good = 0;
    ModuleDecoder *d = module_decoder_new(bytes ? bytes : nothing, features, store);
    if (!d) {
        diag_fail(diag, ERR_out_of_memory, 0, "for the module");
        return NULL;
    }
    d->part = !whole;
    Module *m = module_decoder_feed(d, size, whole, diag) ? module_decoder_take(d) : NULL;
    *good = d->good;
    module_decoder_free(d);
    return m;
}

bool module_decode(const u8 *bytes, size_t size, Features features, TypeStore *store, Module **out,
                   Diag *diag)
{
    u32 good;
    *out = decode_up_to(bytes, size, true, features, store, &good, diag);
    return *out;
}

// What is wrong is not fed again, so that the module holds nothing of it, and no stand-ins.
bool module_decode_part(const u8 *bytes, size_t size, Features features, TypeStore *store,
                        Module **out)
{
    u32 good, ignored;
    Diag diag;
    *out = decode_up_to(bytes, size, true, features, store, &good, &diag);
    if (!*out && err_class[diag.err] != CLASS_resource)
        *out = decode_up_to(bytes, good, false, features, store, &ignored, &diag);
    return *out;
}

void module_free(Module *m)
{
    if (!m) return;
    type_give_back(m->store, m->types, m->type_count);
    arena_free(&m->arena);
    free(m);
}
