// custom.c -- custom sections that toolchains agree on and that are short; and what is malformed in
// any of them. spec: tool conventions, BuildId.md, Debugging.md, DynamicLinking.md, Linking.md

#include "cli/inspect/inspect.h"

#include "cli/makers.h"

static void show_feature(void *env, char prefix, Bytes name)
{
    printf(" %c", prefix);
    print_tame(stdout, name);
}

static void view_features(Inspect *s, Json *j, Reader *r)
{
    if (j) json_open(j, NULL, '[');
    target_features_read(r, j ? target_feature_json : show_feature, j);
    if (j) json_close(j, ']');
}

static void view_url(Inspect *s, Json *j, Reader *r)
{
    Bytes url = read_name(r);
    if (reader_failed(r)) {
        if (j) json_null(j, NULL);
    } else if (j) {
        json_string(j, NULL, url);
    } else {
        putchar(' ');
        show_most(s, url, READABLE_SHOWN);
    }
}

static void view_id(Inspect *s, Json *j, Reader *r)
{
    u32 count = read_count(r, 1);
    const u8 *id = read_bytes(r, count);
    s->text.len = 0;
    for (u32 i = 0; id && i < count; i++) { // nothing of it, if there is not all of it
        buf_byte(&s->text, (u8)"0123456789abcdef"[id[i] >> 4]);
        buf_byte(&s->text, (u8)"0123456789abcdef"[id[i] & 15]);
    }
    Bytes text = buf_view(&s->text);
    if (j) json_string(j, NULL, text);
    else putchar(' '), show(text);
}

// ---- "dylink.0"

static const struct { u32 bit; const char *text; } flag_text[] = {
#define SYMBOL_FLAG(bit, name, text) {bit, #name},
#include "module/linking.def"
};

void view_symbol_flags(Json *j, u32 flags)
{
    if (j) json_open(j, "flags", '[');
    for (u32 i = 0; i < COUNT_OF(flag_text); i++) {
        if (!(flags & flag_text[i].bit)) continue;
        if (j) json_text(j, NULL, flag_text[i].text);
        else printf(" %s", flag_text[i].text);
    }
    if (j) json_close(j, ']');
}

static void view_space(Json *j, Reader *r)
{
    static const char *const keys[] = {"memory_size", "memory_align_log2", "table_size",
                                       "table_align_log2"};
    for (u32 i = 0; i < COUNT_OF(keys); i++) {
        u32 value = read_leb_u32(r);
        if (reader_failed(r)) return;
        if (j) json_number(j, keys[i], value);
        else printf("\n  %s %u", keys[i], value);
    }
}

static void view_names(Inspect *s, Json *j, Reader *r, const char *key, u32 names, bool flagged)
{
    if (j) json_open(j, key, '[');
    for (u32 n = read_count(r, 1); n; n--) {
        Bytes module = names == 2 ? read_name(r) : (Bytes){0}, name = read_name(r);
        u32 flags = flagged ? read_leb_u32(r) : 0;
        if (reader_failed(r)) break;
        if (j && flagged) {
            json_open(j, NULL, '{');
            if (module.data) json_string(j, "module", module);
            json_string(j, "name", name);
            view_symbol_flags(j, flags);
            json_close(j, '}');
        } else if (j) {
            json_string(j, NULL, name);
        } else {
            printf("\n  %s ", key);
            if (module.data) show_name(s, module), putchar(' ');
            show_name(s, name);
            view_symbol_flags(NULL, flags);
        }
    }
    if (j) json_close(j, ']');
}

static void view_dylink_part(Inspect *s, Json *j, Reader *r, u8 id)
{
    switch (id) {
    case DYLINK_memory: view_space(j, r); break;
    case DYLINK_needed: view_names(s, j, r, "needed", 1, false); break;
    case DYLINK_exports: view_names(s, j, r, "exports", 1, true); break;
    case DYLINK_imports: view_names(s, j, r, "imports", 2, true); break;
    case DYLINK_paths: view_names(s, j, r, "runtime_path", 1, false); break;
    default: r->pos = r->end;
    }
}

// Each part once, or its key would come twice.
static void view_dylink(Inspect *s, Json *j, Reader *r)
{
    u32 seen = 0;
    if (j) json_open(j, NULL, '{');
    while (r->pos < r->end) {
        const u8 *at = r->pos;
        u8 id = read_u8(r);
        u32 size = read_leb_u32(r);
        const u8 *data = read_bytes(r, size);
        if (!reader_failed(r) && id < 32 && seen >> id & 1)
            reader_fail(r, ERR_malformed_custom, at, "part %u comes twice", id);
        if (reader_failed(r)) break;
        if (id < 32) seen |= 1u << id;
        Reader part = *r;
        part.pos = data;
        part.end = data + size;
        view_dylink_part(s, j, &part, id);
        if (!reader_failed(r) && part.pos != part.end)
            reader_fail(r, ERR_section_size_mismatch, part.pos, "part %u goes on", id);
        if (reader_failed(r)) break;
    }
    if (j) json_close(j, '}');
}

// ---- All of them

static const struct {
    const char *name, *key, *title;
    CustomView *view;
} customs[] = {
    {"target_features",     "target_features",     "target features:", view_features},
    {"sourceMappingURL",    "source_map",          "source map:",      view_url},
    {"external_debug_info", "external_debug_info", "debug information:", view_url},
    {"build_id",            "build_id",            "build id:",        view_id},
    {"dylink.0",            "dylink",              "dynamic library",  view_dylink},
};

void view_custom(Inspect *s, Json *j, const Section *section, CustomView *view)
{
    Diag diag;
    Reader r = section_reader(s->m, section, &diag);
    view(s, j, &r);
    if (!reader_failed(&r) && r.pos != r.end)
        reader_fail(&r, ERR_section_size_mismatch, r.pos, "%s", "");
    note_malformed(s, section, &diag);
}

void show_customs(Inspect *s)
{
    const Module *m = s->m;
    for (u32 i = 0; i < COUNT_OF(customs); i++)
        for (u32 k = 0; k < m->section_count; k++) {
            if (!section_is(m, &m->sections[k], customs[i].name)) continue;
            printf("\n%s", customs[i].title);
            view_custom(s, NULL, &m->sections[k], customs[i].view);
            putchar('\n');
        }
}

// Of each kind an array, since nobody keeps a module from having several.
void json_customs(Json *j, Inspect *s)
{
    const Module *m = s->m;
    for (u32 i = 0; i < COUNT_OF(customs); i++) {
        json_open(j, customs[i].key, '[');
        for (u32 k = 0; k < m->section_count; k++)
            if (section_is(m, &m->sections[k], customs[i].name))
                view_custom(s, j, &m->sections[k], customs[i].view);
        json_close(j, ']');
    }
}

// ---- What is wrong

void note_malformed(Inspect *s, const Section *section, const Diag *diag)
{
    enum { MALFORMED_MOST = 100 }; // which takes more than a section need have
    if (diag->err == ERR_none) return;
    if (s->malformed_count == MALFORMED_MOST) {
        s->malformed_more++;
        return;
    }
    ARENA_PUSH(s->arena, s->malformed, s->malformed_count, s->malformed_cap) =
        (Malformed){section_name(s->m, section), *diag};
}

void show_malformed(Inspect *s)
{
    char text[512];
    if (s->malformed_count) puts("\nmalformed");
    for (u32 i = 0; i < s->malformed_count; i++) {
        const Diag *diag = &s->malformed[i].diag;
        fputs("  custom section ", stdout);
        show_name(s, s->malformed[i].section);
        printf(" at %#zx: ", diag->offset);
        print_tame_text(stdout, diag_text(diag, text, sizeof text));
        putchar('\n');
    }
    if (s->malformed_more) printf("  and %u more\n", s->malformed_more);
}

void json_malformed(Json *j, Inspect *s)
{
    char text[512];
    json_open(j, "malformed", '[');
    for (u32 i = 0; i < s->malformed_count; i++) {
        json_open(j, NULL, '{');
        json_string(j, "section", s->malformed[i].section);
        json_number(j, "offset", s->malformed[i].diag.offset);
        json_text(j, "error", diag_text(&s->malformed[i].diag, text, sizeof text));
        json_close(j, '}');
    }
    json_close(j, ']');
}
