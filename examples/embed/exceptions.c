/* exceptions.c -- what guests and hosts throw: a host function that fails so that its guest may
   catch it, what nobody caught, exceptions as objects, and a guest that ends itself.

       cc exceptions.c -lweft -o exceptions */

#include <stdio.h>
#include <weft_object.h>

static const char text[] =
    "(module"
    "  (type $file (struct (field i32)))"
    "  (import \"host\" \"open\" (func $open (param i32)))"
    "  (import \"host\" \"quit\" (func $quit (param i32)))"
    "  (import \"host\" \"failed\" (tag $failed (param i32)))"
    "  (import \"host\" \"gone\" (tag $gone (param (ref $file))))"
    "  (tag $odd (export \"odd\") (param i64 f64))"
    "  (memory (export \"memory\") 1)"
    "  (data (i32.const 8) \"a file\")"
    "  (func (export \"careful\") (param i32) (result i32)"
    "    (block $caught (result i32)"
    "      (try_table (catch $failed $caught) (call $open (local.get 0)))"
    "      (i32.const 0)))"
    "  (func (export \"lost\") (param i32) (result i32)"
    "    (throw $gone (struct.new $file (local.get 0))))"
    "  (func (export \"strange\") (param i32) (result i32)"
    "    (throw $odd (i64.extend_i32_s (local.get 0)) (f64.const 2.5)))"
    "  (func (export \"leave\") (param i32) (result i32)"
    "    (call $quit (local.get 0)) (unreachable)))";

typedef struct {
    weft_instance guest;
    weft_tag failed, gone;
} World;

static weft_diag diag;

/* open: refuses what is not 1, in one of two ways that are the same to the guest. */
static weft_status open_file(void *env, weft_caller *caller, weft_slot *slots)
{
    const World *world = (const World *)env;
    weft_store *store = weft_caller_store(caller);
    weft_instance who;
    weft_memory memory;
    weft_val reason = weft_i32(slots[0].i32 * 100);
    weft_ref exception;
    char name[6];
    if (!weft_caller_instance(caller, &who) || who.item != world->guest.item)
        return weft_trap(caller, "open: not for you");
    if (!weft_caller_memory(caller, &memory) || !weft_memory_read(store, memory, 8, name, 6))
        return weft_trap(caller, "open: that text is not in your memory");
    printf("open %.6s\n", name);
    if (slots[0].i32 == 1) return WEFT_OK;
    if (slots[0].i32 == 2) return weft_throw(caller, world->failed, &reason, 1, &diag);
    /* As an object it could be kept, and thrown later or again. */
    if (weft_exception_new(store, world->failed, &reason, 1, &exception, &diag) != WEFT_OK)
        return diag.status;
    return weft_throw_ref(caller, exception, &diag);
}

static weft_status quit(void *env, weft_caller *caller, weft_slot *slots)
{
    (void)env;
    return weft_exit(caller, slots[0].i32);
}

/* One tag is of a type that letters can say; the other of one that the module defines. */
static int make(weft_store *store, const weft_module *module, weft_linker *linker, World *world)
{
    weft_import import;
    weft_deftype type;
    weft_extern item;
    if (weft_linker_func(linker, "host", "open", "i:", open_file, world, NULL, &diag) != WEFT_OK ||
        weft_linker_func(linker, "host", "quit", "i:", quit, NULL, NULL, &diag) != WEFT_OK ||
        weft_tag_new(store, "i:", &world->failed, &diag) != WEFT_OK ||
        !weft_module_import(module, 3, &import) || !weft_item_deftype(&import.type, &type) ||
        weft_tag_new_of(store, type, &world->gone, &diag) != WEFT_OK)
        return 0;
    item.kind = WEFT_TAG;
    item.of.tag = world->failed;
    if (weft_linker_define(linker, "host", "failed", item, &diag) != WEFT_OK) return 0;
    item.of.tag = world->gone;
    return weft_linker_define(linker, "host", "gone", item, &diag) == WEFT_OK;
}

static weft_status call(weft_store *store, const World *world, const char *name, int32_t number)
{
    weft_func func;
    weft_val arg = weft_i32(number), result;
    weft_status status = weft_instance_func(store, world->guest, name, &func, &diag);
    if (status == WEFT_OK) status = weft_call(store, func, &arg, 1, &result, 1, &diag);
    if (status == WEFT_OK) printf("%s %d: %d\n", name, (int)number, (int)result.of.i32);
    if (status == WEFT_EXIT) printf("%s: exit %d\n", name, (int)diag.exit_status);
    if (status == WEFT_TRAP) printf("%s: %s\n", name, diag.name);
    return status;
}

/* By its tag it is known which exception it is, and what its values are. */
static int uncaught(weft_store *store, const World *world)
{
    weft_tag odd, tag;
    weft_val values[2], file;
    weft_ref exception;
    weft_scope scope;
    size_t count;
    int ok;
    if (weft_instance_tag(store, world->guest, "odd", &odd, &diag) != WEFT_OK ||
        call(store, world, "strange", 7) != WEFT_TRAP ||
        !weft_store_exception(store, &tag, values, 2, &count) || tag.item != odd.item)
        return 0;
    printf("    odd, %d values: %d %g\n", (int)count, (int)values[0].of.i64, values[1].of.f64);
    if (weft_scope_open(store, &scope, &diag) != WEFT_OK) return 0;
    ok = call(store, world, "lost", 9) == WEFT_TRAP &&
         weft_store_exception_ref(store, &exception, &diag) == WEFT_OK &&
         weft_exception_values(store, exception, &tag, values, 1, NULL, &diag) == WEFT_OK &&
         tag.item == world->gone.item &&
         weft_struct_get(store, values[0].of.ref, 0, &file, &diag) == WEFT_OK;
    if (ok) printf("    gone, with a structure that has %d\n", (int)file.of.i32);
    return weft_scope_close(store, scope, &diag) == WEFT_OK && ok;
}

int main(void)
{
    World world;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    int ok = module && store && linker && make(store, module, linker, &world) &&
             weft_instantiate(store, module, linker, &world.guest, &diag) == WEFT_OK &&
             call(store, &world, "careful", 1) == WEFT_OK &&
             call(store, &world, "careful", 2) == WEFT_OK &&
             call(store, &world, "careful", 3) == WEFT_OK && uncaught(store, &world) &&
             call(store, &world, "leave", 4) == WEFT_EXIT;
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
