// verdict.c -- what the checker says of blobs, one a line of standard input:
//
//     CODE SIZE FRAME SLOTS-AT HOW
//     LABELS (OFFSET ZEXT KIND)... TABLES (OFFSET COUNT)... HEX
//
// HOW: 1 if memory 0 is guarded, and 2 if the module has no objects. Prints `ok`, or the offset and
// what is wrong. With a number of rounds it says of those that are good how many bytes of code they
// have, and how many MB/s it looks at.

#include "jit/check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNTIMES = 10, FUNCS = 6 };
static TypeId types[4];
static Module module = {.type_count = COUNT_OF(types), .types = types, .func_count = FUNCS,
                        .imported_funcs = 2, .table_count = 2, .memory_count = 2,
                        .global_count = 3, .imported_globals = 1, .tag_count = 1,
                        .elem_count = 1};

// A function; a structure of a number, a reference and a vector; arrays of vectors and references.
static void make_types(void)
{
    const Type any = type_ref(true, HEAP_any);
    static FieldType fields[3] = {{.type = TYPE_i32}, {.type = 0}, {.type = TYPE_v128}};
    fields[1].type = any;
    const TypeDef defs[] = {
        {.kind = COMP_func, .super = TYPE_NONE},
        {.kind = COMP_struct, .super = TYPE_NONE, .fields = fields, .field_count = 3},
        {.kind = COMP_array, .super = TYPE_NONE, .fields = fields + 2, .field_count = 1},
        {.kind = COMP_array, .super = TYPE_NONE, .fields = fields + 1, .field_count = 1},
    };
    module.store = type_store_new();
    for (u32 i = 0; i < COUNT_OF(defs); i++) {
        TypeDef def = defs[i];
        def.describes = def.descriptor = TYPE_NONE;
        if (!module.store || !type_store_intern(module.store, &def, 1, &types[i])) exit(3);
    }
}

static u64 number(void)
{
    unsigned long long n;
    if (scanf("%llu", &n) != 1) exit(3);
    return n;
}

static bool read_blob(CheckInput *in)
{
    unsigned long long first;
    if (scanf("%llu", &first) != 1) return false;
    *in = (CheckInput){.code_size = (u32)first, .module = &module};
    in->size = (u32)number();
    in->frame_bytes = (u32)number();
    in->slots_at = (s64)number();
    in->slot_count = RUNTIMES + FUNCS;
    u64 how = number();
    in->guarded = how & 1;
    module.objects = !(how & 2);
    in->label_count = (u32)number();
    CheckLabel *labels = calloc(in->label_count + 1, sizeof *labels);
    for (u32 i = 0; i < in->label_count; i++) {
        labels[i].offset = (u32)number();
        labels[i].zext = (u16)number();
        labels[i].kind = (u8)number();
    }
    in->labels = labels;
    in->table_count = (u32)number();
    CheckTable *tables = calloc(in->table_count + 1, sizeof *tables);
    for (u32 i = 0; i < in->table_count; i++) {
        tables[i].offset = (u32)number();
        tables[i].count = (u32)number();
    }
    in->tables = tables;
    u8 *bytes = malloc(in->size + 1);
    for (u32 i = 0; i < in->size; i++) {
        unsigned byte;
        if (scanf(i ? "%2x" : " %2x", &byte) != 1) exit(3);
        bytes[i] = (u8)byte;
    }
    in->bytes = realloc(bytes, in->size ? in->size : 1); // the sanitizer sees where it ends
    return true;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 0;
    CheckInput in;
    int status = 0;
    make_types();
    while (read_blob(&in)) {
        u32 *scratch = calloc(check_scratch(&in) + 1, sizeof *scratch);
        CheckFault fault;
        bool good = check_x64(&in, scratch, &fault);
        // what is passed at once must not make a difference
        CheckInput slowly = in;
        CheckFault other;
        slowly.slowly = true;
        bool same = check_x64(&slowly, scratch, &other) == good &&
                    (good || (other.offset == fault.offset && other.what == fault.what));
        if (!same) {
            printf("%u it depends on the way\n", fault.offset);
            status = 1;
        } else if (rounds && good) {
            double start = seconds();
            for (int i = 0; i < rounds; i++) check_x64(&in, scratch, &fault);
            printf("%u %.0f\n", in.code_size, in.code_size / 1e6 * rounds / (seconds() - start));
        } else if (good) {
            printf("ok\n");
        } else {
            printf("%u %s\n", fault.offset, fault.what);
        }
        free(scratch);
        free((void *)in.labels);
        free((void *)in.tables);
        free((void *)in.bytes);
    }
    type_store_free(module.store);
    return status;
}
