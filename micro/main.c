// main.c -- the least that runs a module: the core and the interpreter in a host of one page.
//
//     weft-micro [FILE EXPORT [INTEGER...]]
//
// Without arguments it runs the module compiled in below. There is no WASI, no text format, and
// numbers are printed as integers, so that neither is linked. Imports are refused; a device gives
// its own through `resolve`.

#include "engine/engine.h"
#include "run/exec.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// (module (func (export "gcd") (param i64 i64) (result i64)
//   (if (result i64) (i64.eqz (local.get 1))
//     (then (local.get 0))
//     (else (return_call 0 (local.get 1) (i64.rem_u (local.get 0) (local.get 1)))))))
static const u8 built_in[] = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
    0x01, 0x07, 0x01, 0x60, 0x02, 0x7e, 0x7e, 0x01, 0x7e,            // a type: [i64 i64] -> [i64]
    0x03, 0x02, 0x01, 0x00,                                          // a function of it
    0x07, 0x07, 0x01, 0x03, 'g', 'c', 'd', 0x00, 0x00,               // its export
    0x0a, 0x16, 0x01, 0x14, 0x00, 0x20, 0x01, 0x50, 0x04, 0x7e, 0x20, // its body
    0x00, 0x05, 0x20, 0x01, 0x20, 0x00, 0x20, 0x01, 0x82, 0x12, 0x00, 0x0b, 0x0b,
};
static char *const built_in_call[] = {"gcd", "1071", "462"};

enum { SLOTS_MAX = 16 };

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return false;
}

static int refuse(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return 1;
}

// The bytes of a file, to be freed, or NULL.
static u8 *read_file(const char *name, size_t *size)
{
    FILE *f = fopen(name, "rb");
    if (!f) return NULL;
    u8 *bytes = NULL;
    long end = fseek(f, 0, SEEK_END) ? -1 : ftell(f);
    if (end >= 0 && !fseek(f, 0, SEEK_SET)) bytes = malloc((size_t)end + 1);
    *size = bytes ? fread(bytes, 1, (size_t)end, f) : 0;
    fclose(f);
    return bytes;
}

// In KiB; 0: not known here. What getrusage says includes the process that started this one.
static long peak_rss(void)
{
    long kib = 0;
    char line[128];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status) && !sscanf(line, "VmHWM: %ld", &kib))
        continue;
    if (status) fclose(status);
    return kib;
}

// What this instance takes. The guest stack counts as far as it was reserved; the system gives it
// page by page.
static void print_memory(const Store *store)
{
    struct mallinfo2 heap = mallinfo2();
    u64 memories = 0;
    for (const Memory *m = store->memories; m; m = m->next) memories += m->size;
    fprintf(stderr,
            "heap %zu, references %u, guest stack %llu, memories %llu bytes; peak RSS %ld KiB\n",
            heap.uordblks + heap.hblkhd, store->heap.held * BLOCK_BYTES,
            (unsigned long long)store->exec.stack_limit,
            (unsigned long long)memories, peak_rss());
}

static int call(Store *store, Func *func, u32 count, char *const *args)
{
    const TypeDef *type = type_def(store->types, func->type);
    u64 slots[SLOTS_MAX] = {0};
    if (type->param_slots > SLOTS_MAX || type->result_slots > SLOTS_MAX)
        return refuse("call", "too many values");
    if (count != type->param_count) return refuse("call", "another number of arguments is wanted");
    for (u32 i = 0; i < count; i++) slots[i] = (u64)strtoll(args[i], NULL, 0);
    Trap trap = engine_call(store, func, slots, COUNT_OF(slots));
    if (trap) return refuse("trap", trap_text[trap]);
    for (u32 i = 0; i < type->result_count; i++)
        printf("%lld\n", type_results(type)[i] == TYPE_i32 ? (s32)slots[i] : (long long)slots[i]);
    return 0;
}

static int run(Engine *engine, const Module *module, u32 count, char *const *words)
{
    Diag diag;
    Store *store = engine_store(engine);
    if (!store) return refuse("store", "out of memory");
    Instantiated made = engine_instantiate(store, module, resolve, NULL, &diag);
    Bytes name = {(const u8 *)words[0], strlen(words[0])};
    Extern e;
    int status;
    if (made.trap) status = refuse("start", trap_text[made.trap]);
    else if (!made.instance) status = refuse("link", err_text[diag.err]);
    else if (!instance_export(made.instance, name, &e) || e.kind != EXTERN_func)
        status = refuse(words[0], "no such function");
    else status = call(store, e.func, count - 1, words + 1);
    print_memory(store);
    store_free(store);
    return status;
}

int main(int argc, char **argv)
{
    Diag diag;
    u8 *bytes = NULL;
    size_t size = 0;
    if (argc == 2) return refuse("usage", "weft-micro [FILE EXPORT [INTEGER...]]");
    if (argc > 2 && !(bytes = read_file(argv[1], &size))) return refuse(argv[1], "cannot be read");
    Engine *engine = engine_new(features_default);
    if (!engine) return refuse("engine", "out of memory");
    engine->limits = store_limits_small;
    Module *module = bytes ? engine_load(engine, bytes, size, &diag)
                           : engine_load(engine, built_in, sizeof built_in, &diag);
    int status = !module ? refuse(err_text[diag.err], diag.detail)
                 : bytes ? run(engine, module, (u32)argc - 2, argv + 2)
                         : run(engine, module, COUNT_OF(built_in_call), built_in_call);
    engine_unload(module);
    engine_free(engine);
    free(bytes);
    return status;
}
