// types.c -- types, each below its supertype: what is new in it, how its objects lie in the heap,
// and what uses it. Subtypes repeat the fields of their supertypes; for people these are left out
// where they are the same.

#include "cli/inspect/types.h"

static const char *const kind_text[] = {[COMP_func] = "func", [COMP_struct] = "struct",
                                        [COMP_array] = "array", [COMP_cont] = "cont"};
static const char *const use_text[USE_COUNT] = {
#define USE(name) #name,
#include "cli/inspect/uses.def"
};

static const TypeDef *def_of(const Inspect *s, u32 index)
{
    return type_def(s->m->store, s->m->types[index]);
}

static Bytes name_of(const Inspect *s, u32 index)
{
    return name_map_find(&s->names.flat[NAMES_type], index);
}

// A supertype comes earlier than what is below it.
static void find_view(TypeViews *v, Inspect *s, u32 index)
{
    TypeView *t = &v->all[index];
    TypeId id = s->m->types[index];
    const TypeDef *def = type_def(s->m->store, id);
    t->same = describe_index(&s->describer, id);
    t->group = index - (id - type_group_first(s->m->store, id));
    t->group_count = type_group_count(s->m->store, id);
    t->first_sub = t->next_sub = t->super = TYPE_NONE;
    if (t->same == index && def->super != TYPE_NONE)
        t->super = describe_index(&s->describer, def->super);
}

static TypeViews find_views(Inspect *s)
{
    TypeViews v = {NEW_ARRAY(s->arena, TypeView, s->m->type_count), s->m->type_count};
    for (u32 i = 0; i < v.count; i++) find_view(&v, s, i);
    for (u32 i = v.count; i-- > 0;) { // so that the first comes first
        TypeView *t = &v.all[i];
        if (t->super == TYPE_NONE) continue;
        t->next_sub = v.all[t->super].first_sub;
        v.all[t->super].first_sub = i;
    }
    uses_count(&v, s);
    return v;
}

// ---- For people

static void show_totals(Inspect *s, const TypeViews *v)
{
    static const char *const words[] = {[COMP_func] = "functions", [COMP_struct] = "structures",
                                        [COMP_array] = "arrays", [COMP_cont] = "continuations"};
    static const CompKind order[] = {COMP_struct, COMP_array, COMP_func, COMP_cont};
    u32 kinds[COUNT_OF(words)] = {0}, groups = 0, same = 0;
    for (u32 i = 0; i < v->count; i++) {
        groups += v->all[i].group == i;
        if (v->all[i].same != i) same++;
        else kinds[def_of(s, i)->kind]++;
    }
    printf("types: %u in %u recursion groups", v->count, groups);
    for (u32 i = 0; i < COUNT_OF(order); i++)
        if (kinds[order[i]]) printf(", %u %s", kinds[order[i]], words[order[i]]);
    if (same) printf(", %u the same as others", same);
    putchar('\n');
}

static void show_known(Inspect *s, Bytes name)
{
    if (!name.len) return;
    putchar(' ');
    show_name(s, name);
}

static void show_link(Inspect *s, const char *words, TypeId id)
{
    if (id != TYPE_NONE) printf(", %s %u", words, describe_index(&s->describer, id));
}

static void show_uses(const TypeView *t)
{
    const char *before = ";";
    for (u32 i = 0; i < USE_COUNT; i++) {
        if (!t->uses[i]) continue;
        printf("%s %s %u", before, use_text[i], t->uses[i]);
        before = ",";
    }
}

static void show_size(const TypeDef *def)
{
    if (def->kind == COMP_struct) printf(", %u bytes", type_layout(def)->size);
    if (def->kind == COMP_array)
        printf(", %u bytes + %u each", type_layout(def)->size, 1u << type_log2(def->fields->type));
}

// Of "(func (param i32))" what is behind the word.
static Bytes inside(Bytes text)
{
    while (text.len && *text.data != ' ') text.data++, text.len--;
    text.len -= text.len && text.data[text.len - 1] == ')';
    return text;
}

static void show_head(Inspect *s, const TypeView *t, u32 index)
{
    const TypeDef *def = def_of(s, index);
    printf("%u %s", index, kind_text[def->kind]);
    show_known(s, name_of(s, index));
    if (def->kind != COMP_struct) show(inside(describe_comp(&s->describer, index)));
    if (def->final && t->super != TYPE_NONE) fputs(", final", stdout);
    if (!def->final) fputs(", open", stdout);
    show_size(def);
    show_link(s, "describes", def->describes);
    show_link(s, "described by", def->descriptor);
    if (t->group_count > 1)
        printf(", in group %u-%u", t->group, t->group + t->group_count - 1);
    show_uses(t);
    putchar('\n');
}

static void show_fields(Inspect *s, u32 index, int indent)
{
    const TypeDef *def = def_of(s, index);
    if (def->kind != COMP_struct) return;
    const TypeDef *super = def->super == TYPE_NONE ? NULL : type_def(s->m->store, def->super);
    NameMap names = names_within(s->m, &s->names, NAMES_field, index, s->arena);
    for (u32 i = 0; i < def->field_count; i++) {
        FieldType f = def->fields[i];
        if (super && i < super->field_count && super->fields[i].type == f.type) continue;
        printf("%*s.%u at %u: ", indent, "", i, f.at);
        show(describe_field(&s->describer, f));
        show_known(s, name_map_find(&names, i));
        putchar('\n');
    }
}

// The one behind it: below it, beside it, or beside one that it is below. `depth` goes with it.
static u32 next_of(const TypeViews *v, u32 at, int *depth)
{
    if (v->all[at].first_sub != TYPE_NONE) {
        ++*depth;
        return v->all[at].first_sub;
    }
    for (; at != TYPE_NONE; at = v->all[at].super, --*depth)
        if (v->all[at].next_sub != TYPE_NONE) return v->all[at].next_sub;
    return TYPE_NONE;
}

void show_type_tree(Inspect *s)
{
    const TypeViews v = find_views(s);
    show_totals(s, &v);
    for (u32 root = 0; root < v.count; root++) {
        if (v.all[root].super != TYPE_NONE) continue;
        if (v.all[root].same != root) {
            printf("  %u the same as %u", root, v.all[root].same);
            show_known(s, name_of(s, root));
            putchar('\n');
            continue;
        }
        int depth = 1;
        for (u32 at = root; at != TYPE_NONE; at = next_of(&v, at, &depth)) {
            printf("%*s", 2 * depth, "");
            show_head(s, &v.all[at], at);
            show_fields(s, at, 2 * depth + 2);
        }
    }
}

// ---- For programs

static void json_link(Json *j, Inspect *s, const char *key, TypeId id)
{
    if (id != TYPE_NONE) json_number(j, key, describe_index(&s->describer, id));
}

static void json_field(Json *j, Inspect *s, FieldType f, Bytes name)
{
    json_open(j, NULL, '{');
    json_name(j, name);
    bool mutable = f.mutable;
    f.mutable = false;
    json_string(j, "type", describe_field(&s->describer, f));
    json_bool(j, "mutable", mutable);
    json_number(j, "offset", f.at);
    json_number(j, "size", (u64)1 << type_log2(f.type));
    json_close(j, '}');
}

// An array's is what each of its elements is; its offset that of the first.
static void json_fields(Json *j, Inspect *s, u32 index)
{
    const TypeDef *def = def_of(s, index);
    NameMap names = names_within(s->m, &s->names, NAMES_field, index, s->arena);
    json_number(j, "size", type_layout(def)->size);
    json_open(j, "fields", '[');
    for (u32 i = 0; i < def->field_count; i++)
        json_field(j, s, def->fields[i], name_map_find(&names, i));
    json_close(j, ']');
}

static void json_definition(Json *j, Inspect *s, const TypeViews *v, u32 index)
{
    const TypeDef *def = def_of(s, index);
    const TypeView *t = &v->all[index];
    json_text(j, "kind", kind_text[def->kind]);
    json_bool(j, "final", def->final);
    if (t->super == TYPE_NONE) json_null(j, "super");
    else json_number(j, "super", t->super);
    json_open(j, "subtypes", '[');
    for (u32 i = t->first_sub; i != TYPE_NONE; i = v->all[i].next_sub) json_number(j, NULL, i);
    json_close(j, ']');
    json_link(j, s, "describes", def->describes);
    json_link(j, s, "descriptor", def->descriptor);
    if (def->kind == COMP_struct || def->kind == COMP_array) json_fields(j, s, index);
    else json_string(j, "type", describe_comp(&s->describer, index));
    json_open(j, "uses", '{');
    for (u32 i = 0; i < USE_COUNT; i++)
        if (t->uses[i]) json_number(j, use_text[i], t->uses[i]);
    json_close(j, '}');
}

void json_type_tree(Json *j, Inspect *s)
{
    const TypeViews v = find_views(s);
    s->describer.limit = SIZE_MAX;
    json_open(j, "types", '[');
    for (u32 i = 0; i < v.count; i++) {
        json_open(j, NULL, '{');
        json_number(j, "index", i);
        json_name(j, name_of(s, i));
        json_number(j, "group", v.all[i].group);
        json_number(j, "group_count", v.all[i].group_count);
        if (v.all[i].same != i) json_number(j, "same", v.all[i].same);
        else json_definition(j, s, &v, i);
        json_close(j, '}');
    }
    json_close(j, ']');
}
