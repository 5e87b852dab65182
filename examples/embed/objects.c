/* objects.c -- structures of the guest's in the host's hands: words go in as arrays, a tree of the
   guest's comes out, which is walked and changed. Also: types by a function's signature, scopes,
   a handle that is kept, and a host function that takes a structure.

       cc objects.c -lweft -o objects */

#include <stdio.h>
#include <string.h>
#include <weft_object.h>

/* A tree of words, each with how often it came. */
static const char text[] =
    "(module"
    "  (type $word (array i8))"
    "  (type $tree (struct (field (ref $word)) (field (mut i32))"
    "    (field (mut (ref null $tree))) (field (mut (ref null $tree)))))"
    "  (import \"host\" \"fresh\" (func $fresh (param (ref $tree))))"
    "  (func $leaf (param (ref $word)) (result (ref $tree)) (local $new (ref $tree))"
    "    (local.set $new (struct.new $tree (local.get 0) (i32.const 1) (ref.null $tree)"
    "      (ref.null $tree)))"
    "    (call $fresh (local.get $new))"
    "    (local.get $new))"
    "  (func $before (param $a (ref $word)) (param $b (ref $word)) (param $i i32) (result i32)"
    "    (if (i32.ge_u (local.get $i) (array.len (local.get $a)))"
    "      (then (return (i32.lt_u (local.get $i) (array.len (local.get $b))))))"
    "    (if (i32.ge_u (local.get $i) (array.len (local.get $b)))"
    "      (then (return (i32.const -1))))"
    "    (if (i32.eq (array.get_u $word (local.get $a) (local.get $i))"
    "          (array.get_u $word (local.get $b) (local.get $i)))"
    "      (then (return_call $before (local.get $a) (local.get $b)"
    "        (i32.add (local.get $i) (i32.const 1)))))"
    "    (select (i32.const 1) (i32.const -1)"
    "      (i32.lt_u (array.get_u $word (local.get $a) (local.get $i))"
    "        (array.get_u $word (local.get $b) (local.get $i)))))"
    "  (func $add (export \"add\") (param $at (ref null $tree)) (param $word (ref $word))"
    "    (result (ref $tree)) (local $t (ref $tree)) (local $order i32)"
    "    (if (ref.is_null (local.get $at)) (then (return (call $leaf (local.get $word)))))"
    "    (local.set $t (ref.as_non_null (local.get $at)))"
    "    (local.set $order (call $before (local.get $word) (struct.get $tree 0 (local.get $t))"
    "      (i32.const 0)))"
    "    (if (i32.eqz (local.get $order)) (then"
    "      (struct.set $tree 1 (local.get $t)"
    "        (i32.add (struct.get $tree 1 (local.get $t)) (i32.const 1)))))"
    "    (if (i32.eq (local.get $order) (i32.const 1)) (then"
    "      (struct.set $tree 2 (local.get $t)"
    "        (call $add (struct.get $tree 2 (local.get $t)) (local.get $word)))))"
    "    (if (i32.eq (local.get $order) (i32.const -1)) (then"
    "      (struct.set $tree 3 (local.get $t)"
    "        (call $add (struct.get $tree 3 (local.get $t)) (local.get $word)))))"
    "    (local.get $t)))";

enum { WORD, COUNT, LEFT, RIGHT }; /* fields of $tree */

static weft_diag diag;

/* The bytes of an array are where they are as long as its handle lives. */
static int print_word(weft_store *store, weft_ref tree)
{
    weft_val word;
    const char *bytes;
    size_t len;
    if (weft_struct_get(store, tree, WORD, &word, &diag) != WEFT_OK) return 0;
    bytes = (const char *)weft_array_bytes(store, word.of.ref, &len, &diag);
    if (!bytes) return 0;
    printf("%.*s", (int)len, bytes);
    return 1;
}

/* Handles that are made here end when this returns. */
static weft_status fresh(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    (void)results;
    ++*(int *)env;
    printf("a new one: ");
    if (!print_word(weft_caller_store(caller), args[0].of.ref)) return diag.status;
    printf("\n");
    return WEFT_OK;
}

/* A scope for each node: however large the tree is, there are few handles at once. */
static int print_tree(weft_store *store, weft_ref tree)
{
    weft_scope scope;
    weft_val field[4];
    unsigned i;
    int ok = 1;
    if (!tree.handle) return 1; /* null */
    if (weft_scope_open(store, &scope, &diag) != WEFT_OK) return 0;
    for (i = WORD; ok && i <= RIGHT; i++)
        ok = weft_struct_get(store, tree, i, &field[i], &diag) == WEFT_OK;
    ok = ok && print_tree(store, field[LEFT].of.ref) && print_word(store, tree);
    if (ok) printf(" %d\n", (int)field[COUNT].of.i32);
    ok = ok && print_tree(store, field[RIGHT].of.ref);
    if (weft_scope_close(store, scope, &diag) != WEFT_OK) return 0;
    return ok;
}

/* One word into the tree, whose root is kept: the scope ends all other handles. */
static int add(weft_store *store, weft_func func, weft_deftype type, const char *word,
               weft_ref *root)
{
    weft_scope scope;
    weft_ref array;
    weft_val args[2], result;
    int ok;
    if (weft_scope_open(store, &scope, &diag) != WEFT_OK) return 0;
    ok = weft_array_new_bytes(store, type, word, (uint32_t)strlen(word), &array, &diag) == WEFT_OK;
    if (ok) {
        args[0] = weft_ref_val(*root);
        args[1] = weft_ref_val(array);
        ok = weft_call(store, func, args, 2, &result, 1, &diag) == WEFT_OK &&
             weft_ref_keep(store, result.of.ref, &diag) == WEFT_OK &&
             weft_ref_release(store, *root, &diag) == WEFT_OK;
    }
    if (ok) *root = result.of.ref;
    return weft_scope_close(store, scope, &diag) == WEFT_OK && ok;
}

static int run(weft_store *store, weft_instance instance)
{
    static const char *const words[] = {"the", "quick", "fox", "and", "the", "lazy", "the"};
    weft_func func;
    weft_item_type item;
    weft_deftype signature;
    weft_valtype type;
    weft_ref root = {0, 0};
    weft_val wrong;
    char name[100];
    size_t i;
    int ok = weft_instance_func(store, instance, "add", &func, &diag) == WEFT_OK &&
             weft_func_type(store, func, &item) && weft_item_deftype(&item, &signature) &&
             weft_deftype_param(signature, 1, &type);
    if (!ok) return 0;
    weft_valtype_text(&type, name, sizeof name);
    printf("a word is %s\n", name);
    for (i = 0; ok && i < sizeof words / sizeof words[0]; i++)
        ok = add(store, func, type.def, words[i], &root);
    ok = ok && weft_struct_set(store, root, COUNT, weft_i32(100), &diag) == WEFT_OK &&
         print_tree(store, root);
    if (!ok) return 0;
    wrong = weft_externref(&root);
    if (weft_struct_set(store, root, LEFT, wrong, &diag) != WEFT_OK)
        printf("refused, as it should be (%s)\n", diag.name);
    return weft_ref_release(store, root, &diag) == WEFT_OK;
}

int main(void)
{
    int news = 0, ok;
    weft_living living = weft_living_init();
    weft_instance instance;
    weft_import import;
    weft_deftype type;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, strlen(text), &diag) : NULL;
    weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;

    /* The import says what its function takes. */
    ok = module && store && linker && weft_module_import(module, 0, &import) &&
         weft_item_deftype(&import.type, &type) &&
         weft_linker_func_of(linker, "host", "fresh", type, fresh, &news, NULL, &diag) == WEFT_OK &&
         weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK &&
         run(store, instance) && weft_store_living(store, &living, &diag) == WEFT_OK;
    if (ok) printf("%d words, %d objects left\n", news, (int)living.objects);
    else fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
