// link.c -- libraries to a component: what their imports name, which of them are needed, and in
// which order they are there. See link.h, tool.h.

#include "component/tool/link.h"

#include "component/tool/coretext.h"
#include "module/linking.h"

// ---- Symbols

bool link_is_reserved(Bytes name)
{
    static const char *const names[] = {"__wasm_apply_data_relocs", "__wasm_call_ctors",
                                        "_initialize", "__wasm_library_tls_info"};
    for (u32 i = 0; i < COUNT_OF(names); i++)
        if (bytes_are(name, names[i])) return true;
    return false;
}

static Bytes symbol_key(const Linker *l, ExternKind kind, Bytes name)
{
    static const char *const kinds[] = {"f", "t", "m", "g", "x"};
    return maker_join(l->m, kinds[kind], name, "", (Bytes){0});
}

static TypeId type_of(const Module *m, ExternKind kind, u32 index)
{
    return kind == EXTERN_func ? m->funcs[index].type : m->tags[index].type;
}

static bool same_type(const Linker *l, TypeId a, TypeId b)
{
    const TypeDef *x = type_def(l->m->distinct, a), *y = type_def(l->m->distinct, b);
    if (x->kind != COMP_func || y->kind != COMP_func || x->param_count != y->param_count ||
        x->result_count != y->result_count)
        return false;
    for (u32 i = 0; i < x->param_count + x->result_count; i++)
        if (x->params[i] != y->params[i]) return false;
    return true;
}

// Where data are: numbers that count from where the library has its own.
bool link_is_address(const Module *m, const Export *e)
{
    const GlobalType *t = &m->globals[e->index].type;
    return t->type == TYPE_i32 && !t->mutable;
}

static void add_export(Linker *l, Library *lib, u32 number, Map *last)
{
    const Export *e = &lib->part.module->exports[number];
    u32 place = l->exported_count;
    Bytes key = symbol_key(l, e->kind, e->name);
    ARENA_PUSH(l->m->arena, l->exported, l->exported_count, l->exported_cap) =
        (LinkExport){lib, number, NO_INDEX};
    const u32 *before = map_get(last, key.data, key.len);
    if (before) l->exported[*before].next = place;
    else map_add(&l->exports, key.data, key.len, place);
    map_set(last, key.data, key.len, place);
}

static void list_exports(Linker *l)
{
    Map last;
    map_init(&last, l->m->arena);
    map_init(&l->exports, l->m->arena);
    for (u32 i = 0; i < l->count; i++) {
        const Module *m = l->libraries[i].part.module;
        for (u32 k = 0; k < m->export_count; k++) {
            const Export *e = &m->exports[k];
            bool symbol = e->kind == EXTERN_func || e->kind == EXTERN_tag ||
                          (e->kind == EXTERN_global && link_is_address(m, e));
            if (symbol && !link_is_reserved(e->name)) add_export(l, &l->libraries[i], k, &last);
        }
    }
}

static const LinkExport *first_export(const Linker *l, ExternKind kind, Bytes name)
{
    Bytes key = symbol_key(l, kind, name);
    const u32 *at = map_get(&l->exports, key.data, key.len);
    return at ? &l->exported[*at] : NULL;
}

const LinkExport *link_find(const Linker *l, ExternKind kind, Bytes name, TypeId type)
{
    const LinkExport *e = first_export(l, kind, name);
    while (e) {
        const Module *m = e->library->part.module;
        if (same_type(l, type_of(m, kind, m->exports[e->export].index), type)) return e;
        e = e->next == NO_INDEX ? NULL : &l->exported[e->next];
    }
    return NULL;
}

const Part *link_main(const Maker *m, Bytes name, ExternKind kind)
{
    const Linker *l = m->linker;
    if (kind != EXTERN_func) return part_export(&m->parts[0], name, kind) ? &m->parts[0] : NULL;
    const LinkExport *e = first_export(l, kind, name);
    while (e && !e->library->at) e = e->next == NO_INDEX ? NULL : &l->exported[e->next];
    return e ? e->library->at : NULL;
}

// ---- Imports

static _Noreturn void fail_import(Linker *l, const Library *lib, const Import *i, const char *why)
{
    maker_fail(l->m, "library %.*s: import \"%.*s\" \"%.*s\": %s", LIBRARY_SAY(lib),
               WIT_SAY(i->module), WIT_SAY(i->name), why);
}

static void want_global(Linker *l, const Library *lib, const Import *i, bool mutable)
{
    const GlobalType *t = i->kind == EXTERN_global ? &lib->part.module->globals[i->index].type
                                                   : NULL;
    if (!t || t->type != TYPE_i32 || t->mutable != mutable)
        fail_import(l, lib, i, mutable ? "it is to be a global of type i32 that can be set"
                                       : "it is to be a global of type i32 that cannot be set");
}

static bool is_one_of(Bytes name, const char *const *names, u32 count)
{
    while (count && !bytes_are(name, names[count - 1])) count--;
    return count != 0;
}

static void take_limits(Linker *l, const Library *lib, const Import *i)
{
    const Module *m = lib->part.module;
    bool memory = i->kind == EXTERN_memory;
    const Limits *limits = memory ? &m->memories[i->index].type.limits
                                  : &m->tables[i->index].type.limits;
    u64 *min = memory ? &l->memory_min : &l->table_min;
    u64 *max = memory ? &l->memory_max : &l->table_max;
    if (limits->is64 || limits->shared || (memory && limits->page_log2 != 16))
        fail_import(l, lib, i, "libraries have 32-bit memories and tables that are not shared");
    if (!memory && m->tables[i->index].type.elem != type_ref(true, HEAP_func))
        fail_import(l, lib, i, "it is to be a table of functions");
    if (limits->min > *min) *min = limits->min;
    if (limits->has_max && limits->max < *max) *max = limits->max;
}

// Of the functions of env; those that are about a thread's stack pointer are builtins.
static LinkKind env_func(Linker *l, Bytes name)
{
    static const char *const stack[] = {"__wasm_get_stack_pointer", "__wasm_set_stack_pointer"};
    static const char *const tls[] = {"__wasm_get_tls_base", "__wasm_set_tls_base"};
    if (is_one_of(name, stack, COUNT_OF(stack))) return LINK_other;
    if (!is_one_of(name, tls, COUNT_OF(tls))) return LINK_func;
    l->tls_wanted = true;
    return LINK_tls;
}

static LinkKind env_global(Linker *l, const Library *lib, const Import *i)
{
    static const char *const values[] = {"__stack_pointer", "__asyncify_state",
                                         "__asyncify_data"};
    static const char *const bases[] = {"__memory_base", "__table_base"};
    bool base = is_one_of(i->name, bases, COUNT_OF(bases));
    bool first = bytes_are(i->name, "__init_stack_pointer");
    if (!base && !first && !is_one_of(i->name, values, COUNT_OF(values)))
        fail_import(l, lib, i, "there is no such global");
    want_global(l, lib, i, !base && !first);
    return base ? LINK_base : LINK_value;
}

static LinkKind env_import(Linker *l, const Library *lib, const Import *i)
{
    switch (i->kind) {
    case EXTERN_func: return env_func(l, i->name);
    case EXTERN_tag: return LINK_tag;
    case EXTERN_global: return env_global(l, lib, i);
    default: break;
    }
    bool memory = i->kind == EXTERN_memory;
    if (!bytes_are(i->name, memory ? "memory" : "__indirect_function_table"))
        fail_import(l, lib, i, memory ? "libraries have one memory, \"memory\""
                                      : "libraries have one table, \"__indirect_function_table\"");
    take_limits(l, lib, i);
    return memory ? LINK_memory : LINK_table;
}

static LinkKind got_import(Linker *l, const Library *lib, const Import *i)
{
    static const char *const values[] = {"__heap_base", "__heap_end", "__stack_high",
                                         "__stack_low", "__wasm_libdl_libraries",
                                         "__wasm_program_tls_info"};
    want_global(l, lib, i, true);
    if (bytes_are(i->module, "GOT.func")) return LINK_entry;
    return is_one_of(i->name, values, COUNT_OF(values)) ? LINK_value : LINK_address;
}

static void resolve(Linker *l, Library *lib, const Import *i, LinkSymbol *s)
{
    const Module *m = lib->part.module;
    const LinkExport *e = NULL;
    Bytes key = cmodule_key(l->m->arena, i->module, i->name);
    // linkers say so of a symbol once, wherever it is imported from
    Bytes plain = cmodule_key(l->m->arena, bytes_of("env"), i->name);
    if (bytes_are(i->module, "env")) s->kind = env_import(l, lib, i);
    else if (bytes_begin(i->module, "GOT.")) s->kind = got_import(l, lib, i);
    if (bytes_are(i->name, "[thread-new-indirect-v0]")) l->threads = true;
    s->weak = map_get(&lib->weak, key.data, key.len) || map_get(&lib->weak, plain.data, plain.len);
    if (s->kind == LINK_func || s->kind == LINK_tag)
        e = link_find(l, i->kind, i->name, type_of(m, i->kind, i->index));
    else if (s->kind == LINK_address) e = first_export(l, EXTERN_global, i->name);
    else if (s->kind == LINK_entry) e = first_export(l, EXTERN_func, i->name);
    s->from = e ? e->library : NULL;
    s->export = e ? e->export : 0;
}

static void resolve_all(Linker *l, Library *lib)
{
    const Module *m = lib->part.module;
    lib->symbols = NEW_ARRAY(l->m->arena, LinkSymbol, (size_t)m->import_count + 1);
    for (u32 i = 0; i < m->import_count; i++) resolve(l, lib, &m->imports[i], &lib->symbols[i]);
}

// ---- What is missing

// In a list, as far as there is room for it in a message.
static void add_missing(Buf *list, const Library *lib, const char *what, Bytes name)
{
    text_put(list, "%s%.*s needs %s%.*s", list->len ? "; " : "", LIBRARY_SAY(lib), what,
             WIT_SAY(name));
}

static void check_needed(Linker *l)
{
    Buf list;
    buf_init(&list, l->m->arena);
    for (u32 i = 0; i < l->count && list.len < 300; i++) {
        const Library *lib = &l->libraries[i];
        for (u32 k = 0; k < lib->needed.count && list.len < 300; k++) {
            Bytes name = lib->needed.names[k];
            if (!map_get(&l->names, name.data, name.len)) add_missing(&list, lib, "", name);
        }
    }
    if (list.len)
        maker_fail(l->m, "libraries are missing: %.*s", (int)list.len, (const char *)list.data);
}

static bool is_missing(const Linker *l, const LinkSymbol *s)
{
    bool func = s->kind == LINK_func || s->kind == LINK_entry;
    if (!func && s->kind != LINK_tag && s->kind != LINK_address) return false;
    return !s->from && !(s->weak && s->kind != LINK_tag) && !(func && l->how->stubs);
}

static void check_symbols(Linker *l)
{
    static const char *const kinds[] = {[LINK_func] = "the function ", [LINK_tag] = "the tag ",
                                        [LINK_address] = "data ",
                                        [LINK_entry] = "the address of the function "};
    Buf list;
    buf_init(&list, l->m->arena);
    for (u32 i = 0; i < l->order_count; i++) {
        const Library *lib = l->order[i];
        const Module *m = lib->part.module;
        for (u32 k = 0; k < m->import_count && list.len < 200; k++) {
            const LinkSymbol *s = &lib->symbols[k];
            const Import *import = &m->imports[k];
            if (!is_missing(l, s)) continue;
            add_missing(&list, lib, kinds[s->kind], import->name);
            const LinkExport *e = first_export(l, import->kind, import->name);
            if (e && s->kind != LINK_entry)
                text_put(&list, ", which %.*s exports as one of another type",
                         LIBRARY_SAY(e->library));
        }
    }
    if (list.len)
        maker_fail(l->m, "symbols are missing: %.*s", (int)list.len, (const char *)list.data);
}

// ---- Which libraries, and in which order

// The n-th library that another wants, and whether it wants it to be there before. NULL: it may be
// that there are more behind; false: there are none.
static bool edge(const Linker *l, const Library *lib, u32 n, Library **to, bool *before)
{
    *to = NULL;
    *before = true;
    if (n < lib->needed.count) {
        Bytes name = lib->needed.names[n];
        *to = &l->libraries[*map_get(&l->names, name.data, name.len)];
        return true;
    }
    n -= lib->needed.count;
    if (n >= lib->part.module->import_count) return false;
    *to = lib->symbols[n].from;
    *before = lib->symbols[n].kind == LINK_func || lib->symbols[n].kind == LINK_tag;
    return true;
}

static bool is_root(const Library *lib)
{
    return lib->lifted || lib->openable ||
           part_export(&lib->part, bytes_of("_start"), EXTERN_func);
}

static void reach(Linker *l)
{
    Library **todo = NEW_ARRAY(l->m->arena, Library *, (size_t)l->count + 1), *to;
    u32 count = 0;
    bool before;
    for (u32 i = 0; i < l->count; i++) {
        l->libraries[i].reached = is_root(&l->libraries[i]);
        if (l->libraries[i].reached) todo[count++] = &l->libraries[i];
    }
    while (count) {
        const Library *lib = todo[--count];
        for (u32 n = 0; edge(l, lib, n, &to, &before); n++) {
            if (!to || to->reached) continue;
            to->reached = true;
            todo[count++] = to;
        }
    }
}

// Depth first; who comes back to where it is meets a cycle, which the table is for.
static void visit(Linker *l, Library **stack, Library *root)
{
    u32 depth = 0;
    stack[depth++] = root;
    root->entered = true;
    while (depth) {
        Library *lib = stack[depth - 1], *to;
        bool before;
        if (!edge(l, lib, lib->next++, &to, &before)) {
            l->order[l->order_count++] = lib;
            depth--;
        } else if (to && before && !to->entered) {
            to->entered = true;
            stack[depth++] = to;
        }
    }
}

static void sort(Linker *l)
{
    size_t room = (size_t)l->count + 1;
    Library **stack = NEW_ARRAY(l->m->arena, Library *, room);
    l->order = NEW_ARRAY(l->m->arena, Library *, room);
    for (u32 i = 0; i < l->count; i++)
        if (l->libraries[i].reached && !l->libraries[i].entered) visit(l, stack, &l->libraries[i]);
}

// ---- Reading

// Does one of the worlds that were read from `first` on export something?
static bool worlds_export(const Maker *m, u32 first)
{
    for (u32 i = first; i < m->world_count; i++) {
        const CTypes *t = &m->worlds[i]->types;
        CType at = m->worlds[i]->type;
        for (u32 depth = 0; ctype_form(t, at) == CFORM_component; depth++) {
            const CExterns *e = ctype_def(t, at)->externs;
            if (depth == 2 && e->export_count) return true;
            if (depth == 2 || e->export_count != 1) break;
            at = e->exports[0].entity.type;
            if (e->exports[0].entity.kind == CENTITY_module) break;
        }
    }
    return false;
}

static void read_library(Linker *l, u32 number, const ToolLibrary *from)
{
    Library *lib = &l->libraries[number];
    u32 worlds = l->m->world_count;
    lib->number = number;
    lib->openable = from->openable;
    lib->part.library = lib;
    lib->tls = NO_INDEX;
    if (!from->name.len || !map_add(&l->names, from->name.data, from->name.len, number))
        maker_fail(l->m, "two libraries are called \"%.*s\"", WIT_SAY(from->name));
    maker_read_part(l->m, &lib->part, from->name, from->module);
    lib->lifted = worlds_export(l->m, worlds);
    library_read(l, lib);
}

static void read_libraries(Linker *l, ToolLink *how)
{
    l->libraries = NEW_ARRAY(l->m->arena, Library, (size_t)how->library_count + 2);
    map_init(&l->names, l->m->arena);
    for (; l->count < how->library_count; l->count++) {
        how->failed = l->count;
        read_library(l, l->count, &how->libraries[l->count]);
    }
    how->failed = UINT32_MAX;
    if (!how->libdl) return;
    const ToolLibrary libdl = {bytes_of("libdl.so"), link_libdl(l->m), false};
    read_library(l, l->count++, &libdl);
}

// ---- All of it

bool link_find_use(Maker *m, const Part *p, Use *u)
{
    if (!p->library) return false;
    const LinkSymbol *s = &p->library->symbols[u->import - p->module->imports];
    if (s->kind == LINK_other) return false;
    u->kind = USE_link;
    u->from = s->env.data ? &m->parts[0] : s->from->at;
    u->from_name = s->env.data ? s->env : u->import->name;
    return true;
}

static void place_parts(Maker *m, Linker *l)
{
    m->library_count = l->order_count;
    m->part_count = 1 + l->order_count + l->how->adapter_count;
    m->parts = NEW_ARRAY(m->arena, Part, m->part_count);
    for (u32 i = 0; i < l->order_count; i++) {
        m->parts[1 + i] = l->order[i]->part;
        l->order[i]->at = &m->parts[1 + i];
    }
}

static void link(Maker *m, ToolLink *how, Buf *out)
{
    Linker l = {.m = m, .how = how, .memory_max = UINT64_MAX, .table_max = UINT64_MAX};
    Bytes env;
    m->linker = &l;
    read_libraries(&l, how);
    check_needed(&l);
    list_exports(&l);
    for (u32 i = 0; i < l.count; i++) resolve_all(&l, &l.libraries[i]);
    reach(&l);
    sort(&l);
    check_symbols(&l);
    place_parts(m, &l);
    link_lay_out(&l, &env, &m->init);
    maker_read_part(m, &m->parts[0], (Bytes){0}, env);
    for (u32 i = 0; i < how->adapter_count; i++)
        maker_read_part(m, &m->parts[1 + l.order_count + i], how->adapters[i].name,
                        how->adapters[i].module);
    maker_make(m, out);
}

typedef struct { ToolLink *how; Buf *out; } Work;

static void make_link(Maker *m, void *what)
{
    const Work *w = what;
    link(m, w->how, w->out);
}

bool tool_link(Arena *arena, ToolLink *how, Buf *out, Diag *diag)
{
    Work w = {how, out};
    how->failed = UINT32_MAX;
    return maker_run(&(Maker){.arena = arena, .diag = diag}, make_link, &w);
}
