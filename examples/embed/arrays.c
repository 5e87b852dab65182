/* arrays.c -- arrays and other references that the host makes and guests work on: numbers in bulk
   and one by one, small numbers and pointers as any reference; a function, a global and a table of
   types that only the module has names for.

       cc arrays.c -lweft -o arrays */

#include <stdio.h>
#include <weft_object.h>

static const char text[] =
    "(module"
    "  (type $pixels (array (mut i16)))"
    "  (type $things (array (mut anyref)))"
    "  (import \"host\" \"image\" (global $image (ref $pixels)))"
    "  (import \"host\" \"rows\" (table $rows 1 (ref null $pixels)))"
    "  (import \"host\" \"done\" (func $done (param (ref $pixels) i32)))"
    "  (func (export \"invert\") (local $i i32)"
    "    (loop $next"
    "      (array.set $pixels (global.get $image) (local.get $i) (i32.sub (i32.const 255)"
    "        (array.get_u $pixels (global.get $image) (local.get $i))))"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1)))"
    "      (br_if $next (i32.lt_u (local.get $i) (array.len (global.get $image)))))"
    "    (table.set $rows (i32.const 0) (global.get $image))"
    "    (call $done (global.get $image) (local.get $i))))";

enum { PIXELS, THINGS }; /* types of the module */

static weft_diag diag;

static int fine(weft_status status)
{
    return status == WEFT_OK;
}

static weft_status done(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    uint32_t length;
    (void)env, (void)results;
    if (!fine(weft_array_length(weft_caller_store(caller), args[0].of.ref, &length, &diag)))
        return diag.status;
    printf("%d of %d pixels are done\n", (int)args[1].of.i32, (int)length);
    return WEFT_OK;
}

/* What the module imports, of just the types that it wants. */
static int make(weft_store *store, const weft_module *module, weft_linker *linker, weft_ref *image,
                weft_table *rows)
{
    weft_import import;
    weft_deftype pixels, type;
    weft_valtype row;
    weft_val fill = weft_i32(10);
    weft_ref null = {0, 0};
    weft_extern item;
    if (!weft_module_type(module, PIXELS, &pixels) ||
        !fine(weft_array_new(store, pixels, 4, &fill, image, &diag)))
        return 0;
    row = weft_reftype_of(pixels, false);
    item.kind = WEFT_GLOBAL;
    if (!fine(weft_global_new_of(store, &row, weft_ref_val(*image), false, &item.of.global,
                                 &diag)) ||
        !fine(weft_linker_define(linker, "host", "image", item, &diag)))
        return 0;
    row.is_nullable = true;
    item.kind = WEFT_TABLE;
    if (!fine(weft_table_new_of(store, &row, 1, WEFT_NO_MAX, weft_ref_val(null), rows, &diag)))
        return 0;
    item.of.table = *rows;
    if (!fine(weft_linker_define(linker, "host", "rows", item, &diag)) ||
        !weft_module_import(module, 2, &import) || !weft_item_deftype(&import.type, &type))
        return 0;
    item.kind = WEFT_FUNC;
    return fine(weft_func_new_of(store, type, done, NULL, NULL, &item.of.func, &diag)) &&
           fine(weft_linker_define(linker, "host", "done", item, &diag));
}

/* In bulk as numbers of yours, or one by one as values. */
static int numbers(weft_store *store, weft_instance guest, weft_ref image, weft_table rows)
{
    uint16_t some[2] = {100, 200}, all[4];
    weft_val last = weft_i32(255), row, first;
    weft_func invert;
    uint64_t number, again;
    bool same;
    if (!fine(weft_array_write(store, image, 0, 2, some, &diag)) ||
        !fine(weft_array_set(store, image, 3, 1, &last, &diag)) ||
        !fine(weft_instance_func(store, guest, "invert", &invert, &diag)) ||
        !fine(weft_call(store, invert, NULL, 0, NULL, 0, &diag)) ||
        !fine(weft_array_read(store, image, 0, 4, all, &diag)) ||
        !fine(weft_table_get(store, rows, 0, &row, &diag)) ||
        !fine(weft_ref_eq(store, row.of.ref, image, &same, &diag)) ||
        !fine(weft_ref_number(store, row.of.ref, &number, &diag)) || /* for a map of them */
        !fine(weft_ref_number(store, image, &again, &diag)) || same != (number == again) ||
        !fine(weft_array_get(store, row.of.ref, 0, 1, &first, &diag)))
        return 0;
    printf("%d %d %d %d; what the guest left is %s image, and begins with %d\n", all[0], all[1],
           all[2], all[3], same ? "the same" : "another", (int)first.of.i32);
    if (fine(weft_array_read(store, image, 1, 4, all, &diag))) return 0;
    printf("refused: %s\n", diag.name);
    return 1;
}

/* Whatever a reference is, it says of which type. */
static int tell(weft_store *store, weft_val value)
{
    weft_valtype i31 = weft_reftype(WEFT_HEAP_I31, false), type;
    weft_val back;
    char name[100];
    bool small;
    int32_t number;
    if (!fine(weft_ref_type(store, value.of.ref, &type, &diag)) ||
        !fine(weft_ref_test(store, value.of.ref, &i31, &small, &diag)))
        return 0;
    weft_valtype_text(&type, name, sizeof name);
    printf("%s", name);
    if (small && fine(weft_i31_get(store, value.of.ref, &number, &diag)))
        printf(" is %d", (int)number);
    if (type.heap == WEFT_HEAP_ANY &&
        fine(weft_extern_convert_any(store, value, &back, &diag)))
        printf(" is your pointer to \"%s\"", (const char *)back.of.ext);
    printf("\n");
    return 1;
}

/* An array of whatever there is. The scope ends all these handles at once. */
static int things(weft_store *store, weft_instance guest, weft_ref image)
{
    static char name[] = "a name";
    weft_val values[3], got[3];
    weft_scope scope;
    weft_deftype type;
    weft_ref small, array;
    int ok, i;
    if (!fine(weft_scope_open(store, &scope, &diag))) return 0;
    ok = weft_instance_type(store, guest, THINGS, &type) &&
         fine(weft_i31_new(store, -5, &small, &diag)) &&
         fine(weft_any_convert_extern(store, weft_externref(name), &values[2], &diag));
    if (ok) {
        values[0] = weft_ref_val(image);
        values[1] = weft_ref_val(small);
        ok = fine(weft_array_new_values(store, type, values, 3, &array, &diag)) &&
             fine(weft_array_get(store, array, 0, 3, got, &diag));
    }
    for (i = 0; ok && i < 3; i++) ok = tell(store, got[i]);
    return fine(weft_scope_close(store, scope, &diag)) && ok;
}

int main(void)
{
    weft_ref image;
    weft_table rows;
    weft_instance guest;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    int ok = module && store && linker && make(store, module, linker, &image, &rows) &&
             fine(weft_instantiate(store, module, linker, &guest, &diag)) &&
             numbers(store, guest, image, rows) && things(store, guest, image);
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store); /* the image's handle, which was made outside of scopes, ends here */
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
