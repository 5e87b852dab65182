// api_test.c -- weft.h as an embedder uses it, and misuses it.
// Hazards: R18, R27, R83, R84.

#include "check.h"
#include "weft_threads.h"
#include "weft_wasi.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static weft_engine *engine;
static weft_diag diag;

// A message says what, and goes on: where, what was wanted, what can be done.
static bool is_whole(const weft_diag *d)
{
    size_t len = strlen(d->message), last = len ? len - 1 : 0;
    bool more = strstr(d->message, ": ") || d->offset || d->line || d->status != WEFT_ERROR;
    return len && d->message[last] != ' ' && d->message[last] != ':' && more;
}

// What went wrong, in the shape that checks compare: the name, or "" when nothing did.
static const char *why(weft_status status)
{
    if (status == WEFT_OK) return "";
    if (status != diag.status) return "(another status than the one returned)";
    if (!CHECK(is_whole(&diag))) printf("%s: \"%s\"\n", diag.name, diag.message);
    return diag.name;
}
#define CHECK_OK(call) CHECK_STR(why(call), "")
#define CHECK_WHY(call, name) CHECK_STR(why(call), name)

static weft_module *module_of(weft_engine *e, const char *text)
{
    weft_module *m = weft_module_new(e, text, strlen(text), &diag);
    if (!CHECK(m != NULL)) printf("%s\n", diag.message);
    return m;
}

// A store with one instance.
typedef struct { weft_store *store; weft_linker *linker; weft_instance instance; } World;

static World world_with(const weft_limits *limits)
{
    World w = {.store = weft_store_new(engine, limits, &diag)};
    CHECK(w.store != NULL);
    w.linker = weft_linker_new(engine, &diag);
    CHECK(w.linker != NULL);
    return w;
}

static weft_status start(World *w, const char *text)
{
    weft_module *m = module_of(engine, text);
    weft_status status = weft_instantiate(w->store, m, w->linker, &w->instance, &diag);
    weft_module_free(m); // the store keeps it
    return status;
}

static World world(const char *text)
{
    World w = world_with(NULL);
    CHECK_OK(start(&w, text));
    return w;
}

static void world_end(World *w)
{
    weft_store_free(w->store);
    weft_linker_free(w->linker);
}

static weft_func func(const World *w, const char *name)
{
    weft_func f = {0, NULL};
    CHECK_OK(weft_instance_func(w->store, w->instance, name, &f, &diag));
    return f;
}

static weft_status call0(const World *w, const char *name)
{
    return weft_call(w->store, func(w, name), NULL, 0, NULL, 0, &diag);
}

// ---- Engines and modules

static void engines(void)
{
    char text[16];
    snprintf(text, sizeof text, "%d.%d.%d", WEFT_VERSION_MAJOR, WEFT_VERSION_MINOR,
             WEFT_VERSION_PATCH);
    CHECK_STR(weft_version(), text);
    CHECK(!weft_engine_new("+no-such-thing", &diag));
    CHECK_STR(diag.name, "unknown_feature");
    CHECK(strstr(diag.message, "no-such-thing") != NULL);
    weft_engine *e = weft_engine_new("-tail-call", &diag);
    const char *m = "(module (func return_call 0))";
    CHECK_WHY(weft_validate(e, m, strlen(m), &diag), "feature_disabled");
    CHECK_OK(weft_validate(engine, m, strlen(m), &diag));
    weft_engine_free(e);
    weft_engine_free(NULL);
    weft_module_free(NULL);
    weft_store_free(NULL);
    weft_linker_free(NULL);
    weft_wasi_free(NULL);
}

static void deterministic(void)
{
    static const char text[] = "(module (func (export \"add\") (param f32 f32) (result f32)"
                               " (f32.add (local.get 0) (local.get 1))))";
    weft_val args[2] = {weft_f32(INFINITY), weft_f32(-INFINITY)}, sum;
    uint32_t bits;
    weft_engine_set_deterministic(engine, true);
    World w = world_with(NULL);
    CHECK_OK(start(&w, text));
    CHECK_OK(weft_call(w.store, func(&w, "add"), args, 2, &sum, 1, &diag));
    memcpy(&bits, &sum.of.f32, sizeof bits);
    CHECK_EQ_U64(bits, 0x7fc00000);
    weft_engine_set_deterministic(engine, false);
    world_end(&w);
}

static void *handler_of(int number)
{
    struct sigaction now;
    sigaction(number, NULL, &now);
    return (void *)now.sa_sigaction;
}

// The same in each tier, or in the interpreter where others cannot be.
static void tiers(void)
{
    static const char text[] = "(module (func $down (export \"f\") (param i32) (result i32)"
                               "  (if (result i32) (local.get 0)"
                               "    (then (call $down (i32.sub (local.get 0) (i32.const 1))))"
                               "    (else (unreachable)))))";
    static const weft_tier all[] = {WEFT_TIER_AUTO, WEFT_TIER_INTERP, WEFT_TIER_BASELINE,
                                     WEFT_TIER_OPT};
    weft_engine *usual = engine;
    CHECK(weft_engine_tier(usual) == WEFT_TIER_AUTO);
    for (int i = 0; i < 4; i++) {
        weft_val value = weft_i32(30), result;
        weft_engine_limits used = weft_engine_limits_init();
        weft_frame frames[31];
        engine = weft_engine_new(NULL, &diag);
        weft_engine_set_tier(engine, all[i]);
        CHECK(weft_engine_tier(engine) == all[i]);
        World w = world(text);
        CHECK_WHY(weft_call(w.store, func(&w, "f"), &value, 1, &result, 1, &diag), "unreachable");
        CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 31), 31);
        CHECK_EQ_U64(frames[0].offset - frames[30].offset, 3);
        CHECK_OK(weft_engine_usage(engine, &used, &diag));
        CHECK(used.code_bytes > 0);
        world_end(&w);
        weft_engine_free(engine);
    }
    engine = usual;
    CHECK(!weft_compiled_lacks() || *weft_compiled_lacks());
}

static void not_called(int number) {}

// Handlers are there from the first engine that asks until the last is gone, its stores included;
// and who cannot have them runs without.
static void faults(void)
{
    static const char text[] = "(module (memory (export \"m\") 1 3))";
    weft_engine *usual = engine, *other = weft_engine_new(NULL, &diag);
    void *before = handler_of(SIGSEGV), *ours;
    engine = weft_engine_new(NULL, &diag);
    CHECK(!weft_engine_faults(engine));
    CHECK_OK(weft_engine_set_faults(engine, false, &diag));
    if (sizeof(void *) < 8) {
        CHECK_WHY(weft_engine_set_faults(engine, true, &diag), "system_error");
        CHECK(!weft_engine_faults(engine));
    } else {
        CHECK_OK(weft_engine_set_faults(engine, true, &diag));
        CHECK_OK(weft_engine_set_faults(other, true, &diag));
        CHECK_OK(weft_engine_set_faults(engine, true, &diag));
        CHECK(weft_engine_faults(engine) && weft_engine_faults(other));
        ours = handler_of(SIGSEGV);
        CHECK(ours != before && handler_of(SIGILL) == ours);
        weft_engine_free(other);
        CHECK(handler_of(SIGSEGV) == ours);
        CHECK_OK(weft_engine_set_faults(engine, false, &diag));
        CHECK(!weft_engine_faults(engine) && handler_of(SIGSEGV) == ours);
        CHECK_OK(weft_engine_set_faults(engine, true, &diag));
        World w = world(text);
        weft_memory m;
        CHECK_OK(weft_instance_memory(w.store, w.instance, "m", &m, &diag));
        CHECK_EQ_U64(weft_memory_grow(w.store, m, 3), UINT64_MAX);
        CHECK_EQ_U64(weft_memory_grow(w.store, m, 2), 1);
        memset(weft_memory_at(w.store, m, 0, 3 << 16), 1, 3 << 16);
        CHECK(!weft_memory_at(w.store, m, 3 << 16, 1));
        weft_engine_free(engine);
        CHECK(handler_of(SIGSEGV) == ours);
        world_end(&w);
        CHECK(handler_of(SIGSEGV) == before);

        // Somebody has a handler over ours when ours is to go.
        struct sigaction over = {.sa_handler = not_called}, was;
        engine = weft_engine_new(NULL, &diag);
        CHECK_OK(weft_engine_set_faults(engine, true, &diag));
        sigaction(SIGBUS, &over, &was);
        weft_engine_free(engine);
        engine = weft_engine_new(NULL, &diag);
        CHECK_WHY(weft_engine_set_faults(engine, true, &diag), "system_error");
        CHECK(!weft_engine_faults(engine) && handler_of(SIGSEGV) == before);
        w = world(text);
        world_end(&w);
        sigaction(SIGBUS, &was, NULL);
        CHECK_OK(weft_engine_set_faults(engine, true, &diag));
        other = NULL;
    }
    weft_engine_free(other);
    weft_engine_free(engine);
    CHECK(handler_of(SIGSEGV) == before);
    engine = usual;
}

static void refused(void)
{
    char out[200];
    const char *invalid = "(module\n  (func (result i32) i64.const 1))";
    CHECK_WHY(weft_validate(engine, invalid, strlen(invalid), &diag), "type_mismatch");
    CHECK_EQ_U64(diag.line, 2);
    CHECK(diag.column > 0 && diag.func == 0);
    size_t len = weft_diag_text(&diag, out, sizeof out);
    CHECK_EQ_U64(len, strlen(out));
    CHECK(!strncmp(out, "2:", 2) && strstr(out, "func 0: type mismatch"));
    CHECK_EQ_U64(weft_diag_text(&diag, out, 5), len); // cut, with its NUL
    CHECK_EQ_U64(strlen(out), 4);
    static const char cut[] = "\0asm\1\0\0\0\1\7";
    CHECK_WHY(weft_validate(engine, cut, sizeof cut - 1, &diag), "length_out_of_bounds");
    CHECK_EQ_U64(diag.offset, 8); // of the section
    CHECK_EQ_U64(diag.line, 0);
    CHECK_WHY(weft_validate(engine, "", 0, &diag), "magic_header_not_detected");
    CHECK_WHY(weft_validate(engine, NULL, 0, &diag), "magic_header_not_detected");
    CHECK_WHY(weft_validate(engine, "\x7f" "ELF", 4, &diag), "magic_header_not_detected");
    CHECK(strstr(diag.message, "ELF") != NULL);
    CHECK_EQ_U64(weft_validate(engine, cut, sizeof cut - 1, NULL), WEFT_ERROR);
    CHECK(!weft_module_new(engine, cut, sizeof cut - 1, NULL));
}

static bool name_is(weft_name name, const char *text)
{
    return name.len == strlen(text) && !memcmp(name.data, text, name.len);
}

static void same_binary(weft_module *m, weft_name want)
{
    weft_name is;
    if (!CHECK(m != NULL)) return;
    weft_module_binary(m, &is);
    CHECK(is.len == want.len && !memcmp(is.data, want.data, want.len));
    weft_module_free(m);
}

// What it is in binary loads as the same, and is that again; also of one that came in pieces.
static void binary_of(const weft_module *text)
{
    weft_name all;
    weft_loader *l = weft_loader_new(engine, &diag);
    weft_module_binary(text, &all);
    CHECK(all.len > 8 && !memcmp(all.data, "\0asm", 4));
    for (size_t i = 0; i < all.len; i++)
        if (weft_loader_feed(l, all.data + i, 1, &diag) != WEFT_OK) break;
    same_binary(weft_loader_finish(l, &diag), all);
    same_binary(weft_module_new(engine, all.data, all.len, &diag), all);
}

static void described(void)
{
    weft_module *m = module_of(engine,
        "(module (@custom \"note\" \"hello\")"
        " (import \"a\" \"f\" (func (param i32 f64) (result v128 externref)))"
        " (import \"a\" \"g\" (global (mut funcref)))"
        " (memory (export \"m\") 1 3) (table (export \"t\") i64 2 anyref) (export \"f\""
        " (func 0)))");
    weft_import import;
    weft_export export;
    weft_name content;
    CHECK_EQ_U64(weft_module_import_count(m), 2);
    CHECK_EQ_U64(weft_module_export_count(m), 3);
    CHECK(weft_module_import(m, 0, &import) && import.type.kind == WEFT_FUNC);
    CHECK(name_is(import.module, "a") && name_is(import.name, "f"));
    CHECK(import.type.param_count == 2 && import.type.result_count == 2);
    CHECK_EQ_U64(weft_item_param(&import.type, 0), WEFT_I32);
    CHECK_EQ_U64(weft_item_param(&import.type, 1), WEFT_F64);
    CHECK_EQ_U64(weft_item_param(&import.type, 2), WEFT_NO_TYPE);
    CHECK_EQ_U64(weft_item_result(&import.type, 0), WEFT_V128);
    CHECK_EQ_U64(weft_item_result(&import.type, 1), WEFT_EXTERNREF);
    CHECK(weft_module_import(m, 1, &import) && import.type.kind == WEFT_GLOBAL);
    CHECK(import.type.type == WEFT_FUNCREF && import.type.is_mutable);
    CHECK_EQ_U64(weft_item_param(&import.type, 0), WEFT_NO_TYPE);
    CHECK(!weft_module_import(m, 2, &import));
    CHECK(weft_module_export(m, 0, &export) && export.type.kind == WEFT_MEMORY);
    CHECK(export.type.min == 1 && export.type.max == 3 && export.type.page_size == 65536);
    CHECK(weft_module_export(m, 1, &export) && export.type.kind == WEFT_TABLE);
    CHECK(export.type.type == WEFT_REF && export.type.is_64 && export.type.max == WEFT_NO_MAX);
    CHECK(weft_module_export(m, 2, &export) && name_is(export.name, "f"));
    CHECK(!weft_module_export(m, 3, &export));
    CHECK(weft_module_custom_section(m, "note", &content) && name_is(content, "hello"));
    CHECK(!weft_module_custom_section(m, "nothing", &content));
    binary_of(m);
    weft_module_free(m);
}

// Exports f, which returns 7.
static const unsigned char binary[] = {
    0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, 'f', 0, 0,
    10, 6, 1, 4, 0, 0x41, 7, 0x0b,
};

static void returns_7(weft_module *m)
{
    World w = world_with(NULL);
    CHECK_OK(weft_instantiate(w.store, m, NULL, &w.instance, &diag));
    weft_module_free(m);
    weft_val result;
    CHECK_OK(weft_call(w.store, func(&w, "f"), NULL, 0, &result, 1, &diag));
    CHECK_EQ_U64(result.of.i32, 7);
    world_end(&w);
}

// A byte at a time; what is wrong is told as soon as it is there, and told again.
static void in_pieces(void)
{
    static const char wat[] = "(module (func (export \"f\") (result i32) (i32.const 7)))";
    const struct { const void *bytes; size_t len; } good[] = {{binary, sizeof binary},
                                                              {wat, sizeof wat - 1}};
    for (int k = 0; k < 2; k++) {
        weft_loader *l = weft_loader_new(engine, &diag);
        for (size_t i = 0; i < good[k].len; i++)
            CHECK_OK(weft_loader_feed(l, (const char *)good[k].bytes + i, 1, &diag));
        weft_module *m = weft_loader_finish(l, &diag);
        if (CHECK(m != NULL)) returns_7(m);
    }
    unsigned char bad[sizeof binary];
    memcpy(bad, binary, sizeof bad);
    bad[sizeof bad - 3] = 0x42; // i64.const
    weft_loader *l = weft_loader_new(engine, &diag);
    CHECK_OK(weft_loader_feed(l, bad, sizeof bad - 1, &diag));
    CHECK_WHY(weft_loader_feed(l, bad + sizeof bad - 1, 1, &diag), "type_mismatch");
    CHECK_WHY(weft_loader_feed(l, "x", 1, &diag), "type_mismatch");
    CHECK(!weft_loader_finish(l, &diag) && !strcmp(diag.name, "type_mismatch"));
    l = weft_loader_new(engine, &diag);
    CHECK_OK(weft_loader_feed(l, binary, sizeof binary - 1, &diag));
    CHECK(!weft_loader_finish(l, &diag) && !strcmp(diag.name, "length_out_of_bounds"));
    l = weft_loader_new(engine, NULL);
    CHECK(!weft_loader_finish(l, &diag) && !strcmp(diag.name, "magic_header_not_detected"));
    l = weft_loader_new(engine, NULL);
    CHECK_OK(weft_loader_feed(l, binary, 12, NULL));
    weft_loader_free(l);
    weft_loader_free(NULL);
}

// Feeds `bytes` in pieces until the loader refuses: after how many, 0 if it never does.
static size_t refused_after(const unsigned char *bytes, size_t len, size_t piece)
{
    weft_loader *l = weft_loader_new(engine, &diag);
    size_t fed = 0;
    bool good = true;
    for (; good && fed < len; fed += piece)
        good = weft_loader_feed(l, bytes + fed, piece, &diag) == WEFT_OK;
    weft_loader_free(l);
    return good ? 0 : fed;
}

// What can be no module is refused with the first piece, and not kept until all of it is there; in
// the words that are said of the whole.
static void no_modules(void)
{
    static const struct { const char *start; size_t len, certain; } others[] = {
        {"\x7f" "ELF", 4, 4}, {"", 0, 2}, {"\0asX", 4, 4}, {"\0asm\x0d\0\1\0", 8, 8}, {"PK\3\4", 4, 4}, {"PK\3\5", 4, 4},
        {"\x89PNG", 4, 4}, {"\xff\xd8\xff", 3, 3}, {"#!", 2, 2}, {"BZip", 4, 3}, {"SQLite format 3", 15, 15}, {"SQLite", 6, 7},
        {"hello", 5, 1}, {"  \n hello", 9, 5}, {" \t\r\n", 4, 5}, {"\f(module)", 9, 1}, {"(module)", 8, 9}, {";; a\n(", 6, 7},
        {"\xef\xbb\xbfhello", 8, 4}, {"\xef\xbb(module)", 10, 3}, {"\xef\xbb\xbf", 3, 4}, {"\0asm\2\0\0\0", 8, 8},
    };
    static unsigned char bytes[1 << 16];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char whole[sizeof diag.message];
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, others[i].start, others[i].len);
        CHECK(weft_validate(engine, bytes, sizeof bytes, &diag) != WEFT_OK);
        snprintf(whole, sizeof whole, "%s", diag.message);
        CHECK_EQ_U64(refused_after(bytes, sizeof bytes, sizeof bytes), sizeof bytes);
        CHECK_STR(diag.message, whole);
        CHECK_EQ_U64(refused_after(bytes, sizeof bytes, 1), others[i].certain);
        CHECK_STR(diag.message, whole);
    }
    static const char *const maybe[] = {
        " \t\r\n",           "\xef",  "\xef\xbb\xbf \n", "\xef\xbb\xbf(", " ;", "(",
        "\n;; \f\n(module)", "\177E", "SQLite format",   "PK\3"};
    for (size_t i = 0; i < sizeof maybe / sizeof *maybe; i++)
        CHECK_EQ_U64(refused_after((const unsigned char *)maybe[i], strlen(maybe[i]), 1), 0);
    CHECK_EQ_U64(refused_after(binary, 7, 1), 0);
}

// Blanks and text are looked at once only, however they arrive.
static void long_text(void)
{
    weft_loader *l = weft_loader_new(engine, &diag);
    for (int i = 0; i < 1 << 20; i++)
        if (weft_loader_feed(l, "\n", 1, &diag) != WEFT_OK) break;
    CHECK_OK(weft_loader_feed(l, "(module ", 8, &diag));
    for (int i = 0; i < 1 << 20; i++)
        if (weft_loader_feed(l, " ", 1, &diag) != WEFT_OK) break;
    CHECK_OK(weft_loader_feed(l, ")", 1, &diag));
    weft_module *m = weft_loader_finish(l, &diag);
    CHECK(m != NULL);
    weft_module_free(m);
}

// The bytes are copied: the caller's may change and go.
static void bytes_copied(void)
{
    void *copy = malloc(sizeof binary);
    memcpy(copy, binary, sizeof binary);
    weft_module *m = weft_module_new(engine, copy, sizeof binary, &diag);
    memset(copy, 0, sizeof binary);
    free(copy);
    returns_7(m);
}

// ---- Linking

static weft_status add(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].i32 = slots[0].i32 + slots[1].i32 + (env ? *(int *)env : 0);
    return WEFT_OK;
}

static void count_end(void *env) { ++*(int *)env; }

static void linking(void)
{
    static const char wants[] = "(module (import \"h\" \"add\" (func (param i32 i32) (result i32)))"
                                " (func (export \"f\") (result i32) (call 0 (i32.const 3)"
                                " (i32.const 4))))";
    World w = world_with(NULL);
    CHECK_WHY(start(&w, wants), "unknown_import");
    CHECK(strstr(diag.message, "\"h\" \"add\"") != NULL);
    CHECK(w.instance.item == NULL);
    int ended = 0;
    weft_linker *l = w.linker;
    CHECK_WHY(weft_linker_func(l, "h", "add", "ii", add, &ended, count_end, &diag),
              "bad_signature");
    CHECK_WHY(weft_linker_func(l, "h", "add", "iq:i", add, &ended, count_end, &diag),
              "bad_signature");
    CHECK_WHY(weft_linker_func(l, "h", "add", "i:i:i", add, &ended, count_end, &diag),
              "bad_signature");
    CHECK_OK(weft_linker_func(l, "h", "add", "il:i", add, &ended, count_end, &diag));
    CHECK_WHY(weft_linker_func(l, "h", "add", "ii:i", add, &ended, count_end, &diag),
              "duplicate_definition");
    CHECK_WHY(start(&w, wants), "incompatible_import");
    weft_linker_free(w.linker);
    w.linker = weft_linker_new(engine, &diag);
    int more = 100;
    CHECK_OK(weft_linker_func(w.linker, "h", "add", "ii:i", add, &more, NULL, &diag));
    // Not the same names, though they are the same letters one after the other.
    CHECK_OK(weft_linker_func(w.linker, "ha", "dd", "ii:i", add, &more, NULL, &diag));
    CHECK_OK(start(&w, wants));
    weft_val sum;
    CHECK_OK(weft_call(w.store, func(&w, "f"), NULL, 0, &sum, 1, &diag));
    CHECK_EQ_U64(sum.of.i32, 107);
    CHECK_EQ_U64(ended, 0); // the store has it
    world_end(&w);
    CHECK_EQ_U64(ended, 1); // of the definitions that failed none is ended
}

static void long_names(void)
{
    char name[3000], text[4000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    snprintf(text, sizeof text,
             "(module (import \"m\" \"%s\" (func (param i32 i32) (result i32))))", name);
    World w = world_with(NULL);
    CHECK_WHY(start(&w, text), "unknown_import");
    CHECK_OK(weft_linker_func(w.linker, "m", name, "ii:i", add, NULL, NULL, &diag));
    CHECK_OK(start(&w, text));
    world_end(&w);
}

// One instance's exports are another's imports.
static void instances(void)
{
    World w = world("(module (memory (export \"mem\") 1) (global (export \"g\") i32 (i32.const 5))"
                    " (table (export \"t\") 2 funcref) (func (export \"f\") (result i32)"
                    " (i32.load (i32.const 8)))"
                    " (tag (export \"e\") (param i32)))");
    CHECK_OK(weft_linker_instance(w.linker, w.store, "lib", w.instance, &diag));
    CHECK_OK(weft_linker_instance(w.linker, w.store, "lib", w.instance, &diag)); // the same again
    CHECK_OK(weft_linker_func(w.linker, "two", "f", ":", add, NULL, NULL, &diag));
    CHECK_WHY(weft_linker_instance(w.linker, w.store, "two", w.instance, &diag),
              "duplicate_definition");
    CHECK_STR(diag.message, "defined already: \"two\" \"f\"");
    CHECK_OK(start(&w,
                   "(module (import \"lib\" \"mem\" (memory 1)) (import \"lib\" \"g\" (global i32))"
                       " (import \"lib\" \"t\" (table 1 funcref)) (import \"lib\" \"f\" (func"
                       " (result i32)))"
                       " (import \"lib\" \"e\" (tag (param i32)))"
                       " (func (export \"set\") (i32.store (i32.const 8) (global.get 0)))"
                       " (export \"again\" (func 0)))"));
    weft_val v;
    CHECK_OK(call0(&w, "set"));
    CHECK_OK(weft_call(w.store, func(&w, "again"), NULL, 0, &v, 1, &diag));
    CHECK_EQ_U64(v.of.i32, 5);
    weft_extern item;
    weft_memory memory;
    CHECK(!weft_instance_export(w.store, w.instance, "nothing", &item));
    CHECK(weft_instance_export_at(w.store, w.instance, 1, &item) && item.kind == WEFT_FUNC);
    CHECK(!weft_instance_export_at(w.store, w.instance, 2, &item));
    CHECK_WHY(weft_instance_memory(w.store, w.instance, "nothing", &memory, &diag),
              "unknown_export");
    CHECK_WHY(weft_instance_memory(w.store, w.instance, "set", &memory, &diag), "wrong_kind");
    world_end(&w);
}

// ---- Objects of another store or engine

static const char everything[] =
    "(module (memory (export \"m\") 1) (table (export \"t\") 1 funcref) (global (export \"g\")"
    " (mut funcref) (ref.null func))"
    " (func (export \"f\") (param funcref)))";

static void strangers(void)
{
    World a = world(everything), b = world(everything);
    CHECK_OK(weft_linker_instance(a.linker, a.store, "own", a.instance, &diag));
    weft_memory memory;
    weft_table table;
    weft_global global;
    weft_typed typed;
    weft_extern item;
    weft_item_type type;
    weft_val v, f = weft_funcref(func(&a, "f")), own = weft_funcref(func(&b, "f"));
    weft_instance_memory(a.store, a.instance, "m", &memory, &diag);
    weft_instance_table(a.store, a.instance, "t", &table, &diag);
    weft_instance_global(a.store, a.instance, "g", &global, &diag);
    for (int freed = 0; freed < 2; freed++) {
        weft_store *s = b.store;
        char byte = 0;
        CHECK_WHY(weft_call(s, f.of.func, NULL, 0, NULL, 0, &diag), "wrong_store");
        CHECK_WHY(weft_call(s, own.of.func, &f, 1, NULL, 0, &diag), "wrong_store");
        CHECK_WHY(weft_func_typed(s, f.of.func, "p:", &typed, &diag), "wrong_store");
        CHECK_WHY(weft_call_typed(s, (weft_typed){f.of.func.store, f.of.func.item}, NULL, &diag),
                  "wrong_store");
        CHECK(!weft_func_type(s, f.of.func, &type));
        CHECK_EQ_U64(weft_memory_size(s, memory), 0);
        CHECK(weft_memory_grow(s, memory, 1) == -1);
        CHECK(!weft_memory_at(s, memory, 0, 1) && !weft_memory_read(s, memory, 0, &byte, 1));
        CHECK(!weft_memory_write(s, memory, 0, &byte, 1));
        CHECK_EQ_U64(weft_table_size(s, table), 0);
        CHECK_WHY(weft_table_get(s, table, 0, &v, &diag), "wrong_store");
        CHECK_WHY(weft_table_set(s, table, 0, f, &diag), "wrong_store");
        CHECK_WHY(weft_table_grow(s, table, 1, f, NULL, &diag), "wrong_store");
        CHECK_WHY(weft_table_new(s, 1, 1, f, &table, &diag), "wrong_store");
        CHECK_WHY(weft_global_get(s, global, &v, &diag), "wrong_store");
        CHECK_WHY(weft_global_set(s, global, f, &diag), "wrong_store");
        CHECK_WHY(weft_global_new(s, f, true, &global, &diag), "wrong_store");
        CHECK(!weft_instance_export(s, a.instance, "m", &item));
        CHECK(!weft_instance_export_at(s, a.instance, 0, &item));
        CHECK_WHY(weft_instance_memory(s, a.instance, "m", &memory, &diag), "wrong_store");
        CHECK_WHY(weft_linker_instance(b.linker, s, "a", a.instance, &diag), "wrong_store");
        item.kind = WEFT_FUNC;
        item.of.func = own.of.func;
        CHECK_OK(weft_linker_define(b.linker, "a", "f", item, &diag)); // it is for that one now
        item.kind = WEFT_MEMORY;
        item.of.memory = memory;
        CHECK_WHY(weft_linker_define(b.linker, "a", "m", item, &diag), "wrong_store");
        if (freed) break;
        weft_module *m = module_of(engine, everything);
        weft_instance none;
        CHECK_WHY(weft_instantiate(s, m, a.linker, &none, &diag), "wrong_store");
        weft_module_free(m);
        world_end(&a);
    }
    // What names nothing is of no store.
    weft_memory no_memory = {0, NULL};
    CHECK_WHY(weft_call(b.store, (weft_func){0, NULL}, NULL, 0, NULL, 0, &diag), "wrong_store");
    CHECK_EQ_U64(weft_memory_size(b.store, no_memory), 0);
    item.kind = (weft_kind)0;
    CHECK_WHY(weft_linker_define(b.linker, "a", "m", item, &diag), "wrong_store");
    weft_engine *other = weft_engine_new(NULL, &diag);
    weft_module *m = module_of(other, everything);
    CHECK_WHY(weft_instantiate(b.store, m, NULL, &b.instance, &diag), "wrong_engine");
    weft_module_free(m);
    weft_engine_free(other);
    world_end(&b);
}

// ---- Values

static void values(void)
{
    World w = world("(module (func (export \"swap\") (param i32 i64 f32 f64)"
                    " (result f64 f32 i64 i32)"
                    "   local.get 3 local.get 2 local.get 1 local.get 0)"
                    " (func (export \"wide\") (param v128) (result v128) local.get 0)"
                    " (func (export \"up\") (param i32) (result i64) (i64.extend_i32_u"
                    " (local.get 0)))"
                    " (func (export \"if\") (param i32) (result i32)"
                    "   (if (result i32) (local.get 0) (then (i32.const 1)) (else"
                    " (i32.const 0)))))");
    weft_val args[4] = {weft_i32(-5), weft_i64(-6000000000), weft_f32(1.5f), weft_f64(-0.25)},
        got[4];
    weft_func swap = func(&w, "swap");
    CHECK_OK(weft_call(w.store, swap, args, 4, got, 4, &diag));
    CHECK(got[0].type == WEFT_F64 && got[0].of.f64 == -0.25 && got[1].of.f32 == 1.5f);
    CHECK(got[2].type == WEFT_I64 && got[2].of.i64 == -6000000000 && got[3].of.i32 == -5);
    CHECK_WHY(weft_call(w.store, swap, args, 3, got, 4, &diag), "wrong_count");
    CHECK_WHY(weft_call(w.store, swap, args, 4, got, 3, &diag), "wrong_count");
    args[1] = weft_i32(1);
    CHECK_WHY(weft_call(w.store, swap, args, 4, got, 4, &diag), "wrong_type");
    CHECK(strstr(diag.message, "value 1 is i32, where i64 is wanted") != NULL);
    args[1].type = (weft_type)77;
    CHECK_WHY(weft_call(w.store, swap, args, 4, got, 4, &diag), "wrong_type");
    weft_typed typed;
    CHECK_WHY(weft_func_typed(w.store, swap, "ilfd:", &typed, &diag), "wrong_signature");
    CHECK_WHY(weft_func_typed(w.store, swap, "ilff:dfli", &typed, &diag), "wrong_signature");
    CHECK_WHY(weft_func_typed(w.store, swap, "i l", &typed, &diag), "bad_signature");
    CHECK_OK(weft_func_typed(w.store, swap, "ilfd:dfli", &typed, &diag));
    weft_slot slots[4] = {{.i32 = 1}, {.i64 = 2}, {.f32 = 3}, {.f64 = 4}};
    CHECK_OK(weft_call_typed(w.store, typed, slots, &diag));
    CHECK(slots[0].f64 == 4 && slots[1].f32 == 3 && slots[2].i64 == 2 && slots[3].i32 == 1);
    // The upper half of a slot means nothing for an i32, whatever is left in it.
    CHECK_OK(weft_func_typed(w.store, func(&w, "up"), "i:l", &typed, &diag));
    slots[0].u64 = 0xdeadbeef00000007;
    CHECK_OK(weft_call_typed(w.store, typed, slots, &diag));
    CHECK_EQ_U64(slots[0].u64, 7);
    CHECK_OK(weft_func_typed(w.store, func(&w, "if"), "i:i", &typed, &diag));
    slots[0].u64 = 0xdeadbeef00000000;
    CHECK_OK(weft_call_typed(w.store, typed, slots, &diag));
    CHECK_EQ_U64(slots[0].i32, 0);
    weft_val v = {.type = WEFT_V128}, back;
    for (int i = 0; i < 16; i++) v.of.v128[i] = (uint8_t)(i * 17);
    // Vectors are passed on, in builds that execute them.
    weft_status status = weft_call(w.store, func(&w, "wide"), &v, 1, &back, 1, &diag);
    if (status != WEFT_OK) CHECK_STR(diag.name, "not_executable");
    else CHECK(back.type == WEFT_V128 && !memcmp(v.of.v128, back.of.v128, 16));
    world_end(&w);
}

static void many_values(void)
{
    enum { MANY = 150 };
    char text[4000] = "(module (func (export \"f\") (param", results[1000] = "";
    for (int i = 0; i < MANY; i++) strcat(text, " i64");
    strcat(text, ") (result");
    for (int i = 0; i < MANY; i++) strcat(text, " i64");
    strcat(text, ")");
    for (int i = MANY; i-- > 0;) snprintf(text + strlen(text), 20, " local.get %d", i);
    strcat(text, "))");
    World w = world(text);
    weft_val args[MANY], got[MANY];
    for (int i = 0; i < MANY; i++) args[i] = weft_i64(i);
    CHECK_OK(weft_call(w.store, func(&w, "f"), args, MANY, got, MANY, &diag));
    for (int i = 0; i < MANY; i++) CHECK_EQ_U64(got[i].of.i64, MANY - 1 - i);
    memset(results, 'i', 300);
    weft_func f;
    CHECK_WHY(weft_func_new(w.store, strcat(results, ":"), add, NULL, NULL, &f, &diag),
              "bad_signature");
    world_end(&w);
}

// ---- References

static weft_func kept;

static weft_status keep(void *env, weft_caller *caller, weft_slot *slots)
{
    kept = (weft_func){0, NULL};
    if (slots[0].ref) kept = (weft_func){((weft_func *)env)->store, slots[0].ref};
    slots[0].ref = slots[1].ref;
    return WEFT_OK;
}

static weft_status wrong_ref(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].ref = env;
    return WEFT_OK;
}

static void references(void)
{
    World w = world_with(NULL);
    int here, there;
    weft_func any;
    CHECK_OK(weft_func_new(w.store, ":", add, NULL, NULL, &any, &diag));
    CHECK_OK(weft_linker_func(w.linker, "h", "keep", "pr:r", keep, &any, NULL, &diag));
    CHECK_OK(weft_linker_func(w.linker, "h", "wrong", ":p", wrong_ref, &here, NULL, &diag));
    CHECK_OK(start(&w, "(module (type $t (func (result i32)))"
        " (import \"h\" \"keep\" (func $keep (param funcref externref) (result externref)))"
        " (import \"h\" \"wrong\" (func $wrong (result funcref)))"
        " (table (export \"e\") 2 externref) (table (export \"t\") 1 (ref null $t))"
        " (func $five (export \"five\") (result i32) (i32.const 5)) (func (export \"none\"))"
        " (func (export \"wrong\") (drop (call $wrong)))"
        " (func (export \"pass\") (param externref) (result externref) (call $keep"
        " (ref.func $five) (local.get 0)))"
        " (func (export \"same\") (param funcref) (result funcref) (local.get 0))"
        " (func (export \"null\") (param externref) (result i32) (ref.is_null (local.get 0))))"));
    weft_val v = weft_externref(&here), got;
    CHECK_OK(weft_call(w.store, func(&w, "pass"), &v, 1, &got, 1, &diag));
    CHECK(got.type == WEFT_EXTERNREF && got.of.ext == &here);
    CHECK_OK(weft_call(w.store, kept, NULL, 0, &got, 1, &diag));
    CHECK_EQ_U64(got.of.i32, 5);
    for (int null = 0; null < 2; null++) {
        v = weft_externref(null ? NULL : &there);
        CHECK_OK(weft_call(w.store, func(&w, "null"), &v, 1, &got, 1, &diag));
        CHECK_EQ_U64(got.of.i32, null);
        v = weft_funcref(null ? (weft_func){0, NULL} : func(&w, "five"));
        CHECK_OK(weft_call(w.store, func(&w, "same"), &v, 1, &got, 1, &diag));
        CHECK(got.type == WEFT_FUNCREF && got.of.func.item == v.of.func.item);
    }
    weft_typed typed;
    weft_slot slots[1] = {{.ref = &there}};
    CHECK_OK(weft_func_typed(w.store, func(&w, "pass"), "r:r", &typed, &diag));
    CHECK_OK(weft_call_typed(w.store, typed, slots, &diag));
    CHECK(slots[0].ref == &there);
    CHECK_OK(weft_func_typed(w.store, func(&w, "same"), "p:p", &typed, &diag));
    slots[0].ref = &here;
    CHECK_WHY(weft_call_typed(w.store, typed, slots, &diag), "wrong_type");
    CHECK_WHY(call0(&w, "wrong"), "host"); // an address that is no function's goes nowhere
    CHECK_WHY(weft_call(w.store, func(&w, "null"), &v, 1, &got, 1, &diag), "wrong_type");
    weft_table externs, funcs;
    uint64_t old;
    CHECK_OK(weft_instance_table(w.store, w.instance, "e", &externs, &diag));
    CHECK_OK(weft_instance_table(w.store, w.instance, "t", &funcs, &diag));
    CHECK_OK(weft_table_set(w.store, funcs, 0, weft_funcref(func(&w, "five")), &diag));
    CHECK_WHY(weft_table_set(w.store, funcs, 0, weft_funcref(func(&w, "none")), &diag),
              "wrong_type");
    CHECK_OK(weft_table_get(w.store, funcs, 0, &got, &diag));
    CHECK(got.of.func.item == func(&w, "five").item);
    CHECK_OK(weft_table_set(w.store, externs, 1, weft_externref(&here), &diag));
    CHECK_OK(weft_table_get(w.store, externs, 1, &got, &diag));
    CHECK(got.of.ext == &here);
    CHECK_WHY(weft_table_get(w.store, externs, 2, &got, &diag), "out_of_bounds");
    CHECK_WHY(weft_table_set(w.store, externs, UINT64_MAX, v, &diag), "out_of_bounds");
    CHECK_OK(weft_table_grow(w.store, externs, 3, weft_externref(&there), &old, &diag));
    CHECK(old == 2 && weft_table_size(w.store, externs) == 5);
    CHECK_OK(weft_table_get(w.store, externs, 4, &got, &diag));
    CHECK(got.of.ext == &there);
    CHECK_WHY(weft_table_grow(w.store, externs, UINT64_MAX, weft_externref(NULL), &old, &diag),
              "limit_table_size");
    world_end(&w);
}

// The same pointer is the same reference for ever, and different ones stay apart.
static void many_references(void)
{
    World w = world("(module (table (export \"t\") 3000 externref))");
    weft_table table;
    static char objects[3000];
    weft_val got;
    CHECK_OK(weft_instance_table(w.store, w.instance, "t", &table, &diag));
    bool good = true;
    for (int round = 0; round < 3; round++)
        for (uint64_t i = 0; i < 3000; i++)
            good &= weft_table_set(w.store, table, i, weft_externref(&objects[i]),
                                   &diag) == WEFT_OK;
    for (uint64_t i = 0; i < 3000; i++)
        good &= weft_table_get(w.store, table, i, &got, &diag) == WEFT_OK &&
            got.of.ext == &objects[i];
    CHECK(good);
    world_end(&w);
}

// ---- Memories, globals, tables that the host makes

static void host_items(void)
{
    weft_limits limits = {.size = sizeof limits, .memory_bytes = 4 << 16, .table_entries = 10};
    World w = world_with(&limits);
    weft_memory memory;
    weft_global global, constant;
    weft_table table;
    weft_item_type type;
    weft_val v;
    CHECK_WHY(weft_memory_new(w.store, 2, 1, &memory, &diag), "size_minimum_exceeds_maximum");
    CHECK_WHY(weft_memory_new(w.store, 70000, WEFT_NO_MAX, &memory, &diag), "memory_size_limit");
    CHECK_WHY(weft_memory_new(w.store, 5, WEFT_NO_MAX, &memory, &diag), "limit_memory_size");
    CHECK_OK(weft_memory_new(w.store, 1, 3, &memory, &diag));
    CHECK_WHY(weft_table_new(w.store, 11, WEFT_NO_MAX, weft_externref(NULL), &table, &diag),
              "limit_table_size");
    CHECK_WHY(weft_table_new(w.store, 1, WEFT_NO_MAX, weft_i32(1), &table, &diag), "wrong_type");
    CHECK_OK(weft_table_new(w.store, 2, WEFT_NO_MAX, weft_funcref((weft_func){0, NULL}), &table,
                            &diag));
    v.type = WEFT_REF;
    CHECK_WHY(weft_global_new(w.store, v, true, &global, &diag), "wrong_type");
    CHECK_OK(weft_global_new(w.store, weft_i64(7), true, &global, &diag));
    CHECK_OK(weft_global_new(w.store, weft_f64(0.5), false, &constant, &diag));
    weft_extern items[] = {{WEFT_MEMORY, {.memory = memory}}, {WEFT_GLOBAL, {.global = global}},
                           {WEFT_GLOBAL, {.global = constant}}, {WEFT_TABLE, {.table = table}}};
    static const char *const names[] = {"m", "g", "c", "t"};
    for (int i = 0; i < 4; i++) CHECK_OK(weft_linker_define(w.linker, "h", names[i], items[i],
                                                            &diag));
    CHECK_OK(start(&w,
                   "(module (import \"h\" \"m\" (memory 1 3)) (import \"h\" \"g\" (global"
                   " (mut i64)))"
        " (import \"h\" \"c\" (global f64)) (import \"h\" \"t\" (table 1 funcref))"
        " (func (export \"f\") (i64.store (i32.const 65528) (global.get 0)) (global.set 0"
        " (i64.const 9))))"));
    CHECK_OK(call0(&w, "f"));
    uint8_t bytes[8];
    CHECK(weft_memory_read(w.store, memory, 65528, bytes, 8) && bytes[0] == 7);
    CHECK(!weft_memory_read(w.store, memory, 65529, bytes, 8));
    CHECK(!weft_memory_read(w.store, memory, UINT64_MAX, bytes, 2));
    CHECK(!weft_memory_at(w.store, memory, 1, UINT64_MAX) && weft_memory_at(w.store, memory, 65536,
                                                                            0));
    CHECK(weft_memory_write(w.store, memory, 10, "abc", 3) && !weft_memory_write(w.store, memory,
                                                                                 65535, "abc", 3));
    CHECK(!memcmp(weft_memory_at(w.store, memory, 10, 3), "abc", 3));
    CHECK_OK(weft_global_get(w.store, global, &v, &diag));
    CHECK(v.type == WEFT_I64 && v.of.i64 == 9);
    CHECK_WHY(weft_global_set(w.store, global, weft_i32(1), &diag), "wrong_type");
    CHECK_WHY(weft_global_set(w.store, constant, weft_f64(1), &diag), "global_is_immutable");
    CHECK(weft_memory_grow(w.store, memory, 2) == 1 && weft_memory_grow(w.store, memory, 1) == -1);
    CHECK_EQ_U64(weft_memory_size(w.store, memory), 3 << 16);
    CHECK(weft_extern_type(w.store, items[0], &type) && type.min == 3 && type.max == 3);
    CHECK_OK(weft_table_grow(w.store, table, 8, weft_funcref(func(&w, "f")), NULL, &diag));
    CHECK_WHY(weft_table_grow(w.store, table, 1, weft_funcref(func(&w, "f")), NULL, &diag),
              "limit_table_size");
    world_end(&w);
}

// ---- Traps

static void traps(void)
{
    World w = world("(module (func $deep (export \"deep\") (param i32) (result i32)"
                    "   (if (i32.eqz (local.get 0)) (then unreachable))"
                    "   (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))"
                    " (func (export \"div\") (param i32) (result i32) (i32.div_s (i32.const 1)"
                    " (local.get 0)))"
                    " (func $on (export \"on\") (call $on) (call $on)))");
    weft_frame frames[8];
    weft_val n = weft_i32(5), result;
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 8), 0);
    CHECK_WHY(weft_call(w.store, func(&w, "deep"), &n, 1, &result, 1, &diag), "unreachable");
    CHECK_EQ_U64(diag.status, WEFT_TRAP);
    CHECK_STR(diag.message, "unreachable");
    CHECK_EQ_U64(weft_store_backtrace(w.store, NULL, 0), 6);
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 2), 6);
    CHECK(name_is(frames[0].name, "deep") && frames[0].func == 0 && frames[0].offset > 8);
    CHECK(frames[1].offset > frames[0].offset && frames[1].instance.item == w.instance.item);
    n = weft_i32(0);
    CHECK_WHY(weft_call(w.store, func(&w, "div"), &n, 1, &result, 1, &diag),
              "integer_divide_by_zero");
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 8), 1);
    n = weft_i32(1);
    CHECK_OK(weft_call(w.store, func(&w, "div"), &n, 1, &result, 1, &diag));
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 8), 0);
    CHECK_WHY(call0(&w, "on"), "call_stack_exhausted");
    CHECK(weft_store_backtrace(w.store, frames, 8) > 1000 && name_is(frames[7].name, "on"));
    // A trap while instantiating has no frames of calls before it.
    CHECK_WHY(start(&w, "(module (memory 1) (data (i32.const 65536) \"x\"))"),
              "out_of_bounds_memory_access");
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 8), 0);
    CHECK_WHY(start(&w, "(module (func $s unreachable) (start $s))"), "unreachable");
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 8), 1);
    CHECK(w.instance.item == NULL);
    world_end(&w);
}

static World *inner; // for host functions that call back

static weft_status fail_with(void *env, weft_caller *caller, weft_slot *slots)
{
    switch (slots[0].i32) {
    case 0: return weft_trap(caller, "no such row");
    case 1: return weft_exit(caller, 42);
    case 2: return WEFT_TRAP; // without a reason
    case 3: return WEFT_EXIT;
    case 4: return WEFT_ERROR;
    case 5: return call0(inner, "trap");
    case 6: return call0(inner, "bye");
    case 7: // what failed inside is over, and this fails for a reason of its own
        CHECK_WHY(call0(inner, "trap"), "unreachable");
        CHECK(weft_store_backtrace(inner->store, NULL, 0) == 2);
        return weft_trap(caller, "after all");
    case 8: // a failure inside is no failure of this
        CHECK_WHY(call0(inner, "trap"), "unreachable");
        return WEFT_OK;
    case 9: // again and again: each walk back must end
        for (int i = 0; i < 5; i++) {
            CHECK_WHY(call0(inner, "trap"), "unreachable");
            CHECK_EQ_U64(weft_store_backtrace(inner->store, NULL, 0), 2);
        }
        return call0(inner, "deeper");
    case 10: return call0(inner, "loop");
    case 12: return call0(inner, "throw"); // passed on as what it is, so the guest may catch it
    case 13: // only the last call's failure can be passed on
        CHECK_WHY(call0(inner, "trap"), "unreachable");
        CHECK_OK(call0(inner, "fine"));
        return WEFT_TRAP;
    case 11: weft_store_free(weft_caller_store(caller)); return WEFT_OK; // refused: it runs
    default: return (weft_status)99;
    }
}

static void host_traps(void)
{
    World w = world_with(NULL);
    weft_frame frames[8];
    inner = &w;
    CHECK_OK(weft_linker_func(w.linker, "h", "fail", "i:", fail_with, NULL, NULL, &diag));
    CHECK_OK(start(&w, "(module (import \"h\" \"fail\" (func $fail (param i32)))"
        " (func (export \"go\") (param i32) (call $fail (local.get 0)))"
        " (func $trap (export \"trap\") unreachable) (func (export \"deeper\") (call $trap))"
        " (func (export \"bye\") (call $fail (i32.const 1)))"
        " (func (export \"fine\")) (tag $e) (func $throw (export \"throw\") (throw $e))"
        " (func (export \"catch\") (block $h (try_table (catch $e $h) (call $fail (i32.const 12))"
        "   unreachable)))"
        " (func $l (export \"loop\") (call $fail (i32.const 10))))"));
    static const struct { const char *name, *text; weft_status status; size_t frames; } rows[] = {
        {"host", "host function failed: no such row", WEFT_TRAP, 1},
        {"exit", "the program ended itself", WEFT_EXIT, 1},
        {"host", "host function failed: it gave no reason", WEFT_TRAP, 1},
        {"host", "host function failed: it gave no reason", WEFT_TRAP, 1},
        {"host", "host function failed: it reported an error", WEFT_TRAP, 1},
        {"unreachable", "unreachable", WEFT_TRAP, 2},
        {"exit", "the program ended itself", WEFT_EXIT, 2},
        {"host", "host function failed: after all", WEFT_TRAP, 1},
        {"", "", WEFT_OK, 0},
        {"unreachable", "unreachable", WEFT_TRAP, 3},
        {"call_stack_exhausted", "call stack exhausted: the host calls 200 deep", WEFT_TRAP, 200},
        {"", "", WEFT_OK, 0},
        {"uncaught_exception", "uncaught exception", WEFT_TRAP, 2},
        {"host", "host function failed: it gave no reason", WEFT_TRAP, 1},
        {"host", "host function failed: it gave no reason", WEFT_TRAP, 1},
    };
    for (int i = 0; i < (int)(sizeof rows / sizeof *rows); i++) {
        weft_val n = weft_i32(i);
        CHECK_WHY(weft_call(w.store, func(&w, "go"), &n, 1, NULL, 0, &diag), rows[i].name);
        if (rows[i].status == WEFT_OK) continue;
        CHECK_EQ_U64(diag.status, rows[i].status);
        CHECK_STR(diag.message, rows[i].text);
        if (diag.status == WEFT_EXIT) CHECK_EQ_U64(diag.exit_status, 42);
        size_t count = weft_store_backtrace(w.store, frames, 8);
        if (i == 10) CHECK(count >= rows[i].frames - 2 && count <= rows[i].frames + 2);
        else CHECK_EQ_U64(count, rows[i].frames);
    }
    CHECK_OK(call0(&w, "catch"));
    // The host may call its own function, in which case there is no instance that called.
    weft_func own;
    weft_val zero = weft_i32(0);
    CHECK_OK(weft_func_new(w.store, "i:", fail_with, NULL, NULL, &own, &diag));
    CHECK_WHY(weft_call(w.store, own, &zero, 1, NULL, 0, &diag), "host");
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 8), 0);
    world_end(&w);
}

static weft_status look(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_memory memory;
    weft_instance instance;
    bool has = weft_caller_memory(caller, &memory);
    char *at = weft_caller_at(caller, slots[0].u32, slots[1].u32);
    CHECK(weft_caller_instance(caller, &instance) == has);
    CHECK(weft_store_data(weft_caller_store(caller)) == env);
    if (at)
        CHECK(at == weft_memory_at(weft_caller_store(caller), memory, slots[0].u32, slots[1].u32));
    slots[0].i32 = at && slots[1].u32 ? *at : -1;
    return WEFT_OK;
}

static weft_tag pair_tag; // of an i32 and an externref

static weft_status throw_pair(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_val values[2] = {weft_i32(slots[0].i32), weft_externref(env)};
    weft_tag strange = {pair_tag.store + 1, pair_tag.item};
    if (slots[0].i32 == -1) return weft_throw(caller, strange, values, 2, &diag);
    if (slots[0].i32 == -2) return weft_throw(caller, pair_tag, values, 1, &diag);
    if (slots[0].i32 == -3)
        return values[0] = weft_i64(1), weft_throw(caller, pair_tag, values, 2, &diag);
    return weft_throw(caller, pair_tag, values, 2, &diag);
}

static void exceptions(void)
{
    World w = world_with(NULL);
    int thing;
    weft_tag tag = {0, NULL};
    weft_val values[2], arg, result;
    size_t count = 0;
    CHECK_WHY(weft_tag_new(w.store, "i:i", &tag, &diag), "bad_signature");
    CHECK_OK(weft_tag_new(w.store, "ir:", &pair_tag, &diag));
    CHECK_OK(weft_linker_func(w.linker, "h", "throw", "i:", throw_pair, &thing, NULL, &diag));
    CHECK_OK(weft_linker_define(w.linker, "h", "pair", (weft_extern){WEFT_TAG, {.tag = pair_tag}},
                                &diag));
    CHECK_OK(
        start(&w, "(module (import \"h\" \"throw\" (func $throw (param i32)))"
                  " (import \"h\" \"pair\" (tag $pair (param i32 externref)))"
                  " (tag $own (export \"own\") (param v128 f64))"
                  " (func (export \"pass\") (param i32) (call $throw (local.get 0)))"
                  " (func (export \"catch\") (param i32) (result i32)"
                  "  (block $h (result i32 externref) (try_table (catch $pair $h) (call $throw "
                  "(local.get 0)))"
                  "   (return (i32.const -1))) drop)"
                  " (func (export \"own_one\") (throw $own (v128.const i64x2 5 6) (f64.const 2.5)))"
                  " (func (export \"trap\") unreachable))"));
    arg = weft_i32(7);
    CHECK_OK(weft_call(w.store, func(&w, "catch"), &arg, 1, &result, 1, &diag));
    CHECK_EQ_U64(result.of.i32, 7);
    CHECK_WHY(weft_call(w.store, func(&w, "pass"), &arg, 1, NULL, 0, &diag), "uncaught_exception");
    CHECK(weft_store_exception(w.store, &tag, values, 2, &count));
    CHECK(count == 2 && tag.item == pair_tag.item && values[0].of.i32 == 7 &&
          values[1].of.ext == &thing);
    CHECK_WHY(call0(&w, "own_one"), "uncaught_exception");
    memset(values, 0, sizeof values);
    CHECK(weft_store_exception(w.store, &tag, values, 1, NULL)); // only the first is wanted
    CHECK(values[0].type == WEFT_V128 && values[0].of.v128[0] == 5 && values[0].of.v128[8] == 6);
    CHECK(!values[1].of.f64);
    CHECK(weft_store_exception(w.store, &tag, values, 2, &count));
    CHECK(values[1].of.f64 == 2.5);
    weft_tag own;
    CHECK_OK(weft_instance_tag(w.store, w.instance, "own", &own, &diag));
    CHECK(own.item == tag.item && own.item != pair_tag.item);
    CHECK_WHY(weft_instance_tag(w.store, w.instance, "pass", &own, &diag), "wrong_kind");
    weft_item_type type;
    CHECK(weft_extern_type(w.store, (weft_extern){WEFT_TAG, {.tag = own}}, &type) &&
          type.param_count == 2);
    CHECK_WHY(call0(&w, "trap"), "unreachable");
    CHECK(!weft_store_exception(w.store, &tag, values, 2, &count));
    for (int32_t wrong = -3; wrong < 0; wrong++) { // the function's error is the call's trap
        arg = weft_i32(wrong);
        CHECK_WHY(weft_call(w.store, func(&w, "catch"), &arg, 1, &result, 1, &diag), "host");
    }
    world_end(&w);
}

static void callers(void)
{
    int mine;
    World w = world_with(NULL);
    weft_store_set_data(w.store, &mine);
    CHECK_OK(weft_linker_func(w.linker, "h", "look", "ii:i", look, &mine, NULL, &diag));
    CHECK_OK(start(&w,
                   "(module (import \"h\" \"look\" (func (param i32 i32) (result i32))) (memory 1)"
                       " (data (i32.const 5) \"A\") (func (export \"f\") (param i32 i32)"
                       " (result i32)"
                       " (call 0 (local.get 0) (local.get 1))) (export \"direct\" (func 0)))"));
    static const struct { int32_t at, len, want; } rows[] = {
        {5, 1, 'A'}, {65535, 1, 0}, {65535, 2, -1}, {65536, 0, -1},
        {-1, 1, -1}, {0, -1, -1}, {-1, -1, -1},
    };
    weft_val got;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        weft_val args[] = {weft_i32(rows[i].at), weft_i32(rows[i].len)};
        CHECK_OK(weft_call(w.store, func(&w, "f"), args, 2, &got, 1, &diag));
        CHECK_EQ_U64(got.of.i32, rows[i].want);
    }
    weft_val args[] = {weft_i32(0), weft_i32(1)};
    // the host's own call
    CHECK_OK(weft_call(w.store, func(&w, "direct"), args, 2, &got, 1, &diag));
    CHECK_EQ_U64(got.of.i32, -1);
    world_end(&w);
}

// What modules are named goes into messages, and must not drive a terminal.
static void tame_messages(void)
{
    World w = world_with(NULL);
    CHECK_WHY(start(&w, "(module (import \"\\1b[31m\" \"\\e2\\80\\ae\" (func)))"),
              "unknown_import");
    CHECK(!strchr(diag.message, 0x1b) && !strstr(diag.message, "\xe2\x80\xae"));
    CHECK_STR(diag.message, "unknown import: function \"\\u{1b}[31m\" \"\\u{202e}\"");
    weft_func f;
    static char text[2000];
    // cut, but not within a letter
    for (size_t i = 0; i + 2 < sizeof text; i += 2) memcpy(text + i, "\xc3\xa4", 2);
    CHECK_WHY(weft_func_new(w.store, text, add, NULL, NULL, &f, &diag), "bad_signature");
    CHECK(strlen(diag.message) < sizeof diag.message && !strchr(diag.message, '?'));
    world_end(&w);
}

// ---- Limits

static void fuel(void)
{
    weft_limits limits = {.size = sizeof limits, .fuel = 1000};
    World w = world_with(&limits), plain = world_with(NULL);
    uint64_t left, first;
    static const char text[] = "(module (func (export \"loop\") (loop $l (br $l)))"
                               " (func (export \"some\") nop nop nop nop))";
    CHECK_OK(start(&w, text));
    CHECK_OK(start(&plain, text));
    CHECK(weft_store_fuel(w.store, &first) && first == 1000);
    CHECK_OK(call0(&w, "some"));
    CHECK(weft_store_fuel(w.store, &left) && left < first && left > first - 20);
    CHECK_WHY(call0(&w, "loop"), "out_of_fuel");
    CHECK(weft_store_fuel(w.store, &left) && left < 10);
    CHECK_OK(weft_store_set_fuel(w.store, 100, &diag));
    CHECK_OK(call0(&w, "some"));
    CHECK_OK(weft_store_set_fuel(w.store, 0, &diag));
    CHECK_WHY(call0(&w, "some"), "out_of_fuel");
    CHECK(!weft_store_fuel(plain.store, &left));
    CHECK_WHY(weft_store_set_fuel(plain.store, 5, &diag), "not_fueled");
    CHECK_OK(call0(&plain, "some"));
    world_end(&w);
    world_end(&plain);
}

static void sizes(void)
{
    weft_limits limits = {
        .size = sizeof limits, .memory_bytes = 2 << 16, .table_entries = 5, .stack_bytes = 1 << 16};
    World w = world_with(&limits);
    CHECK_WHY(start(&w, "(module (memory 3))"), "limit_memory_size");
    CHECK_WHY(start(&w, "(module (table 6 funcref))"), "limit_table_size");
    CHECK_OK(start(&w,
                   "(module (memory 1) (func (export \"grow\") (param i32) (result i32)"
                   " (memory.grow (local.get 0)))"
                       " (func $r (export \"r\") (param i32) (result i32) (if (local.get 0)"
                       " (then (return"
                       "   (call $r (i32.sub (local.get 0) (i32.const 1)))))) (i32.const 7)))"));
    weft_val n = weft_i32(2), got;
    CHECK_OK(weft_call(w.store, func(&w, "grow"), &n, 1, &got, 1, &diag));
    CHECK_EQ_U64(got.of.i32, -1);
    n = weft_i32(1);
    CHECK_OK(weft_call(w.store, func(&w, "grow"), &n, 1, &got, 1, &diag));
    CHECK_EQ_U64(got.of.i32, 1);
    n = weft_i32(100);
    CHECK_OK(weft_call(w.store, func(&w, "r"), &n, 1, &got, 1, &diag));
    n = weft_i32(10000);
    CHECK_WHY(weft_call(w.store, func(&w, "r"), &n, 1, &got, 1, &diag), "call_stack_exhausted");
    world_end(&w);
}

// Each limit is met by its name, and what was taken is told.
static void limits_by_name(void)
{
    static char object[3];
    weft_limits limits = weft_limits_init(), used = weft_limits_init(), before;
    limits.handles = 2;
    limits.instances = 3;
    limits.functions = 10;
    limits.instance_bytes = 8 << 10;
    limits.heap_bytes = 64 << 10;
    World w = world_with(&limits);
    weft_val v = weft_externref(&object[0]), got;
    weft_func many[10];
    weft_memory memory;
    weft_table table;
    CHECK_OK(weft_store_usage(w.store, &used, &diag));
    CHECK_EQ_U64(used.size, sizeof used);
    CHECK(!used.memory_bytes && !used.instances && !used.functions && !used.stack_bytes &&
          !used.heap_bytes);
    CHECK_OK(start(&w, "(module (memory 2) (table 7 funcref) (table 3 externref) (func (export "
                       "\"f\")) (func unreachable) (start 0))"));
    CHECK_OK(weft_store_usage(w.store, &used, &diag));
    CHECK(used.memory_bytes == 2 << 16 && used.table_total == 10 && used.table_entries == 7 &&
          used.instances == 1 && used.functions == 2 && used.instance_bytes > 400 &&
          used.instance_bytes < 2000);
    before = used;
    CHECK_WHY(
        start(&w,
              "(module (memory 1) (func) (func) (func) (func) (func) (func) (func) (func) (func))"),
        "limit_store_functions");
    CHECK_WHY(start(&w, "(module (import \"no\" \"no\" (func)) (memory 1))"), "unknown_import");
    CHECK_OK(weft_store_usage(w.store, &used, &diag));
    CHECK(used.memory_bytes == before.memory_bytes && used.table_total == before.table_total &&
          used.instances == before.instances && used.functions == before.functions &&
          used.instance_bytes == before.instance_bytes && used.handles == before.handles);
    CHECK_OK(start(&w, "(module)"));
    CHECK_OK(start(&w, "(module)"));
    CHECK_WHY(start(&w, "(module)"), "limit_instances");
    for (int i = 0; i < 8; i++)
        CHECK_OK(weft_func_new(w.store, ":", fail_with, NULL, NULL, &many[i], &diag));
    CHECK_WHY(weft_func_new(w.store, ":", fail_with, NULL, NULL, &many[8], &diag),
              "limit_store_functions");
    CHECK_STR(diag.message, "functions of the store are used up: the limit is 10");
    CHECK_OK(weft_table_new(w.store, 2, 5, v, &table, &diag));
    v.of.ext = &object[1];
    CHECK_OK(weft_table_set(w.store, table, 0, v, &diag));
    v.of.ext = &object[2];
    CHECK_WHY(weft_table_set(w.store, table, 0, v, &diag), "limit_handles");
    CHECK_OK(weft_table_get(w.store, table, 0, &got, &diag));
    CHECK(got.of.ext == &object[1]);
    CHECK_OK(weft_table_set(w.store, table, 0, weft_externref(NULL), &diag));
    CHECK_OK(weft_table_set(w.store, table, 0, v, &diag)); // as nobody has object[1] any more
    int made = 0;
    while (made < 100 && weft_memory_new(w.store, 0, 5, &memory, &diag) == WEFT_OK) made++;
    CHECK(made > 5 && made < 80);
    CHECK_STR(diag.name, "limit_instance_bytes");
    CHECK_OK(weft_store_usage(w.store, &used, &diag));
    CHECK(used.handles == 2 && used.instances == 3 && used.functions == 10 &&
          used.heap_bytes == 64 << 10 && used.instance_bytes <= 8 << 10);
    world_end(&w);
}

// A time that has passed as soon as anybody looks, in each way that a module is handed in.
static void load_time(void)
{
    enum { SIZE = 3 << 20, HEAD = 8 };
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_engine_limits limits = weft_engine_limits_init();
    char *words = malloc(SIZE), *bin = malloc(SIZE);
    if (!CHECK(e && words && bin)) return;
    memset(words, ' ', SIZE);
    memcpy(words, "(module", 7);
    words[SIZE - 1] = ')';
    memset(bin, 0, SIZE);
    // one custom section: its size in four bytes, and no name
    memcpy(bin, "\0asm\1\0\0\0\0\xf3\xff\xbf\1", HEAD + 5);
    for (int round = 0; round < 2; round++) {
        limits.load_ns = round ? UINT64_MAX : 1;
        CHECK_OK(weft_engine_set_limits(e, &limits, &diag));
        for (int i = 0; i < 2; i++) {
            const char *bytes = i ? bin : words;
            bool valid = weft_validate(e, bytes, SIZE, &diag) == WEFT_OK;
            CHECK(valid == round && (valid || !strcmp(diag.name, "limit_load_time")));
            weft_module *m = weft_module_new(e, bytes, SIZE, &diag);
            CHECK(!m == !round && (m || !strcmp(diag.name, "limit_load_time")));
            weft_module_free(m);
            weft_loader *l = weft_loader_new(e, &diag);
            if (!CHECK(l)) return;
            bool fed = weft_loader_feed(l, bytes, SIZE, &diag) == WEFT_OK;
            CHECK(fed == (round || !i)); // text is translated when all is there
            m = weft_loader_finish(l, &diag);
            CHECK(!m == !round && (m || !strcmp(diag.name, "limit_load_time")));
            weft_module_free(m);
        }
    }
    weft_engine_free(e);
    free(bin);
    free(words);
}

// It is lifted, or set, while a module arrives.
static void load_time_changes(void)
{
    static const char bin[] = "\0asm\1\0\0\0\0\1"; // a custom section without a name
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_engine_limits none = weft_engine_limits_init(), limits = none;
    limits.load_ns = (uint64_t)3600 * 1000000000;
    for (int set = 0; set < 2; set++) {
        CHECK_OK(weft_engine_set_limits(e, set ? &none : &limits, &diag));
        weft_loader *l = weft_loader_new(e, &diag);
        if (!CHECK(l)) return;
        CHECK_OK(weft_loader_feed(l, bin, 8, &diag));
        CHECK_OK(weft_engine_set_limits(e, set ? &limits : &none, &diag));
        CHECK_OK(weft_loader_feed(l, bin + 8, sizeof bin - 8, &diag));
        weft_module *m = weft_loader_finish(l, &diag);
        CHECK(m != NULL);
        weft_module_free(m);
    }
    weft_engine_free(e);
}

// What modules take together, also those that arrive in pieces.
static void engine_limits(void)
{
    static const char text[] = "(module (memory 1) (func (export \"f\")) (func))";
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_engine_limits limits = weft_engine_limits_init(), used = weft_engine_limits_init();
    limits.module_bytes = 1000;
    CHECK_OK(weft_engine_set_limits(e, &limits, &diag));
    CHECK(!weft_module_new(e, text, sizeof text - 1, &diag));
    CHECK_STR(diag.name, "limit_module_bytes");
    weft_loader *l = weft_loader_new(e, &diag);
    CHECK_WHY(weft_loader_feed(l, text, sizeof text - 1, &diag), "limit_module_bytes");
    weft_loader_free(l);
    CHECK_WHY(weft_validate(e, text, sizeof text - 1, &diag), "limit_module_bytes");
    limits = weft_engine_limits_init();
    limits.module_size = sizeof text - 2;
    CHECK(weft_engine_set_limits(e, &limits, &diag) == WEFT_OK);
    CHECK(!weft_module_new(e, text, sizeof text - 1, &diag));
    CHECK_STR(diag.name, "limit_module_size");
    CHECK(strstr(diag.message, "at most") != NULL);
    CHECK_WHY(weft_validate(e, text, sizeof text - 1, &diag), "limit_module_size");
    l = weft_loader_new(e, &diag);
    CHECK(weft_loader_feed(l, text, sizeof text - 2, &diag) == WEFT_OK);
    CHECK_WHY(weft_loader_feed(l, text + sizeof text - 2, 1, &diag), "limit_module_size");
    weft_loader_free(l);
    limits.module_size++;
    CHECK(weft_engine_set_limits(e, &limits, &diag) == WEFT_OK);
    CHECK(weft_validate(e, text, sizeof text - 1, &diag) == WEFT_OK);
    CHECK_OK(weft_engine_usage(e, &used, &diag));
    CHECK(used.size == sizeof used && used.module_bytes == 0 && used.code_bytes == 0);
    limits.module_bytes = 0;
    limits.code_bytes = 250;
    CHECK_OK(weft_engine_set_limits(e, &limits, &diag));
    weft_module *m = weft_module_new(e, text, sizeof text - 1, &diag);
    weft_store *s = weft_store_new(e, NULL, &diag);
    weft_instance inst;
    weft_func f;
    if (!CHECK(m && s)) return;
    CHECK_OK(weft_instantiate(s, m, NULL, &inst, &diag));
    CHECK_OK(weft_instance_func(s, inst, "f", &f, &diag));
    CHECK_WHY(weft_call(s, f, NULL, 0, NULL, 0, &diag), "out_of_memory");
    CHECK_STR(diag.message, "out of memory: code_bytes of the engine are used up: "
                            "while translating function 0");
    limits.code_bytes = 0;
    CHECK_OK(weft_engine_set_limits(e, &limits, &diag));
    CHECK_OK(weft_call(s, f, NULL, 0, NULL, 0, &diag));
    CHECK_OK(weft_engine_usage(e, &used, &diag));
    CHECK(used.module_bytes > sizeof text && used.code_bytes > 100 && used.code_bytes < 1000);
    static const struct { const char *text, *why; } js[] = {
        {"(module (table 10000000 funcref) (memory 65536 65536) (memory i64 1 137438953471))", NULL},
        {"(module (table 10000001 funcref))", "limit_table_size"},
        {"(module (import \"m\" \"t\" (table 10000001 funcref)))", "limit_table_size"},
        {"(module (table 1 10000001 funcref))", NULL},
        {"(module (memory i64 137438953472))", "limit_memory_size"},
        {"(module (memory i64 1 137438953472))", "limit_memory_size"},
    };
    for (size_t i = 0; i < sizeof js / sizeof *js; i++) {
        for (unsigned on = 0; on < 2; on++) {
            limits = weft_engine_limits_init();
            limits.js = on;
            CHECK_OK(weft_engine_set_limits(e, &limits, &diag));
            weft_status made = weft_validate(e, js[i].text, strlen(js[i].text), &diag);
            CHECK((made == WEFT_OK) == (!on || !js[i].why));
            if (made != WEFT_OK) CHECK_STR(diag.name, js[i].why);
        }
    }
    limits.size = 3;
    CHECK_WHY(weft_engine_set_limits(e, &limits, &diag), "unknown_field");
    CHECK_WHY(weft_engine_usage(e, &limits, &diag), "unknown_field");
    weft_module_free(m);
    CHECK_OK(weft_engine_usage(e, &used, &diag));
    CHECK(used.module_bytes > 0); // the store has it
    weft_store_free(s);
    CHECK_OK(weft_engine_usage(e, &used, &diag));
    CHECK(used.module_bytes == 0 && used.code_bytes == 0);
    weft_engine_free(e);
}

// A header of another version: fewer fields, more of them, none.
static void structs_of_other_versions(void)
{
    struct { weft_limits known; uint64_t later[2]; } more = {.known = weft_limits_init()};
    struct { size_t size; uint64_t memory_bytes; } fewer = {sizeof fewer, 3 << 16};
    World w = world_with((weft_limits *)&fewer);
    CHECK_OK(start(&w, "(module (memory 3) (table 1000 funcref))"));
    CHECK_WHY(start(&w, "(module (memory 1))"), "limit_memory_size");
    fewer.memory_bytes = 7;
    CHECK_OK(weft_store_usage(w.store, (weft_limits *)&fewer, &diag));
    CHECK(fewer.size == sizeof fewer && fewer.memory_bytes == 3 << 16);
    more.known.size = sizeof more;
    more.later[1] = 1;
    CHECK_OK(weft_store_usage(w.store, &more.known, &diag));
    CHECK(more.known.size == sizeof more && more.known.table_total == 1000 && more.later[1] == 0);
    world_end(&w);
    more.known = weft_limits_init();
    more.known.size = sizeof more;
    more.known.instances = 1;
    more.later[0] = 0;
    w = world_with(&more.known);
    CHECK_OK(start(&w, "(module)"));
    CHECK_WHY(start(&w, "(module)"), "limit_instances");
    static const size_t bad[] = {0, 1, sizeof(size_t) - 1, 4097, SIZE_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        more.known.size = bad[i];
        CHECK(!weft_store_new(engine, &more.known, &diag));
        CHECK_STR(diag.name, "unknown_field");
        CHECK_WHY(weft_store_usage(w.store, &more.known, &diag), "unknown_field");
    }
    world_end(&w);
    more.known.size = sizeof more;
    more.later[1] = 1;
    CHECK(!weft_store_new(engine, &more.known, &diag));
    CHECK_STR(diag.name, "unknown_field");
}

typedef struct { weft_store *store; weft_stop why; } Stopper;

static void *stop_soon(void *env)
{
    Stopper *s = env;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    weft_store_stop(s->store, s->why);
    return NULL;
}

static void stopped_from_beside(const World *w, const char *name)
{
    static const struct { weft_stop why; const char *name; } rows[] = {
        {WEFT_STOP_INTERRUPTED, "interrupted"}, {WEFT_STOP_TIME_LIMIT, "time_limit"},
    };
    for (int i = 0; i < 2; i++) {
        Stopper s = {w->store, rows[i].why};
        pthread_t thread;
        if (!CHECK(pthread_create(&thread, NULL, stop_soon, &s) == 0)) return;
        CHECK_WHY(call0(w, name), rows[i].name);
        pthread_join(thread, NULL);
        CHECK_WHY(call0(w, name), rows[i].name); // it holds
        weft_store_stop(w->store, WEFT_STOP_NOT);
    }
}

static void stopping(void)
{
    World w = world("(module (memory 1) (func (export \"spin\") (loop $l (br $l))) (func"
                    " (export \"quick\")))");
    stopped_from_beside(&w, "spin");
    CHECK_OK(call0(&w, "quick"));
    weft_store_stop(w.store, (weft_stop)9); // whatever it means, it stops
    CHECK_WHY(call0(&w, "quick"), "interrupted");
    world_end(&w);
}

// ---- WASI

// What was stopped goes on to the same result, however often, and elsewhere.
static const char stoppable[] =
    "(module (import \"h\" \"h\" (func $h (param i32) (result i32))) (memory 64)"
    " (func $sum (param i32) (result i32) (local i32)"
    "   (loop $l (local.set 1 (i32.add (local.get 1) (local.get 0)))"
    "     (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "   (local.get 1))"
    " (func (export \"f\") (param i32) (result i32 i64)"
    "   (memory.fill (i32.const 0) (i32.const 7) (i32.const 4000000))"
    "   (memory.copy (i32.const 1) (i32.const 0) (i32.const 4000000))"
    "   (i32.add (call $sum (local.get 0)) (i32.load8_u (i32.const 3999999))) (i64.const 5))"
    " (func (export \"host\") (param i32) (result i32) (call $h (local.get 0))))";

static weft_status stop_there(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_store_stop(weft_caller_store(caller), *(weft_stop *)env);
    return WEFT_OK;
}

static void *go_on(void *env)
{
    World *w = env;
    weft_val results[2];
    weft_diag own;
    weft_status status = weft_continue(w->store, results, 2, &own);
    return status == WEFT_TRAP && !strcmp(own.name, "out_of_fuel") ? NULL : "another end";
}

static void continuing(void)
{
    weft_stop why_stop = WEFT_STOP_PAUSED;
    weft_limits limits = {.size = sizeof limits, .fuel = 1};
    World w = world_with(&limits);
    CHECK_OK(weft_linker_func(w.linker, "h", "h", "i:i", stop_there, &why_stop, NULL, &diag));
    CHECK_OK(start(&w, stoppable));
    weft_val arg = weft_i32(1000), results[2], result;
    uint64_t left;
    CHECK(!weft_store_may_continue(w.store));
    CHECK_WHY(weft_continue(w.store, results, 2, &diag), "not_stopped");
    // Fuel in portions, some of them from another thread.
    CHECK_WHY(weft_call(w.store, func(&w, "f"), &arg, 1, results, 2, &diag), "out_of_fuel");
    CHECK(weft_store_may_continue(w.store));
    CHECK_WHY(weft_continue(w.store, results, 1, &diag), "wrong_count");
    pthread_t thread;
    void *bad;
    CHECK_OK(weft_store_set_fuel(w.store, 2, &diag));
    if (!CHECK(pthread_create(&thread, NULL, go_on, &w) == 0)) exit(1);
    pthread_join(thread, &bad);
    CHECK_STR(bad, NULL);
    weft_status status = WEFT_TRAP;
    int stops = 0;
    while (status == WEFT_TRAP && stops++ < 100000) {
        CHECK_OK(weft_store_set_fuel(w.store, 1000000 + stops % 7, &diag));
        status = weft_continue(w.store, results, 2, &diag);
        weft_store_fuel(w.store, &left);
    }
    CHECK_OK(status);
    CHECK(stops > 3);
    CHECK(results[0].of.i32 == 500500 + 7 && results[1].of.i64 == 5);
    CHECK(!weft_store_may_continue(w.store));
    // Paused, looked at, and told to go on; a loop says that it stands at its head.
    CHECK_OK(weft_store_set_fuel(w.store, 1000000000, &diag));
    weft_store_stop(w.store, WEFT_STOP_PAUSED);
    status = weft_call(w.store, func(&w, "f"), &arg, 1, results, 2, &diag);
    CHECK_WHY(status, "paused");
    weft_frame frames[4];
    CHECK_EQ_U64(weft_store_backtrace(w.store, frames, 4), 1); // in front of f
    int pauses = 0, in_loop = 0;
    while (status == WEFT_TRAP && pauses++ < 5000) {
        status = weft_continue(w.store, results, 2, &diag); // the stop stands: a step at a time
        in_loop += status == WEFT_TRAP && weft_store_backtrace(w.store, frames, 4) == 2;
    }
    CHECK_OK(status);
    CHECK(pauses > 1000 && in_loop > 999);
    CHECK(results[0].of.i32 == 500500 + 7);
    // A host function that asks for a pause gets it behind itself; a time limit there is final.
    weft_store_stop(w.store, WEFT_STOP_NOT);
    CHECK_OK(weft_call(w.store, func(&w, "host"), &arg, 1, &result, 1, &diag));
    CHECK_EQ_U64(result.of.i32, 1000);
    CHECK_WHY(weft_call(w.store, func(&w, "host"), &arg, 1, &result, 1, &diag), "paused");
    CHECK(weft_store_may_continue(w.store));
    world_end(&w); // what was stopped goes with it
}

static void wasi(void)
{
    static const char text[] =
        "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write"
        " (param i32 i32 i32 i32) (result i32)))"
        " (import \"wasi_snapshot_preview1\" \"args_get\" (func $args (param i32 i32)"
        " (result i32)))"
        " (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))"
        " (memory (export \"memory\") 1) (data (i32.const 0) \"\\00\\10\\00\\00\\03\\00\\00\\00\")"
        " (func (export \"_start\") (drop (call $args (i32.const 100) (i32.const 4096)))"
        "   (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))"
        " (call $exit (i32.const 3))))";
    World w = world_with(NULL);
    weft_wasi *ctx = weft_wasi_new(&diag), *second = weft_wasi_new(&diag);
    int out = memfd_create("out", 0);
    CHECK_WHY(start(&w, text), "unknown_import"); // nothing unless it is granted
    CHECK_OK(weft_wasi_arg(ctx, "abc", &diag));
    CHECK_OK(weft_wasi_env(ctx, "A", "b", &diag));
    CHECK_OK(weft_wasi_stdio(ctx, -1, out, -1, &diag));
    CHECK_WHY(weft_wasi_dir(ctx, "/no/such/place", "/", true, &diag), "system_error");
    CHECK(strstr(diag.message, "/no/such/place: No such file") != NULL);
    CHECK_OK(weft_wasi_dir(ctx, "/", "/", true, &diag));
    weft_wasi_limits limits = weft_wasi_limits_init();
    limits.output_bytes = 2; // of three
    CHECK_OK(weft_wasi_set_limits(ctx, &limits, &diag));
    limits.size = 1;
    CHECK_WHY(weft_wasi_set_limits(ctx, &limits, &diag), "unknown_field");
    limits.size = sizeof limits;
    CHECK_WHY(weft_wasi_socket(ctx, out, &diag), "system_error");
    CHECK_OK(weft_wasi_set_seed(ctx, 1, &diag));
    CHECK_OK(weft_wasi_set_fixed(ctx, 1, &diag));
    CHECK_OK(weft_store_set_wasi(w.store, ctx, &diag));
    // From then on it is what it is.
    CHECK_WHY(weft_wasi_set_limits(ctx, &limits, &diag), "duplicate_definition");
    CHECK_WHY(weft_wasi_set_seed(ctx, 1, &diag), "duplicate_definition");
    CHECK_WHY(weft_wasi_set_fixed(ctx, 1, &diag), "duplicate_definition");
    CHECK_WHY(weft_wasi_set_trace(ctx, NULL, NULL, false, &diag), "duplicate_definition");
    CHECK_WHY(weft_store_set_wasi(w.store, second, &diag), "duplicate_definition");
    CHECK_WHY(start(&w, text), "unknown_import"); // the linker does not pass it on
    weft_linker_wasi(w.linker);
    weft_wasi_free(second);
    CHECK_OK(start(&w, text));
    CHECK_WHY(call0(&w, "_start"), "exit");
    CHECK(diag.status == WEFT_EXIT && diag.exit_status == 3);
    char got[8] = "";
    CHECK(pread(out, got, sizeof got - 1, 0) == 2);
    CHECK_STR(got, "ab");
    close(out);
    world_end(&w);
}

// A guest that waits is stopped too.
static void wasi_waiting(void)
{
    World w = world_with(NULL);
    int ends[2];
    weft_wasi *ctx = weft_wasi_new(&diag);
    if (!CHECK(pipe(ends) == 0)) return;
    CHECK_OK(weft_wasi_stdio(ctx, ends[0], -1, -1, &diag));
    CHECK_OK(weft_store_set_wasi(w.store, ctx, &diag));
    weft_linker_wasi(w.linker);
    CHECK_OK(start(&w,
                   "(module (import \"wasi_snapshot_preview1\" \"fd_read\" (func $read"
                   " (param i32 i32 i32 i32) (result i32)))"
                       " (memory (export \"memory\") 1) (data"
                       " (i32.const 0) \"\\00\\10\\00\\00\\03\\00\\00\\00\")"
                       " (func (export \"read\") (drop (call $read (i32.const 0) (i32.const 0)"
                       " (i32.const 1) (i32.const 64)))))"));
    stopped_from_beside(&w, "read");
    close(ends[0]);
    close(ends[1]);
    world_end(&w);
}

// ---- Freeing in any order

static void any_order(void)
{
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_module *m = module_of(e, "(module (func (export \"f\") (result i32) (i32.const 9)))");
    weft_store *s = weft_store_new(e, NULL, &diag);
    weft_linker *l = weft_linker_new(e, &diag);
    int ended = 0;
    weft_instance inst;
    weft_func f;
    weft_val v;
    CHECK_OK(weft_linker_func(l, "a", "b", ":", add, &ended, count_end, &diag));
    CHECK_OK(weft_instantiate(s, m, l, &inst, &diag));
    weft_engine_free(e);
    weft_module_free(m);
    CHECK_OK(weft_instance_func(s, inst, "f", &f, &diag));
    CHECK_OK(weft_call(s, f, NULL, 0, &v, 1, &diag));
    CHECK_EQ_U64(v.of.i32, 9);
    weft_store_free(s);
    CHECK_EQ_U64(ended, 0);
    weft_linker_free(l);
    CHECK_EQ_U64(ended, 1);
}

// One module, many stores, as many threads.
static weft_module *shared;

static weft_status nothing(void *env, weft_caller *caller, weft_slot *slots) { return WEFT_OK; }

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define KEEPS_FREED
#endif
#endif
#ifdef KEEPS_FREED
static const bool keeps_freed = true; // memory is not handed out again soon
#else
static const bool keeps_freed = false;
#endif

// What does not come to be takes nothing: neither memory, nor numbers of functions.
static void refused_again(void)
{
    static const char hungry_text[] =
        "(module (memory 1024) (table 1000 funcref) (func $f) (global i32 (i32.const 1))"
        " (global i32 (i32.const 2)) (global i32 (i32.add (i32.const 1) (i32.const 1)))"
        " (elem funcref (ref.func $f)))";
    static const char lacking_text[] =
        "(module (import \"wasi_snapshot_preview1\" \"sched_yield\" (func (result i32)))"
        " (import \"x\" \"y\" (func)) (memory 1024) (func $f) (func $g))";
    weft_limits limits = {.size = sizeof limits, .fuel = 2};
    World w = world_with(&limits);
    weft_instance instance;
    CHECK_OK(weft_store_set_wasi(w.store, weft_wasi_new(&diag), &diag));
    weft_linker_wasi(w.linker);
    weft_module *hungry = module_of(engine, hungry_text),
                *lacking = module_of(engine, lacking_text);
    for (int i = 0; i < 600; i++) {
        CHECK_OK(weft_store_set_fuel(w.store, 2, &diag));
        CHECK_WHY(weft_instantiate(w.store, hungry, w.linker, &instance, &diag), "out_of_fuel");
        CHECK_WHY(weft_instantiate(w.store, lacking, w.linker, &instance, &diag), "unknown_import");
    }
    CHECK_OK(weft_store_set_fuel(w.store, 1000000, &diag));
    CHECK_OK(weft_instantiate(w.store, hungry, w.linker, &instance, &diag));
    weft_module_free(hungry);
    weft_module_free(lacking);
    world_end(&w);
}

// A linker that has items of a store that is gone is told as such, also when another store stands
// at its address. What it has beside them is no less there.
static void linker_of_the_dead(void)
{
    weft_module *m = module_of(engine, "(module (import \"h\" \"f\" (func)))");
    bool same_address = false;
    for (int i = 0; i < 20; i++) {
        weft_store *old = weft_store_new(engine, NULL, &diag);
        weft_linker *l = weft_linker_new(engine, &diag);
        int ended = 0;
        weft_extern item = {.kind = WEFT_FUNC};
        CHECK_OK(weft_func_new(old, ":", nothing, NULL, NULL, &item.of.func, &diag));
        CHECK_OK(weft_linker_func(l, "h", "f", ":", nothing, &ended, count_end, &diag));
        CHECK_OK(weft_linker_define(l, "h", "item", item, &diag));
        weft_store_free(old);
        weft_store *made[16]; // until one is where the old one was
        int last = -1;
        do made[++last] = weft_store_new(engine, NULL, &diag);
        while (made[last] != old && last < 15);
        same_address |= made[last] == old;
        World w = {.store = made[last], .linker = weft_linker_new(engine, &diag)};
        CHECK_OK(start(&w, "(module (func (export \"f\")))"));
        weft_instance instance;
        item.of.func = func(&w, "f");
        CHECK_WHY(weft_instantiate(w.store, m, l, &instance, &diag), "wrong_store");
        CHECK_WHY(weft_linker_define(l, "h", "g", item, &diag), "wrong_store");
        CHECK_WHY(weft_linker_instance(l, w.store, "i", w.instance, &diag), "wrong_store");
        CHECK_EQ_U64(ended, 0);
        weft_linker_free(l);
        CHECK_EQ_U64(ended, 1);
        world_end(&w);
        while (last) weft_store_free(made[--last]);
    }
    CHECK(same_address || keeps_freed); // else this has not tested what it is for
    weft_module_free(m);
}

// ---- The thread's own stack

typedef struct {
    weft_limits limits;
    int levels;
} Nested;

static weft_status call_again(void *env, weft_caller *caller, weft_slot *slots)
{
    ++((Nested *)env)->levels;
    return weft_call(weft_caller_store(caller),
                     *(weft_func *)weft_store_data(weft_caller_store(caller)), NULL, 0, NULL, 0,
                     NULL);
}

static void *call_nested(void *env)
{
    weft_diag why = {0};
    weft_store *store = weft_store_new(engine, &((Nested *)env)->limits, &why);
    weft_linker *linker = weft_linker_new(engine, &why);
    weft_instance instance;
    weft_func f;
    weft_linker_func(linker, "h", "h", ":", call_again, env, NULL, &why);
    weft_status status = weft_instantiate(store, shared, linker, &instance, &why);
    if (status == WEFT_OK) status = weft_instance_func(store, instance, "f", &f, &why);
    weft_store_set_data(store, &f);
    if (status == WEFT_OK) status = weft_call(store, f, NULL, 0, NULL, 0, &why);
    weft_linker_free(linker);
    weft_store_free(store);
    return status == WEFT_TRAP && !strcmp(why.name, "call_stack_exhausted") ? NULL : "another end";
}

static void small_stacks(void)
{
    static const struct { size_t bytes; uint64_t calls, left; } rows[] = {
        {64 << 10, 0, 0}, {128 << 10, 0, 0}, {8 << 20, 0, 0},
        {8 << 20, 7, 0}, {8 << 20, 1000, 0}, {8 << 20, UINT64_MAX, 0}, // as many as there may be,
        {64 << 10, 0, 1}, {8 << 20, 1000, 4 << 20}, {8 << 20, 0, UINT64_MAX}, // or the stack lets
    };
    int got[sizeof rows / sizeof *rows];
    shared = module_of(engine,
                       "(module (import \"h\" \"h\" (func $h)) (func (export \"f\") (call $h)))");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pthread_attr_t attr;
        pthread_t thread;
        void *bad = NULL;
        Nested nested = {weft_limits_init(), 0};
        nested.limits.host_calls = rows[i].calls;
        nested.limits.native_bytes = rows[i].left;
        pthread_attr_init(&attr);
        got[i] = -1;
        // less than a thread may have on this machine
        if (pthread_attr_setstacksize(&attr, rows[i].bytes)) continue;
        if (!CHECK(pthread_create(&thread, &attr, call_nested, &nested) == 0)) exit(1);
        pthread_join(thread, &bad);
        pthread_attr_destroy(&attr);
        CHECK_STR(bad, NULL);
        got[i] = nested.levels;
    }
    CHECK(got[0] && got[0] <= got[1] && got[1] <= got[2]);
    CHECK_EQ_U64(got[2], 200);
    CHECK_EQ_U64(got[3], 7);
    CHECK_EQ_U64(got[4], 1000);
    CHECK(got[5] > 1000 && got[5] <= 10000);
    // Never fewer bytes than the library may need itself; how many calls fit varies a little.
    CHECK(abs(got[6] - got[0]) <= 1 + got[0] / 2);
    CHECK(got[7] > 200 && got[7] <= 1000);
    CHECK_EQ_U64(got[8], 1);
    weft_module_free(shared);
}

static void *run_shared(void *env)
{
    long bad = 0;
    for (int i = 0; i < 20; i++) {
        weft_store *s = weft_store_new(engine, NULL, NULL);
        weft_instance inst;
        weft_func f;
        weft_val n = weft_i32(i), got = {0};
        bad += weft_instantiate(s, shared, NULL, &inst, NULL) || weft_instance_func(s, inst, "sq",
                                                                                    &f, NULL) ||
               weft_call(s, f, &n, 1, &got, 1, NULL) || got.of.i32 != i * i;
        weft_store_free(s);
    }
    return (void *)bad;
}

static void threads(void)
{
    pthread_t all[4];
    shared = module_of(engine, "(module (func (export \"sq\") (param i32) (result i32)"
                               " (i32.mul (local.get 0) (local.get 0))))");
    for (int i = 0; i < 4; i++)
        if (!CHECK(pthread_create(&all[i], NULL, run_shared, NULL) == 0)) exit(1);
    for (int i = 0; i < 4; i++) {
        void *bad;
        pthread_join(all[i], &bad);
        CHECK(bad == NULL);
    }
    weft_module_free(shared);
}

// A memory that guests in two threads have: one waits for the other, in each way that it can end.
typedef struct { World world; uint32_t answer; weft_status status; weft_diag diag; } Waiter;

static void give_memory(World *w, weft_shared_memory *memory)
{
    weft_memory m, again;
    CHECK_OK(weft_shared_memory_in(w->store, memory, &m, &diag));
    CHECK_OK(weft_shared_memory_in(w->store, memory, &again, &diag));
    CHECK(m.item == again.item && m.store == again.store);
    weft_extern item = {.kind = WEFT_MEMORY, .of = {.memory = m}};
    CHECK_OK(weft_linker_define(w->linker, "env", "memory", item, &diag));
}

static void *wait_for_it(void *env)
{
    Waiter *w = env;
    weft_func f;
    weft_val got = {0};
    w->status = weft_instance_func(w->world.store, w->world.instance, "wait", &f, &w->diag);
    if (!w->status) w->status = weft_call(w->world.store, f, NULL, 0, &got, 1, &w->diag);
    w->answer = (uint32_t)got.of.i32;
    return NULL;
}

static void shared_memories(void)
{
    static const char waits[] =
        "(module (import \"env\" \"memory\" (memory 1 4 shared))"
        " (func (export \"wait\") (result i32)"
        "  (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))";
    pthread_t thread;
    weft_shared_memory *memory = weft_shared_memory_new(engine, 1, 4, &diag), *same;
    CHECK(memory != NULL);
    for (int stopped = 0; stopped < 2; stopped++) {
        Waiter w = {.world = world_with(NULL)};
        give_memory(&w.world, memory);
        CHECK_OK(start(&w.world, waits));
        if (!CHECK(pthread_create(&thread, NULL, wait_for_it, &w) == 0)) exit(1);
        if (stopped) weft_store_stop(w.world.store, WEFT_STOP_INTERRUPTED);
        else
            while (!weft_shared_memory_notify(memory, 8, 1)) usleep(100);
        pthread_join(thread, NULL);
        if (stopped) CHECK_STR(w.diag.name, "interrupted");
        else CHECK(!w.status && w.answer == 0);
        world_end(&w.world);
    }
    CHECK_EQ_U64(weft_shared_memory_notify(memory, 8, 1), 0);

    // one that a guest made, grown, and had by others when its store is gone
    World w = world_with(NULL), other = world_with(NULL);
    weft_memory m, n;
    CHECK_OK(start(&w, "(module (memory (export \"m\") 1 3 shared) (memory (export \"n\") 1))"));
    CHECK_OK(weft_instance_memory(w.store, w.instance, "m", &m, &diag));
    CHECK_OK(weft_instance_memory(w.store, w.instance, "n", &n, &diag));
    CHECK(!weft_memory_shared(w.store, n) && !weft_memory_shared(other.store, m));
    same = weft_memory_shared(w.store, m);
    CHECK_OK(weft_shared_memory_in(other.store, same, &n, &diag));
    CHECK_EQ_U64(weft_memory_grow(w.store, m, 1), 1);
    CHECK_EQ_U64(weft_memory_size(other.store, n), 2 << 16);
    CHECK(weft_memory_write(other.store, n, 100000, "hello", 5));
    weft_extern item = {.kind = WEFT_MEMORY, .of = {.memory = n}};
    weft_item_type type;
    CHECK(weft_extern_type(other.store, item, &type) && type.is_shared && type.min == 2);
    world_end(&w);
    CHECK(!memcmp(weft_shared_memory_at(same, 100000, 5), "hello", 5));
    CHECK(!weft_shared_memory_at(same, 2 << 16, 1) && weft_shared_memory_at(same, 2 << 16, 0));
    world_end(&other);
    CHECK_EQ_U64(weft_shared_memory_size(same), 2 << 16);
    weft_shared_memory_free(same);
    weft_shared_memory_free(memory);
    weft_shared_memory_free(NULL);
    diag = (weft_diag){0};
    CHECK(!weft_shared_memory_new(engine, 2, 1, &diag));
    CHECK_STR(diag.name, "size_minimum_exceeds_maximum");
    CHECK(!weft_shared_memory_new(engine, 1, 65537, &diag));
    CHECK_STR(diag.name, "memory_size_limit");
}

// ---- A shared memory over pages of the host's

typedef struct {
    char *start;
    uint64_t accessible, most;
    int grown, dropped;
} Pages;

static bool grow_pages(void *env, uint64_t bytes)
{
    Pages *p = env;
    p->grown++;
    if (bytes > p->most || mprotect(p->start, bytes, PROT_READ | PROT_WRITE)) return false;
    p->accessible = bytes;
    return true;
}

// ---- Who waits there is sleepers by the host

typedef struct { unsigned waits, notified; uint32_t answer; uint64_t longest; } Sleepers;
static Sleepers sleepers;
static weft_store *stopped_there;

static uint32_t keep_waiting(void *env, uint64_t address, uint64_t expected, uint32_t bytes,
                             uint64_t nanoseconds)
{
    Pages *p = env;
    sleepers.waits++;
    if (nanoseconds > sleepers.longest) sleepers.longest = nanoseconds;
    if (stopped_there) weft_store_stop(stopped_there, WEFT_STOP_INTERRUPTED);
    uint64_t now = 0;
    memcpy(&now, p->start + address, bytes);
    return now != expected ? WEFT_WAIT_NOT_EQUAL : sleepers.answer;
}

static uint32_t wake_kept(void *env, uint64_t address, uint32_t count)
{
    (void)env;
    sleepers.notified++;
    return address == 8 ? count : 0;
}

static int64_t wait_for(World *w, weft_func f, uint64_t expected, int64_t ns)
{
    weft_val args[] = {weft_i64((int64_t)expected), weft_i64(ns)}, got = weft_i32(-1);
    return weft_call(w->store, f, args, 2, &got, 1, &diag) == WEFT_OK ? got.of.i32 : -2;
}

static void waits_of_host(weft_host_pages pages)
{
    static const char waits[] =
        "(module (import \"env\" \"memory\" (memory 1 8 shared))"
        " (func (export \"w\") (param i64 i64) (result i32)"
        "  (memory.atomic.wait64 (i32.const 8) (local.get 0) (local.get 1)))"
        " (func (export \"n\") (param i32) (result i32)"
        "  (memory.atomic.notify (local.get 0) (i32.const 3))))";
    pages.drop = NULL;
    pages.wait = keep_waiting;
    pages.notify = wake_kept;
    weft_shared_memory *memory = weft_shared_memory_over(engine, &pages, &diag);
    World w = world_with(NULL);
    weft_func f, n;
    if (!CHECK(memory != NULL)) return;
    give_memory(&w, memory);
    CHECK_OK(start(&w, waits));
    CHECK_OK(weft_instance_func(w.store, w.instance, "w", &f, &diag));
    CHECK_OK(weft_instance_func(w.store, w.instance, "n", &n, &diag));
    sleepers.answer = WEFT_WAIT_OK;
    CHECK(wait_for(&w, f, 1, -1) == WEFT_WAIT_NOT_EQUAL);
    CHECK(wait_for(&w, f, 0, -1) == WEFT_WAIT_OK && sleepers.longest == 5000000);
    sleepers = (Sleepers){.answer = WEFT_WAIT_TIMED_OUT};
    CHECK(wait_for(&w, f, 0, 12000000) == WEFT_WAIT_TIMED_OUT); // nobody slept: that many again
    CHECK(sleepers.waits >= 3 && sleepers.longest <= 5000000);
    stopped_there = w.store;
    CHECK(wait_for(&w, f, 0, -1) == -2);
    CHECK_STR(diag.name, "interrupted");
    weft_store_stop(w.store, WEFT_STOP_NOT);
    stopped_there = NULL;
    sleepers.answer = WEFT_WAIT_FAILED;
    CHECK(wait_for(&w, f, 0, -1) == -2);
    CHECK_STR(diag.name, "host");
    weft_val at = weft_i32(8), got;
    CHECK_OK(weft_call(w.store, n, &at, 1, &got, 1, &diag));
    CHECK(got.of.i32 == 3 && sleepers.notified == 1);
    at = weft_i32(9); // it looks where that is first
    CHECK_WHY(weft_call(w.store, n, &at, 1, &got, 1, &diag), "unaligned_atomic");
    CHECK(sleepers.notified == 1);
    CHECK_EQ_U64(weft_shared_memory_notify(memory, 12, 1), 0);
    CHECK(sleepers.notified == 2);
    weft_shared_memory_free(memory);
    world_end(&w);
}

static void drop_pages(void *env)
{
    Pages *p = env;
    p->dropped++;
    munmap(p->start, 8 << 16);
}

static void host_pages(void)
{
    static const char grows[] =
        "(module (import \"env\" \"memory\" (memory 1 8 shared))"
        " (func (export \"f\") (param i32) (result i32) (memory.grow (local.get 0)))"
        " (func (export \"g\") (param i32) (result i32) (i32.atomic.load (local.get 0))))";
    Pages p = {.most = 3 << 16};
    p.start = mmap(NULL, 8 << 16, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    weft_host_pages pages = weft_host_pages_init();
    pages.start = p.start;
    pages.min = 2;
    pages.max = 8;
    pages.grow = grow_pages;
    pages.drop = drop_pages;
    pages.env = &p;
    if (!CHECK(p.start != MAP_FAILED && grow_pages(&p, 2 << 16))) return;
    struct { uint64_t min, max; char *start; const char *why; } bad[] = {
        {2, 1, p.start, "size_minimum_exceeds_maximum"}, {1, 65537, p.start, "memory_size_limit"},
        {1, 2, p.start + 8, "not_aligned"}, {1, 2, NULL, "not_aligned"},
    };
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        weft_host_pages wrong = pages;
        wrong.min = bad[i].min;
        wrong.max = bad[i].max;
        wrong.start = bad[i].start;
        CHECK(!weft_shared_memory_over(engine, &wrong, &diag));
        CHECK_STR(diag.name, bad[i].why);
    }
    CHECK(!p.dropped);
    waits_of_host(pages);
    strcpy(p.start + 100, "abc");
    weft_shared_memory *memory = weft_shared_memory_over(engine, &pages, &diag);
    if (!CHECK(memory && weft_shared_memory_at(memory, 0, 2 << 16) == p.start)) return;
    World w = world_with(NULL), other = world_with(NULL);
    give_memory(&w, memory);
    give_memory(&other, memory);
    CHECK_OK(start(&w, grows));
    CHECK_OK(start(&other, grows));
    weft_shared_memory_free(memory);
    weft_func f, g;
    weft_val arg = weft_i32(100), got;
    CHECK_OK(weft_instance_func(w.store, w.instance, "f", &f, &diag));
    CHECK_OK(weft_instance_func(other.store, other.instance, "g", &g, &diag));
    CHECK_OK(weft_call(other.store, g, &arg, 1, &got, 1, &diag));
    CHECK_EQ_U64(got.of.i32, 0x636261);
    static const int steps[][2] = {{0, 2}, {1, 2}, {1, -1}, {9, -1}, {0, 3}};
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
        arg = weft_i32(steps[i][0]);
        CHECK_OK(weft_call(w.store, f, &arg, 1, &got, 1, &diag));
        CHECK(got.of.i32 == steps[i][1]);
    }
    CHECK(p.grown == 3 && p.accessible == 3 << 16); // what cannot be is not asked for
    p.start[(3 << 16) - 4] = 77;
    arg = weft_i32((3 << 16) - 4);
    CHECK_OK(weft_call(other.store, g, &arg, 1, &got, 1, &diag));
    CHECK(got.of.i32 == 77);
    arg = weft_i32(3 << 16);
    CHECK_WHY(weft_call(other.store, g, &arg, 1, &got, 1, &diag), "out_of_bounds_memory_access");
    world_end(&w);
    CHECK(!p.dropped);
    world_end(&other);
    CHECK(p.dropped == 1);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    if (!CHECK(engine != NULL)) return check_report();
    engines();
    refused();
    described();
    bytes_copied();
    in_pieces();
    no_modules();
    long_text();
    linking();
    long_names();
    instances();
    strangers();
    values();
    many_values();
    references();
    many_references();
    host_items();
    traps();
    host_traps();
    exceptions();
    callers();
    tame_messages();
    deterministic();
    tiers();
    faults();
    fuel();
    sizes();
    limits_by_name();
    engine_limits();
    load_time();
    load_time_changes();
    structs_of_other_versions();
    stopping();
    continuing();
    wasi();
    wasi_waiting();
    any_order();
    refused_again();
    linker_of_the_dead();
    small_stacks();
    threads();
    shared_memories();
    host_pages();
    weft_engine_free(engine);
    return check_report();
}
