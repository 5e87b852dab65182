/* limits.c -- code nobody vouches for, under limits: what it may take is decided here, and running
   into a limit is an ordinary failure that this program sees and goes on after. Also: a host
   function that is handed text, and what a trap tells.

       cc limits.c -lweft -o limits */

#include <stdio.h>
#include <string.h>
#include <weft.h>

/* Four things a guest might do. A real one comes from a file, and from a compiler. */
static const char text[] =
    "(module"
    "  (import \"host\" \"log\" (func $log (param i32 i32)))"
    "  (memory (export \"memory\") 1)"
    "  (data (i32.const 100) \"hello from the guest\")"
    "  (func (export \"polite\") (call $log (i32.const 100) (i32.const 20)))"
    "  (func (export \"liar\") (call $log (i32.const 65530) (i32.const 20)))"
    "  (func $work (loop $again (br $again)))"
    "  (func (export \"busy\") (call $work))"
    "  (func (export \"greedy\") (result i32) (memory.grow (i32.const 1000))))";

/* The guest passes where its text is and how long: numbers that may be anything. weft_caller_at
   gives the bytes only if all of them are in the guest's memory. */
static weft_status log_text(void *env, weft_caller *caller, weft_slot *slots)
{
    uint32_t address = slots[0].u32, len = slots[1].u32;
    const char *bytes = (const char *)weft_caller_at(caller, address, len);
    if (!bytes) return weft_trap(caller, "log: that text is not in your memory");
    printf("%s: %.*s\n", (const char *)env, (int)len, bytes);
    return WEFT_OK;
}

/* Says how a call ended, and where the guest was. */
static void report(const char *name, weft_store *store, weft_status status, const weft_diag *diag)
{
    weft_frame frames[10];
    size_t count, i;
    if (status == WEFT_OK) {
        printf("%s: fine\n", name);
        return;
    }
    printf("%s: %s (%s)\n", name, diag->message, diag->name);
    count = weft_store_backtrace(store, frames, 10);
    for (i = 0; i < count && i < 10; i++)
        printf("    in function %u %.*s\n", (unsigned)frames[i].func, (int)frames[i].name.len,
               frames[i].name.data);
}

/* Calls one export. Every call gets the same fuel: instructions that it may execute. */
static void try_one(weft_store *store, weft_instance instance, const char *name)
{
    weft_diag diag;
    weft_func func;
    weft_val result;
    size_t results = strcmp(name, "greedy") == 0;
    weft_status status = weft_store_set_fuel(store, 100000, &diag);
    if (status == WEFT_OK) status = weft_instance_func(store, instance, name, &func, &diag);
    if (status == WEFT_OK) status = weft_call(store, func, NULL, 0, &result, results, &diag);
    report(name, store, status, &diag);
    if (status == WEFT_OK && results) printf("    it got %d\n", (int)result.of.i32);
}

int main(void)
{
    static char who[] = "log";
    weft_diag diag;
    weft_limits limits = weft_limits_init(); /* the defaults */
    weft_instance instance;
    weft_linker *linker;
    int ok;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, strlen(text), &diag) : NULL;
    weft_store *store;

    limits.memory_bytes = 1 << 20;
    limits.stack_bytes = 64 << 10;
    limits.fuel = 100000;               /* instructions; without it they are not counted */
    store = engine ? weft_store_new(engine, &limits, &diag) : NULL;
    linker = engine ? weft_linker_new(engine, &diag) : NULL;

    ok = module && store && linker &&
         weft_linker_func(linker, "host", "log", "ii:", log_text, who, NULL, &diag) == WEFT_OK &&
         weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK;
    if (ok) {
        try_one(store, instance, "polite");
        try_one(store, instance, "liar");
        try_one(store, instance, "busy");
        try_one(store, instance, "greedy");
        try_one(store, instance, "polite"); /* the instance is as good as before */
    } else {
        fprintf(stderr, "%s\n", diag.message);
    }
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
