// layout.c -- where libraries have their data and functions. See link.h.
//
//     memory  | stack | what dlopen reads | of threads | data of a library | of the next .. | heap
//     table   | null | entries of a library | of the next .. | what is called by address |
//
// env exports the memory, the table and globals, and a function for each that is called before its
// library is there. `start` imports all that, and libraries: it fills the table, and calls.

#include "component/tool/link.h"

#include "component/tool/coretext.h"

#include <stdlib.h>

enum { PAGE = 65536, STACK = 1 << 20, HEAP_ALIGN = 4 };

// ---- Room

// So many more behind *top, which begin at a multiple of that power of two.
static u32 take_room(Linker *l, const char *where, u64 *top, u64 size, u32 align)
{
    const u64 most = UINT32_MAX;
    u64 at = align < 32 ? (*top + (1ull << align) - 1) >> align << align : most + 1;
    if (at > most || size > most - at)
        maker_fail(l->m, "libraries need more %s than 32-bit addresses have", where);
    *top = at + size;
    return (u32)at;
}

// The names of libraries and symbols may be any; of two that are the same one gets a number.
static Bytes env_name(Linker *l, Bytes name)
{
    Bytes best = name;
    for (u32 n = l->env_names.count; !map_add(&l->env_names, best.data, best.len, 0); n++)
        best = maker_join(l->m, "", name, "#", maker_number_name(l->m, n));
    return best;
}

static Bytes own_name(Linker *l, const Library *lib, Bytes name)
{
    return env_name(l, maker_join(l->m, "", lib->part.name, ":", name));
}

static u32 slot_of(Linker *l, Library *from, u32 export)
{
    const u32 key[2] = {from->number, export};
    const u32 *known = map_get(&l->slot_of, key, sizeof key);
    if (known) return *known;
    ARENA_PUSH(l->m->arena, l->slots, l->slot_count, l->slot_cap) =
        (LinkSlot){.from = from, .export = export};
    map_add(&l->slot_of, arena_copy(l->m->arena, key, sizeof key), sizeof key, l->slot_count - 1);
    return l->slot_count - 1;
}

// ---- What start imports

static const char *const sort_names[] = {
    [CORE_SORT_func] = "func", [CORE_SORT_table] = "table", [CORE_SORT_memory] = "memory",
    [CORE_SORT_global] = "global"};

// An address in memory where that of data is to be.
typedef struct { u32 at; const Library *library; Bytes name; } Stored;

typedef struct {
    Map known;
    Buf imports, code;
    u32 counts[CORE_SORT_COUNT];
    Stored *stored; // known once all has its place
    u32 stored_count, stored_cap;
} Start;

// Its index there.
static u32 start_import(Linker *l, Start *s, CoreSort sort, const Part *part, Bytes name,
                        const char *type, TypeId func)
{
    Maker *m = l->m;
    Buf key;
    buf_init(&key, m->arena);
    buf_byte(&key, (u8)sort);
    buf_leb_u(&key, (u64)(part - m->parts));
    buf_bytes(&key, name.data, name.len);
    const u32 *known = map_get(&s->known, key.data, key.len);
    if (known) return *known;
    text_put(&s->imports, "(import \"\" \"%u\" (%s %s", m->init_count, sort_names[sort], type);
    if (sort == CORE_SORT_func) text_type(m, &s->imports, func);
    text_put(&s->imports, "))\n");
    ARENA_PUSH(m->arena, m->inits, m->init_count, m->init_cap) = (MakerGiven){sort, part, name};
    map_add(&s->known, key.data, key.len, s->counts[sort]);
    return s->counts[sort]++;
}

static u32 start_func(Linker *l, Start *s, const Part *part, Bytes name)
{
    const Export *e = part_export(part, name, EXTERN_func);
    return start_import(l, s, CORE_SORT_func, part, name, "", part->module->funcs[e->index].type);
}

// The address of what a library exports, on the stack.
static void put_address(Linker *l, Start *s, const Library *lib, Bytes name)
{
    u32 global = start_import(l, s, CORE_SORT_global, lib->at, name, "i32", 0);
    text_put(&s->code, "(i32.add (i32.const %u) (global.get %u))", lib->memory_base, global);
}

static void store_later(Linker *l, Start *s, u32 at, const Library *lib, Bytes name)
{
    ARENA_PUSH(l->m->arena, s->stored, s->stored_count, s->stored_cap) = (Stored){at, lib, name};
}

static void put_stores(Linker *l, Start *s)
{
    for (u32 i = 0; i < s->stored_count; i++) {
        start_import(l, s, CORE_SORT_memory, &l->m->parts[0], bytes_of("memory"), "0", 0);
        text_put(&s->code, "(i32.store (i32.const %u) ", s->stored[i].at);
        put_address(l, s, s->stored[i].library, s->stored[i].name);
        text_put(&s->code, ")\n");
    }
}

static Bytes export_name(const Library *lib, u32 export)
{
    return lib->part.module->exports[export].name;
}

// ---- dlopen
//
//     root     number of libraries, where they are
//     library  length of name, name, number of symbols, where they are
//     symbol   length of name, name, address or number in the table
//
// All are numbers of 32 bits, and sorted by names, which stand in front of them.

typedef struct { Bytes name; u32 at; u32 value, count; u32 export; Library *library; } Opened;

static int order_names(const void *a, const void *b)
{
    const Opened *x = a, *y = b;
    size_t len = MIN(x->name.len, y->name.len);
    int order = len ? memcmp(x->name.data, y->name.data, len) : 0;
    return order ? order : (x->name.len > y->name.len) - (x->name.len < y->name.len);
}

static u32 opened_at(Linker *l)
{
    while (l->opened.len % 4) buf_byte(&l->opened, 0);
    u64 top = l->memory_top;
    return take_room(l, "memory", &top, l->opened.len, 0) + (u32)l->opened.len;
}

static u32 put_opened_name(Linker *l, Bytes name)
{
    u32 at = opened_at(l);
    buf_bytes(&l->opened, name.data, name.len);
    return at;
}

static u32 put_symbols(Linker *l, Start *s, Opened *list, u32 count)
{
    u32 at = opened_at(l);
    for (u32 i = 0; i < count; i++) {
        const Opened *o = &list[i];
        bool func = o->library->part.module->exports[o->export].kind == EXTERN_func;
        buf_u32le(&l->opened, (u32)o->name.len);
        buf_u32le(&l->opened, o->at);
        if (!func) store_later(l, s, at + i * 12 + 8, o->library, o->name);
        buf_u32le(&l->opened, func ? l->slot_base + slot_of(l, o->library, o->export) : 0);
    }
    return at;
}

static void open_library(Linker *l, Start *s, Opened *into)
{
    Library *lib = into->library;
    const Module *m = lib->part.module;
    Opened *list = NEW_ARRAY(l->m->arena, Opened, (size_t)m->export_count + 1);
    into->at = put_opened_name(l, into->name);
    for (u32 i = 0; i < m->export_count; i++) {
        const Export *e = &m->exports[i];
        bool symbol = e->kind == EXTERN_func || (e->kind == EXTERN_global && link_is_address(m, e));
        if (!symbol || link_is_reserved(e->name)) continue;
        list[into->count++] = (Opened){.name = e->name, .at = put_opened_name(l, e->name),
                                       .export = i, .library = lib};
    }
    qsort(list, into->count, sizeof *list, order_names);
    into->value = put_symbols(l, s, list, into->count);
}

static void open_libraries(Linker *l, Start *s)
{
    Opened *list = NEW_ARRAY(l->m->arena, Opened, (size_t)l->order_count + 1);
    u32 count = 0;
    buf_init(&l->opened, l->m->arena);
    for (u32 i = 0; i < l->order_count; i++)
        if (l->order[i]->openable)
            list[count++] = (Opened){.name = l->order[i]->part.name, .library = l->order[i]};
    for (u32 i = 0; i < count; i++) open_library(l, s, &list[i]);
    qsort(list, count, sizeof *list, order_names);
    u32 at = opened_at(l);
    for (u32 i = 0; i < count; i++) {
        buf_u32le(&l->opened, (u32)list[i].name.len);
        buf_u32le(&l->opened, list[i].at);
        buf_u32le(&l->opened, list[i].count);
        buf_u32le(&l->opened, list[i].value);
    }
    l->opened_root = opened_at(l);
    buf_u32le(&l->opened, count);
    buf_u32le(&l->opened, at);
}

// ---- Data of threads
//
// Each library that has some has its own base: a thread has an array of those, and builtin
// context.get 1 says where that is; the first thread has it in `tls_array`. What makes threads asks
// for __wasm_program_tls_info: how many there are, where each says how much it needs, the array.

static void lay_out_tls(Linker *l, Start *s)
{
    Bytes name = bytes_of("__wasm_library_tls_info");
    for (u32 i = 0; i < l->order_count; i++) {
        const Export *e = part_export(&l->order[i]->part, name, EXTERN_global);
        if (e && link_is_address(l->order[i]->part.module, e)) l->order[i]->tls = l->tls_count++;
    }
    if (!l->tls_count) return;
    l->tls_array = take_room(l, "memory", &l->memory_top, 4 * l->tls_count, 2);
    l->tls_list = take_room(l, "memory", &l->memory_top, 4 * l->tls_count, 2);
    for (u32 i = 0; i < l->order_count; i++)
        if (l->order[i]->tls != NO_INDEX)
            store_later(l, s, l->tls_list + 4 * l->order[i]->tls, l->order[i], name);
}

// To get or set its base. One without data of threads traps: nobody calls that.
static void put_tls_func(Linker *l, const Library *lib, Bytes export, bool set)
{
    bool threads = l->threads && l->tls_count;
    text_put(&l->text, "(func (export ");
    text_string(&l->text, export);
    text_put(&l->text, ") %s (local $array i32)\n", set ? "(param i32)" : "(result i32)");
    if (lib->tls == NO_INDEX) {
        text_put(&l->text, "unreachable)\n");
        return;
    }
    text_put(&l->text, threads ? "(local.set $array (call $context))\n" : "");
    text_put(&l->text, "(i32.%s offset=%u ", set ? "store" : "load", 4 * lib->tls);
    if (threads)
        text_put(&l->text, "(select (local.get $array) (i32.const %u) (local.get $array))",
                 l->tls_array);
    else text_put(&l->text, "(i32.const %u)", l->tls_array);
    text_put(&l->text, set ? " (local.get 0)))\n" : "))\n");
}

// ---- Imports, as env has them

static Bytes put_global(Linker *l, Bytes export, bool mutable, u32 value)
{
    text_put(&l->text, "(global (export ");
    text_string(&l->text, export);
    text_put(&l->text, mutable ? ") (mut i32) (i32.const %u))\n" : ") i32 (i32.const %u))\n",
             value);
    return export;
}

static u32 value_of(const Linker *l, Bytes name)
{
    const u32 stack = l->stack;
    const struct { const char *name; u32 value; } values[] = {
        {"__stack_pointer", stack}, {"__init_stack_pointer", stack}, {"__stack_high", stack},
        {"__heap_base", (u32)l->memory_top},
        {"__heap_end", (u32)((l->memory_top + PAGE - 1) / PAGE * PAGE)},
        {"__wasm_libdl_libraries", l->opened_root}, {"__wasm_program_tls_info", l->tls_info}};
    for (u32 i = 0; i < COUNT_OF(values); i++)
        if (bytes_are(name, values[i].name)) return values[i].value;
    return 0;
}

// Those of which all libraries have the same.
static Bytes put_value(Linker *l, Bytes name)
{
    if (!map_add(&l->env_names, name.data, name.len, 0)) return name;
    return put_global(l, name, !bytes_are(name, "__init_stack_pointer"), value_of(l, name));
}

// Calls what will be in the table; or traps, if nobody exports it.
static Bytes put_call(Linker *l, Bytes name, TypeId type, const LinkSlot *slot)
{
    Bytes export = env_name(l, name);
    const TypeDef *def = type_def(l->m->distinct, type);
    text_put(&l->text, "(func (export ");
    text_string(&l->text, export);
    text_put(&l->text, ")");
    text_type(l->m, &l->text, type);
    text_put(&l->text, "\n");
    for (u32 i = 0; slot && i < def->param_count; i++) text_put(&l->text, "local.get %u ", i);
    if (slot) {
        text_put(&l->text, "i32.const %u call_indirect",
                 l->slot_base + (u32)(slot - l->slots));
        text_type(l->m, &l->text, type);
    } else {
        text_put(&l->text, "unreachable");
    }
    text_put(&l->text, ")\n");
    return export;
}

static void put_func(Linker *l, const Library *lib, const Import *i, LinkSymbol *s)
{
    TypeId type = lib->part.module->funcs[i->index].type;
    if (s->from && s->from->at < lib->at) return; // it is there by then
    if (!s->from) {
        s->env = put_call(l, i->name, type, NULL);
        return;
    }
    LinkSlot *slot = &l->slots[slot_of(l, s->from, s->export)];
    if (!slot->env.data) slot->env = put_call(l, i->name, type, slot);
    s->env = slot->env;
}

// Where it is in the table. What nobody exports is null if it may be missing, else where nothing
// is: who calls it traps.
static u32 entry_of(Linker *l, const LinkSymbol *s)
{
    if (s->from) return l->slot_base + slot_of(l, s->from, s->export);
    return s->weak ? 0 : l->slot_base + l->slot_count;
}

static void put_import(Linker *l, Start *start, Library *lib, const Import *i, LinkSymbol *s)
{
    const Part *env = &l->m->parts[0];
    switch (s->kind) {
    case LINK_memory: case LINK_table: s->env = i->name; break;
    case LINK_value: s->env = put_value(l, i->name); break;
    case LINK_base: {
        bool memory = bytes_are(i->name, "__memory_base");
        s->env = put_global(l, own_name(l, lib, i->name), false,
                            memory ? lib->memory_base : lib->table_base);
        break;
    }
    case LINK_tls:
        s->env = own_name(l, lib, i->name);
        put_tls_func(l, lib, s->env, bytes_are(i->name, "__wasm_set_tls_base"));
        break;
    case LINK_func: put_func(l, lib, i, s); break;
    case LINK_tag:
        if (s->from->at >= lib->at)
            maker_fail(l->m,
                       "library %.*s needs the tag %.*s of %.*s, which is there only behind it",
                       LIBRARY_SAY(lib), WIT_SAY(i->name), LIBRARY_SAY(s->from));
        break;
    case LINK_entry:
        s->env = put_global(l, own_name(l, lib, i->name), true, entry_of(l, s));
        break;
    case LINK_address: {
        s->env = put_global(l, own_name(l, lib, i->name), true, 0);
        if (!s->from) break;
        put_address(l, start, s->from, i->name);
        u32 global = start_import(l, start, CORE_SORT_global, env, s->env, "(mut i32)", 0);
        text_put(&start->code, "(global.set %u)\n", global);
        break;
    }
    case LINK_other: break;
    }
}

// ---- Room for all

static void find_slots(Linker *l)
{
    map_init(&l->slot_of, l->m->arena);
    for (u32 i = 0; i < l->order_count; i++) {
        const Library *lib = l->order[i];
        for (u32 k = 0; k < lib->part.module->import_count; k++) {
            const LinkSymbol *s = &lib->symbols[k];
            bool later = s->kind == LINK_func && s->from && s->from->at >= lib->at;
            if (later || (s->kind == LINK_entry && s->from)) slot_of(l, s->from, s->export);
        }
    }
}

static void lay_out(Linker *l, Start *s)
{
    take_room(l, "memory", &l->memory_top, l->how->stack_size ? l->how->stack_size : STACK, 0);
    l->stack = take_room(l, "memory", &l->memory_top, 0, 4);
    l->table_top = 1;
    for (u32 i = 0; i < l->order_count; i++) {
        Library *lib = l->order[i];
        lib->table_base = take_room(l, "of the table", &l->table_top, lib->table_size,
                                    lib->table_align);
    }
    l->slot_base = (u32)l->table_top;
    find_slots(l);
    open_libraries(l, s);
    take_room(l, "memory", &l->memory_top, l->opened.len, 0);
    take_room(l, "of the table", &l->table_top, (u64)l->slot_count + 1, 0);
    lay_out_tls(l, s);
    l->tls_info = take_room(l, "memory", &l->memory_top, l->tls_count ? 12 : 0, 2);
    for (u32 i = 0; i < l->order_count; i++) {
        Library *lib = l->order[i];
        lib->memory_base = take_room(l, "memory", &l->memory_top, lib->memory_size,
                                     lib->memory_align);
    }
    take_room(l, "memory", &l->memory_top, 0, HEAP_ALIGN);
}

// ---- env

static void put_data(Linker *l, u32 at, const Buf *bytes)
{
    text_put(&l->text, "(data (i32.const %u) ", at);
    text_string(&l->text, buf_view(bytes));
    text_put(&l->text, ")\n");
}

static void put_sizes(Linker *l, const char *what, const char *name, u64 min, u64 wanted, u64 max,
                      const char *type)
{
    if (wanted > min) min = wanted;
    if (max < min)
        maker_fail(l->m, "libraries need a %s of %llu, but one of them allows %llu", what,
                   (unsigned long long)min, (unsigned long long)max);
    text_put(&l->text, "(%s (export \"%s\") %llu", what, name, (unsigned long long)min);
    if (max != UINT64_MAX) text_put(&l->text, " %llu", (unsigned long long)max);
    text_put(&l->text, "%s)\n", type);
}

static void put_env(Linker *l, Start *s)
{
    buf_init(&l->text, l->m->arena);
    map_init(&l->env_names, l->m->arena);
    map_add(&l->env_names, "memory", 6, 0);
    map_add(&l->env_names, "__indirect_function_table", 25, 0);
    text_put(&l->text, "(module\n");
    if (l->tls_wanted && l->threads && l->tls_count)
        text_put(&l->text,
                 "(import \"$root\" \"[context-get-1]\" (func $context (result i32)))\n");
    for (u32 i = 0; i < l->order_count; i++) {
        Library *lib = l->order[i];
        const Module *m = lib->part.module;
        for (u32 k = 0; k < m->import_count; k++)
            put_import(l, s, lib, &m->imports[k], &lib->symbols[k]);
    }
    put_sizes(l, "memory", "memory", (l->memory_top + PAGE - 1) / PAGE, l->memory_min,
              l->memory_max, "");
    // one entry more, where nothing is
    put_sizes(l, "table", "__indirect_function_table", (u64)l->slot_base + l->slot_count + 1,
              l->table_min, l->table_max, " funcref");
    put_data(l, l->stack, &l->opened);
    if (l->tls_count) {
        Buf info;
        buf_init(&info, l->m->arena);
        buf_u32le(&info, l->tls_count);
        buf_u32le(&info, l->tls_list);
        buf_u32le(&info, l->tls_array);
        put_data(l, l->tls_info, &info);
    }
    text_put(&l->text, ")");
}

// ---- start

// Of all libraries that export such a function: what they need first.
static void call_all(Linker *l, Start *s, const char *name)
{
    for (u32 i = 0; i < l->order_count; i++) {
        const Part *p = l->order[i]->at;
        const Export *e = part_export(p, bytes_of(name), EXTERN_func);
        if (!e) continue;
        const TypeDef *type = type_def(l->m->distinct, p->module->funcs[e->index].type);
        if (type->param_count + type->result_count)
            maker_fail(l->m, "library %.*s: %s takes and gives nothing",
                       LIBRARY_SAY(l->order[i]), name);
        text_put(&s->code, "(call %u)\n", start_func(l, s, p, bytes_of(name)));
    }
}

static void check_constructors(Linker *l)
{
    for (u32 i = 0; i < l->order_count; i++)
        if (part_export(l->order[i]->at, bytes_of("__wasm_call_ctors"), EXTERN_func) &&
            part_export(l->order[i]->at, bytes_of("_initialize"), EXTERN_func))
            maker_fail(l->m, "library %.*s exports both __wasm_call_ctors and _initialize",
                       LIBRARY_SAY(l->order[i]));
}

static void put_table(Linker *l, Start *s, Buf *elems)
{
    if (!l->slot_count) return;
    start_import(l, s, CORE_SORT_table, &l->m->parts[0], bytes_of("__indirect_function_table"),
                 "0 funcref", 0);
    text_put(elems, "(elem (i32.const %u) func", l->slot_base);
    for (u32 i = 0; i < l->slot_count; i++) {
        const LinkSlot *slot = &l->slots[i];
        text_put(elems, " %u",
                 start_func(l, s, slot->from->at, export_name(slot->from, slot->export)));
    }
    text_put(elems, ")\n");
}

void link_lay_out(Linker *l, Bytes *env, Bytes *start)
{
    Start s = {0};
    Buf elems, whole;
    map_init(&s.known, l->m->arena);
    buf_init(&s.imports, l->m->arena);
    buf_init(&s.code, l->m->arena);
    buf_init(&elems, l->m->arena);
    buf_init(&whole, l->m->arena);
    check_constructors(l);
    lay_out(l, &s);
    put_env(l, &s);
    put_stores(l, &s);
    call_all(l, &s, "__wasm_apply_data_relocs");
    call_all(l, &s, "__wasm_call_ctors");
    call_all(l, &s, "_initialize");
    put_table(l, &s, &elems);
    text_put(&whole, "(module\n");
    buf_bytes(&whole, s.imports.data, s.imports.len);
    text_put(&whole, "(func $start\n");
    buf_bytes(&whole, s.code.data, s.code.len);
    text_put(&whole, ")\n(start $start)\n");
    buf_bytes(&whole, elems.data, elems.len);
    text_put(&whole, ")");
    *env = text_assemble(l->m, &l->text);
    *start = text_assemble(l->m, &whole);
}
