// unbundle.c -- a component that imports its modules. See tool.h. Each module's section becomes its
// type and an import, in the same place: so all indices stay, but those of core types, of which the
// component has none of its own then.

#include "component/tool/tool.h"

#include "binary/decode.h"
#include "binary/encode.h"
#include "component/binary/encode.h"

#include <stdio.h>

static bool has_import(const Component *c, Bytes name)
{
    const CExterns *e = ctype_def(&c->types, c->type)->externs;
    for (u32 i = 0; i < e->import_count; i++)
        if (bytes_same(e->imports[i].name, name)) return true;
    return false;
}

// A module of its own types, equal ones beside each other, as its type has them.
static bool put_type(const Component *c, Bytes bytes, Buf *out, Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, c->features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    good = good && module_encode_type(m, out, diag);
    module_free(m);
    type_store_free(types);
    return good;
}

static bool import_module(CWriter *w, const Component *c, u32 number, Diag *diag)
{
    char name[40];
    Range at = c->modules[number].bytes;
    snprintf(name, sizeof name, "unbundled-module%u", number);
    if (has_import(c, bytes_of(name)))
        return diag_fail(diag, ERR_componentize, 0, "it has an import \"%s\" already", name);
    if (!put_type(c, (Bytes){c->bytes + at.start, at.end - at.start},
                  cwriter_item(w, CSECTION_core_type), diag))
        return false;
    u32 type = cwriter_core_count(w, CORE_SORT_type);
    cwriter_import(w, (CExternName){.name = bytes_of(name)},
                   CENTITY_module, type);
    return true;
}

bool tool_unbundle(const Component *c, Buf *out, Diag *diag)
{
    CWriter w;
    diag_init(diag);
    cwriter_init(&w, out->arena, CWRITE_component);
    for (u32 i = 0, module = 0; i < c->section_count; i++) {
        const CSectionSpan *s = &c->sections[i];
        bool is_module = s->id == CSECTION_core_module;
        u32 number = module;
        module += is_module;
        if (s->level > 1) continue; // of a component inside
        if (s->id == CSECTION_core_type)
            return diag_fail(diag, ERR_componentize, 0,
                             "it has core types of its own, which those of modules would move");
        if (is_module && !import_module(&w, c, number, diag)) return false;
        if (!is_module)
            cwriter_section(&w, (CSection)s->id, (Bytes){c->bytes + s->content.start,
                                                         s->content.end - s->content.start});
    }
    Bytes made = cwriter_finish(&w);
    buf_bytes(out, made.data, made.len);
    return true;
}
