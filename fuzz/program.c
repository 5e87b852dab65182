// program.c -- programs that are made to be valid (see generate.h) are, and do the same in every
// shape.
//
// With PROGRAM_OUT=FILE the module of the last input, in its plain shape, is written there.

#include "generate.h"
#include "world.h"

static void write_out(Bytes module)
{
    FILE *out = getenv("PROGRAM_OUT") ? fopen(getenv("PROGRAM_OUT"), "wb") : NULL;
    if (!out) return;
    fwrite(module.data, 1, module.len, out);
    fclose(out);
}

static World run_shape(Engine *e, const u8 *data, size_t size, Shape shape)
{
    Arena arena;
    jmp_buf failed;
    Diag diag;
    arena_init(&arena);
    arena.on_failure = &failed;
    MUST(!setjmp(failed));
    Bytes bytes = generate(data, size, shape, &arena);
    if (shape == SHAPE_plain) write_out(bytes);
    Module *m = engine_load(e, bytes.data, bytes.len, &diag);
    if (!m)
        fprintf(stderr, "shape %d at 0x%zx: %s %s\n", shape, diag.offset, err_text[diag.err],
                diag.detail);
    MUST(m);
    World w = run(e, m, true);
    engine_unload(m);
    arena_free(&arena);
    return w;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Engine *e = engine_new(features_all);
    e->limits = fuzz_limits;
    World plain = run_shape(e, data, size, SHAPE_plain);
    for (Shape shape = SHAPE_locals; shape < SHAPE_COUNT; shape++) {
        World other = run_shape(e, data, size, shape);
        MUST(plain.hash == other.hash || plain.starved || other.starved);
    }
    engine_free(e);
    return 0;
}
