// whole.c -- types in words. See whole.h, and type_text in type.h.

#include "module/whole.h"

#include <stdarg.h>
#include <stdio.h>

char *type_text(char *out, size_t size, Type type, const TypeId *ids, u32 count)
{
    if (!size) return out;
    if (!type_is_ref(type)) {
        snprintf(out, size, "%s", type < TYPE_NUMBER_COUNT ? type_number_text[type] : "?");
        return out;
    }
    const char *null = type_is_null(type) ? "null " : "";
    if (!type_is_concrete(type)) {
        snprintf(out, size, "(ref %s%s)", null,
                 type_heap(type) < HEAP_COUNT ? type_heap_text[type_heap(type)] : "?");
        return out;
    }
    u32 at = 0;
    while (ids && at < count && ids[at] != type_id(type)) at++;
    bool exact = type & TYPE_EXACT;
    // A type that the module does not name is shown by its id, marked as such.
    bool named = ids && at < count;
    snprintf(out, size, "(ref %s%s%s%u%s)", null, exact ? "(exact " : "", named ? "" : "#",
             named ? at : type_id(type), exact ? ")" : "");
    return out;
}

typedef struct {
    const TypeStore *types;
    char *out;
    size_t size, len;
} Words;

static void put(Words *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void put(Words *w, const char *fmt, ...)
{
    va_list args;
    size_t at = MIN(w->len, w->size);
    va_start(args, fmt);
    int len = vsnprintf(w->size ? w->out + at : NULL, w->size - at, fmt, args);
    va_end(args);
    w->len += len > 0 ? (size_t)len : 0;
}

static const char *const kind_text[] = {
    [COMP_func] = "func", [COMP_struct] = "struct", [COMP_array] = "array", [COMP_cont] = "cont",
};

static void put_short(Words *w, TypeId id)
{
    put(w, "(%s ...)", kind_text[type_def(w->types, id)->kind]);
}

static void put_def(Words *w, TypeId id);

// `within`: a definition.
static void put_type(Words *w, Type type, bool within)
{
    bool exact = type & TYPE_EXACT;
    if (!type_is_ref(type) || !type_is_concrete(type)) {
        char text[40];
        put(w, "%s", type_text(text, sizeof text, type, NULL, 0));
        return;
    }
    put(w, "(ref %s%s", type_is_null(type) ? "null " : "", exact ? "(exact " : "");
    if (within) put_short(w, type_id(type));
    else put_def(w, type_id(type));
    put(w, exact ? "))" : ")");
}

static void put_types(Words *w, const char *word, const Type *types, u32 count)
{
    if (!count) return;
    put(w, " (%s", word);
    for (u32 i = 0; i < count; i++) {
        put(w, " ");
        put_type(w, types[i], true);
    }
    put(w, ")");
}

static void put_field(Words *w, const FieldType *f)
{
    if (f->mutable) put(w, "(mut ");
    put_type(w, f->type, true);
    if (f->mutable) put(w, ")");
}

static void put_def(Words *w, TypeId id)
{
    const TypeDef *def = type_def(w->types, id);
    bool is_sub = !def->final || def->super != TYPE_NONE;
    if (is_sub) put(w, def->final ? "(sub final " : "(sub ");
    if (def->super != TYPE_NONE) {
        put_short(w, def->super);
        put(w, " ");
    }
    put(w, "(%s", kind_text[def->kind]);
    switch ((CompKind)def->kind) {
    case COMP_func:
        put_types(w, "param", def->params, def->param_count);
        put_types(w, "result", type_results(def), def->result_count);
        break;
    case COMP_struct:
        for (u32 i = 0; i < def->field_count; i++) {
            put(w, " (field ");
            put_field(w, &def->fields[i]);
            put(w, ")");
        }
        break;
    case COMP_array:
        put(w, " ");
        put_field(w, &def->fields[0]);
        break;
    case COMP_cont:
        put(w, " ");
        put_short(w, def->cont);
        break;
    }
    put(w, is_sub ? "))" : ")");
}

size_t type_whole(char *out, size_t size, const TypeStore *types, Type type)
{
    Words w = {.types = types, .out = out, .size = size};
    put_type(&w, type, false);
    return w.len;
}

size_t type_def_whole(char *out, size_t size, const TypeStore *types, TypeId id)
{
    Words w = {.types = types, .out = out, .size = size};
    put_def(&w, id);
    return w.len;
}
