// tree.c -- see tree.h.

#include "cli/inspect/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIXES_MOST = 1 << 18, NAMES_SECONDS = 10, TREE_DEPTH = 4 };

// ---- Names

static bool begins(Bytes text, size_t at, const char *word)
{
    size_t len = strlen(word);
    return text.len - at >= len && !memcmp(text.data + at, word, len);
}

// How deep in brackets one is behind this character. An arrow closes none.
static u32 depth_after(Bytes text, size_t at, u32 depth)
{
    switch (text.data[at]) {
    case '<': case '(': case '[': case '{': return depth + 1;
    case '>': if (at && text.data[at - 1] == '-') return depth; // fall through
    case ')': case ']': case '}': return depth ? depth - 1 : 0;
    default: return depth;
    }
}

static bool is_path(Bytes name)
{
    for (size_t i = 0; i + 1 < name.len; i++)
        if (name.data[i] == ':' && name.data[i + 1] == ':') return true;
    return false;
}

// Of C++, "int ns::f<int>(int)": where the path begins, and where its parameters do.
static size_t find_path(Bytes name, size_t *params)
{
    size_t start = 0;
    u32 depth = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (begins(name, i, "operator") && !depth) break;
        if (name.data[i] == ' ' && !depth) start = i + 1;
        if (name.data[i] == '(' && !depth && i && !begins(name, i, "(anonymous namespace)") &&
            name.data[i - 1] != ':' && name.data[i - 1] != ' ') {
            *params = i;
            return start;
        }
        depth = depth_after(name, i, depth);
    }
    *params = name.len;
    return 0;
}

// Of Rust, "<alloc::vec::Vec<T> as core::ops::Drop>::drop": the type, and what is behind it.
static bool find_type(Bytes name, Bytes *type, Bytes *rest)
{
    u32 depth = 0;
    size_t end = 0;
    if (!name.len || name.data[0] != '<') return false;
    for (size_t i = 0; i < name.len; i++) {
        if (depth == 1 && !end && begins(name, i, " as ")) end = i;
        depth = depth_after(name, i, depth);
        if (depth) continue;
        if (!begins(name, i, ">::") || i + 3 == name.len) return false;
        *type = (Bytes){name.data + 1, (end ? end : i) - 1};
        *rest = (Bytes){name.data + i + 3, name.len - i - 3};
        return type->len > 0;
    }
    return false;
}

typedef struct { Bytes *parts; u32 count; } Parts;

static bool add_part(Parts *p, const u8 *data, size_t len)
{
    if (!len) return true;
    if (p->count == TREE_DEEPEST - 2) return false; // one for the rest, and one behind a type
    p->parts[p->count++] = (Bytes){data, len};
    return true;
}

// What stands between "::" outside of brackets, up to where parameters begin.
static void split_path(Parts *p, Bytes path, size_t params)
{
    u32 depth = 0;
    size_t from = 0;
    for (size_t i = 0; i < params; i++) {
        if (!depth && i == from && begins(path, i, "operator")) break;
        if (!depth && i >= from && begins(path, i, "::")) {
            if (!add_part(p, path.data + from, i - from)) break;
            from = i + 2;
        }
        depth = depth_after(path, i, depth);
    }
    p->parts[p->count++] = (Bytes){path.data + from, path.len - from};
}

// "a/b/pkg.(*T).Method".
static void split_package(Parts *p, Bytes name)
{
    u32 depth = 0;
    size_t from = 0, slash = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '/' && !depth) slash = i;
        depth = depth_after(name, i, depth);
    }
    depth = 0;
    for (size_t i = 0; i + 1 < name.len; i++) {
        bool ends = !depth && i > from && (i <= slash ? name.data[i] == '/' : name.data[i] == '.');
        if (ends) {
            if (!add_part(p, name.data + from, i - from)) break;
            from = i + 1;
        }
        depth = depth_after(name, i, depth);
    }
    p->parts[p->count++] = (Bytes){name.data + from, name.len - from};
}

u32 tree_split(Bytes name, Bytes parts[TREE_DEEPEST])
{
    Parts p = {parts, 0};
    Bytes type, rest;
    size_t params;
    if (where_is_mangled(name)) {
        parts[p.count++] = name;
    } else if (!is_path(name)) {
        split_package(&p, name);
    } else if (find_type(name, &type, &rest)) {
        split_path(&p, type, type.len);
        parts[p.count++] = rest;
    } else {
        size_t start = find_path(name, &params);
        split_path(&p, (Bytes){name.data + start, name.len - start}, params - start);
    }
    return p.count;
}

// ---- The tree

static u32 add_node(Tree *t, u32 parent, TreeNode node)
{
    u32 at = t->count;
    node.parent = parent;
    node.next = at ? t->nodes[parent].child : 0;
    ARENA_PUSH(t->arena, t->nodes, t->count, t->cap) = node;
    if (at) t->nodes[parent].child = at;
    return at;
}

static u32 add_part_node(Tree *t, u32 parent, const char *name)
{
    return add_node(t, parent, (TreeNode){.name = {(const u8 *)name, strlen(name)}});
}

// The parent itself where there are too many.
static u32 find_prefix(Tree *t, u32 parent, Bytes name)
{
    t->key.len = 0;
    buf_u32le(&t->key, parent);
    buf_bytes(&t->key, name.data, name.len);
    const u32 *known = map_get(&t->index, t->key.data, t->key.len);
    if (known) return *known;
    if (t->prefixes == PREFIXES_MOST) return parent;
    t->prefixes++;
    u32 node = add_node(t, parent, (TreeNode){.name = name});
    map_add(&t->index, arena_copy(t->arena, t->key.data, t->key.len), t->key.len, node);
    return node;
}

static void grow_up(Tree *t, u32 node, u64 size, u32 functions)
{
    for (;; node = t->nodes[node].parent) {
        t->nodes[node].size += size;
        t->nodes[node].functions += functions;
        if (!node) return;
    }
}

static void add_func(Tree *t, u32 code, u32 func, u64 size, Bytes name)
{
    Bytes parts[TREE_DEEPEST];
    TreeNode node = {.kind = TREE_func, .whole = name, .index = func};
    u32 count = name.len ? tree_split(name, parts) : 0, parent = code;
    for (u32 i = 0, last = UINT32_MAX; i + 1 < count && parent != last; i++) {
        last = parent;
        parent = find_prefix(t, parent, parts[i]);
    }
    if (count) node.name = parts[count - 1];
    grow_up(t, add_node(t, parent, node), size, 1);
}

static WhereTrouble add_code(Tree *t, Inspect *s, u32 code, bool raw)
{
    const Module *m = s->m;
    Bytes *names = NEW_ARRAY(t->arena, Bytes, m->body_count);
    const Bytes *all = all_func_names(s);
    for (u32 i = 0; i < m->body_count; i++) names[i] = all[m->imported_funcs + i];
    Where w = {.m = m, .seconds = NAMES_SECONDS, .names = names, .name_count = m->body_count};
    if (!raw) where_ask(&w, t->arena);
    for (u32 i = 0; i < m->body_count; i++) {
        const FuncDecl *f = &m->funcs[m->imported_funcs + i];
        add_func(t, code, m->imported_funcs + i, f->body.end - f->body_size_offset,
                 raw ? names[i] : w.readable[i]);
    }
    return w.trouble;
}

// With what stands in front of its bytes.
static void add_data(Tree *t, Inspect *s, u32 data, const Section *section)
{
    const Module *m = s->m;
    u32 from = section->content.start;
    for (u32 i = 0; m->datas && i < m->data_count; i++) {
        u32 end = m->datas[i].init.end;
        Bytes name = name_map_find(&s->names.flat[NAMES_data], i);
        TreeNode node = {.kind = TREE_segment, .name = name, .index = i};
        if (end < from) return;
        grow_up(t, add_node(t, data, node), end - from, 0);
        from = end;
    }
}

// What has no children that say more, and the rest of what has some.
static void add_rest(Tree *t, u32 node, u64 size)
{
    u64 known = t->nodes[node].size;
    if (size > known) grow_up(t, node, size - known, 0);
}

WhereTrouble tree_make(Tree *t, Inspect *s, bool raw)
{
    enum { CODE = 10, DATA = 11 };
    const Module *m = s->m;
    WhereTrouble trouble = WHERE_nothing;
    u32 custom = 0;
    *t = (Tree){.arena = s->arena};
    map_init(&t->index, t->arena);
    buf_init(&t->key, t->arena);
    add_part_node(t, 0, s->file);
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        u32 node;
        if (!section->id && !custom) custom = add_part_node(t, 0, "custom");
        if (section->id) node = add_part_node(t, 0, section_id_text(section->id));
        else node = find_prefix(t, custom, section_name(m, section));
        u64 before = t->nodes[node].size;
        if (section->id == CODE) trouble = add_code(t, s, node, raw);
        if (section->id == DATA) add_data(t, s, node, section);
        add_rest(t, node, before + section->content.end - section->start);
    }
    add_rest(t, 0, m->size);
    return trouble;
}

// ---- What is shown of it

static const TreeNode *sorted_nodes; // qsort has no place for it

static int by_size(const void *a, const void *b)
{
    const TreeNode *x = &sorted_nodes[*(const u32 *)a], *y = &sorted_nodes[*(const u32 *)b];
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x < y ? -1 : x > y;
}

// Puts one into a list of the `most` largest. Which one is left over then? 0: none.
static u32 keep_largest(const Tree *t, u32 *list, u32 *count, u32 most, u32 node)
{
    u32 at = *count;
    while (at > 0 && t->nodes[list[at - 1]].size < t->nodes[node].size) at--;
    if (at == most) return node;
    u32 left_over = *count == most ? list[most - 1] : 0, last = MIN(*count, most - 1);
    memmove(&list[at + 1], &list[at], (last - at) * sizeof *list);
    list[at] = node;
    *count = last + 1;
    return left_over;
}

TreeChildren tree_children(const Tree *t, u32 node, u64 least, u32 few)
{
    TreeChildren c = {0};
    u32 cap = 0, small[TREE_FEW], small_count = 0;
    for (u32 i = t->nodes[node].child; i; i = t->nodes[i].next) {
        u32 other = i;
        if (t->nodes[i].size >= least) {
            ARENA_PUSH(t->arena, c.items, c.count, cap) = i;
            continue;
        }
        if (few) other = keep_largest(t, small, &small_count, few, i);
        if (!other) continue;
        c.others++;
        c.rest += t->nodes[other].size;
    }
    for (u32 i = 0; i < small_count; i++) {
        if (c.count < few) {
            ARENA_PUSH(t->arena, c.items, c.count, cap) = small[i];
            continue;
        }
        c.others++;
        c.rest += t->nodes[small[i]].size;
    }
    sorted_nodes = t->nodes;
    if (c.count) qsort(c.items, c.count, sizeof *c.items, by_size);
    return c;
}

void tree_put_name(const TreeNode *node, Buf *out)
{
    char text[40];
    Bytes name = node->name;
    bool cut = name.len > NAME_SHOWN;
    if (!name.len) {
        const char *what = node->kind == TREE_func ? "func" : "segment";
        if (node->kind == TREE_part) buf_bytes(out, "\"\"", 2);
        else buf_bytes(out, text, (size_t)snprintf(text, sizeof text, "%s %u", what, node->index));
        return;
    }
    if (cut) name.len = NAME_SHOWN;
    while (cut && name.len && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    size_t start = out->len;
    buf_quoted(out, name, QUOTE_text);
    memmove(out->data + start, out->data + start + 1, out->len - start - 2); // without the quotes
    out->len -= 2;
    if (cut) buf_bytes(out, "...", 3);
}

// ---- For people, and for programs

typedef struct {
    const Tree *t;
    Inspect *s;
    u64 all, least;
    u32 depth;
    Json json;
} View;

static u64 least_of(u64 all, f64 percent) { return (u64)((f64)all * percent / 100 + 0.999); }

static f64 percent_of(u64 size, u64 all) { return all ? 100 * (f64)size / (f64)all : 0; }

static void show_size(const View *v, u64 size, u32 depth)
{
    printf("%10llu %5.1f  %*s", (unsigned long long)size, percent_of(size, v->all),
           (int)(2 * depth), "");
}

// No deeper than TREE_DEEPEST and what is above functions.
static void show_node(View *v, u32 node, u32 depth)
{
    const TreeNode *n = &v->t->nodes[node];
    Buf *text = &v->s->text;
    text->len = 0;
    tree_put_name(n, text);
    show_size(v, n->size, depth);
    show(buf_view(text));
    if (n->functions && n->kind == TREE_part) printf("  (%u functions)", n->functions);
    putchar('\n');
    if (depth == v->depth || n->size < v->least) return;
    TreeChildren c = tree_children(v->t, node, v->least, TREE_FEW);
    for (u32 i = 0; i < c.count; i++) show_node(v, c.items[i], depth + 1);
    if (!c.others || !c.rest) return;
    show_size(v, c.rest, depth + 1);
    printf("and %u more\n", c.others);
}

void tree_show(const Tree *t, Inspect *s, const TreeLimits *limits)
{
    View v = {t, s, t->nodes[0].size, 0, limits->depth, {0}};
    if (v.depth == UINT32_MAX) v.depth = TREE_DEPTH;
    v.least = least_of(v.all, limits->percent < 0 ? 0.5 : limits->percent);
    puts("     bytes     %");
    show_node(&v, 0, 0);
}

static void json_node(View *v, u32 node, u32 depth)
{
    static const char *const kinds[] = {"part", "function", "segment"};
    const TreeNode *n = &v->t->nodes[node];
    json_open(&v->json, node ? NULL : "tree", '{');
    json_name(&v->json, n->name);
    json_text(&v->json, "kind", kinds[n->kind]);
    if (n->kind != TREE_part) json_number(&v->json, "index", n->index);
    json_number(&v->json, "size", n->size);
    json_number(&v->json, "functions", n->functions);
    json_open(&v->json, "children", '[');
    TreeChildren c = {0};
    if (depth < v->depth) c = tree_children(v->t, node, v->least, 0);
    for (u32 i = 0; i < c.count; i++) json_node(v, c.items[i], depth + 1);
    json_close(&v->json, ']');
    json_close(&v->json, '}');
}

void tree_json(const Tree *t, Inspect *s, const TreeLimits *limits)
{
    View v = {t, s, t->nodes[0].size, 0, limits->depth, {0}};
    v.least = least_of(v.all, limits->percent < 0 ? 0 : limits->percent);
    json_begin(&v.json, s);
    json_node(&v, 0, 0);
    json_close(&v.json, '}');
}
