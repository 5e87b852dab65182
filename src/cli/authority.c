// authority.c -- see authority.h.

#include "cli/authority.h"

#include "cli/cli.h"
#include "wasi/p2/p2.h"

enum { OTHERS_SHOWN = 20 };

static const WasiFunc *func_of(const Import *import)
{
    return wasi_find((const char *)import->module.data, import->module.len,
                     (const char *)import->name.data, import->name.len);
}

// The next import from *at on that asks for this; ASKS_COUNT: that is no function of WASI.
static const Import *next_asking(const Module *m, WasiAsks asks, u32 *at)
{
    while (*at < m->import_count) {
        const Import *import = &m->imports[(*at)++];
        const WasiFunc *func = func_of(import);
        if ((func ? func->asks : ASKS_COUNT) == asks) return import;
    }
    return NULL;
}

static void show_others(FILE *out, const Module *m)
{
    char module[QUOTED_MOST], name[QUOTED_MOST];
    u32 at = 0, count = 0;
    for (const Import *i; (i = next_asking(m, ASKS_COUNT, &at)); count++)
        if (count < OTHERS_SHOWN)
            fprintf(out, "%s%s %s", count ? ", " : "  of others: ", quoted(module, i->module),
                    quoted(name, i->name));
    if (count > OTHERS_SHOWN) fprintf(out, ", and %u more", count - OTHERS_SHOWN);
    if (count) fputc('\n', out);
}

void authority_show(FILE *out, const Module *m)
{
    for (u32 a = 0; a < ASKS_COUNT; a++) {
        u32 at = 0, count = 0;
        for (const Import *i; (i = next_asking(m, (WasiAsks)a, &at)); count++) {
            if (count) fputs(", ", out);
            else fprintf(out, "  %s: ", wasi_asks[a].text);
            fputs(func_of(i)->name, out);
        }
        if (count) fprintf(out, " (%s)\n", wasi_asks[a].granted);
    }
    show_others(out, m);
    if (!m->import_count) fputs("  nothing: it imports nothing\n", out);
}

void authority_json(Json *j, const Module *m)
{
    const Import *i;
    json_open(j, "authority", '[');
    for (u32 a = 0; a < ASKS_COUNT; a++) {
        u32 at = 0;
        if (!next_asking(m, (WasiAsks)a, &at)) continue;
        json_open(j, NULL, '{');
        json_text(j, "name", wasi_asks[a].name);
        json_text(j, "what", wasi_asks[a].text);
        json_text(j, "granted_by", wasi_asks[a].granted);
        json_open(j, "functions", '[');
        for (at = 0; (i = next_asking(m, (WasiAsks)a, &at));) json_text(j, NULL, func_of(i)->name);
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
    json_open(j, "others", '[');
    for (u32 at = 0; (i = next_asking(m, ASKS_COUNT, &at));) {
        json_open(j, NULL, '{');
        json_string(j, "module", i->module);
        json_string(j, "name", i->name);
        json_close(j, '}');
    }
    json_close(j, ']');
}

// ---- Components

static const CExterns *externs_of(const Component *c)
{
    return ctype_def(&c->types, c->type)->externs;
}

// The next import from *at on that asks for this; of others with ASKS_COUNT, but for instances of
// types alone, which ask for nothing.
static const CExtern *next_import(const Component *c, WasiAsks asks, u32 *at)
{
    const CExterns *e = externs_of(c);
    while (*at < e->import_count) {
        const CExtern *import = &e->imports[(*at)++];
        WasiAsks its = ASKS_COUNT;
        bool type = import->entity.kind == CENTITY_type;
        if (!type && !p2_asks(p2_interface(import->name), &its)) its = ASKS_COUNT;
        if (!type && its == asks) return import;
    }
    return NULL;
}

void authority_show_component(FILE *out, const Component *c)
{
    char name[QUOTED_MOST];
    for (u32 a = 0; a <= ASKS_COUNT; a++) {
        u32 at = 0, count = 0;
        const char *what = a == ASKS_COUNT ? "of others" : wasi_asks[a].text;
        for (const CExtern *i; (i = next_import(c, (WasiAsks)a, &at)); count++)
            if (count < OTHERS_SHOWN)
                fprintf(out, "%s%s%s%s", count ? ", " : "  ", count ? "" : what,
                        count ? "" : ": ", quoted(name, i->name));
        if (count > OTHERS_SHOWN) fprintf(out, ", and %u more", count - OTHERS_SHOWN);
        if (count && a < ASKS_COUNT) fprintf(out, " (%s)", wasi_asks[a].granted);
        if (count) fputc('\n', out);
    }
    if (!externs_of(c)->import_count) fputs("  nothing: it imports nothing\n", out);
}

static void json_imports(Json *j, const char *key, const Component *c, WasiAsks asks)
{
    u32 at = 0;
    json_open(j, key, '[');
    for (const CExtern *i; (i = next_import(c, asks, &at));) json_string(j, NULL, i->name);
    json_close(j, ']');
}

void authority_json_component(Json *j, const Component *c)
{
    json_open(j, "authority", '[');
    for (u32 a = 0; a < ASKS_COUNT; a++) {
        u32 at = 0;
        if (!next_import(c, (WasiAsks)a, &at)) continue;
        json_open(j, NULL, '{');
        json_text(j, "name", wasi_asks[a].name);
        json_text(j, "what", wasi_asks[a].text);
        json_text(j, "granted_by", wasi_asks[a].granted);
        json_imports(j, "interfaces", c, (WasiAsks)a);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_imports(j, "others", c, ASKS_COUNT);
}
