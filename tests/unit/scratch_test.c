// scratch_test.c -- who makes code for long can be ended soon, though much memory is to be given
// back and much to be copied: what is left is given back by the next, and is not counted meanwhile.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"
#include "run/spare.h"

enum { BLOCK = (1 << 20) - 64, BLOCKS = 40 };

static _Atomic u32 word;
static const Halt halt = {&word, 1};

static void fill(Arena *a, Account *account, size_t large)
{
    jmp_buf failed;
    CHECK(spare_begin_scratch(a, halt));
    a->account = account;
    a->on_failure = &failed;
    if (setjmp(failed)) exit(1);
    for (u32 i = 0; i < BLOCKS; i++) arena_alloc(a, BLOCK);
    if (large) arena_alloc(a, large);
    CHECK_EQ_U64(account_used(account), a->total);
}

static void check_scratch_memory(size_t large)
{
    Account account = {.limit = SIZE_MAX};
    Arena a;
    atomic_store(&word, 0);
    fill(&a, &account, large);
    spare_end_scratch(&a, halt);
    CHECK(!spares.scratch.block);
    CHECK_EQ_U64(account_used(&account), 0);
    fill(&a, &account, large);
    size_t all = a.total;
    atomic_store(&word, 1);
    spare_end_scratch(&a, halt);
    CHECK_EQ_U64(account_used(&account), 0);
    // at most as much as is given back between two looks
    CHECK(spares.scratch.block && spares.scratch.total + (16 << 20) > all);
    CHECK(!spare_begin_scratch(&a, halt) && spares.scratch.block);
    while (spares.scratch.block) spare_begin_scratch(&a, halt); // each gives back some
    fill(&a, &account, large);
    spare_end_scratch(&a, halt);
    atomic_store(&word, 0);
    CHECK(spare_begin_scratch(&a, halt) && !spares.scratch.block);
    CHECK_EQ_U64(a.total, 0);
}

// Of what is to be published nothing is, and nothing is counted.
static void check_publish(void)
{
    static const char text[] = "(module (func))";
    enum { WORDS = 1 << 20 };
    static const u64 words[WORDS];
    const Code made = {.words = words, .count = WORDS};
    Engine *engine = engine_new(features_default);
    Source s;
    Diag diag;
    Err why;
    if (CHECK(source_load(&s, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        ModuleCode *code = code_of_module(s.module, 0, &why);
        size_t before = account_used(&engine->accounts[ENGINE_code_bytes]);
        atomic_store(&word, 1);
        CHECK_EQ_U64(code_publish(s.module, &code->funcs[0], &made, halt), ERR_none);
        CHECK(!code_body(&code->funcs[0]));
        CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), before);
        atomic_store(&word, 0);
        CHECK_EQ_U64(code_publish(s.module, &code->funcs[0], &made, halt), ERR_none);
        CHECK(code_body(&code->funcs[0]) != NULL);
    }
    source_free(&s);
    engine_free(engine);
}

int main(void)
{
    check_scratch_memory(0);
    check_scratch_memory(100 << 20);
    check_publish();
    return check_report();
}
