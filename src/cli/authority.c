// authority.c -- see authority.h.

#include "cli/authority.h"

#include "cli/cli.h"
#include "wasi/wasi.h"

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
