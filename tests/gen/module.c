// module.c -- what a module declares, and its sections. See gen.h.

#include "gen.h"

#include <stdio.h>

// ---- drawing

static u32 any_func_type(Gen *g)
{
    u32 type = g->object_count + pick(g, g->type_count - g->object_count);
    return g->types[type].kind == TYPE_cont ? g->switches : type;
}

static void draw_types(Gen *g)
{
    draw_objects(g);
    for (u32 n = 4 + pick(g, 5); n; n--) {
        FuncTy type = {0};
        // With few words each; now and then more than any register file.
        u32 most = odds(g, 1, 8) ? 20 : 4;
        for (u32 k = pick(g, most + 1); k; k--) tys_add(&type.params, any_type(g));
        for (u32 k = pick(g, odds(g, 1, 8) ? 8 : 3); k; k--) tys_add(&type.results, any_type(g));
        g->types[g->type_count++] = type;
        // The same results for more operands: somebody for tail calls.
        if (odds(g, 1, 3)) {
            for (u32 k = pick(g, 12); k; k--) tys_add(&type.params, any_type(g));
            g->types[g->type_count++] = type;
        }
    }
    g->types[g->type_count++] = (FuncTy){0};
    if (g->conts) draw_conts(g);
}

static bool told_in_js(const Tys *tys)
{
    for (u32 i = 0; i < tys->count; i++)
        if (tys->at[i] > VAL_f64) return false;
    return true;
}

static void draw_funcs(Gen *g)
{
    for (u32 n = odds(g, 1, 2) ? 1 + pick(g, 2) : 0; n; n--) {
        u32 type = any_func_type(g);
        const FuncTy *t = &g->types[type];
        bool plain = told_in_js(&t->params) && told_in_js(&t->results);
        // What the host gives back are numbers and nulls.
        for (u32 i = 0; i < t->results.count; i++)
            plain &= !ty_is_ref(t->results.at[i]) || (!g->portable && ty_null(t->results.at[i]));
        if (!plain) continue;
        g->funcs[g->func_count++] = (GenFunc){.type = type};
        g->imported_funcs++;
    }
    for (u32 n = 2 + pick(g, 5); n; n--)
        g->funcs[g->func_count++] = (GenFunc){any_func_type(g), odds(g, 1, 4), false};
    // as compilers take in where they are called
    for (u32 n = odds(g, 1, 2) ? 2 + pick(g, 6) : 0; n; n--)
        g->funcs[g->func_count++] = (GenFunc){any_func_type(g), true, true};
    for (u32 n = g->conts ? 2 : 0; n; n--)
        g->funcs[g->func_count++] = (GenFunc){.type = g->switches};
}

static void draw_memories(Gen *g)
{
    u32 most = has(g, FEATURE_multi_memory) ? 3 : 1, n = odds(g, 1, 3) ? 1 + pick(g, most) : 1;
    if (odds(g, 1, 30)) n = 0;
    g->imported_memories = n && odds(g, 1, 8);
    for (; n; n--) {
        GenMemory m = {.page_log = 16,
                       .min = odds(g, 4, 5),
                       .imported = !g->memory_count && g->imported_memories};
        m.is64 = has(g, FEATURE_memory64) && odds(g, 1, 3);
        if (odds(g, 1, 10)) m.min = 2;
        if (odds(g, 1, 80)) m.min = 48; // what is done in pieces has more than one
        m.max = m.min + pick(g, 3);
        if (has(g, FEATURE_custom_page_sizes) && !g->portable && odds(g, 1, 6)) {
            m.page_log = 0;
            m.min = odds(g, 1, 3) ? pick(g, 70000) : pick(g, 300);
            m.max = m.min + pick(g, 200);
        }
        m.shared = has(g, FEATURE_threads) && !g->portable && odds(g, 1, 4);
        g->memories[g->memory_count++] = m;
    }
}

static void draw_tables(Gen *g)
{
    bool refs = has(g, FEATURE_reference_types);
    u32 n = refs ? 1 + pick(g, 3) : 1;
    g->imported_tables = odds(g, 1, 10);
    for (u32 i = 0; i < n; i++) {
        GenTable t = {
            .elem = TY_funcref, .min = 4 + pick(g, 20), .imported = !i && g->imported_tables};
        t.is64 = has(g, FEATURE_memory64) && odds(g, 1, 4);
        t.max = t.min + pick(g, 10);
        if (i && odds(g, 1, 2)) {
            Ty ty = any_type(g);
            if (ty_is_ref(ty) && can_make(g, ty)) t.elem = ty;
            if (t.elem == TY_exnref && g->portable) t.elem = TY_externref;
        }
        g->tables[g->table_count++] = t;
    }
}

static void draw_globals(Gen *g)
{
    g->imported_globals = pick(g, 6) ? 0 : 2;
    for (u32 n = 3 + pick(g, 6); n; n--) {
        GenGlobal global = {.type = any_type(g), .mutable = odds(g, 2, 3)};
        if (g->global_count < g->imported_globals) {
            global = (GenGlobal){(Ty)(VAL_i32 + pick(g, 2)), g->global_count, true};
        }
        g->globals[g->global_count++] = global;
    }
    g->fuel = g->global_count++;
    g->globals[g->fuel] = (GenGlobal){VAL_i32, true, false};
    if (!g->conts) return;
    g->within = g->global_count++;
    g->globals[g->within] = (GenGlobal){VAL_i32, true, false};
}

static void draw_tags(Gen *g)
{
    if (g->conts) draw_control_tags(g);
    if (!g->legacy && !g->exnref) return;
    for (u32 n = 1 + pick(g, 3); n; n--) {
        FuncTy type = {.params = any_types(g, odds(g, 1, 8) ? 8 : 3)};
        bool plain = told_in_js(&type.params);
        if (n == 1 && !g->tag_count && odds(g, 1, 6) && plain) g->imported_tags = 1;
        g->tags[g->tag_count++] = type_of(g, &type);
    }
}

static void fill(Gen *g, GenElem *e, u32 mode, u32 table, Ty elem)
{
    *e = (GenElem){.mode = (u8)mode, .table = (u8)table, .elem = elem};
    for (u32 n = pick(g, COUNT_OF(e->funcs)); n; n--) {
        if (ty_is_data(g, elem) && data_can_be(g, elem)) {
            e->funcs[e->count++] = ty_null(elem) && odds(g, 1, 3) ? 0 : ITEM_data;
            continue;
        }
        u32 func = elem >= TY_FIRST_REF ? func_of_type(g, ty_type(elem)) : pick(g, g->func_count);
        bool funcs = elem >= TY_FIRST_REF || (elem | 1) == TY_func;
        bool none = !funcs || func == UINT32_MAX;
        if (none && !ty_null(elem)) break;
        e->funcs[e->count++] = (u8)(none || (ty_null(elem) && odds(g, 1, 8)) ? 0 : func + 1);
    }
}

static void draw_elems(Gen *g)
{
    for (u32 i = 0; i < g->table_count; i++) {
        GenTable *t = &g->tables[i];
        GenElem *e = &g->elems[g->elem_count++];
        fill(g, e, SEGMENT_in, i, t->elem);
        e->count = (u8)MIN(e->count, t->min);
        memcpy(t->filled, e->funcs, e->count);
    }
    if (has(g, FEATURE_bulk_memory)) {
        for (u32 n = pick(g, 3); n; n--)
            fill(g, &g->elems[g->elem_count++], SEGMENT_apart, 0,
                 g->tables[pick(g, g->table_count)].elem);
    }
    if (!has(g, FEATURE_reference_types)) return;
    // Whatever ref.func names is declared here, all at once: see put_elems.
    g->elems[g->elem_count++] = (GenElem){.mode = SEGMENT_told, .elem = TY_funcref};
}

static void draw_datas(Gen *g)
{
    for (u32 n = pick(g, 4); n; n--) {
        GenData d = {.mode = SEGMENT_apart, .size = pick(g, 60)};
        u32 m = pick(g, g->memory_count);
        if (g->memory_count && (odds(g, 2, 3) || !has(g, FEATURE_bulk_memory))) {
            u64 bytes = (u64)g->memories[m].min << g->memories[m].page_log;
            if (bytes < d.size) continue;
            d.mode = SEGMENT_in;
            d.memory = (u8)m;
            d.at = odds(g, 1, 3) ? (u32)bytes - d.size : pick(g, (u32)(bytes - d.size) + 1);
        } else if (!has(g, FEATURE_bulk_memory)) {
            continue;
        }
        g->datas[g->data_count++] = d;
    }
}

static void draw(Gen *g)
{
    g->tame = g->portable || odds(g, 7, 8);
    g->flavour = (u8)pick(g, 32);
    if (!has(g, FEATURE_simd) || odds(g, 1, 3)) g->flavour &= (u8)~FLAVOUR_simd;
    if (!has(g, FEATURE_reference_types)) g->flavour &= (u8)~FLAVOUR_refs;
    g->legacy = has(g, FEATURE_legacy_exceptions) && odds(g, 1, 4);
    g->exnref = has(g, FEATURE_exceptions) && odds(g, 1, 2) && (!g->portable || !g->legacy);
    g->conts = has(g, FEATURE_stack_switching) && !g->portable && odds(g, 2, 5);
    draw_types(g);
    draw_funcs(g);
    draw_tags(g);
    draw_memories(g);
    draw_tables(g);
    draw_globals(g);
    draw_elems(g);
    draw_datas(g);
    g->start = UINT32_MAX;
    u32 start = pick(g, g->func_count);
    const FuncTy *type = &g->types[g->funcs[start].type];
    if (!type->params.count && !type->results.count && start >= g->imported_funcs) g->start = start;
}

// ---- writing

static void put_types(Gen *g, Buf *s)
{
    u32 first = g->object_count;
    buf_leb_u(s, g->type_count - first + (first > 0) - g->conts);
    if (first) put_objects(g, s);
    for (u32 i = first; i < g->type_count; i++) {
        if (g->types[i].kind == TYPE_cont) {
            buf_byte(s, 0x5d);
            buf_leb_u(s, g->types[i].cont);
            continue;
        }
        if (g->types[i].pair) buf_bytes(s, (const u8[]){0x4e, 2}, 2);
        buf_byte(s, 0x60);
        const Tys *lists[] = {&g->types[i].params, &g->types[i].results};
        for (u32 k = 0; k < 2; k++) {
            buf_leb_u(s, lists[k]->count);
            for (u32 n = 0; n < lists[k]->count; n++) emit_type(g, s, lists[k]->at[n]);
        }
    }
}

static void put_limits(Buf *s, bool is64, u64 min, u64 max, u32 more)
{
    buf_byte(s, (u8)(1 | (is64 ? 4 : 0) | more));
    buf_leb_u(s, min);
    buf_leb_u(s, max);
}

static void put_memory(const GenMemory *m, Buf *s)
{
    put_limits(s, m->is64, m->min, m->max, (m->shared ? 2 : 0) | (m->page_log != 16 ? 8 : 0));
    if (m->page_log != 16) buf_leb_u(s, m->page_log);
}

static void put_table_type(Gen *g, const GenTable *t, Buf *s)
{
    emit_type(g, s, t->elem);
    put_limits(s, t->is64, t->min, t->max, 0);
}

// Names say the type, for hosts that cannot ask for it.
static void put_import(Buf *s, const char *name, u32 kind)
{
    buf_name(s, "h", 1);
    buf_name(s, name, strlen(name));
    buf_byte(s, (u8)kind);
}

static void letters(char *out, const Tys *tys)
{
    u32 n = 0;
    for (; n < tys->count; n++) out[n] = tys->at[n] <= VAL_v128 ? "?ilfdv"[tys->at[n]] : 'r';
    out[n] = 0;
}

static void put_imports(Gen *g, Buf *s)
{
    char name[96], params[TY_MOST + 1], given[TY_MOST + 1];
    buf_leb_u(s, g->imported_funcs + g->imported_memories + g->imported_tables +
                     g->imported_globals + g->imported_tags);
    for (u32 i = 0; i < g->imported_funcs; i++) {
        letters(params, &g->types[g->funcs[i].type].params);
        letters(given, &g->types[g->funcs[i].type].results);
        snprintf(name, sizeof name, "f %u %s:%s", i, params, given);
        put_import(s, name, 0);
        buf_leb_u(s, g->funcs[i].type);
    }
    for (u32 i = 0; i < g->imported_tables; i++) {
        const GenTable *t = &g->tables[i];
        snprintf(name, sizeof name, "t %u %u %u", t->min, t->max, t->is64);
        put_import(s, name, 1);
        put_table_type(g, t, s);
    }
    for (u32 i = 0; i < g->imported_memories; i++) {
        const GenMemory *m = &g->memories[i];
        snprintf(name, sizeof name, "m %u %u %u", m->min, m->max, m->is64);
        put_import(s, name, 2);
        put_memory(m, s);
    }
    for (u32 i = 0; i < g->imported_globals; i++) {
        const GenGlobal *global = &g->globals[i];
        snprintf(name, sizeof name, "g %u %c %u", i, global->type == VAL_i32 ? 'i' : 'l',
                 global->mutable);
        put_import(s, name, 3);
        emit_type(g, s, global->type);
        buf_byte(s, global->mutable);
    }
    for (u32 i = 0; i < g->imported_tags; i++) {
        letters(params, &g->types[g->tags[i]].params);
        snprintf(name, sizeof name, "e %s", params);
        put_import(s, name, 4);
        buf_byte(s, 0);
        buf_leb_u(s, g->tags[i]);
    }
}

// Constant expressions are made as bodies are, by the same functions.
static void put_body(Gen *g, Buf *s)
{
    buf_bytes(s, g->body.data, g->body.len);
    buf_byte(s, 0x0b);
    g->body.len = g->height = 0;
}

static void put_number(Gen *g, Buf *s, bool is64, u64 n)
{
    if (is64) const_i64(g, n);
    else const_i32(g, (u32)n);
    put_body(g, s);
}

static void put_ref(Gen *g, Buf *s, Ty ty, u32 func)
{
    if (func) {
        emit_index(g, OP_ref_func, func - 1);
    } else {
        emit_op(g, OP_ref_null);
        emit_heap(g, &g->body, ty);
    }
    put_body(g, s);
}

static void put_tables(Gen *g, Buf *s)
{
    buf_leb_u(s, g->table_count - g->imported_tables);
    for (u32 i = g->imported_tables; i < g->table_count; i++) {
        const GenTable *t = &g->tables[i];
        if (!ty_null(t->elem)) buf_byte(s, 0x40), buf_byte(s, 0);
        put_table_type(g, t, s);
        if (ty_null(t->elem)) continue;
        constant(g, t->elem);
        put_body(g, s);
    }
}

static void put_memories(Gen *g, Buf *s)
{
    buf_leb_u(s, g->memory_count - g->imported_memories);
    for (u32 i = g->imported_memories; i < g->memory_count; i++) put_memory(&g->memories[i], s);
}

static void initial(Gen *g, u32 i)
{
    Ty ty = g->globals[i].type;
    bool wide = ty == VAL_i64;
    bool imported =
        g->imported_globals && !g->globals[0].mutable && g->globals[0].type == ty && odds(g, 1, 2);
    if (imported) emit_index(g, OP_global_get, 0);
    else constant(g, ty);
    if ((ty != VAL_i32 && !wide) || !has(g, FEATURE_extended_const) || odds(g, 2, 3)) return;
    constant(g, ty);
    emit_op(g, wide ? OP_i64_add : OP_i32_sub);
}

enum { FUEL = 120 };

static void put_globals(Gen *g, Buf *s)
{
    buf_leb_u(s, g->global_count - g->imported_globals);
    for (u32 i = g->imported_globals; i < g->global_count; i++) {
        emit_type(g, s, g->globals[i].type);
        buf_byte(s, g->globals[i].mutable);
        if (i == g->fuel) const_i32(g, FUEL);
        else if (is_within(g, i)) const_i32(g, 0);
        else initial(g, i);
        put_body(g, s);
    }
}

static void put_export(Buf *s, char letter, u32 kind, u32 index)
{
    char name[16];
    buf_name(s, name, (size_t)snprintf(name, sizeof name, "%c%u", letter, index));
    buf_byte(s, (u8)kind);
    buf_leb_u(s, index);
}

// For who calls, to set it before.
static void put_named(Buf *s, const char *name, u32 global)
{
    buf_name(s, name, strlen(name));
    buf_byte(s, 3);
    buf_leb_u(s, global);
}

static void put_exports(Gen *g, Buf *s)
{
    buf_leb_u(s, g->func_count - g->imported_funcs + g->table_count + g->memory_count +
                     g->global_count);
    for (u32 i = g->imported_funcs; i < g->func_count; i++) put_export(s, 'f', 0, i);
    for (u32 i = 0; i < g->table_count; i++) put_export(s, 't', 1, i);
    for (u32 i = 0; i < g->memory_count; i++) put_export(s, 'm', 2, i);
    for (u32 i = 0; i < g->global_count; i++)
        if (i != g->fuel && !is_within(g, i)) put_export(s, 'g', 3, i);
    put_named(s, "fuel", g->fuel);
    if (g->conts) put_named(s, "within", g->within);
}

static void put_declared(Gen *g, Buf *s)
{
    buf_byte(s, 3), buf_byte(s, 0);
    buf_leb_u(s, g->func_count);
    for (u32 k = 0; k < g->func_count; k++) buf_leb_u(s, k);
}

static void put_elems(Gen *g, Buf *s)
{
    buf_leb_u(s, g->elem_count);
    for (u32 i = 0; i < g->elem_count; i++) {
        const GenElem *e = &g->elems[i];
        bool exprs = e->elem != TY_funcref, second = e->table || exprs;
        if (e->mode == SEGMENT_told) {
            put_declared(g, s);
            continue;
        }
        for (u32 k = 0; k < e->count; k++) exprs |= !e->funcs[k];
        buf_byte(s, (u8)((exprs ? 4 : 0) | (e->mode == SEGMENT_apart ? 1 : second ? 2 : 0)));
        if (e->mode == SEGMENT_in && second) buf_leb_u(s, e->table);
        if (e->mode == SEGMENT_in) put_number(g, s, g->tables[e->table].is64, 0);
        if ((e->mode == SEGMENT_apart || second) && exprs) emit_type(g, s, e->elem);
        else if (e->mode == SEGMENT_apart || second) buf_byte(s, 0);
        buf_leb_u(s, e->count);
        for (u32 k = 0; k < e->count; k++) {
            if (e->funcs[k] == ITEM_data) constant(g, e->elem), put_body(g, s);
            else if (exprs) put_ref(g, s, e->elem, e->funcs[k]);
            else buf_leb_u(s, e->funcs[k] - 1u);
        }
    }
}

static void put_datas(Gen *g, Buf *s)
{
    buf_leb_u(s, g->data_count);
    for (u32 i = 0; i < g->data_count; i++) {
        const GenData *d = &g->datas[i];
        buf_byte(s, d->mode == SEGMENT_apart ? 1 : d->memory ? 2 : 0);
        if (d->mode == SEGMENT_in && d->memory) buf_leb_u(s, d->memory);
        if (d->mode == SEGMENT_in) put_number(g, s, g->memories[d->memory].is64, d->at);
        buf_leb_u(s, d->size);
        for (u32 n = 0; n < d->size; n++) buf_byte(s, (u8)pick(g, 256));
    }
}

static void put_section(Buf *out, u8 id, Buf *s)
{
    // Not one that is there for nothing.
    if (s->len > 1 || (s->len && s->data[0])) {
        buf_byte(out, id);
        buf_name(out, s->data, s->len);
    }
    s->len = 0;
}

static Bytes put_module(Gen *g)
{
    Buf out, s, code;
    buf_init(&out, g->arena);
    buf_init(&s, g->arena);
    buf_init(&code, g->arena);
    buf_leb_u(&code, g->func_count - g->imported_funcs);
    for (u32 i = g->imported_funcs; i < g->func_count; i++) gen_body(g, i, &code);
    g->body.len = g->height = g->depth = 0;
    g->blocks[0] = (GenBlock){0};
    buf_bytes(&out, "\0asm\1\0\0", 8);
    put_types(g, &s), put_section(&out, 1, &s);
    put_imports(g, &s), put_section(&out, 2, &s);
    buf_leb_u(&s, g->func_count - g->imported_funcs);
    for (u32 i = g->imported_funcs; i < g->func_count; i++) buf_leb_u(&s, g->funcs[i].type);
    put_section(&out, 3, &s);
    put_tables(g, &s), put_section(&out, 4, &s);
    put_memories(g, &s), put_section(&out, 5, &s);
    buf_leb_u(&s, g->tag_count - g->imported_tags + g->control_count);
    for (u32 i = g->imported_tags; i < g->tag_count; i++)
        buf_byte(&s, 0), buf_leb_u(&s, g->tags[i]);
    for (u32 i = 0; i < g->control_count; i++) buf_byte(&s, 0), buf_leb_u(&s, g->control[i]);
    put_section(&out, 13, &s);
    put_globals(g, &s), put_section(&out, 6, &s);
    put_exports(g, &s), put_section(&out, 7, &s);
    if (g->start != UINT32_MAX) buf_leb_u(&s, g->start);
    if (g->start != UINT32_MAX) buf_byte(&out, 8), buf_name(&out, s.data, s.len);
    s.len = 0;
    put_elems(g, &s), put_section(&out, 9, &s);
    if (g->data_count) buf_leb_u(&s, g->data_count), put_section(&out, 12, &s);
    put_section(&out, 10, &code);
    put_datas(g, &s), put_section(&out, 11, &s);
    return buf_view(&out);
}

GenMade gen_module(const GenWhat *what, Arena *arena)
{
    Gen *g = NEW(arena, Gen);
    g->arena = arena;
    g->features = what->features;
    g->portable = what->portable;
    g->chance.state = what->seed * 0xd1342543de82ef95u + what->index * 0x2545f4914f6cdd1du;
    chance_next(&g->chance);
    g->chance.state = chance_next(&g->chance);
    if (what->choices.len) {
        g->chance.pos = what->choices.data;
        g->chance.end = what->choices.data + what->choices.len;
    }
    buf_init(&g->body, arena);
    draw(g);
    if (what->spoil && odds(g, 2, 3)) g->spoil = 1 + pick(g, 1200);
    bool bytes = what->spoil && !g->spoil;
    Bytes module = put_module(g);
    return (GenMade){bytes ? gen_spoil(&g->chance, module, arena) : module, g->tame};
}
