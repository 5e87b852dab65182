// snapshots.h -- what tests of snapshots share: stops, bytes that are kept, bytes that somebody
// changed, and whether what was read from these is what the guest's code expects.
#pragma once

#include "base/leb.h"
#include "run/cont.h"
#include "run/frame.h"
#include "run/map.h"
#include "run/object.h"
#include "snapshot/places.h"
#include "snapshot/stream.h"
#include "weft_snapshot.h"

#include <stdlib.h>

// At each so-manieth place it ends in the trap paused.
static void stop_at(Store *s, u32 polls)
{
    Exec *x = &s->exec;
    x->stop_every = x->polls = polls;
    x->stops = true;
    if (polls) atomic_fetch_or(&x->stop, STOP_TICK);
}

typedef struct {
    u8 *data;
    size_t len, cap;
} Kept;

static bool keep(void *env, const void *bytes, size_t len)
{
    Kept *k = env;
    if (len > k->cap - k->len) {
        k->cap = 2 * k->cap + len;
        k->data = realloc(k->data, k->cap);
    }
    memcpy(k->data + k->len, bytes, len);
    k->len += len;
    return true;
}

// ---- Bytes that somebody changed

static u64 state = 88172645463325252u;
static u32 below(u32 end)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (u32)(state >> 20) % end;
}

static void set_sum(Kept *k)
{
    Checksum sum = {0};
    checksum_add(&sum, k->data, k->len - 8);
    u64 end = checksum_end(&sum);
    for (u32 i = 0; i < 8; i++) k->data[k->len - 8 + i] = (u8)(end >> 8 * i);
}

// Behind the modules, whose bytes are known to be refused: where all else begins.
static inline size_t behind_modules(const Kept *k)
{
    u64 size = 0;
    for (u32 i = 0; i < 8; i++) size |= (u64)k->data[HEAD_BYTES + 4 + i] << 8 * i;
    return HEAD_BYTES + SECTION_BYTES + (size_t)size;
}

// What a memory holds means nothing to who reads it.
static bool is_content(const Kept *k, size_t from, size_t at)
{
    enum { NUMBERS = 16 };
    for (size_t next; from + SECTION_BYTES <= k->len; from = next) {
        u64 size = 0;
        for (u32 i = 0; i < 8; i++) size |= (u64)k->data[from + 4 + i] << 8 * i;
        next = from + SECTION_BYTES + (size_t)size;
        if (size > k->len || at < next)
            return !memcmp(k->data + from, "memo", 4) && at > from + SECTION_BYTES + NUMBERS;
    }
    return false;
}

static inline void change(Kept *k, size_t from)
{
    size_t at;
    do at = from + below((u32)(k->len - 16 - from));
    while (is_content(k, from, at));
    switch (below(6)) {
    case 0: k->data[at] ^= (u8)(1 << below(8)); break;
    case 1: k->data[at] = (u8)below(256); break;
    case 2: k->data[at] += (u8)(below(2) ? 1 : 255); break;
    case 3: memmove(k->data + at, k->data + from + below((u32)(k->len - 32 - from)),
                   MIN(below(12), (u32)(k->len - 16 - at))); break;
    case 4: k->data[at] = 0xff; break;
    default: k->data[at] = (u8)below(6);
    }
}

// Makes room for a byte in a section, or takes one out; its size says so. False: none is there.
static inline bool resize_at(Kept *k, size_t first, size_t at, bool more)
{
    for (size_t from = first, next; from + SECTION_BYTES <= k->len; from = next) {
        u64 size = 0;
        for (u32 i = 0; i < 8; i++) size |= (u64)k->data[from + 4 + i] << 8 * i;
        if (size > k->len - from - SECTION_BYTES) return false;
        next = from + SECTION_BYTES + (size_t)size;
        if (at >= next) continue;
        if (at < from + SECTION_BYTES) return false;
        size += more ? 1 : ~(u64)0;
        for (u32 i = 0; i < 8; i++) k->data[from + 4 + i] = (u8)(size >> 8 * i);
        if (more) keep(k, "", 1);
        memmove(k->data + at + more, k->data + at + !more, k->len - 1 - at);
        if (more) k->data[at] = 0;
        else k->len--;
        return true;
    }
    return false;
}

// ---- The list of places, as somebody else may write it

enum { LISTED = 512 };
typedef struct {
    u32 count;
    PlaceName of[LISTED];
} Listed;

// Where the section of that name begins; the bytes' length: there is none.
static inline size_t find_section(const Kept *k, const char *name, size_t *size)
{
    size_t at = HEAD_BYTES;
    for (*size = 0; at + SECTION_BYTES <= k->len; at += SECTION_BYTES + *size) {
        u64 bytes = 0;
        for (u32 i = 0; i < 8; i++) bytes |= (u64)k->data[at + 4 + i] << 8 * i;
        if (bytes > k->len - at - SECTION_BYTES) break;
        *size = (size_t)bytes;
        if (!memcmp(k->data + at, name, 4)) return at;
    }
    return k->len;
}

static inline bool list_places(const Kept *k, Listed *out)
{
    size_t size, at = find_section(k, "plac", &size);
    const u8 *next = k->data + at + SECTION_BYTES, *end = next + size;
    u64 count, number;
    if (at == k->len || leb_read(&next, end, 32, false, &count) != LEB_good || count > LISTED)
        return false;
    out->count = (u32)count;
    for (u32 i = 0; i < 3 * out->count; i++) {
        if (leb_read(&next, end, 32, false, &number) != LEB_good) return false;
        PlaceName *name = &out->of[i / 3];
        *(i % 3 == 0 ? &name->module : i % 3 == 1 ? &name->func : &name->offset) = (u32)number;
    }
    return next == end;
}

static inline void keep_number(Kept *k, u64 value)
{
    for (; value >= 0x80; value >>= 7) keep(k, &(u8){(u8)value | 0x80}, 1);
    keep(k, &(u8){(u8)value}, 1);
}

// In place of the section that there is.
static inline void set_places(Kept *k, const Listed *list)
{
    size_t size, at = find_section(k, "plac", &size);
    Kept made = {0};
    keep(&made, k->data, at + SECTION_BYTES);
    keep_number(&made, list->count);
    for (u32 i = 0; i < list->count; i++) {
        keep_number(&made, list->of[i].module);
        keep_number(&made, list->of[i].func);
        keep_number(&made, list->of[i].offset);
    }
    u64 bytes = made.len - at - SECTION_BYTES;
    for (u32 i = 0; i < 8; i++) made.data[at + 4 + i] = (u8)(bytes >> 8 * i);
    at += SECTION_BYTES + size;
    keep(&made, k->data + at, k->len - at);
    free(k->data);
    *k = made;
}

// One more, in order; frames behind it name others then.
static inline void add_place(Listed *list, PlaceName name)
{
    u32 at = list->count;
    if (at == LISTED) return;
    for (; at && place_order(&list->of[at - 1], &name) > 0; at--) list->of[at] = list->of[at - 1];
    list->of[at] = name;
    list->count++;
}

// ---- Is it sound?
//
// Each reference is looked at as a cast does, and not as the reader has: whatever it believed, in a
// table, a global, or a frame there must be what the module says.

static bool is_sound(Store *s, u64 value, Type type, bool unset)
{
    if ((Ref)value == REF_NULL) return unset || type_is_null(type);
    return value <= UINT32_MAX && ref_matches(s, (Ref)value, type);
}

// Who goes on behind a call has what it expects.
static void check_results(FrameCursor *caller, const TypeDef *callee)
{
    const Module *m = caller->at.inst->module;
    u64 index;
    const u8 *at = m->bytes + frame_offset(caller) + 1;
    if (!callee || frame_op(caller) != OP_call) return;
    leb_read(&at, m->bytes + m->size, 32, false, &index);
    const TypeDef *want = type_def(m->store, m->funcs[index].type);
    if (!CHECK(callee->result_count == want->result_count)) return;
    for (u32 i = 0; i < want->result_count; i++)
        CHECK(type_matches(m->store, type_results(callee)[i], type_results(want)[i]));
}

static void check_frames(FrameCursor *c, Store *s, bool stopped, const Position *from)
{
    Arena arena;
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) return;
    c->at = *from;
    c->stopped = stopped;
    const TypeDef *callee = NULL;
    for (bool found = frame_first(c); found; frame_pop(c), found = frame_found(c)) {
        FrameView view;
        if (c->at.ip == code_host || !frame_read(c, &arena, &view)) continue;
        const TypeDef *own = type_def(s->types, c->at.inst->module->funcs[c->func].type);
        u32 params = own->param_count;
        check_results(c, callee);
        callee = own;
        Homes homes;
        map_finder.at(c->at.inst->module, c->func, view.offset, &arena, &homes);
        for (u32 i = 0; i < view.local_count; i++) {
            bool unset = i >= params && homes.inited && !(homes.inited[i / 8] >> i % 8 & 1);
            if (type_is_ref(view.locals[i]))
                CHECK(is_sound(s, *view.local_values[i], view.locals[i], unset));
        }
        for (u32 i = 0; i < homes.kept_count; i++)
            CHECK(is_sound(s, c->at.frame[homes.kept[i]], type_ref(false, HEAP_exn), false));
        for (u32 i = 0; i < view.operand_count; i++)
            if (type_is_ref(view.operands[i]))
                CHECK(is_sound(s, *view.operand_values[i], view.operands[i], false));
    }
    arena_free(&arena);
}

static void check_instance(const Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < m->global_count; i++) {
        const Global *g = inst->globals[i];
        if (type_is_ref(g->type.type))
            CHECK(is_sound(inst->store, g->value[0], g->type.type, false));
    }
    for (u32 i = 0; i < m->table_count; i++) {
        const Table *t = inst->tables[i];
        for (u64 k = 0; k < t->size; k++)
            CHECK(is_sound(inst->store, t->elems[k], t->type.elem, false));
    }
}

static void check_sound(Store *s)
{
    FrameCursor c = {0};
    for (const Instance *i = s->instances; i; i = i->next) check_instance(i);
    if (exec_may_continue(&s->exec)) check_frames(&c, s, true, &s->exec.at);
    for (u32 i = 1; i < s->conts.count; i++) {
        Parked *p = s->conts.of[i].parked;
        const Position at = p && p->records ? park_place(p) : (Position){0};
        c = (FrameCursor){0};
        if (s->conts.of[i].ref && p && p->records) check_frames(&c, s, false, &at);
    }
    for (Parked *p = s->exec.parked; p; p = p->next) {
        const Position at = park_place(p);
        c = (FrameCursor){0};
        check_frames(&c, s, true, &at);
    }
}
