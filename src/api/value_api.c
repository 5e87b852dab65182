// value_api.c -- values and signatures between weft.h and slots.

#include "api/api.h"
#include "module/whole.h"
#include "run/object.h"

#include <stdio.h>
#include <string.h>

// ---- Pointers of the host as references

// The finalizer may make more of them end, if it uses the store after all: those are the outer
// loop's.
void finalize_ended(weft_store *ws)
{
    u64 value;
    if (ws->finalizing) return;
    ws->finalizing = ws->s->telling = true;
    while (hosts_take_ended(ws->s, &value))
        if (ws->finalize) ws->finalize(ws->finalize_env, (void *)(uintptr_t)value);
    ws->finalizing = ws->s->telling = false;
}

// False: out of memory, or beyond a limit. Those that ended count until the host was told.
static bool extern_ref(weft_store *ws, const void *pointer, u64 *slot)
{
    u64 value = (u64)(uintptr_t)pointer;
    *slot = pointer ? ref_new_extern(ws->s, value) : REF_NULL;
    if (!pointer || *slot) return true;
    if (ws->s->met != STORE_handles || !ws->s->hosts.ended || ws->finalizing) return false;
    finalize_ended(ws);
    *slot = ref_new_extern(ws->s, value);
    return *slot != REF_NULL;
}

static bool is_pointer(const weft_store *ws, Ref ref) { return ref_is_extern(ws->s, ref); }

static void *extern_pointer(const weft_store *ws, Ref ref)
{
    return ref == REF_NULL ? NULL : (void *)(uintptr_t)ref_extern_value(ws->s, ref);
}

void weft_store_set_finalizer(weft_store *ws, void (*finalize)(void *env, void *pointer), void *env)
{
    ws->finalize = finalize;
    ws->finalize_env = env;
    ws->s->hosts.tells_ends = finalize != NULL;
}

// ---- What a reference is

// The most that can be said of an object.
Type api_ref_type(const weft_store *ws, const Handed *given)
{
    const Store *s = ws->s;
    Heap top = type_heap(given->type);
    if (top != HEAP_any) return type_ref(false, top);
    Heap heap = ref_heap(s, given->ref);
    if (heap == HEAP_extern) return type_ref(false, HEAP_any); // a pointer of the host's
    return heap == HEAP_i31 ? type_ref(false, heap)
                            : type_ref_to(false, object_type(s, given->ref));
}

// ---- Values with a type

static bool is_null(const weft_val *v)
{
    switch (v->type) {
    case WEFT_FUNCREF: return !v->of.func.item;
    case WEFT_EXTERNREF: return !v->of.ext;
    case WEFT_REF: return !v->of.ref.handle;
    default: return false;
    }
}

// What is cut ends in dots.
static void type_words(const weft_store *ws, Type type, char *out, size_t size)
{
    if (type_whole(out, size, ws->s->types, type) >= size) memcpy(out + size - 4, "...", 4);
}

static void value_words(const weft_store *ws, const weft_val *v, char *out, size_t size)
{
    Handed given;
    const weft_func *f = &v->of.func;
    Type type = api_plain_type(v->type);
    if (is_null(v)) {
        snprintf(out, size, "null");
        return;
    }
    if (v->type == WEFT_REF && handle_find(ws, v->of.ref, &given)) type = api_ref_type(ws, &given);
    else if (v->type == WEFT_FUNCREF)
        type = f->store == ws->id ? type_ref_to(false, ((const Func *)f->item)->type)
                                  : type_ref(false, HEAP_func);
    else if (v->type == WEFT_EXTERNREF) type = type_ref(false, HEAP_extern);
    if (type == TYPE_bottom) snprintf(out, size, "nothing");
    else type_words(ws, type, out, size);
}

void api_wrong_words(const weft_store *ws, const weft_val *v, u32 which, Type want, char *out,
                     size_t size)
{
    enum { BETWEEN = 40, MOST = 200 };
    char number[20] = "it", is[MOST], wanted[MOST];
    size_t each = MIN((size - BETWEEN) / 2, MOST);
    if (which != NO_NUMBER) snprintf(number, sizeof number, "value %u", which);
    value_words(ws, v, is, each);
    type_words(ws, want, wanted, each);
    snprintf(out, size, "%s is %s, where %s is wanted", number, is, wanted);
}

static weft_status wrong_value(const weft_store *ws, const weft_val *v, u32 which, Type want,
                               weft_diag *diag)
{
    char words[360];
    if (!diag) return WEFT_ERROR;
    api_wrong_words(ws, v, which, want, words, sizeof words);
    return api_refuse(diag, API_wrong_type, "%s", words);
}

static bool same_hierarchy(const TypeStore *types, Type a, Type b)
{
    return type_top(types, a) == type_top(types, b);
}

static weft_status ref_in(weft_store *ws, const weft_val *v, u32 which, Type want, u64 *slot,
                          weft_diag *diag)
{
    const TypeStore *types = ws->s->types;
    Handed given;
    bool fits = false;
    *slot = REF_NULL;
    if (is_null(v)) {
        fits = type_is_null(want) && (v->type == WEFT_REF || v->type == api_type(types, want));
    } else if (v->type == WEFT_REF) {
        if (api_handle(ws, v->of.ref, &given, diag) != WEFT_OK) return WEFT_ERROR;
        fits = same_hierarchy(types, given.type, want) && ref_matches(ws->s, given.ref, want);
        *slot = given.ref;
    } else if (v->type == WEFT_EXTERNREF) {
        fits = type_matches(types, type_ref(false, HEAP_extern), want);
        if (fits && !extern_ref(ws, v->of.ext, slot)) return api_short(diag, ws, "for a pointer");
    } else if (v->type == WEFT_FUNCREF) {
        if (v->of.func.store != ws->id)
            return api_refuse(diag, API_wrong_store, "%s", "the function");
        Func *func = v->of.func.item;
        fits = type_matches(types, type_ref_to(false, func->type), want);
        *slot = ref_of_func(ws->s, func);
    }
    return fits ? WEFT_OK : wrong_value(ws, v, which, want, diag);
}

weft_status api_value_in(weft_store *ws, const weft_val *v, u32 which, Type want, u64 *slots,
                         weft_diag *diag)
{
    if (type_is_ref(want)) return ref_in(ws, v, which, want, slots, diag);
    want = type_unpacked(want);
    if (v->type != api_type(ws->s->types, want)) return wrong_value(ws, v, which, want, diag);
    slots[0] = 0;
    memcpy(slots, &v->of, want == TYPE_v128 ? 16 : want == TYPE_i64 || want == TYPE_f64 ? 8 : 4);
    return WEFT_OK;
}

weft_status api_values_in(weft_store *ws, const Type *types, u32 count, const weft_val *values,
                          u64 *slots, u32 *refused, weft_diag *diag)
{
    HeldRefs held;
    weft_status status = WEFT_OK;
    exec_hold(&ws->s->exec, &held, types, slots, 0);
    for (; held.count < count; slots += type_slots(types[held.count++])) {
        status = api_value_in(ws, &values[held.count], held.count, types[held.count], slots, diag);
        if (status != WEFT_OK) break;
    }
    exec_let_go(&ws->s->exec, &held);
    if (refused) *refused = held.count;
    return status;
}

// Null, functions and pointers have forms of their own.
bool api_wants_handle(const weft_store *ws, Type type, const u64 *slot)
{
    if (!type_is_ref(type) || (Ref)*slot == REF_NULL) return false;
    Heap top = type_top(ws->s->types, type);
    return top != HEAP_func && !(top == HEAP_extern && is_pointer(ws, (Ref)*slot));
}

static u32 handles_wanted(const weft_store *ws, const Type *types, u32 count, const u64 *slot)
{
    u32 wanted = 0;
    for (u32 i = 0; i < count; slot += type_slots(types[i++]))
        wanted += api_wants_handle(ws, types[i], slot);
    return wanted;
}

// Room for the handles of all that need one. They are held meanwhile.
static bool reserve(weft_store *ws, const Type *types, u32 count, const u64 *slots)
{
    HeldRefs held;
    u32 wanted = handles_wanted(ws, types, count, slots);
    if (!wanted) return true;
    exec_hold(&ws->s->exec, &held, types, slots, count);
    bool room = handles_reserve(ws, wanted);
    if (!room && handles_freed(ws))
        room = handles_reserve(ws, handles_wanted(ws, types, count, slots));
    exec_let_go(&ws->s->exec, &held);
    return room;
}

// What nobody defined, as a confused guest may say, is null.
static Func *func_of(const weft_store *ws, Ref ref)
{
    Func *f = ref_to_func(ws->s, ref);
    return f->type || func_fill(ws->s, ref) ? f : NULL;
}

void api_value_out(weft_store *ws, Type type, const u64 *slots, weft_val *out)
{
    memset(out, 0, sizeof *out);
    out->type = api_type(ws->s->types, type);
    if (api_wants_handle(ws, type, slots)) {
        out->type = WEFT_REF;
        out->of.ref = handle_make(ws, type, (Ref)slots[0]);
        return;
    }
    switch (out->type) {
    case WEFT_FUNCREF:
        if ((Ref)slots[0] != REF_NULL)
            out->of.func = (weft_func){ws->id, func_of(ws, (Ref)slots[0])};
        break;
    case WEFT_EXTERNREF: out->of.ext = extern_pointer(ws, (Ref)slots[0]); break;
    case WEFT_REF: break;
    default: memcpy(&out->of, slots, 8 * type_slots(type)); break;
    }
}

weft_status api_values_out(weft_store *ws, const Type *types, u32 count, const u64 *slots,
                           weft_val *out, weft_diag *diag)
{
    if (!reserve(ws, types, count, slots)) return api_short(diag, ws, "for a handle");
    for (u32 i = 0; i < count; slots += type_slots(types[i++]))
        api_value_out(ws, types[i], slots, &out[i]);
    return WEFT_OK;
}

weft_status api_ref_out(weft_store *ws, Type type, Ref ref, weft_ref *out, weft_diag *diag)
{
    weft_val made;
    weft_status status = api_values_out(ws, &type, 1, (u64[1]){ref}, &made, diag);
    if (status == WEFT_OK) *out = made.of.ref;
    return status;
}

// ---- Slots of the host, where references are pointers

// An address that some host function wrote: is it a function's?
static bool is_func(const Store *s, const void *p)
{
    u64 at = (u64)((uintptr_t)p - (uintptr_t)s->funcs);
    if (!at || at % sizeof(Func) || at / sizeof(Func) >= store_func_count(s)) return false;
    const Func *f = p;
    return f->type;
}

// A handle of an object of that type.
static Trap handle_in(weft_store *ws, Type type, u32 i, u64 *slot)
{
    char words[sizeof ws->s->exec.trap_detail];
    Handed given;
    weft_val v = weft_ref_val((weft_ref){ws->id, *slot});
    *slot = REF_NULL;
    if (!v.of.ref.handle) return TRAP_none;
    if (!handle_find(ws, v.of.ref, &given))
        return exec_trap(&ws->s->exec, TRAP_host, "value %u is no handle of this store", i);
    *slot = given.ref;
    if (same_hierarchy(ws->s->types, given.type, type) && ref_matches(ws->s, given.ref, type))
        return TRAP_none;
    api_wrong_words(ws, &v, i, type, words, sizeof words);
    return exec_trap(&ws->s->exec, TRAP_host, "%s", words);
}

static Trap slot_in(weft_store *ws, Type type, u32 i, u64 *slot)
{
    void *pointer = (void *)(uintptr_t)*slot;
    if (!type_is_ref(type)) return TRAP_none;
    if (type == type_ref(true, HEAP_extern))
        return extern_ref(ws, pointer, slot) ? TRAP_none : TRAP_out_of_memory;
    if (type != type_ref(true, HEAP_func)) return handle_in(ws, type, i, slot);
    if (!pointer) return TRAP_none;
    if (!is_func(ws->s, pointer))
        return exec_trap(&ws->s->exec, TRAP_host, "value %u is no function of this store", i);
    *slot = ref_of_func(ws->s, pointer);
    return TRAP_none;
}

Trap api_slots_in(weft_store *ws, const Type *types, u32 count, u64 *slots)
{
    HeldRefs held;
    Trap trap = TRAP_none;
    exec_hold(&ws->s->exec, &held, types, slots, 0);
    for (; held.count < count && !trap; slots += type_slots(types[held.count++]))
        trap = slot_in(ws, types[held.count], held.count, slots);
    exec_let_go(&ws->s->exec, &held);
    return trap;
}

static void slot_out(weft_store *ws, Type type, u64 *slot)
{
    Ref ref = (Ref)*slot;
    if (!type_is_ref(type)) return;
    if (type == type_ref(true, HEAP_extern)) *slot = (u64)(uintptr_t)extern_pointer(ws, ref);
    else if (ref == REF_NULL) *slot = 0;
    else if (type == type_ref(true, HEAP_func)) *slot = (u64)(uintptr_t)func_of(ws, ref);
    else *slot = handle_make(ws, type, ref).handle;
}

Trap api_slots_out(weft_store *ws, const Type *types, u32 count, u64 *slots)
{
    const u64 *slot = slots;
    for (u32 i = 0; i < count; slot += type_slots(types[i++]))
        if (types[i] == type_ref(true, HEAP_extern) && api_wants_handle(ws, types[i], slot))
            return exec_trap(&ws->s->exec, TRAP_host,
                             "value %u is an object of the guest's and no pointer", i);
    if (!reserve(ws, types, count, slots)) return TRAP_out_of_memory;
    for (u32 i = 0; i < count; slots += type_slots(types[i++])) slot_out(ws, types[i], slots);
    return TRAP_none;
}

// ---- Structs that may grow

// None will ever be so large: who forgot to set the size has any number there.
static const size_t struct_most = 4096;

static size_t size_of(const void *given)
{
    size_t size;
    memcpy(&size, given, sizeof size);
    return size;
}

static weft_status check_size(size_t size, weft_diag *diag)
{
    if (size >= sizeof size && size <= struct_most) return WEFT_OK;
    return api_refuse(diag, API_unknown_field, "its size is set to %zu", size);
}

weft_status api_struct_in(const void *given, void *out, size_t size, weft_diag *diag)
{
    size_t theirs = size_of(given);
    if (check_size(theirs, diag) != WEFT_OK) return WEFT_ERROR;
    for (size_t i = size; i < theirs; i++)
        if (((const u8 *)given)[i]) return api_refuse(diag, API_unknown_field, "at byte %zu", i);
    memset(out, 0, size);
    memcpy(out, given, MIN(size, theirs));
    return WEFT_OK;
}

weft_status api_struct_out(void *given, const void *in, size_t size, weft_diag *diag)
{
    size_t theirs = size_of(given), head = sizeof theirs; // which stays
    if (check_size(theirs, diag) != WEFT_OK) return WEFT_ERROR;
    memset((u8 *)given + head, 0, theirs - head);
    memcpy((u8 *)given + head, (const u8 *)in + head, MIN(size, theirs) - head);
    return WEFT_OK;
}

// ---- Signatures

static Type letter_type(char letter)
{
    switch (letter) {
    case 'i': return TYPE_i32;
    case 'l': return TYPE_i64;
    case 'f': return TYPE_f32;
    case 'd': return TYPE_f64;
    case 'v': return TYPE_v128;
    case 'p': return type_ref(true, HEAP_func);
    case 'r': return type_ref(true, HEAP_extern);
    case 'a': return type_ref(true, HEAP_any);
    case 'e': return type_ref(true, HEAP_eq);
    case 'n': return type_ref(true, HEAP_i31);
    case 's': return type_ref(true, HEAP_struct);
    case 'y': return type_ref(true, HEAP_array);
    case 'x': return type_ref(true, HEAP_exn);
    default: return TYPE_bottom;
    }
}

bool api_is_letter(Type type)
{
    for (const char *l = "ilfdvpraensyx"; *l; l++)
        if (letter_type(*l) == type) return true;
    return false;
}

weft_status api_signature(const char *text, Signature *out, weft_diag *diag)
{
    bool behind = false;
    *out = (Signature){0};
    for (const char *s = text; *s; s++) {
        if (*s == ':' && !behind) {
            behind = true;
            continue;
        }
        u32 count = out->param_count + out->result_count;
        Type type = letter_type(*s);
        if (type == TYPE_bottom || count == COUNT_OF(out->types))
            return api_refuse(diag, API_bad_signature, "\"%.100s\" at letter %zu", text,
                              (size_t)(s - text));
        out->types[count] = type;
        out->has_refs |= type_is_ref(type);
        *(behind ? &out->result_count : &out->param_count) += 1;
    }
    if (behind) return WEFT_OK;
    return api_refuse(diag, API_bad_signature, "\"%.100s\" has no colon", text);
}

TypeDef api_signature_type(const Signature *s)
{
    return (TypeDef){
        .kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
            .descriptor = TYPE_NONE,
        .params = s->types, .param_count = (u16)s->param_count,
        .result_count = (u16)s->result_count,
    };
}
