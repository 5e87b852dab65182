/* limited.c -- how much a guest of WASI may write, a world that is the same each time it runs, and
   each of its calls as a line.

       cc limited.c -lweft -o limited && ./limited

   It prints the same whenever it is run: the time is no secret any more, and neither is chance. */

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <weft.h>
#include <weft_wasi.h>

/* "write" writes a line three times and gives the last errno; "now" is the time in nanoseconds;
   "chance" are random bytes. */
static const char text[] =
    "(module"
    "  (import \"wasi_snapshot_preview1\" \"fd_write\""
    "    (func $write (param i32 i32 i32 i32) (result i32)))"
    "  (import \"wasi_snapshot_preview1\" \"clock_time_get\""
    "    (func $time (param i32 i64 i32) (result i32)))"
    "  (import \"wasi_snapshot_preview1\" \"random_get\""
    "    (func $random (param i32 i32) (result i32)))"
    "  (memory 1)"
    "  (data (i32.const 0) \"\\10\\00\\00\\00\\05\\00\\00\\00\")"
    "  (data (i32.const 16) \"line\\n\")"
    "  (func $line (result i32)"
    "    (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))"
    "  (func (export \"write\") (result i32) (drop (call $line)) (drop (call $line)) (call $line))"
    "  (func (export \"now\") (result i64)"
    "    (drop (call $time (i32.const 0) (i64.const 0) (i32.const 32))) (i64.load (i32.const 32)))"
    "  (func (export \"chance\") (result i64)"
    "    (drop (call $random (i32.const 32) (i32.const 8))) (i64.load (i32.const 32))))";

/* One line a call; it comes before what the call printed is seen, or after, as streams go. */
static void show(void *env, const char *line, size_t len)
{
    fprintf((FILE *)env, "  %.*s\n", (int)len, line);
    fflush((FILE *)env);
}

static weft_status call(weft_store *store, weft_instance instance, const char *name,
                        weft_val *result, weft_diag *diag)
{
    weft_func func;
    weft_status status = weft_instance_func(store, instance, name, &func, diag);
    return status == WEFT_OK ? weft_call(store, func, NULL, 0, result, 1, diag) : status;
}

/* What it may do: write ten bytes, and see what time and chance say it is. */
static weft_status grant(weft_wasi *wasi, int socket, uint64_t seed, weft_diag *diag)
{
    weft_wasi_limits limits = weft_wasi_limits_init();
    weft_status status;
    limits.output_bytes = 10;
    limits.disk_bytes = 1 << 20;
    limits.descriptors = 16;
    limits.clock_ns = 1000000;
    weft_wasi_set_raw_terminal(wasi, true); /* there is nothing in it that a terminal obeys */
    status = weft_wasi_stdio(wasi, -1, 1, -1, diag);
    if (status == WEFT_OK) status = weft_wasi_set_limits(wasi, &limits, diag);
    if (status == WEFT_OK && seed) status = weft_wasi_set_fixed(wasi, seed, diag);
    if (status == WEFT_OK && !seed) status = weft_wasi_set_seed(wasi, 7, diag);
    if (status == WEFT_OK) status = weft_wasi_set_trace(wasi, show, stdout, false, diag);
    if (status == WEFT_OK) status = weft_wasi_socket(wasi, socket, diag);
    return status;
}

static weft_status run(weft_engine *engine, weft_module *module, int socket, uint64_t seed,
                       weft_diag *diag)
{
    weft_store *store = weft_store_new(engine, NULL, diag);
    weft_linker *linker = store ? weft_linker_new(engine, diag) : NULL;
    weft_wasi *wasi = linker ? weft_wasi_new(diag) : NULL;
    weft_status status = wasi ? grant(wasi, socket, seed, diag) : WEFT_ERROR;
    weft_instance instance;
    weft_val result;
    if (status == WEFT_OK) status = weft_store_set_wasi(store, wasi, diag);
    else weft_wasi_free(wasi);
    if (status == WEFT_OK) {
        weft_linker_wasi(linker);
        status = weft_instantiate(store, module, linker, &instance, diag);
    }
    if (status == WEFT_OK) status = call(store, instance, "write", &result, diag);
    if (status == WEFT_OK) printf("the last write gave %d\n", (int)result.of.i32);
    if (status == WEFT_OK && seed) {
        status = call(store, instance, "now", &result, diag);
        if (status == WEFT_OK) printf("it is %lld\n", (long long)result.of.i64);
    }
    if (status == WEFT_OK) status = call(store, instance, "chance", &result, diag);
    if (status == WEFT_OK) printf("by chance %lld\n", (long long)result.of.i64);
    fflush(stdout);
    weft_linker_free(linker);
    weft_store_free(store);
    return status;
}

int main(void)
{
    int ends[2];
    weft_diag diag;
    weft_status status = WEFT_ERROR;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, strlen(text), &diag) : NULL;
    if (module && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
        /* Twice the same, and once with the clock of this machine, at which nobody looks. */
        status = run(engine, module, ends[0], 1, &diag);
        if (status == WEFT_OK) status = run(engine, module, ends[0], 1, &diag);
        if (status == WEFT_OK) status = run(engine, module, ends[0], 0, &diag);
        close(ends[0]);
        close(ends[1]);
    }
    if (status != WEFT_OK) fprintf(stderr, "%s\n", diag.message);
    weft_module_free(module);
    weft_engine_free(engine);
    return status == WEFT_OK ? 0 : 1;
}
