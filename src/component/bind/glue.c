// glue.c -- functions: those that are imported, called as C calls them; and those that the guest
// defines, called as the canonical ABI does.
//
// A result that is no number, handle, enum or flags goes to *ret; of an option the function
// returns whether there is one, of a result whether it is ok, else it is in *err.
//
// Names of our own are a word and '_', which no parameter is called: bind_param makes such names
// only of words that are not among them.
// spec: CanonicalABI/canon lift, canon lower

#include "component/bind/binding.h"

#include "component/wit/resolver.h"
#include "component/wit/symbol.h"

typedef enum { GIVES_nothing, GIVES_value, GIVES_pointer, GIVES_option, GIVES_result } Gives;

static Gives gives(const BindFunc *f)
{
    if (!f->result) return GIVES_nothing;
    WitKind kind = bind_kind(f->result);
    if (kind == WIT_option) return GIVES_option;
    if (kind == WIT_result) return GIVES_result;
    return bind_by_value(f->result) ? GIVES_value : GIVES_pointer;
}

// Of an option or result.
static const BindType *payload(const BindFunc *f, u32 i) { return bind_base(f->result)->parts[i]; }

static bool in_memory(const Bind *b, const BindFunc *f)
{
    return f->result && bind_layout(b, f->result)->flat_count > 1;
}

void bind_need(Bind *b, const BindItem *item, const BindFunc *f)
{
    for (u32 i = 0; i < f->func->param_count && f->args == CTYPE_NONE; i++) {
        if (item->exports) bind_need_lift(f->params[i]);
        else bind_need_lower(f->params[i]);
    }
    if (!f->result) return;
    if (item->exports && in_memory(b, f)) bind_need_release(f->result);
    if (in_memory(b, f)) return;
    if (item->exports) bind_need_lower(f->result);
    else bind_need_lift(f->result);
}

// ---- As C calls it

static void put_params(const BindItem *item, const BindFunc *f, Buf *out)
{
    const char *comma = "";
    for (u32 i = 0; i < f->func->param_count; i++, comma = ", ") {
        const BindType *t = f->params[i];
        const char *front = bind_by_value(t) || item->exports ? "" : "const ";
        bind_put(out, "%s%s%s %s%s", comma, front, t->name, bind_by_value(t) ? "" : "*",
                 f->param_names[i]);
    }
    Gives how = gives(f);
    if (how == GIVES_pointer) {
        bind_put(out, "%s%s *ret", comma, f->result->name);
        comma = ", ";
    }
    for (u32 i = 0; i < 2 && (how == GIVES_result || (how == GIVES_option && !i)); i++) {
        if (!payload(f, i)) continue;
        bind_put(out, "%s%s *%s", comma, payload(f, i)->name, i ? "err" : "ret");
        comma = ", ";
    }
    if (!*comma) bind_put(out, "void");
}

void bind_put_prototype(Bind *b, const BindItem *item, const BindFunc *f, const char *end, Buf *out)
{
    Gives how = gives(f);
    (void)b;
    bind_put(out, "%s %s(", how == GIVES_value ? f->result->name
                            : how == GIVES_option || how == GIVES_result ? "bool" : "void",
             f->name);
    put_params(item, f, out);
    bind_put(out, ")%s", end);
}

// ---- As core calls it

static void put_text(Buf *out, Bytes text)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        u8 c = text.data[i];
        if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?') bind_put(out, "\\%03o", c);
        else buf_byte(out, c);
    }
    buf_byte(out, '"');
}

static void put_core_params(const FlatSig *sig, bool names, Buf *out)
{
    for (u32 i = 0; i < sig->count; i++) {
        bind_put(out, "%s%s", i ? ", " : "", bind_core_type(sig->params[i]));
        if (names) bind_put(out, " p%u_", i);
    }
    if (!sig->count) bind_put(out, "void");
}

static void put_core_import(Bind *b, const char *name, const BindItem *item, bool exports,
                            Bytes member, const FlatSig *sig, Buf *out)
{
    bind_put(out, "\n__attribute__((__import_module__(");
    put_text(out, wit_symbol_module(b->arena, item->name, exports));
    bind_put(out, "), __import_name__(");
    put_text(out, member);
    bind_put(out, ")))\nextern %s %s_import_(",
             sig->result_count ? bind_core_type(sig->results[0]) : "void", name);
    put_core_params(sig, false, out);
    bind_put(out, ");\n");
}

static void put_core_export(const char *name, Bytes symbol, const FlatSig *sig, Buf *out)
{
    bind_put(out, "\n__attribute__((__export_name__(");
    put_text(out, symbol);
    bind_put(out, ")))\n%s %s(", sig->result_count ? bind_core_type(sig->results[0]) : "void",
             name);
    put_core_params(sig, true, out);
    bind_put(out, ")\n{\n");
}

// All parameters as they lie in memory.
static void put_args_type(Bind *b, const BindFunc *f, Buf *out)
{
    const CLayout *l = ctype_layout(&b->layouts, f->args);
    bind_put(out, "\ntypedef struct {\n");
    for (u32 i = 0; i < f->func->param_count; i++)
        bind_put(out, "    %s %s;\n", f->params[i]->name, f->param_names[i]);
    bind_put(out,
             "} %s_args_;\nWEFT_IS(sizeof(%s_args_) == %u && WEFT_ALIGN(%s_args_) == %u);\n",
             f->name, f->name, l->size[0], f->name, l->align[0]);
}

// ---- Imported

static void put_lowered(Bind *b, const BindFunc *f, Buf *out)
{
    for (u32 i = 0; i < f->func->param_count; i++) {
        const BindType *t = f->params[i];
        const char *name = f->param_names[i];
        if (f->args != CTYPE_NONE) {
            bind_put(out, "    args_.%s = %s%s;\n", name, bind_by_value(t) ? "" : "*", name);
        } else if (!bind_by_value(t)) {
            bind_put(out, "    uint64_t flat%u_[%u];\n", i, bind_layout(b, t)->flat_count);
            bind_put_lower(b, t, bind_text(b->arena, "(*%s)", name),
                           bind_text(b->arena, "flat%u_", i), 0, out);
        }
    }
}

static void put_arguments(Bind *b, const BindFunc *f, Buf *out)
{
    const char *comma = "";
    if (f->args != CTYPE_NONE) {
        bind_put(out, "(int32_t)(uintptr_t)&args_");
        comma = ", ";
    }
    for (u32 i = 0; i < f->func->param_count && f->args == CTYPE_NONE; i++) {
        const BindType *t = f->params[i];
        const CLayout *l = bind_layout(b, t);
        for (u32 k = 0; k < l->flat_count; k++, comma = ", ") {
            bind_put(out, "%s", comma);
            const char *slot = bind_text(b->arena, "flat%u_[%u]", i, k);
            if (bind_by_value(t)) bind_put_core(t, f->param_names[i], out);
            else bind_put(out, "%s", bind_slot_to_core(b->arena, l->flat[0][k], slot));
        }
    }
    if (in_memory(b, f))
        bind_put(out, "%s(int32_t)(uintptr_t)%s", comma,
                 gives(f) == GIVES_pointer ? "ret" : "&result_");
}

static void put_given(const BindFunc *f, Buf *out)
{
    Gives how = gives(f);
    if (how == GIVES_value) bind_put(out, "    return result_;\n");
    if (how == GIVES_option)
        bind_put(out, "    if (result_.is_some) *ret = result_.val;\n"
                      "    return result_.is_some;\n");
    if (how != GIVES_result) return;
    if (payload(f, 1)) bind_put(out, "    if (result_.is_err) *err = result_.val.err;\n");
    if (payload(f, 0)) bind_put(out, "    if (!result_.is_err) *ret = result_.val.ok;\n");
    bind_put(out, "    return !result_.is_err;\n");
}

// One core value, in core_, becomes what C has.
static void put_lifted_result(Bind *b, const BindFunc *f, Buf *out)
{
    const char *value = gives(f) == GIVES_pointer ? "(*ret)" : "result_";
    if (bind_by_value(f->result)) {
        bind_put_from_core(f->result, value, "core_", out);
        return;
    }
    bind_put(out, "    uint64_t flat_[1];\n    flat_[0] = %s;\n",
             bind_core_to_slot(b->arena, f->sig.results[0], "core_"));
    bind_put_lift(b, f->result, value, "flat_", 0, out);
}

static void put_import(Bind *b, const BindItem *item, const BindFunc *f, Buf *out)
{
    bool one = f->sig.result_count;
    put_core_import(b, f->name, item, false, f->func->name, &f->sig, out);
    if (f->args != CTYPE_NONE) put_args_type(b, f, out);
    bind_put(out, "\n");
    bind_put_prototype(b, item, f, "\n{\n", out);
    if (f->args != CTYPE_NONE) bind_put(out, "    %s_args_ args_;\n", f->name);
    if (f->result && gives(f) != GIVES_pointer)
        bind_put(out, "    %s result_;\n", f->result->name);
    put_lowered(b, f, out);
    bind_put(out, "    ");
    if (one) bind_put(out, "%s core_ = ", bind_core_type(f->sig.results[0]));
    bind_put(out, "%s_import_(", f->name);
    put_arguments(b, f, out);
    bind_put(out, ");\n");
    if (one) put_lifted_result(b, f, out);
    put_given(f, out);
    bind_put(out, "}\n");
}

// ---- Exported

static void put_lifted(Bind *b, const BindFunc *f, Buf *out)
{
    u32 at = 0;
    if (f->args != CTYPE_NONE)
        bind_put(out, "    %s_args_ *args_ = (%s_args_ *)(uintptr_t)p0_;\n", f->name, f->name);
    for (u32 i = 0; i < f->func->param_count; i++) {
        const BindType *t = f->params[i];
        const CLayout *l = bind_layout(b, t);
        const char *name = f->param_names[i];
        bind_put(out, "    %s %s;\n", t->name, name);
        if (f->args != CTYPE_NONE) {
            bind_put(out, "    %s = args_->%s;\n", name, name);
            continue;
        }
        if (bind_by_value(t)) {
            bind_put_from_core(t, name, bind_text(b->arena, "p%u_", at), out);
        } else {
            bind_put(out, "    uint64_t flat%u_[%u];\n", i, l->flat_count);
            for (u32 k = 0; k < l->flat_count; k++)
                bind_put(out, "    flat%u_[%u] = %s;\n", i, k,
                         bind_core_to_slot(b->arena, f->sig.params[at + k],
                                           bind_text(b->arena, "p%u_", at + k)));
            bind_put_lift(b, t, name, bind_text(b->arena, "flat%u_", i), 0, out);
        }
        at += l->flat_count;
    }
    // Its memory was asked for by who called, and what it says is copied.
    if (f->args != CTYPE_NONE) bind_put(out, "    free(args_);\n");
}

static void put_call(const BindFunc *f, Buf *out)
{
    const char *comma = "";
    bind_put(out, "%s(", f->name);
    for (u32 i = 0; i < f->func->param_count; i++, comma = ", ")
        bind_put(out, "%s%s%s", comma, bind_by_value(f->params[i]) ? "" : "&", f->param_names[i]);
    Gives how = gives(f);
    if (how == GIVES_pointer) bind_put(out, "%s&result_", comma);
    if (how == GIVES_option) bind_put(out, "%s&result_.val", comma);
    for (u32 i = 0; i < 2 && how == GIVES_result; i++) {
        if (!payload(f, i)) continue;
        bind_put(out, "%s&%s_", comma, i ? "why" : "ok");
        comma = ", ";
    }
    bind_put(out, ");\n");
}

static void put_kept(const BindFunc *f, Buf *out)
{
    if (payload(f, 1)) bind_put(out, "    if (result_.is_err) result_.val.err = why_;\n");
    if (payload(f, 0)) bind_put(out, "    if (!result_.is_err) result_.val.ok = ok_;\n");
}

static void put_returned(Bind *b, const BindFunc *f, Buf *out)
{
    if (in_memory(b, f)) {
        bind_put(out, "    return (int32_t)(uintptr_t)&result_;\n");
    } else if (bind_by_value(f->result)) {
        bind_put(out, "    return ");
        bind_put_core(f->result, "result_", out);
        bind_put(out, ";\n");
    } else {
        bind_put(out, "    uint64_t flat_[1];\n");
        bind_put_lower(b, f->result, "result_", "flat_", 0, out);
        bind_put(out, "    return %s;\n",
                 bind_slot_to_core(b->arena, f->sig.results[0], "flat_[0]"));
    }
}

static void put_post(Bind *b, const BindItem *item, const BindFunc *f, Buf *out)
{
    const BindType *t = f->result ? bind_base(f->result) : NULL;
    const FlatSig sig = {.params = {'i'}, .count = 1};
    if (!in_memory(b, f) || !t->memory) return;
    put_core_export(bind_text(b->arena, "%s_post_", f->name),
                    wit_symbol_export(b->arena, WIT_SYMBOL_POST, item->name, f->func->name), &sig,
                    out);
    if (t->owns) bind_put(out, "    %s_release_((%s *)(uintptr_t)p0_);\n}\n", t->stem, t->name);
    else bind_put(out, "    %s((%s *)(uintptr_t)p0_);\n}\n", t->free, t->name);
}

static void put_export(Bind *b, const BindItem *item, const BindFunc *f, Buf *out)
{
    Gives how = gives(f);
    if (f->args != CTYPE_NONE) put_args_type(b, f, out);
    put_core_export(bind_text(b->arena, "%s_export_", f->name),
                    wit_symbol_export(b->arena, "", item->name, f->func->name), &f->sig, out);
    put_lifted(b, f, out);
    // What is in memory is read before anybody can call again.
    if (f->result)
        bind_put(out, "    %s%s result_;\n", in_memory(b, f) ? "static " : "", f->result->name);
    for (u32 i = 0; i < 2 && how == GIVES_result; i++)
        if (payload(f, i)) bind_put(out, "    %s %s_;\n", payload(f, i)->name, i ? "why" : "ok");
    bind_put(out, "    %s", how == GIVES_value ? "result_ = " : how == GIVES_option
                                ? "result_.is_some = " : how == GIVES_result
                                ? "result_.is_err = !" : "");
    put_call(f, out);
    if (how == GIVES_result) put_kept(f, out);
    if (f->result) put_returned(b, f, out);
    bind_put(out, "}\n");
    put_post(b, item, f, out);
}

void bind_put_func(Bind *b, const BindItem *item, const BindFunc *f, Buf *out)
{
    if (item->exports) put_export(b, item, f, out);
    else put_import(b, item, f, out);
}

// ---- Resources

static void put_builtin(Bind *b, const BindItem *item, const BindType *r, Canon row,
                        const char *name, Buf *out)
{
    const FlatSig sig = {.params = {'i'}, .count = 1, .results = {'i'},
                         .result_count = row != CANON_resource_drop};
    put_core_import(b, name, item, item->exports,
                    wit_symbol_builtin(b->arena, row, "", r->type->name), &sig, out);
}

static void put_drop(const BindType *r, const char *name, const BindType *handle, Buf *out)
{
    bind_put(out, "\nvoid %s(%s handle)\n{\n    %s_import_(handle.__handle);\n}\n", name,
             handle->name, r->drop_own);
}

void bind_put_resource(Bind *b, const BindItem *item, const BindType *r, Buf *out)
{
    put_builtin(b, item, r, CANON_resource_drop, r->drop_own, out);
    put_drop(r, r->drop_own, r->own, out);
    if (!r->exported) {
        put_drop(r, r->drop_borrow, r->borrow, out);
        bind_put(out, "\n%s %s(%s handle)\n{\n    %s borrow;\n    borrow.__handle = "
                      "handle.__handle;\n    return borrow;\n}\n",
                 r->borrow->name, r->borrowed, r->own->name, r->borrow->name);
        return;
    }
    const FlatSig sig = {.params = {'i'}, .count = 1};
    put_builtin(b, item, r, CANON_resource_new, r->make, out);
    bind_put(out, "\n%s %s(%s *rep)\n{\n    %s handle;\n    handle.__handle = "
                  "%s_import_((int32_t)(uintptr_t)rep);\n    return handle;\n}\n",
             r->own->name, r->make, r->rep, r->own->name, r->make);
    put_builtin(b, item, r, CANON_resource_rep, r->look, out);
    bind_put(out, "\n%s *%s(%s handle)\n{\n    return (%s *)(uintptr_t)%s_import_(handle.__handle);"
                  "\n}\n",
             r->rep, r->look, r->own->name, r->rep, r->look);
    Bytes dtor = wit_symbol_dtor(b->arena, r->type->name);
    put_core_export(bind_text(b->arena, "%s_export_", r->destructor),
                    wit_symbol_export(b->arena, "", item->name, dtor), &sig, out);
    bind_put(out, "    %s((%s *)(uintptr_t)p0_);\n}\n", r->destructor, r->rep);
}
