// bind.c -- header and source of a world for guests in C. See bind.h.
//
// The source says which world it is for, too: it puts the section component-type:.. into its
// object, which linkers copy. So what is linked cannot be embedded in a world that the glue is not
// for.

#include "component/bind/binding.h"

#include "component/wit/binary.h"
#include "component/wit/decode.h"
#include "component/wit/resolver.h"
#include "component/wit/symbol.h"

enum { MOST_TEXT = 256 << 20 };

static void check_size(Bind *b, const Buf *out)
{
    if (out->len > MOST_TEXT) wit_fail(b->wit, b->world->at, ERR_limit_text, "with bindings for C");
}

// ---- Header

static void put_top(Bind *b, const char *guard, Buf *out)
{
    Bytes full = wit_member_name(b->arena, b->world->package, b->world->name);
    bind_put(out,
             "// The world %.*s in C, written by `weft bindgen guest-c`.\n"
             "//\n"
             "// Numbers, handles, enums and flags are passed as they are, all else by pointer.\n"
             "// A result that is none of these goes to *ret; of an option the function\n"
             "// returns whether there is one, of a result whether it is ok, else it is in\n"
             "// *err.\n"
             "//\n"
             "// Functions without exports_ in front are imported, and called. What they are\n"
             "// given stays the caller's, but handles that own, which they take; what they\n"
             "// give is the caller's, who frees it with the ..._free of its type.\n"
             "//\n"
             "// Functions with exports_ in front are yours to define. What they are given is\n"
             "// theirs, and they free it; what they give is freed for them, so it is of\n"
             "// malloc. Handles that are borrowed from somebody else are dropped before they\n"
             "// return: ..._free does not.\n"
             "#ifndef %s\n#define %s\n\n"
             "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n"
             "#ifdef __cplusplus\nextern \"C\" {\n#endif\n",
             (int)MIN(full.len, (size_t)WIT_WORD_MOST * 4), (const char *)full.data, guard, guard);
}

static void put_resource_functions(const BindType *r, Buf *out)
{
    bind_put(out, "\nvoid %s(%s handle);\n", r->drop_own, r->own->name);
    if (!r->exported) {
        bind_put(out, "void %s(%s handle);\n", r->drop_borrow, r->borrow->name);
        bind_put(out, "// As long as the handle is not given away or dropped.\n%s %s(%s handle);\n",
                 r->borrow->name, r->borrowed, r->own->name);
        return;
    }
    bind_put(out, "// A handle for what is behind the pointer, which is yours.\n%s %s(%s *rep);\n",
             r->own->name, r->make, r->rep);
    bind_put(out, "%s *%s(%s handle);\n", r->rep, r->look, r->own->name);
    bind_put(out, "// Yours to define: the last handle is gone.\nvoid %s(%s *rep);\n",
             r->destructor, r->rep);
}

// Handles stand behind it, and are what functions take.
static bool is_resource(const BindType *t) { return !t->alias && t->type->kind == WIT_resource; }

static void put_item(Bind *b, const BindItem *item, Buf *out)
{
    if (item->item->interface && (item->func_count || item->type_count))
        bind_put(out, "\n// ---- %s %.*s\n", item->exports ? "exports" : "imports",
                 (int)MIN(item->name.len, (size_t)WIT_WORD_MOST * 4),
                 (const char *)item->name.data);
    for (u32 k = 0; k < item->type_count; k++)
        if (is_resource(item->types[k])) put_resource_functions(item->types[k], out);
    for (u32 k = 0; k < item->func_count; k++) {
        const BindFunc *f = &item->funcs[k];
        bind_put(out, "\n");
        bind_put_docs(out, "", f->func->notes->docs);
        bind_put_prototype(b, item, f, ";\n", out);
    }
    check_size(b, out);
}

static void put_header(Bind *b, const char *guard, Buf *out)
{
    put_top(b, guard, out);
    for (u32 i = 0; i < b->count; i++) {
        bind_put_type(b, b->list[i], out);
        check_size(b, out);
    }
    for (u32 i = 0; i < b->item_count; i++) put_item(b, &b->items[i], out);
    bind_put(out, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}

// ---- Source

static void put_start(const char *front, Buf *out)
{
    bind_put(out,
             "// Glue for %s.h, written by `weft bindgen guest-c`: compiled and linked with the\n"
             "// guest.\n\n"
             "#include \"%s.h\"\n\n"
             "// Names of WIT may be as long as they like.\n"
             "#pragma clang diagnostic ignored \"-Woverlength-strings\"\n\n"
             "#ifdef __cplusplus\n"
             "#define WEFT_IS(what) static_assert(what, \"as the canonical ABI has it\")\n"
             "#define WEFT_ALIGN alignof\n"
             "extern \"C\" {\n#else\n"
             "#define WEFT_IS(what) _Static_assert(what, \"as the canonical ABI has it\")\n"
             "#define WEFT_ALIGN _Alignof\n"
             "#endif\n\n"
             "void *realloc(void *ptr, size_t size);\nvoid free(void *ptr);\n\n"
             "// Another one may stand in its place.\n"
             "__attribute__((__weak__, __export_name__(\"%s\")))\n"
             "void *cabi_realloc(void *ptr, size_t old_size, size_t align, size_t new_size)\n{\n"
             "    (void)old_size;\n    if (!new_size) return (void *)align;\n"
             "    ptr = realloc(ptr, new_size);\n    if (!ptr) __builtin_trap();\n"
             "    return ptr;\n}\n",
             front, front, WIT_SYMBOL_REALLOC);
}

static void put_string(const BindType *t, Buf *out)
{
    const char *stem = t->stem, *name = t->name;
    bind_put(out,
             "\nvoid %s_set(%s *ret, const char *text)\n{\n"
             "    ret->ptr = (uint8_t *)text;\n    ret->len = __builtin_strlen(text);\n}\n"
             "\nvoid %s_dup_n(%s *ret, const char *text, size_t len)\n{\n"
             "    ret->ptr = (uint8_t *)cabi_realloc(NULL, 0, 1, len);\n    ret->len = len;\n"
             "    for (size_t i = 0; i < len; i++) ret->ptr[i] = (uint8_t)text[i];\n}\n"
             "\nvoid %s_dup(%s *ret, const char *text)\n{\n"
             "    %s_dup_n(ret, text, __builtin_strlen(text));\n}\n",
             stem, name, stem, name, stem, name, stem);
}

// Strings in C may be 4095 bytes long.
static void put_section(Bind *b, Bytes world, Buf *out)
{
    enum { PIECE = 700, LINE = 20 };
    Bytes name = wit_member_name(b->arena, b->world->package, b->world->name);
    if (name.len > 1000) name = b->world->name;
    bind_put(out, "\n// Which world it is for.\n");
    for (size_t at = 0; at < world.len; at++) {
        if (at % PIECE == 0)
            bind_put(out,
                     "%s__asm__(\".section \\\".custom_section.component-type:%.*s\\\","
                     "\\\"\\\",@\\n\"",
                     at ? ");\n" : "", (int)MIN(name.len, (size_t)1000), (const char *)name.data);
        if (at % LINE == 0) bind_put(out, "\n    \".byte ");
        bool last = at % LINE == LINE - 1 || at + 1 == world.len;
        bind_put(out, "%u%s", world.data[at], last ? "\\n\"" : ",");
    }
    bind_put(out, ");\n");
}

static void put_source(Bind *b, const char *front, Bytes world, Buf *out)
{
    put_start(front, out);
    bind_put(out, "\n// Types lie in memory as the canonical ABI has them.\n");
    for (u32 i = 0; i < b->count; i++) bind_put_asserts(b, b->list[i], out);
    for (u32 i = 0; i < b->item_count; i++)
        for (u32 k = 0; k < b->items[i].func_count; k++)
            bind_need(b, &b->items[i], &b->items[i].funcs[k]);
    put_string(b->list[WIT_string], out);
    bind_put_helpers(out);
    for (u32 i = 0; i < b->count; i++) {
        bind_put_free(b, b->list[i], out);
        bind_put_conversions(b, b->list[i], out);
        check_size(b, out);
    }
    for (u32 i = 0; i < b->item_count; i++) {
        const BindItem *item = &b->items[i];
        for (u32 k = 0; k < item->type_count; k++)
            if (is_resource(item->types[k])) bind_put_resource(b, item, item->types[k], out);
        for (u32 k = 0; k < item->func_count; k++) bind_put_func(b, item, &item->funcs[k], out);
        check_size(b, out);
    }
    put_section(b, world, out);
    bind_put(out, "\n#ifdef __cplusplus\n}\n#endif\n");
}

// ---- All of it

const char *bind_front(Arena *arena, const WitWorld *w) { return bind_snake(arena, w->name); }

static void make(Bind *b, const char *front, Bytes world, Buf *header, Buf *source)
{
    map_init(&b->taken, b->arena);
    map_init(&b->named, b->arena);
    map_init(&b->unnamed, b->arena);
    cidmap_init(&b->instances, b->arena);
    cidmap_init(&b->here, b->arena);
    b->resource = ctype_make_resource(&b->layouts, TYPE_i32, 0);
    b->prefix = bind_snake(b->arena, b->world->name);
    const char *guard = bind_text(b->arena, "%s_h", b->prefix);
    guard = bind_claim(b, bind_capitals(b->arena, guard), "");
    bind_collect(b);
    put_header(b, guard, header);
    put_source(b, front, world, source);
}

bool bind_guest_c(Wit *wit, const WitWorld *w, const char *front, Buf *header, Buf *source)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    Bind b = {.wit = wit, .arena = wit->arena, .world = w};
    Arena scratch;
    Buf world;
    buf_init(&world, wit->arena);
    if (!wit_encode_world(wit, w, STRINGS_utf8, &world)) return false;
    arena_init(&scratch);
    scratch.on_failure = wit->arena->on_failure = &failed;
    bool good = !setjmp(failed);
    if (good) {
        ctypes_init(&b.layouts, wit->arena, &scratch, NULL);
        make(&b, front, buf_view(&world), header, source);
        wit->arena->on_failure = outer;
    } else {
        wit_leave(wit, outer);
    }
    arena_free(&scratch);
    return good;
}
