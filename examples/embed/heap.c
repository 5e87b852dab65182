/* heap.c -- what lives, who holds it, and when it ends: a list that a guest keeps, a census of the
   heap, pointers of the host's that are told of when nobody has them any more. Also descriptors,
   a proposal that has to be switched on.

       cc heap.c -lweft -o heap */

#include <stdio.h>
#include <weft_object.h>

static const char text[] =
    "(module"
    "  (rec"
    "    (type $shape (descriptor $class) (struct (field i32)))"
    "    (type $class (describes $shape) (struct (field i32))))"
    "  (type $node (struct (field externref) (field (ref null $node))))"
    "  (global $list (mut (ref null $node)) (ref.null $node))"
    "  (func (export \"push\") (param externref)"
    "    (global.set $list (struct.new $node (local.get 0) (global.get $list))))"
    "  (func (export \"clear\") (global.set $list (ref.null $node))))";

enum { SHAPE, CLASS }; /* types of the module */

static weft_diag diag;

static void ended(void *env, void *pointer)
{
    ++*(int *)env;
    printf("\"%s\" is not needed any more\n", (const char *)pointer);
}

static void row(void *env, const weft_census_row *row)
{
    char type[100];
    (void)env;
    printf("%d of %s, held by %s\n", (int)row->objects,
           weft_deftype_text(row->type, type, sizeof type) ? type : "pointers of yours",
           row->holder.types               ? "another"
           : row->root == WEFT_ROOT_GLOBALS ? "a global"
                                            : "the host");
}

static int keep(weft_store *store, weft_instance guest)
{
    static char names[2][6] = {"first", "other"};
    weft_val name;
    weft_func push, clear;
    int told = 0, i, before;
    weft_store_set_finalizer(store, ended, &told);
    if (weft_instance_func(store, guest, "push", &push, &diag) != WEFT_OK ||
        weft_instance_func(store, guest, "clear", &clear, &diag) != WEFT_OK)
        return 0;
    for (i = 0; i < 2; i++) {
        name = weft_externref(names[i]);
        if (weft_call(store, push, &name, 1, NULL, 0, &diag) != WEFT_OK) return 0;
    }
    if (weft_store_heap_census(store, row, NULL, &diag) != WEFT_OK) return 0;
    /* Collecting now changes nothing: the list is there. Once it is not, both names end. */
    if (weft_store_collect(store, &diag) != WEFT_OK) return 0;
    before = told;
    if (weft_call(store, clear, NULL, 0, NULL, 0, &diag) != WEFT_OK ||
        weft_store_collect(store, &diag) != WEFT_OK)
        return 0;
    printf("%d ended before, %d now\n", before, told - before);
    weft_store_set_finalizer(store, NULL, NULL); /* `told` ends with this function */
    return 1;
}

/* A structure that is made with another one, which says what it is. */
static int describe(weft_store *store, weft_instance guest)
{
    weft_deftype shape, class_type, described;
    weft_val values[2], field;
    weft_ref made_class, made, got;
    weft_scope scope;
    int ok;
    if (weft_scope_open(store, &scope, &diag) != WEFT_OK) return 0;
    values[0] = weft_i32(4);
    ok = weft_instance_type(store, guest, SHAPE, &shape) &&
         weft_instance_type(store, guest, CLASS, &class_type) &&
         weft_deftype_descriptor(shape, &described) && described.id == class_type.id &&
         weft_struct_new(store, class_type, values, 1, &made_class, &diag) == WEFT_OK;
    if (ok) {
        values[1] = weft_ref_val(made_class); /* behind the fields */
        ok = weft_struct_new(store, shape, values, 2, &made, &diag) == WEFT_OK &&
             weft_struct_descriptor(store, made, &got, &diag) == WEFT_OK &&
             weft_struct_get(store, got, 0, &field, &diag) == WEFT_OK;
    }
    if (ok) printf("described by one that has %d\n", (int)field.of.i32);
    return weft_scope_close(store, scope, &diag) == WEFT_OK && ok;
}

int main(void)
{
    weft_instance guest;
    weft_engine *engine = weft_engine_new("+custom-descriptors", &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = module ? weft_store_new(engine, NULL, &diag) : NULL;
    int ok = store && weft_instantiate(store, module, NULL, &guest, &diag) == WEFT_OK &&
             keep(store, guest) && describe(store, guest);
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
