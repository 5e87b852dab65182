// canon.c -- canonical definitions: functions lifted from core and lowered to it, and builtins.
// What each takes and gives is in component.def.
// spec: CanonicalABI/canonical definitions, canonopt validation, flattening

#include "component/binary/decoder.h"
#include "component/type/flat.h"

typedef struct {
    u32 has;       // a bit for each COption
    bool is64;     // addresses
    TypeId realloc, post_return, callback;
    CCanon canon;  // what it is when it is run
    const u8 *at;
} Opts;
static const CCanon canon_none = {.memory = CANON_NONE, .realloc = CANON_NONE,
                                  .post_return = CANON_NONE, .callback = CANON_NONE,
                                  .encoding = COPTION_utf8, .type = CTYPE_NONE};
#define OPT(name) (1u << COPTION_##name)
enum { ENCODINGS = OPT(utf8) | OPT(utf16) | OPT(latin1_utf16) };

// ---- Options

static bool bad_option(C *c, const Opts *o, const char *why)
{
    return c_fail(c, ERR_canon_option, o->at, "%s", why);
}

static bool func_is(const C *c, TypeId id, const FlatSig *sig)
{
    const TypeDef *def = type_def(c->c->types.store, id);
    if (def->kind != COMP_func || def->param_count != sig->count ||
        def->result_count != sig->result_count)
        return false;
    for (u32 i = 0; i < sig->count + sig->result_count; i++) {
        u8 letter = i < sig->count ? sig->params[i] : sig->results[i - sig->count];
        if (def->params[i] != flat_type(letter)) return false;
    }
    return true;
}

static bool decode_memory(C *c, bool *is64)
{
    const u8 *at = c_at(c);
    ExternType memory;
    if (!core_sort_index(c, CORE_SORT_memory, &memory)) return false;
    *is64 = memory.memory.limits.is64;
    if (memory.memory.limits.shared) return c_fail(c, ERR_canon_option, at, "a shared memory");
    return !*is64 || c_needs(c, FEATURE_cm_memory64, at);
}

static bool decode_option(C *c, Opts *o, u32 allowed)
{
    const u8 *at = c_at(c);
    u8 code = read_u8(c_reader(c));
    COption option = coption_find(code);
    ExternType func = {0};
    if (c_failed(c)) return false;
    if (option == COPTION_COUNT) return c_fail(c, ERR_malformed_canon, at, "option 0x%02x", code);
    const char *text = coption_info[option].text;
    u32 bit = 1u << option;
    if (!c_needs(c, coption_info[option].since, at)) return false;
    if (o->has & bit || (bit & ENCODINGS && o->has & ENCODINGS))
        return c_fail(c, ERR_canon_option, at, "%s conflicts with one before", text);
    if (!(allowed & bit)) return c_fail(c, ERR_canon_option, at, "%s is not allowed here", text);
    o->has |= bit;
    if (option == COPTION_memory)
        return decode_memory(c, &o->is64) && (o->canon.memory = c->index, true);
    bool takes_func = bit & (OPT(realloc) | OPT(post_return) | OPT(callback));
    if (!takes_func) return true;
    if (!core_sort_index(c, CORE_SORT_func, &func)) return false;
    *(option == COPTION_realloc ? &o->realloc
      : option == COPTION_callback ? &o->callback : &o->post_return) = func.func;
    *(option == COPTION_realloc ? &o->canon.realloc
      : option == COPTION_callback ? &o->canon.callback : &o->canon.post_return) = c->index;
    return true;
}

static bool decode_opts(C *c, Opts *o, u32 allowed)
{
    *o = (Opts){.at = c_at(c), .canon = canon_none};
    u32 count = c_count(c, 1, COMPONENT_MOST_options, ERR_limit_canon_options);
    for (u32 i = 0; i < count && !c_failed(c); i++) decode_option(c, o, allowed);
    if (c_failed(c)) return false;
    u8 p = o->is64 ? 'l' : 'i';
    if (o->has & OPT(realloc)) {
        if (!(o->has & OPT(memory))) return bad_option(c, o, "realloc needs memory");
        if (!func_is(c, o->realloc, &(FlatSig){{p, p, p, p}, {p}, 4, 1}))
            return bad_option(c, o, "realloc takes four addresses and gives one");
    }
    if (o->has & OPT(callback)) {
        if (!(o->has & OPT(async))) return bad_option(c, o, "callback needs async");
        if (!func_is(c, o->callback, &(FlatSig){{'i', 'i', 'i'}, {'i'}, 3, 1}))
            return bad_option(c, o, "callback takes three i32 and gives one");
    }
    if (o->has & OPT(async) && o->has & OPT(post_return))
        return bad_option(c, o, "post-return conflicts with async");
    return true;
}

static bool wants(C *c, const Opts *o, u32 bits)
{
    if (bits & OPT(memory) && !(o->has & OPT(memory)))
        return bad_option(c, o, "memory is required");
    if (bits & OPT(realloc) && !(o->has & OPT(realloc)))
        return bad_option(c, o, "realloc is required");
    return true;
}

// ---- Signatures

// What the function's type comes to on either side, and what options that takes.
static u32 flatten_func(const C *c, const CFunc *f, const Opts *o, bool lift, FlatSig *sig)
{
    FlatWay way = {.lift = lift, .async = o->has & OPT(async), .callback = o->has & OPT(callback),
                   .is64 = o->is64};
    u32 needs = cfunc_flatten(&c->c->types, f, way, sig);
    return (needs & CANON_MEMORY ? OPT(memory) : 0) | (needs & CANON_REALLOC ? OPT(realloc) : 0);
}

static CDef *record(C *c, CDefKind kind, Canon row, u32 of, CType type, const Opts *o)
{
    CCanon *canon = NEW(&c->c->arena, CCanon);
    CDef *d = c_record(c, kind);
    *canon = o->canon;
    canon->row = (u8)row;
    canon->wide = o->is64;
    canon->async = o->has & OPT(async);
    canon->encoding = o->has & OPT(utf16)         ? COPTION_utf16
                      : o->has & OPT(latin1_utf16) ? COPTION_latin1_utf16
                                                   : COPTION_utf8;
    canon->type = type;
    d->index = of;
    d->canon = canon;
    return d;
}

static TypeId push_core_func(C *c, const FlatSig *sig)
{
    TypeId id = core_func_type(c, sig->params, sig->count, sig->results, sig->result_count);
    CoreItems *funcs = &c->scope->core[EXTERN_func];
    ARENA_PUSH(&c->c->arena, funcs->items, funcs->count, funcs->cap) =
        (ExternType){.kind = EXTERN_func, .func = id};
    return id;
}

static bool check_async(C *c, const Opts *o, const CFunc *f)
{
    return !(o->has & OPT(async)) || f->async ||
           bad_option(c, o, "async needs a function type that is async");
}

static void decode_lift(C *c)
{
    enum { ALLOWED = ENCODINGS | OPT(memory) | OPT(realloc) | OPT(post_return) | OPT(async) |
                     OPT(callback) };
    ExternType callee;
    Opts o;
    FlatSig sig;
    if (!c_byte(c, 0x00, ERR_malformed_canon)) return;
    const u8 *callee_at = c_at(c);
    if (!core_sort_index(c, CORE_SORT_func, &callee)) return;
    u32 core = c->index;
    if (!decode_opts(c, &o, ALLOWED)) return;
    const u8 *at = c_at(c);
    u32 index = c_index(c, c->scope->types.count, "type");
    if (c_failed(c)) return;
    CType type = c->scope->types.items[index];
    if (ctype_form(&c->c->types, type) != CFORM_func) {
        c_fail(c, ERR_component_kind, at, "type %u is no function type", index);
        return;
    }
    const CFunc *f = ctype_def(&c->c->types, type)->func;
    u32 needs = flatten_func(c, f, &o, true, &sig);
    if (!check_async(c, &o, f) || !wants(c, &o, needs)) return;
    if (o.has & OPT(async) && !(o.has & OPT(callback)) &&
        !c_needs(c, FEATURE_cm_async_stackful, o.at))
        return;
    if (!func_is(c, callee.func, &sig)) {
        c_fail(c, ERR_canon_type, callee_at, "the core function is not what the type comes to");
        return;
    }
    FlatSig post = {.count = sig.result_count, .params = {sig.results[0]}};
    if (o.has & OPT(post_return) && !func_is(c, o.post_return, &post)) {
        bad_option(c, &o, "post-return takes what the core function gives");
        return;
    }
    c_push(c, &c->scope->funcs, type);
    record(c, CDEF_lift, CANON_lift, core, type, &o);
}

static void decode_lower(C *c)
{
    Opts o;
    FlatSig sig;
    if (!c_byte(c, 0x00, ERR_malformed_canon)) return;
    u32 index = c_index(c, c->scope->funcs.count, "func");
    if (c_failed(c) ||
        !decode_opts(c, &o, ENCODINGS | OPT(memory) | OPT(realloc) | OPT(async)))
        return;
    CType type = c->scope->funcs.items[index];
    const CFunc *f = ctype_def(&c->c->types, type)->func;
    u32 needs = flatten_func(c, f, &o, false, &sig);
    if (!check_async(c, &o, f) || !wants(c, &o, needs)) return;
    o.canon.core = push_core_func(c, &sig);
    record(c, CDEF_lower, CANON_lower, index, type, &o);
}

// ---- Builtins

typedef struct {
    CanonLetters letters;
    CType type;           // that is named
    u32 index;            // of a context slot
    CType element;        // of a stream or future, of task.return
    Opts opts;
} Imms;

static bool decode_type_imm(C *c, const CanonInfo *info, Imms *imm)
{
    CTypes *types = &c->c->types;
    const u8 *at = c_at(c);
    u32 index = c_index(c, c->scope->types.count, "type");
    if (c_failed(c)) return false;
    CType type = c->scope->types.items[index];
    CForm form = ctype_form(types, type);
    imm->type = type;
    CForm wanted = info->of == CANON_OF_stream   ? CFORM_stream
                   : info->of == CANON_OF_future ? CFORM_future
                                                 : CFORM_resource;
    if (form != wanted)
        return c_fail(c, ERR_component_kind, at, "type %u is no %s", index,
                      cform_info[wanted].text);
    if (form != CFORM_resource) {
        imm->element = ctype_def(types, type)->fields[0].type;
        return true;
    }
    const CTypeDef *def = ctype_def(types, ctype_canon(types, type));
    imm->letters.rep = def->rep == TYPE_i64 ? 'l' : 'i';
    if (info->of == CANON_OF_local_resource && def->owner != c->scope->id)
        return c_fail(c, ERR_component_kind, at, "type %u is not a resource of this component",
                      index);
    return true;
}

// 0 or 1; the feature is needed for what 1 says.
static bool decode_flag(C *c, Feature since)
{
    const u8 *at = c_at(c);
    u8 flag = read_u8(c_reader(c));
    if (flag > 1) return c_fail(c, ERR_malformed_canon, at, "0x%02x, and not 0 or 1", flag);
    return !c_failed(c) && (!flag || c_needs(c, since, at));
}

static bool decode_context(C *c, Imms *imm)
{
    const u8 *at = c_at(c);
    imm->letters.context = decode_rep(c) == TYPE_i32 ? 'i' : 'l';
    u8 *known = &c->scope->context_type;
    if (c_failed(c)) return false;
    if (*known && *known != imm->letters.context)
        return c_fail(c, ERR_canon_type, at, "context slots of another type than before");
    *known = imm->letters.context;
    u32 index = imm->index = read_leb_u32(c_reader(c));
    if (c_failed(c)) return false;
    return index < 2 || c_fail(c, ERR_canon_type, at, "context slot %u", index);
}

static bool decode_start_table(C *c, Imms *imm)
{
    const Scope *s = c->scope;
    const u8 *at = c_at(c);
    ExternType table;
    u32 index = c_core_index(c, &s->core_types, "core type");
    if (c_failed(c)) return false;
    TypeId type = s->core_types.items[index];
    bool wide = type != TYPE_NONE && func_is(c, type, &(FlatSig){{'l'}, {0}, 1, 0});
    bool plain = type != TYPE_NONE && func_is(c, type, &(FlatSig){{'i'}, {0}, 1, 0});
    imm->letters.thread = wide ? 'l' : 'i';
    if (!wide && !plain)
        return c_fail(c, ERR_canon_type, at, "a thread begins with a function of one i32");
    if (wide && !c_needs(c, FEATURE_cm_memory64, at)) return false;
    if (!core_sort_index(c, CORE_SORT_table, &table)) return false;
    imm->letters.table = table.table.limits.is64 ? 'l' : 'i';
    return type_matches(c->c->types.store, table.table.elem, type_ref(true, HEAP_func)) ||
           c_fail(c, ERR_canon_type, at, "a table of other things than functions");
}

static bool decode_stream_opts(C *c, const CanonInfo *info, Imms *imm)
{
    u32 needs = imm->element == CTYPE_NONE ? 0 : OPT(memory);
    if (!decode_opts(c, &imm->opts, ENCODINGS | OPT(memory) | OPT(realloc) | OPT(async)))
        return false;
    if (info->needs & CANON_LIFTS && ctype_holds(&c->c->types, imm->element) & HOLDS_list)
        needs |= OPT(realloc);
    if (!(imm->opts.has & OPT(async)) && !c_needs(c, FEATURE_cm_more_async, imm->opts.at))
        return false;
    return wants(c, &imm->opts, needs);
}

static bool decode_imms(C *c, const CanonInfo *info, Imms *imm)
{
    switch (info->immediates) {
    case CANON_IMM_type: return decode_type_imm(c, info, imm);
    case CANON_IMM_async: return decode_flag(c, FEATURE_cm_more_async);
    case CANON_IMM_type_async:
        return decode_type_imm(c, info, imm) && decode_flag(c, FEATURE_cm_more_async);
    case CANON_IMM_type_opts:
        return decode_type_imm(c, info, imm) && decode_stream_opts(c, info, imm);
    case CANON_IMM_cancel: return decode_flag(c, FEATURE_cm_async);
    case CANON_IMM_cancel_memory:
        return decode_flag(c, FEATURE_cm_async) && decode_memory(c, &imm->opts.is64);
    case CANON_IMM_value_index: return decode_context(c, imm);
    case CANON_IMM_start_table: return decode_start_table(c, imm);
    case CANON_IMM_opts: {
        u32 realloc = info->needs & CANON_REALLOC ? OPT(realloc) : 0;
        return decode_opts(c, &imm->opts, ENCODINGS | OPT(memory) | realloc) &&
               wants(c, &imm->opts, OPT(memory) | realloc);
    }
    case CANON_IMM_result_opts:
        return decode_result_list(c, &imm->element) &&
               decode_opts(c, &imm->opts, ENCODINGS | OPT(memory));
    }
    return true;
}

// What is returned is passed as parameters.
static bool task_return_sig(C *c, const Imms *imm, FlatSig *sig)
{
    CField param = {{0}, imm->element};
    CFunc f = {&param, imm->element != CTYPE_NONE, CTYPE_NONE, false};
    return wants(c, &imm->opts, flatten_func(c, &f, &imm->opts, false, sig));
}

static void decode_canon(C *c)
{
    const u8 *at = c_at(c);
    u8 code = read_u8(c_reader(c));
    Canon canon = canon_find(code);
    if (c_failed(c) || !c_item(c, at)) return;
    if (canon == CANON_COUNT) {
        c_fail(c, ERR_malformed_canon, at, "0x%02x", code);
        return;
    }
    const CanonInfo *info = &canon_info[canon];
    if (!c_needs(c, info->since, at)) return;
    c->c->canons[canon]++;
    if (canon == CANON_lift) {
        decode_lift(c);
    } else if (canon == CANON_lower) {
        decode_lower(c);
    } else {
        Imms imm = {.element = CTYPE_NONE, .type = CTYPE_NONE, .opts.canon = canon_none};
        FlatSig sig;
        if (!decode_imms(c, info, &imm)) return;
        imm.letters.address = imm.opts.is64 ? 'l' : 'i';
        if (canon != CANON_task_return) canon_flatten(canon, imm.letters, &sig);
        else if (!task_return_sig(c, &imm, &sig)) return;
        imm.opts.canon.core = push_core_func(c, &sig);
        record(c, CDEF_builtin, canon, imm.index, imm.type, &imm.opts);
    }
}

void decode_canons(C *c)
{
    u32 count = c_count(c, 1, COMPONENT_MOST_items, ERR_limit_component_items);
    for (u32 i = 0; i < count && !c_failed(c); i++) decode_canon(c);
}
