/* maps.c -- guests that read what the host has, where it is. A table of a megabyte is made once and
   mapped into the memories of three instances: nothing is copied. One may write its own version of
   it, the others may only read, and find what the host changes. One tries to write all the same;
   one gets a file in its place.

       cc maps.c -lweft -o maps && ./maps */

#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <weft_map.h>

enum { TABLE = 1 << 20, AT = 1 << 16, GUESTS = 3 };

static const char text[] =
    "(module"
    "  (memory (export \"memory\") 32)"
    "  (func (export \"sum\") (param $at i32) (param $end i32) (result i64) (local $sum i64)"
    "    (loop $more"
    "      (local.set $sum (i64.add (local.get $sum) (i64.load32_u (local.get $at))))"
    "      (local.set $at (i32.add (local.get $at) (i32.const 4)))"
    "      (br_if $more (i32.lt_u (local.get $at) (local.get $end))))"
    "    (local.get $sum))"
    "  (func (export \"put\") (param $at i32) (param $value i32) (result i64)"
    "    (i32.store (local.get $at) (local.get $value))"
    "    (i64.const 0)))";

typedef struct {
    weft_store *store;
    weft_instance instance;
    weft_memory memory;
} Guest;

static weft_status call(const Guest *g, const char *name, int32_t a, int32_t b, weft_diag *diag)
{
    weft_func func;
    weft_val args[2], result;
    weft_status status = weft_instance_func(g->store, g->instance, name, &func, diag);
    args[0] = weft_i32(a);
    args[1] = weft_i32(b);
    if (status == WEFT_OK) status = weft_call(g->store, func, args, 2, &result, 1, diag);
    if (status == WEFT_OK) printf("%s: %ld\n", name, (long)result.of.i64);
    else printf("%s: %s (%s)\n", name, diag->message, diag->name);
    return status;
}

/* A new instance with the table in its memory. */
static weft_status make(Guest *g, weft_engine *engine, weft_module *module,
                        const weft_buffer *table, weft_map_kind kind, weft_diag *diag)
{
    weft_status status;
    g->store = weft_store_new(engine, NULL, diag);
    if (!g->store) return diag->status;
    status = weft_instantiate(g->store, module, NULL, &g->instance, diag);
    if (status == WEFT_OK)
        status = weft_instance_memory(g->store, g->instance, "memory", &g->memory, diag);
    if (status == WEFT_OK)
        status = weft_memory_map(g->store, g->memory, AT, table, 0, TABLE, kind, diag);
    return status;
}

/* A file as it is mapped, beneath a guest's address: the rest of its last page is zero. */
static int map_file(const Guest *g, weft_diag *diag)
{
    static const unsigned char three[4] = {3, 0, 0, 0};
    FILE *file = tmpfile();
    int ok = file && fwrite(three, 1, sizeof three, file) == sizeof three && !fflush(file);
    ok = ok && weft_memory_map_file(g->store, g->memory, AT, fileno(file), 0, weft_map_page(),
                                    WEFT_MAP_SEALED, diag) == WEFT_OK;
    if (file) fclose(file); /* it stays mapped */
    return ok && call(g, "sum", AT, AT + (int32_t)weft_map_page(), diag) == WEFT_OK;
}

int main(void)
{
    weft_diag diag;
    Guest guests[GUESTS];
    int i;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = weft_module_new(engine, text, sizeof text - 1, &diag);
    weft_buffer *table = weft_buffer_new(TABLE, &diag);
    uint32_t *numbers;
    /* Without leave for faults nothing can be sealed: a guest that writes would not be noticed. */
    if (!module || !table || weft_engine_set_faults(engine, true, &diag) != WEFT_OK) {
        printf("%s\n", diag.message);
        return 1;
    }
    numbers = (uint32_t *)weft_buffer_bytes(table);
    printf("%d KiB are mapped into each\n", (int)(weft_buffer_size(table) >> 10));
    for (i = 0; i < TABLE / 4; i++) numbers[i] = (uint32_t)i;
    for (i = 0; i < GUESTS; i++) {
        weft_map_kind kind = i == 0 ? WEFT_MAP_PRIVATE : WEFT_MAP_SEALED;
        if (make(&guests[i], engine, module, table, kind, &diag) != WEFT_OK) {
            printf("%s\n", diag.message);
            return 1;
        }
        call(&guests[i], "sum", AT, AT + TABLE, &diag);
    }
    call(&guests[0], "put", AT, 1000, &diag); /* its own page from now on */
    call(&guests[1], "put", AT, 1000, &diag);
    numbers[1] = 2000;
    for (i = 0; i < GUESTS; i++) call(&guests[i], "sum", AT, AT + 8, &diag);
    /* Zeros again, which take no memory. */
    weft_memory_unmap(guests[2].store, guests[2].memory, AT, &diag);
    weft_memory_discard(guests[0].store, guests[0].memory, AT, TABLE);
    call(&guests[2], "sum", AT, AT + TABLE, &diag);
    call(&guests[0], "sum", AT, AT + TABLE, &diag);
    weft_buffer_free(table); /* the second guest keeps it */
    call(&guests[1], "sum", AT, AT + 8, &diag);
    if (!map_file(&guests[2], &diag)) printf("%s\n", diag.message);
    for (i = 0; i < GUESTS; i++) weft_store_free(guests[i].store);
    weft_module_free(module);
    weft_engine_free(engine);
    return 0;
}
