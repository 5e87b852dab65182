// adapt.c -- what is needed of an adapter: the exports that others use, and what those use. See
// maker.h.
//
// An adapter has no stack of its own: its global __stack_pointer is zero until a page of the main
// module's was taken for it, by the realloc that it imports, in front of whatever is called first.
// What that realloc calls of the adapter meanwhile is told by the global allocation_state: 0 there
// is no stack, 1 it is being made, 2 it is there.

#include "component/tool/maker.h"

#include "binary/encode.h"
#include "binary/names.h"
#include "binary/reader.h"
#include "component/wit/resolver.h"

#include <stdlib.h>

typedef struct {
    u32 stack, state, realloc; // NO_INDEX: it has none
    Splice *splices;
    u32 count, cap;
} Stack;

static u32 find_global(const Module *m, const AllNames *names, const char *name)
{
    const NameMap *globals = &names->flat[NAMES_global];
    for (u32 i = 0; i < globals->count; i++)
        if (bytes_are(globals->names[i].name, name) && globals->names[i].index < m->global_count)
            return globals->names[i].index;
    return NO_INDEX;
}

static u32 find_realloc(const Module *m)
{
    for (u32 i = 0; i < m->import_count; i++)
        if (m->imports[i].kind == EXTERN_func && bytes_are(m->imports[i].name, "cabi_realloc"))
            return m->imports[i].index;
    return NO_INDEX;
}

static void put_number(Buf *b, u8 op, u32 value)
{
    buf_byte(b, op);
    if (op == 0x41) buf_leb_s(b, (s32)value);
    else buf_leb_u(b, value);
}

enum { PAGE = 65536 };
enum { CALL = 0x10, GET = 0x23, SET = 0x24, CONST = 0x41, GROW = 0x40, SHL = 0x74, ADD = 0x6a,
       EQZ = 0x45, IF = 0x04, END = 0x0b, NOTHING = 0x40 };

// if (!state) { state = 1; stack = realloc(0, 0, 8, PAGE) + PAGE; state = 2; }
static Bytes stack_code(Maker *m, const Stack *s)
{
    Buf b;
    bool by_realloc = s->realloc != NO_INDEX && s->state != NO_INDEX;
    buf_init(&b, m->arena);
    put_number(&b, GET, s->state != NO_INDEX ? s->state : s->stack);
    buf_bytes(&b, (u8[]){EQZ, IF, NOTHING}, 3);
    if (s->state != NO_INDEX) put_number(&b, CONST, 1), put_number(&b, SET, s->state);
    if (by_realloc) {
        put_number(&b, CONST, 0);
        put_number(&b, CONST, 0);
        put_number(&b, CONST, 8);
        put_number(&b, CONST, PAGE);
        put_number(&b, CALL, s->realloc);
    } else { // where there is no memory left, what is behind traps at its first access
        put_number(&b, CONST, 1);
        buf_bytes(&b, (u8[]){GROW, 0}, 2);
        put_number(&b, CONST, 16);
        buf_byte(&b, SHL);
    }
    put_number(&b, CONST, PAGE);
    buf_byte(&b, ADD);
    put_number(&b, SET, s->stack);
    if (s->state != NO_INDEX) put_number(&b, CONST, 2), put_number(&b, SET, s->state);
    buf_byte(&b, END);
    return buf_view(&b);
}

// Behind the locals of a function.
static u32 code_at(const Module *m, const FuncDecl *f)
{
    Diag diag;
    diag_init(&diag);
    Reader r = {.start = m->bytes, .pos = m->bytes + f->body.start, .end = m->bytes + f->body.end,
                .diag = &diag};
    for (u32 groups = read_leb_u32(&r); groups; groups--) {
        read_leb_u32(&r);
        read_leb_s33(&r);
    }
    return reader_offset(&r);
}

static void make_stack(Maker *m, Part *p, Stack *s)
{
    const Module *module = p->module;
    Map done;
    map_init(&done, m->arena);
    Bytes code = stack_code(m, s);
    for (u32 i = 0; i < module->export_count; i++) {
        const Export *e = &module->exports[i];
        bool needed = e->kind == EXTERN_func && map_get(&p->needed, e->name.data, e->name.len);
        if (!needed || e->index < module->imported_funcs) continue;
        const void *key = arena_copy(m->arena, &e->index, sizeof e->index);
        if (!map_add(&done, key, sizeof e->index, 0)) continue;
        u32 at = code_at(module, &module->funcs[e->index]);
        ARENA_PUSH(m->arena, s->splices, s->count, s->cap) =
            (Splice){.at = at, .end = at, .code = code};
    }
}

static int order_splices(const void *a, const void *b)
{
    u32 x = ((const Splice *)a)->at, y = ((const Splice *)b)->at;
    return (x > y) - (x < y);
}

static void need_if_there(Part *p, const char *name)
{
    const Export *e = part_export(p, bytes_of(name), EXTERN_func);
    if (e) map_add(&p->needed, e->name.data, e->name.len, 0);
}

void part_encode(Maker *m, Part *p, const Edit *edit)
{
    Buf out;
    Diag diag = {0};
    buf_init(&out, m->arena);
    if (!module_encode(p->module, edit, &out, &diag)) {
        maker_fail_as(m, &diag);
    }
    p->bytes = buf_view(&out);
    p->module = maker_decode(m, p->bytes);
    maker_validate(m, p->module);
}

void maker_join_imports(Maker *m, Part *p)
{
    const Module *module = p->module;
    Map names;
    u32 *instead = NEW_ARRAY(m->arena, u32, (size_t)module->func_count + 1), joined = 0;
    u8 *gone = NEW_ARRAY(m->arena, u8, (size_t)module->func_count + 1);
    map_init(&names, m->arena);
    for (u32 i = 0; i < module->func_count; i++) instead[i] = i;
    for (u32 i = 0; i < module->import_count; i++) {
        const Import *import = &module->imports[i];
        Bytes key = cmodule_key(m->arena, import->module, import->name);
        const u32 *known = map_get(&names, key.data, key.len);
        if (!known) map_add(&names, key.data, key.len, i);
        if (!known || import->kind != EXTERN_func) continue;
        const Import *first = &module->imports[*known];
        bool same = first->kind == EXTERN_func &&
                    maker_same_type(m, module->funcs[first->index].type,
                                    module->funcs[import->index].type);
        if (!same)
            maker_fail(m, "\"%.*s\" \"%.*s\" is imported twice, as of two types",
                       WIT_SAY(import->module), WIT_SAY(import->name));
        instead[import->index] = first->index;
        gone[import->index] = 1;
        joined++;
    }
    if (!joined) return;
    Edit edit = {.gone = {[ITEM_func] = gone}, .instead = {[ITEM_func] = instead}};
    part_encode(m, p, &edit);
}

// Without the worlds that were taken from it, names and whatever else is no use in a component.
static const u8 *custom_sections(Maker *m, const Module *module)
{
    u8 *gone = NEW_ARRAY(m->arena, u8, (size_t)module->section_count + 1);
    for (u32 i = 0; i < module->section_count; i++) gone[i] = module->sections[i].id == 0;
    return gone;
}

// What only the new code names.
static void keep_stack(u8 *unused[ITEM_COUNT], const Stack *s, Edit *edit)
{
    unused[ITEM_memory][0] = unused[ITEM_global][s->stack] = 0;
    if (s->state != NO_INDEX) unused[ITEM_global][s->state] = 0;
    if (s->realloc == NO_INDEX || s->state == NO_INDEX) return;
    unused[ITEM_func][s->realloc] = 0;
    edit->gone[ITEM_type] = NULL;
}

void maker_adapt(Maker *m, Part *p)
{
    const Module *module = p->module;
    AllNames names;
    Diag diag = {0};
    names_read(module, m->arena, &names);
    Stack stack = {.stack = find_global(module, &names, "__stack_pointer"),
                   .state = find_global(module, &names, "allocation_state"),
                   .realloc = find_realloc(module)};
    need_if_there(p, "cabi_realloc");
    need_if_there(p, "cabi_import_realloc");
    need_if_there(p, "cabi_export_realloc");
    if (stack.stack != NO_INDEX && module->memory_count) make_stack(m, p, &stack);
    if (stack.count) qsort(stack.splices, stack.count, sizeof *stack.splices, order_splices);
    u8 *gone_exports = NEW_ARRAY(m->arena, u8, (size_t)module->export_count + 1);
    for (u32 i = 0; i < module->export_count; i++) {
        Bytes name = module->exports[i].name;
        gone_exports[i] = !map_get(&p->needed, name.data, name.len);
    }
    Edit edit = {.gone_exports = gone_exports, .gone_sections = custom_sections(m, module),
                 .splices = stack.splices, .splice_count = stack.count};
    u8 *unused[ITEM_COUNT];
    if (!module_unused(module, &edit, m->arena, unused, &diag)) {
        maker_fail_as(m, &diag);
    }
    for (u32 k = 0; k < ITEM_COUNT; k++) edit.gone[k] = unused[k];
    if (stack.count) keep_stack(unused, &stack, &edit);
    part_encode(m, p, &edit);
}
