// value_api.c -- values and signatures between weft.h and slots.

#include "api/api.h"

#include <string.h>

// ---- Pointers of the host as references

// The finalizer may make more of them end, if it uses the store after all: those are the outer
// loop's.
void finalize_ended(weft_store *ws)
{
    u64 value;
    if (ws->finalizing) return;
    ws->finalizing = true;
    while (hosts_take_ended(ws->s, &value))
        if (ws->finalize) ws->finalize(ws->finalize_env, (void *)(uintptr_t)value);
    ws->finalizing = false;
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

// An external reference may also be what the guest made of one of its own (extern.convert_any).
static bool is_pointer(const weft_store *ws, u64 slot)
{
    return (Ref)slot == REF_NULL || ref_is_extern(ws->s, (Ref)slot);
}

static void *extern_pointer(const weft_store *ws, u64 slot)
{
    return (Ref)slot == REF_NULL ? NULL : (void *)(uintptr_t)ref_extern_value(ws->s, (Ref)slot);
}

void weft_store_set_finalizer(weft_store *ws, void (*finalize)(void *env, void *pointer), void *env)
{
    ws->finalize = finalize;
    ws->finalize_env = env;
    ws->s->hosts.tells_ends = finalize != NULL;
}

// ---- Values with a type

static bool is_null(const weft_val *v)
{
    switch (v->type) {
    case WEFT_FUNCREF: return !v->of.func.item;
    case WEFT_EXTERNREF: return !v->of.ext;
    case WEFT_OTHER: return !v->of.not_null;
    default: return false;
    }
}

static ApiError ref_in(weft_store *ws, const weft_val *v, Type want, u64 *slot, bool *out_of_memory)
{
    const TypeStore *types = ws->s->types;
    *slot = REF_NULL;
    if (v->type != api_type(types, want)) return API_wrong_type;
    if (is_null(v)) return type_is_null(want) ? API_none : API_wrong_type;
    if (v->type == WEFT_EXTERNREF) {
        if (!type_matches(types, type_ref(false, HEAP_extern), want)) return API_wrong_type;
        *out_of_memory = !extern_ref(ws, v->of.ext, slot);
        return API_none;
    }
    if (v->type != WEFT_FUNCREF) return API_wrong_type;
    if (v->of.func.store != ws->id) return API_wrong_store;
    Func *func = v->of.func.item;
    if (!type_matches(types, type_ref_to(false, func->type), want)) return API_wrong_type;
    *slot = ref_of_func(ws->s, func);
    return API_none;
}

ApiError api_value_in(weft_store *ws, const weft_val *v, Type want, u64 *slots, bool *out_of_memory)
{
    *out_of_memory = false;
    if (type_is_ref(want)) return ref_in(ws, v, want, slots, out_of_memory);
    if (v->type != api_type(ws->s->types, want)) return API_wrong_type;
    slots[0] = 0;
    memcpy(slots, &v->of, want == TYPE_v128 ? 16 : want == TYPE_i64 || want == TYPE_f64 ? 8 : 4);
    return API_none;
}

void api_value_out(const weft_store *ws, Type type, const u64 *slots, weft_val *out)
{
    memset(out, 0, sizeof *out);
    out->type = api_type(ws->s->types, type);
    if (out->type == WEFT_EXTERNREF && !is_pointer(ws, slots[0])) out->type = WEFT_OTHER;
    switch (out->type) {
    case WEFT_FUNCREF:
        if ((Ref)slots[0] != REF_NULL)
            out->of.func = (weft_func){ws->id, ref_to_func(ws->s, (Ref)slots[0])};
        break;
    case WEFT_EXTERNREF: out->of.ext = extern_pointer(ws, slots[0]); break;
    case WEFT_OTHER: out->of.not_null = (Ref)slots[0] != REF_NULL; break;
    default: memcpy(&out->of, slots, 8 * type_slots(type)); break;
    }
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

static Trap slot_in(weft_store *ws, Type type, u32 i, u64 *slot)
{
    void *pointer = (void *)(uintptr_t)*slot;
    if (type == type_ref(true, HEAP_extern))
        return extern_ref(ws, pointer, slot) ? TRAP_none : TRAP_out_of_memory;
    if (type != type_ref(true, HEAP_func) || !pointer) return TRAP_none;
    if (!is_func(ws->s, pointer))
        return exec_trap(&ws->s->exec, TRAP_host, "value %u is no function of this store", i);
    *slot = ref_of_func(ws->s, pointer);
    return TRAP_none;
}

Trap api_slots_in(weft_store *ws, const Type *types, u32 count, u64 *slots)
{
    HeldRefs held = {ws->s->exec.held, types, slots, 0};
    Trap trap = TRAP_none;
    ws->s->exec.held = &held;
    for (; held.count < count && !trap; slots += type_slots(types[held.count++]))
        trap = slot_in(ws, types[held.count], held.count, slots);
    ws->s->exec.held = held.next;
    return trap;
}

Trap api_slots_out(const weft_store *ws, const Type *types, u32 count, u64 *slots)
{
    for (u32 i = 0; i < count; slots += type_slots(types[i++])) {
        if (types[i] == type_ref(true, HEAP_extern)) {
            if (!is_pointer(ws, *slots))
                return exec_trap(&ws->s->exec, TRAP_host,
                                 "value %u is an object of the guest's and no pointer", i);
            *slots = (u64)(uintptr_t)extern_pointer(ws, *slots);
        } else if (types[i] == type_ref(true, HEAP_func)) {
            *slots = (Ref)*slots ? (u64)(uintptr_t)ref_to_func(ws->s, (Ref)*slots) : 0;
        }
    }
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
    default: return TYPE_bottom;
    }
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
