/* components.c -- looks at a component: what it imports and exports, with types, and values of
   these as text. It is one of few bytes, which imports a function, and exports it under another
   name. Then calls one, whose add takes two s32 and gives one, and traps where the second is 0; and
   one in text that hands out a resource, which the host gives back when it is done with it.

       cc components.c -lweft -o components && ./components */

#include <stdio.h>
#include <string.h>
#include <weft_component.h>

static const char bytes[] = "\0asm\x0d\0\1\0"
                            "\7\x17\4\x6b\x7d\x70\x76\x6a\1\x7d\1\x73"
                            "\x40\3\1n\x73\1o\0\1l\1\0\2"
                            "\xa\xa\1\0\5greet\1\3"
                            "\xb\7\1\0\1g\1\0\0";

static const unsigned char adder[] = {
    0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 1, 0x2e, 0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 7, 1, 0x60, 2,
    0x7f, 0x7f, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, 0x61, 0, 0, 0x0a, 0x10, 1, 0x0e, 0, 0x20, 1, 0x45,
    4, 0x40, 0, 0x0b, 0x20, 0, 0x20, 1, 0x6a, 0x0b, 2, 4, 1, 0, 0, 0, 6, 7, 1, 0, 0, 1, 0, 1, 0x61,
    7, 0x0b, 1, 0x40, 2, 1, 0x61, 0x7a, 1, 0x62, 0x7a, 0, 0x7a, 8, 6, 1, 0, 0, 0, 0, 0, 0x0b, 9, 1,
    0, 3, 0x61, 0x64, 0x64, 1, 0, 0};

static const char office[] =
    "(component"
    "  (type $ticket (resource (rep i32)))"
    "  (core func $new (canon resource.new $ticket))"
    "  (core module $Office"
    "    (import \"\" \"new\" (func $new (param i32) (result i32)))"
    "    (func (export \"issue\") (param i32) (result i32) (call $new (local.get 0))))"
    "  (core instance $office"
    "    (instantiate $Office (with \"\" (instance (export \"new\" (func $new))))))"
    "  (export $t \"ticket\" (type $ticket))"
    "  (func (export \"issue\") (param \"n\" u32) (result (own $t))"
    "    (canon lift (core func $office \"issue\"))))";

static void show(weft_ctype type)
{
    char text[200];
    weft_ctype part;
    weft_name name;
    size_t i;
    for (i = 0; weft_ctype_import(type, i, &name, &part); i++)
        printf("import %.*s: %s\n", (int)name.len, name.data,
               weft_ctype_text(part, text, sizeof text));
    for (i = 0; weft_ctype_part(type, i, &name, &part); i++)
        printf("export %.*s: %s\n", (int)name.len, name.data,
               weft_ctype_text(part, text, sizeof text));
    printf("%u and %u\n", (unsigned)weft_ctype_import_count(type),
           (unsigned)weft_ctype_count(type));
}

/* A value that is written as text, and as it reads. */
static void read_value(weft_ctype type, const char *text, weft_cvalues *values)
{
    weft_cvalue value;
    weft_name out;
    weft_diag diag;
    if (weft_cvalue_parse(type, text, strlen(text), values, &value, &diag) != WEFT_OK ||
        weft_cvalue_print(type, &value, values, &out, &diag) != WEFT_OK)
        printf("%s\n%*s %s\n", text, (int)diag.column, "^", diag.message);
    else printf("%s is %s\n", text, out.data);
}

/* The value [1, 2] of a host's own numbers. */
static void make_value(weft_ctype list, weft_ctype other, weft_cvalues *values)
{
    static const float numbers[] = {1, 2};
    weft_cvalue value;
    weft_name out;
    weft_diag diag;
    memset(&value, 0, sizeof value);
    value.kind = WEFT_CVALUE_LIST;
    value.packed = WEFT_CVALUE_F32;
    value.of.numbers.data = numbers;
    value.of.numbers.count = 2;
    if (weft_cvalue_print(list, &value, values, &out, &diag) == WEFT_OK)
        printf("numbers: %s\n", out.data);
    if (weft_cvalue_check(other, &value, &diag) != WEFT_OK) printf("%s\n", diag.message);
}

/* Adds two numbers, as a text says them. */
static void add(weft_cfunc func, const char *a, const char *b, weft_cvalues *values)
{
    weft_cvalue args[2], result;
    weft_ctype first, second;
    weft_name out;
    weft_diag diag;
    weft_ctype_part(func.type, 0, NULL, &first);
    weft_ctype_part(func.type, 1, NULL, &second);
    if (weft_cvalue_parse(first, a, strlen(a), values, &args[0], &diag) != WEFT_OK ||
        weft_cvalue_parse(second, b, strlen(b), values, &args[1], &diag) != WEFT_OK ||
        weft_component_call(func, args, 2, values, &result, &diag) != WEFT_OK ||
        weft_cvalue_print(weft_ctype_result(func.type), &result, values, &out, &diag) != WEFT_OK)
        printf("%s + %s: %s\n", a, b, diag.message);
    else printf("%s + %s = %s\n", a, b, out.data);
}

static int run(weft_engine *engine, weft_cvalues *values)
{
    weft_diag diag;
    weft_component *c = weft_component_new(engine, adder, sizeof adder, &diag);
    weft_store *store = weft_store_new(engine, NULL, &diag);
    weft_cinstance *instance = NULL;
    weft_cfunc func;
    int good = c && store &&
               weft_component_instantiate(store, c, NULL, &instance, &diag) == WEFT_OK &&
               weft_cinstance_func(instance, "add", &func);
    if (good) {
        add(func, "40", "2", values);
        add(func, "-1", "3", values);
        add(func, "1", "0", values);
        add(func, "1", "1", values);
    }
    weft_component_free(c);
    weft_store_free(store);
    return good;
}

/* A ticket is the host's until it is dropped, which it can be once. */
static int tickets(weft_engine *engine, weft_cvalues *values)
{
    weft_diag diag;
    weft_component *c = weft_component_new(engine, office, sizeof office - 1, &diag);
    weft_store *store = weft_store_new(engine, NULL, &diag);
    weft_cinstance *instance = NULL;
    weft_cvalue number, ticket;
    weft_cfunc func;
    weft_ctype first;
    int good = c && store &&
               weft_component_instantiate(store, c, NULL, &instance, &diag) == WEFT_OK &&
               weft_cinstance_func(instance, "issue", &func) &&
               weft_ctype_part(func.type, 0, NULL, &first) &&
               weft_cvalue_parse(first, "7", 1, values, &number, &diag) == WEFT_OK &&
               weft_component_call(func, &number, 1, values, &ticket, &diag) == WEFT_OK &&
               ticket.kind == WEFT_CVALUE_OWN &&
               weft_cinstance_drop(instance, ticket.of.handle, &diag) == WEFT_OK;
    if (good) {
        weft_status again = weft_cinstance_drop(instance, ticket.of.handle, &diag);
        printf("a ticket was given back; once more: %s\n",
               again == WEFT_OK ? "so it was" : diag.message);
    }
    weft_component_free(c);
    weft_store_free(store);
    return good;
}

int main(void)
{
    weft_diag diag;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_cvalues *values = weft_cvalues_new(1 << 20);
    weft_component *c;
    weft_ctype func, name, count, list;
    if (!engine || !values) return 1;
    c = weft_component_new(engine, bytes, sizeof bytes - 1, &diag);
    if (!c) {
        fprintf(stderr, "components: %s\n", diag.message);
        return 1;
    }
    show(weft_component_type(c));
    func = weft_ctype_export(weft_component_type(c), "g");
    if (weft_ctype_kind(func) != WEFT_CTYPE_FUNC || weft_ctype_is_async(func)) return 1;
    if (!weft_ctype_part(func, 0, NULL, &name) || !weft_ctype_part(func, 1, NULL, &count) ||
        !weft_ctype_part(func, 2, NULL, &list) || weft_ctype_length(list))
        return 1;
    read_value(name, "\"a \\u{2603} and\\ta tab\"", values);
    read_value(count, "7", values);
    read_value(count, "none", values);
    read_value(count, "some(700)", values);
    read_value(list, "[1e3, 0.1, -inf, // more\n nan]", values);
    read_value(weft_ctype_result(func), "err(\"gone\")", values);
    make_value(list, name, values);
    weft_component_free(c);
    if (!run(engine, values) || !tickets(engine, values)) return 1;
    weft_cvalues_free(values);
    weft_engine_free(engine);
    return 0;
}
