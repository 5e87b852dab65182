// type.c -- types of a component's imports, held against those of the table.
//
//     "func(self: borrow<error>) -> string"      and      the type that the component has for it
//
// Both are walked at once: the table's text is what bounds it, and no type is made. A name in the
// text is a primitive, a resource, or a row TYPE of the same package, else of another.

#include "base/buf.h"
#include "wasi/p2/state.h"

#include <string.h>

typedef struct {
    const Plan *plan;
    const CTypes *types;
    const char *package;
    const char *at;
} Match;

static const struct { const char *package, *name, *text; } named[] = {
#define TYPE(package, name, text) {package, name, text},
#include "wasi/p2/p2.def"
};

static const struct { const char *interface, *name; } resources[ITEM_COUNT] = {
#define RESOURCE(id, interface, name) [ITEM_##id] = {#interface, name},
#include "wasi/p2/p2.def"
};

static const struct { const char *id, *name; } interfaces[] = {
#define INTERFACE(id, name, asks) {#id, name},
#include "wasi/p2/p2.def"
};

static const char *interface_of(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(interfaces); i++)
        if (!strcmp(interfaces[i].id, id)) return interfaces[i].name;
    return "";
}

P2Kind p2_kind_of(Bytes interface, Bytes name)
{
    for (u32 i = 1; i < ITEM_COUNT; i++)
        if (bytes_are(name, resources[i].name) &&
            bytes_are(interface, interface_of(resources[i].interface)))
            return (P2Kind)i;
    return ITEM_free;
}

// What the root's import of a resource stands for.
static P2Kind kind_of_resource(const Plan *plan, CType resource)
{
    u32 number = plan_resource(&plan->component->types, plan->env, resource);
    if (number == PLAN_NONE || plan->resources[number].instance != PLAN_NONE) return ITEM_free;
    const PlanImport *i = &plan->imports[plan->resources[number].import];
    if (i->outer == PLAN_NONE) return ITEM_free;
    return p2_kind_of(p2_interface(plan->imports[i->outer].name), i->name);
}

static bool takes(Match *m, const char *text)
{
    m->at += strspn(m->at, " ");
    size_t len = strlen(text);
    if (strncmp(m->at, text, len)) return false;
    m->at += len;
    return true;
}

static Bytes word(Match *m)
{
    m->at += strspn(m->at, " ");
    size_t len = strspn(m->at, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    Bytes w = {(const u8 *)m->at, len};
    m->at += len;
    return w;
}

static bool match(Match *m, CType t);

static bool match_optional(Match *m, CType t)
{
    if (t == CTYPE_NONE) return takes(m, "_");
    return match(m, t);
}

// Parts of something, with ',' between them: types, or names that may have one behind `between`.
static bool match_parts(Match *m, const CField *fields, u32 count, const char *between,
                        const char *end)
{
    for (u32 i = 0; i < count; i++) {
        if (i && !takes(m, ",")) return false;
        if (between && !bytes_same(word(m), fields[i].name)) return false;
        if (fields[i].type == CTYPE_NONE && between) continue;
        if (between && !takes(m, between)) return false;
        if (!match_optional(m, fields[i].type)) return false;
        if (between && *between == '(' && !takes(m, ")")) return false;
    }
    return takes(m, end);
}

static bool match_result(Match *m, const CTypeDef *def)
{
    if (takes(m, "<")) return match_parts(m, def->fields, 2, NULL, ">");
    return def->fields[0].type == CTYPE_NONE && def->fields[1].type == CTYPE_NONE;
}

// A form with its parts.
static bool match_form(Match *m, const CTypeDef *def, Bytes name)
{
    static const struct { const char *text, *begin, *between, *end; u8 form; } forms[] = {
        {"record", "{", ":", "}", CFORM_record}, {"variant", "{", "(", "}", CFORM_variant},
        {"enum", "{", "", "}", CFORM_enum},      {"flags", "{", "", "}", CFORM_flags},
        {"tuple", "<", NULL, ">", CFORM_tuple},  {"list", "<", NULL, ">", CFORM_list},
        {"option", "<", NULL, ">", CFORM_option},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (!bytes_are(name, forms[i].text)) continue;
        u32 count = forms[i].form == CFORM_list || forms[i].form == CFORM_option ? 1 : def->count;
        return def->form == forms[i].form && takes(m, forms[i].begin) &&
               match_parts(m, def->fields, count, forms[i].between, forms[i].end);
    }
    return false;
}

static bool is_resource(const Match *m, const CTypeDef *def, CForm form, Bytes name)
{
    if (def->form != form) return false;
    P2Kind kind = kind_of_resource(m->plan, def->fields[0].type);
    return kind && bytes_are(name, resources[kind].name);
}

// The row of a name: the package's own, if it has one.
static const char *text_of(const Match *m, Bytes name)
{
    const char *found = NULL;
    for (size_t i = 0; i < COUNT_OF(named); i++)
        if (bytes_are(name, named[i].name) && (!found || !strcmp(named[i].package, m->package)))
            found = named[i].text;
    return found;
}

static bool match(Match *m, CType t)
{
    Bytes name = word(m);
    const CTypeDef *def = ctype_def(m->types, ctype_canon(m->types, t));
    if (!def) return bytes_are(name, cprim_info[ctype_canon(m->types, t)].text);
    if (bytes_are(name, "result")) return def->form == CFORM_result && match_result(m, def);
    if (bytes_are(name, "borrow"))
        return takes(m, "<") && is_resource(m, def, CFORM_borrow, word(m)) && takes(m, ">");
    const char *text = text_of(m, name), *behind = m->at;
    if (!text) return match_form(m, def, name) || is_resource(m, def, CFORM_own, name);
    m->at = text;
    bool same = match(m, t) && !*m->at;
    m->at = behind;
    return same;
}

bool p2_type_is(const Plan *plan, CType type, const char *wanted, const char *package)
{
    const CTypes *types = &plan->component->types;
    Match m = {plan, types, package, wanted};
    const CTypeDef *def = ctype_def(types, ctype_canon(types, type));
    if (!def || def->form != CFORM_func || def->func->async || !takes(&m, "func("))
        return false;
    const CFunc *f = def->func;
    if (!match_parts(&m, f->params, f->count, ":", ")")) return false;
    if (f->result != CTYPE_NONE && (!takes(&m, "->") || !match(&m, f->result))) return false;
    return !*m.at;
}
