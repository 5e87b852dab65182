// view.c -- see view.h.

#include "cli/step/view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put(Buf *out, const char *form, ...) PRINTF_LIKE(2, 3);
static void put(Buf *out, const char *form, ...)
{
    char text[100];
    va_list args;
    va_start(args, form);
    vsnprintf(text, sizeof text, form, args);
    va_end(args);
    buf_bytes(out, text, strlen(text));
}

// What was put, and an empty buffer for what comes.
static Bytes taken(Buf *out)
{
    Bytes text = buf_view(out);
    buf_init(out, out->arena);
    return text;
}

static Bytes number_text(Buf *out, u64 n)
{
    put(out, "%" PRIu64, n);
    return taken(out);
}

// ---- Where it is

static void take_place(View *r, const Config *c, const Instr *redex)
{
    const Context *frame = &c->contexts[c->frame], *in = &c->contexts[c->context_count - 1];
    r->depth = c->frames;
    r->in_func = frame->kind == CONTEXT_frame;
    if (!r->in_func) return;
    r->func = c->store->funcs.at[frame->func].index;
    r->module = module_number(c->store, frame->module);
    // what a rule has made stands where that stood which it was made of
    r->place = redex->place ? redex->place : in->at ? in->at[-1].place : 0;
    r->name = module_func_name(frame->module->module, r->func);
    r->name.len = MIN(r->name.len, (size_t)VIEW_NAME_MOST);
}

static void take_locals(View *r, const Config *c, Buf *out)
{
    u32 first = c->contexts[c->frame].locals, count = c->local_count - first;
    if (!r->in_func) return;
    r->local_count = MIN(count, (u32)LOCALS_SHOWN);
    r->more_locals = count - r->local_count;
    for (u32 k = 0; k < r->local_count; k++) {
        print_val(out, c->locals[first + k]);
        r->locals[k] = taken(out);
    }
}

// ---- What is changed

static Change *add_change(View *r, Part part)
{
    if (r->change_count == CHANGES_SHOWN) {
        r->more_changes++;
        return NULL;
    }
    r->changes[r->change_count] = (Change){.part = part};
    return &r->changes[r->change_count++];
}

static void put_values(Buf *out, const Val *vals, u64 count)
{
    enum { SOME = 4 };
    for (u64 k = 0; k < MIN(count, (u64)SOME); k++) {
        if (k) put(out, " ");
        print_val(out, vals[k]);
    }
    if (count > SOME) put(out, " ...");
}

static void put_bytes(Buf *out, const u8 *bytes, u64 count)
{
    enum { SOME = 16 };
    for (u64 k = 0; k < MIN(count, (u64)SOME); k++) put(out, "%s%02x", k ? " " : "", bytes[k]);
    if (count > SOME) put(out, " ...");
}

static Bytes part_text(Buf *out, const FormalStore *s, Part p)
{
    switch (p.kind) {
    case PART_global: put_values(out, &s->globals.at[p.address].value, 1); break;
    case PART_table: put_values(out, s->tables.at[p.address].refs + p.from, p.count); break;
    case PART_struct: put_values(out, s->structs.at[p.address].fields + p.from, p.count); break;
    case PART_array: put_values(out, s->arrays.at[p.address].fields + p.from, p.count); break;
    case PART_exn: put_values(out, s->exns.at[p.address].fields + p.from, p.count); break;
    case PART_mem: put_bytes(out, s->mems.at[p.address].bytes + p.from, p.count); break;
    case PART_elem: put(out, "%u", s->elems.at[p.address].count); break;
    case PART_data: put(out, "%u", s->datas.at[p.address].count); break;
    case PART_cont:
        if (s->conts.at[p.address].consumed) put(out, "consumed");
        else put(out, "%u contexts", s->conts.at[p.address].context_count);
        break;
    }
    return taken(out);
}

// It was as long as it is told of, and nothing that was there is another now.
static bool is_length(const View *r, Part p)
{
    return p.kind == PART_elem || p.kind == PART_data || r->op == OP_memory_grow ||
           r->op == OP_table_grow;
}

static u64 part_length(const FormalStore *s, Part p)
{
    return p.kind == PART_mem     ? s->mems.at[p.address].count
           : p.kind == PART_table ? s->tables.at[p.address].count
           : p.kind == PART_elem  ? s->elems.at[p.address].count
                                  : s->datas.at[p.address].count;
}

static Bytes part_name(View *r, Buf *out, Part p)
{
    Part whole = {p.kind, p.address, 0, 1};
    Buf text;
    if (!is_length(r, p)) return print_part(out, p), taken(out);
    buf_init(&text, out->arena);
    print_part(&text, whole);
    const u8 *end = memchr(text.data, '.', text.len);
    end = end ? memchr(end, '[', (size_t)(text.data + text.len - end)) : NULL;
    put(out, "|%.*s|", end ? (int)(end - text.data) : (int)text.len, (const char *)text.data);
    return taken(out);
}

// Behind all that there were, where `add_new` finds it.
static bool is_added(const View *r, Part p)
{
    switch (p.kind) {
    case PART_struct: return p.address >= r->structs;
    case PART_array: return p.address >= r->arrays;
    case PART_exn: return p.address >= r->exns;
    case PART_cont: return p.address >= r->conts;
    default: return false;
    }
}

// In the place of one that is gone: what is there in front of the change is the change.
static bool is_made(const View *r, const Change *change)
{
    bool heap = change->part.kind >= PART_struct && r->op != OP_struct_set && r->op != OP_array_set;
    return heap && change->before.len == change->after.len &&
           !memcmp(change->before.data, change->after.data, change->after.len);
}

static void touch_part(View *r, const Config *c, Part p, Buf *out)
{
    Change *change = is_added(r, p) ? NULL : add_change(r, p);
    if (!change) return;
    change->name = part_name(r, out, p);
    // told of behind the change where it has grown
    bool grown = is_length(r, p) && (p.kind == PART_mem || p.kind == PART_table);
    change->before = grown             ? number_text(out, p.from)
                     : is_length(r, p) ? number_text(out, part_length(c->store, p))
                                       : part_text(out, c->store, p);
}

static void changed_part(View *r, const Config *c, Change *change, Buf *out)
{
    if (!change->name.len || change->after.len) return;
    change->after = is_length(r, change->part)
                        ? number_text(out, part_length(c->store, change->part))
                        : part_text(out, c->store, change->part);
    if (is_made(r, change)) change->before = (Bytes){0};
}

// local.set is the only rule that changes one.
static void changed_local(View *r, const Config *c, Buf *out)
{
    u64 at = (u64)c->contexts[c->frame].locals + r->x;
    Change *change = at < c->local_count ? add_change(r, (Part){0}) : NULL;
    if (!change) return;
    put(out, "LOCALS[%u]", r->x);
    change->name = taken(out);
    if (r->x < r->local_count) change->before = r->locals[r->x];
    print_val(out, c->locals[at]);
    change->after = taken(out);
}

static void added(View *r, Buf *out, const char *list, u32 address, const Val *fields, u32 count)
{
    Change *change = add_change(r, (Part){0});
    if (!change) return;
    put(out, "%s[%u]", list, address);
    change->name = taken(out);
    put_values(out, fields, count);
    if (!count) put(out, "eps");
    change->after = taken(out);
}

static void add_conts(View *r, const FormalStore *s, Buf *out)
{
    for (u32 k = r->conts; k < s->conts.count; k++) {
        Change *change = add_change(r, (Part){0});
        if (!change) return;
        put(out, "CONTS[%u]", k);
        change->name = taken(out);
        change->after = part_text(out, s, (Part){PART_cont, k, 0, 1});
    }
}

static void add_new(View *r, const Config *c, Buf *out)
{
    const FormalStore *s = c->store;
    for (u32 k = r->structs; k < s->structs.count; k++)
        added(r, out, "STRUCTS", k, s->structs.at[k].fields, s->structs.at[k].count);
    for (u32 k = r->arrays; k < s->arrays.count; k++)
        added(r, out, "ARRAYS", k, s->arrays.at[k].fields, s->arrays.at[k].count);
    for (u32 k = r->exns; k < s->exns.count; k++)
        added(r, out, "EXNS", k, s->exns.at[k].fields, s->exns.at[k].count);
    add_conts(r, s, out);
}

// ---- The step. The arena's failure ends up in each of the three.

bool view_before(View *r, const Config *c, const Instr *redex, const PrintForm *form)
{
    jmp_buf failed;
    Buf out;
    Arena arena = r->arena;
    arena_reset(&arena);
    *r = (View){.arena = arena, .op = redex->op, .x = redex->x,
                .structs = c->store->structs.count, .arrays = c->store->arrays.count,
                .exns = c->store->exns.count, .conts = c->store->conts.count};
    if (redex->redex >= REDEX_none) r->op = OP_COUNT;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    buf_init(&out, &r->arena);
    take_place(r, c, redex);
    take_locals(r, c, &out);
    print_config(&out, c, redex, form);
    r->config = taken(&out);
    print_instr(&out, c->contexts[c->frame].module, redex);
    r->redex = taken(&out);
    premises_before(&r->premises, &r->arena, c, redex);
    return true;
}

bool view_touches(View *r, const Config *c, Part part)
{
    jmp_buf failed;
    Buf out;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    buf_init(&out, &r->arena);
    touch_part(r, c, part, &out);
    return true;
}

bool view_after(View *r, const Config *c, Rule rule, Bytes output)
{
    jmp_buf failed;
    Buf out;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    buf_init(&out, &r->arena);
    r->rule = rule;
    r->condition = premise_condition(rule);
    r->values = premises_after(&r->premises, &r->arena, c, rule);
    for (u32 k = 0; k < r->change_count; k++) changed_part(r, c, &r->changes[k], &out);
    if (rule == RULE_Step_local_set) changed_local(r, c, &out);
    add_new(r, c, &out);
    size_t shown = MIN(output.len, (size_t)OUTPUT_SHOWN);
    r->more_output = output.len - shown;
    buf_bytes(&out, output.data, shown);
    r->output = taken(&out);
    return true;
}
