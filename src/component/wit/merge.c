// merge.c -- sets of packages put together. See wit.h.
//
// Each set is resolved by itself, so what is put together is what it prints: text in which every
// name is whole and every include is done. Of a package that two sets have, interfaces get what
// either has; what both have, and worlds, must be the same. Then all is resolved anew.

#include "component/wit/resolver.h"

typedef struct {
    Wit *wit;
    Bytes package, item; // at hand, for messages
} Merge;

_Noreturn static void refuse(const Merge *m, Bytes name, const char *why)
{
    wit_fail(m->wit, (WitSpot){0}, ERR_wit_merge, "%.*s%s%.*s: \"%.*s\" %s", WIT_SAY(m->package),
             m->item.len ? "/" : "", WIT_SAY(m->item), WIT_SAY(name), why);
}

// ---- What is the same

static bool same_path(const WitPath *a, const WitPath *b)
{
    if (!a || !b) return a == b;
    return bytes_same(a->space, b->space) && bytes_same(a->package, b->package) &&
           bytes_same(a->name, b->name) && bytes_same(a->version.text, b->version.text);
}

static bool same_all(const WitNode *a, const WitNode *b);

// But for documentation and gates. Types stand in each other WIT_DEEPEST deep at most.
static bool same(const WitNode *a, const WitNode *b)
{
    if (!a || !b) return a == b;
    return a->kind == b->kind && a->form == b->form && a->is_async == b->is_async &&
           a->func == b->func && a->length == b->length && bytes_same(a->name, b->name) &&
           bytes_same(a->other, b->other) && same_path(a->path, b->path) &&
           same(a->type, b->type) && same(a->second, b->second) && same_all(a->items, b->items);
}

static bool same_all(const WitNode *a, const WitNode *b)
{
    for (; a && b && same(a, b); a = a->next) b = b->next;
    return !a && !b;
}

// ---- What both have

static const WitNotes *join_notes(const Merge *m, const WitNode *into, const WitNode *from)
{
    const WitNotes *a = into->notes, *b = from->notes;
    if (!a || !b) return a ? a : b;
    WitNotes *notes = NEW(m->wit->arena, WitNotes);
    *notes = *a;
    if (!a->docs.data) notes->docs = b->docs;
    if (!a->external_id.data) notes->external_id = b->external_id;
    if (a->gate.kind == GATE_none) notes->gate = b->gate;
    else if (b->gate.kind != GATE_none &&
             (a->gate.kind != b->gate.kind || !bytes_same(a->gate.feature, b->gate.feature) ||
              !bytes_same(a->gate.since.text, b->gate.since.text)))
        refuse(m, into->name, "has another gate in each");
    return notes;
}

// Another's copy, which stands in no list yet.
static WitNode *copy_of(const Merge *m, const WitNode *n)
{
    WitNode *copy = NEW(m->wit->arena, WitNode);
    *copy = *n;
    copy->next = NULL;
    return copy;
}

// A list, and where what it lacks is put.
typedef struct {
    WitNode **end;
    Map places; // of its items by key, in `nodes`
    WitNode **nodes;
    u32 count, cap;
} Items;

// Which of a list's items this is: imports and exports are of lists of their own, and an interface
// that is called as it is elsewhere is known by that.
static Bytes key_of(const Merge *m, const WitNode *n)
{
    Buf key;
    buf_init(&key, m->wit->arena);
    bool external = n->kind == NODE_import || n->kind == NODE_export;
    buf_byte(&key, external ? n->kind : 0);
    if (n->name.len || !n->path) {
        buf_bytes(&key, n->name.data, n->name.len);
    } else {
        Bytes package = n->path->space.len ? wit_package_text(m->wit->arena, n->path->space,
                                                              n->path->package, &n->path->version)
                                           : m->package;
        buf_bytes(&key, package.data, package.len);
        buf_byte(&key, '/');
        buf_bytes(&key, n->path->name.data, n->path->name.len);
    }
    return buf_view(&key);
}

static WitNode *find(const Merge *m, const Items *items, const WitNode *n)
{
    Bytes key = key_of(m, n);
    const u32 *place = map_get(&items->places, key.data, key.len);
    return place ? items->nodes[*place] : NULL;
}

static void note(const Merge *m, Items *items, WitNode *n)
{
    Bytes key = key_of(m, n);
    if (map_add(&items->places, key.data, key.len, items->count))
        ARENA_PUSH(m->wit->arena, items->nodes, items->count, items->cap) = n;
}

static void append(const Merge *m, Items *items, WitNode *n)
{
    *items->end = n;
    items->end = &n->next;
    note(m, items, n);
}

static Items items_of(const Merge *m, WitNode **list)
{
    Items items = {.end = list};
    map_init(&items.places, m->wit->arena);
    for (; *items.end; items.end = &(*items.end)->next) note(m, &items, *items.end);
    return items;
}

// ---- Interfaces and worlds

static bool is_resource(const WitNode *n)
{
    return n->kind == NODE_type && n->form == WIT_resource;
}

static void join_resource(const Merge *m, WitNode *into, const WitNode *from)
{
    Items methods = items_of(m, &into->items);
    for (const WitNode *f = from->items; f; f = f->next) {
        WitNode *known = find(m, &methods, f);
        if (!known) append(m, &methods, copy_of(m, f));
        else if (!same(known, f)) refuse(m, f->name, "is another function in each");
        else known->notes = join_notes(m, known, f);
    }
}

// What names of other interfaces this one uses: each by itself, so that lists of them may differ.
static void join_use(const Merge *m, Items *names, Items *items, const WitNode *use)
{
    for (const WitNode *n = use->items; n; n = n->next) {
        WitNode *one = copy_of(m, use), *name = copy_of(m, n);
        name->name = n->other.len ? n->other : n->name; // as it is called here
        WitNode *known = find(m, names, name);
        one->items = copy_of(m, n);
        if (known && (known->kind != NODE_use || !same_path(known->path, one->path) ||
                      !bytes_same(known->items->name, n->name)))
            refuse(m, name->name, "is another type in each");
        if (known) continue;
        one->name = name->name;
        append(m, items, one);
        note(m, names, one);
    }
}

// By the name that each has here, whether it is defined here or used.
static Items names_of(const Merge *m, const WitNode *list)
{
    Items names = {0};
    map_init(&names.places, m->wit->arena);
    for (const WitNode *n = list; n; n = n->next) {
        if (n->kind != NODE_use) {
            note(m, &names, (WitNode *)n);
            continue;
        }
        for (const WitNode *used = n->items; used; used = used->next) {
            WitNode *one = copy_of(m, n);
            one->items = copy_of(m, used);
            one->name = used->other.len ? used->other : used->name;
            note(m, &names, one);
        }
    }
    return names;
}

static void join_interface(const Merge *m, WitNode *into, const WitNode *from)
{
    Items items = items_of(m, &into->items), names = names_of(m, into->items);
    for (const WitNode *n = from->items; n; n = n->next) {
        if (n->kind == NODE_use) {
            join_use(m, &names, &items, n);
            continue;
        }
        WitNode *known = find(m, &names, n);
        if (!known) {
            WitNode *copy = copy_of(m, n);
            append(m, &items, copy);
            note(m, &names, copy);
            continue;
        }
        bool resources = is_resource(known) && is_resource(n);
        if (!resources && !same(known, n)) refuse(m, n->name, "is not the same in both");
        if (resources) join_resource(m, known, n);
        known->notes = join_notes(m, known, n);
    }
}

static Bytes name_of(const WitNode *n)
{
    return n->name.len || !n->path ? n->name : n->path->name;
}

// Whoever implements a world of that name is to find the same one.
static void join_world(const Merge *m, WitNode *into, const WitNode *from)
{
    Items items = names_of(m, into->items), others = names_of(m, from->items);
    for (u32 i = 0; i < others.count; i++) {
        WitNode *n = others.nodes[i], *known = find(m, &items, n);
        if (!known) refuse(m, name_of(n), "is of that world in one of them only");
        if (!same(known, n)) refuse(m, name_of(n), "is not the same in both");
        known->notes = join_notes(m, known, n);
    }
    for (u32 i = 0; i < items.count; i++)
        if (!find(m, &others, items.nodes[i]))
            refuse(m, name_of(items.nodes[i]), "is of that world in one of them only");
}

// ---- Packages

static void join_package(Merge *m, WitNode **into, const WitNode *from)
{
    Items entries = items_of(m, into);
    for (const WitNode *n = from; n; n = n->next) {
        if (n->kind != NODE_interface && n->kind != NODE_world) continue;
        WitNode *known = find(m, &entries, n);
        m->item = n->name;
        if (!known) append(m, &entries, copy_of(m, n));
        else if (known->kind != n->kind) refuse(m, n->name, "is an interface, and a world");
        else if (n->kind == NODE_world) join_world(m, known, n);
        else join_interface(m, known, n);
        if (known) known->notes = join_notes(m, known, n);
        m->item = (Bytes){0};
    }
}

static Bytes package_text(const Merge *m, const WitNode *n)
{
    return wit_package_text(m->wit->arena, n->path->space, n->path->package, &n->path->version);
}

static bool is_package(const Merge *m, const WitNode *n)
{
    return n->kind == NODE_package && bytes_same(package_text(m, n), m->package);
}

// The file's own package begins the list, its items behind it; the others are nested.
static void join_file(Merge *m, WitNode *into, const WitNode *from)
{
    for (const WitNode *n = from; n; n = n->next) {
        if (n->kind != NODE_package) continue;
        m->package = package_text(m, n);
        WitNode *known = into, **end = &into->next;
        while (known && !is_package(m, known)) {
            end = &known->next;
            known = known->next;
        }
        if (known) {
            known->notes = join_notes(m, known, n);
        } else {
            known = *end = copy_of(m, n);
            known->has_items = true;
            known->items = NULL;
        }
        join_package(m, known == into ? &into->next : &known->items,
                     n->has_items ? n->items : n->next);
    }
}

static const WitNode *printed(Wit *wit, const Wit *set, Bytes path)
{
    Buf text;
    buf_init(&text, wit->arena);
    wit_print(set, &text);
    if (text.len > WIT_MOST_BYTES) wit_fail(wit, (WitSpot){0}, ERR_limit_wit_size, "%s", "");
    WitFile *file = NEW(wit->arena, WitFile);
    *file = (WitFile){.path = path, .src = (const char *)text.data, .size = (u32)text.len};
    return wit_parse(wit, file);
}

bool wit_merge(Wit *wit, Bytes path, const Wit *const *sets, u32 count)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    wit->arena->on_failure = &failed;
    if (setjmp(failed)) return wit_leave(wit, outer);
    Merge m = {.wit = wit};
    WitNode *all = (WitNode *)printed(wit, sets[0], path);
    for (u32 i = 1; i < count; i++) join_file(&m, all, printed(wit, sets[i], path));
    WitFile *file = NEW(wit->arena, WitFile);
    *file = (WitFile){.path = path, .src = "", .syntax = all};
    ARENA_PUSH(wit->arena, wit->files, wit->file_count, wit->file_cap) = file;
    wit->arena->on_failure = outer;
    wit->all_features = true; // each set has chosen
    bool good = wit_resolve(wit);
    if (!good) wit->where = NULL; // nobody wrote that text
    return good;
}
