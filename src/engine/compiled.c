// compiled.c -- see compiled.h.

#include "engine/compiled.h"

#include "base/sum.h"
#include "binary/decode.h"
#include "engine/maker.h"
#include "jit/stored.h"
#include "plat/file.h"
#include "plat/pages.h"
#include "plat/processor.h"
#include "plat/thread.h"
#include "run/guard.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MOST = 16, TIER_NUMBER = 1 };

static const char again[] = "compile the module again";

static bool damaged(Diag *diag, const char *what)
{
    return diag_fail(diag, ERR_malformed_compiled, 0, "%s; %s", what, again);
}

// ---- Where the bytes are

static bool read_file(void *env, u64 at, void *to, size_t size)
{
    for (size_t done; size; at += done, size -= done, to = (u8 *)to + done) {
        const FileSpan span = {to, size};
        if (file_read_at(*(const File *)env, &span, 1, at, &done) || !done) return false;
    }
    return true;
}

static void close_file(void *env)
{
    file_close(*(const File *)env);
    free(env);
}

int compiled_from_file(int file, CompiledFrom *out)
{
    FileStat stat;
    File *kept = malloc(sizeof *kept);
    int err = kept ? file_stat(file, &stat) : ENOMEM;
    if (!err && stat.kind != FILE_regular) err = ESPIPE;
    if (err) {
        free(kept);
        return err;
    }
    *kept = file;
    *out = (CompiledFrom){kept, stat.size, read_file, close_file};
    return 0;
}

typedef struct {
    Account *account;
    size_t size;
    u8 bytes[];
} Copy;

// Room that is the account's until `give` has it back. NULL: *why is out_of_memory or
// limit_module_bytes.
static void *take(Account *account, size_t size, Err *why)
{
    bool allowed = account_take_shared(account, size);
    void *room = allowed ? malloc(size) : NULL;
    if (!room) *why = allowed ? ERR_out_of_memory : ERR_limit_module_bytes;
    if (allowed && !room) account_give_shared(account, size);
    return room;
}

static bool read_copy(void *env, u64 at, void *to, size_t size)
{
    const Copy *copy = env;
    if (at > copy->size || size > copy->size - at) return false;
    if (size) memcpy(to, copy->bytes + at, size);
    return true;
}

static void free_copy(void *env)
{
    Copy *copy = env;
    account_give_shared(copy->account, sizeof *copy + copy->size);
    free(copy);
}

bool compiled_from_bytes(Bytes bytes, Account *account, CompiledFrom *out, Err *why)
{
    Copy *copy = take(account, sizeof *copy + bytes.len, why);
    if (!copy) return false;
    copy->account = account;
    copy->size = bytes.len;
    if (bytes.len) memcpy(copy->bytes, bytes.data, bytes.len);
    *out = (CompiledFrom){copy, bytes.len, read_copy, free_copy};
    return true;
}

bool compiled_is(const u8 *bytes, size_t size)
{
    return size >= sizeof COMPILED_MAGIC - 1 &&
           !memcmp(bytes, COMPILED_MAGIC, sizeof COMPILED_MAGIC - 1);
}

u32 compiled_mode(const Engine *e, const Module *m, bool fueled)
{
    bool guarded = false;
    for (u32 i = 0; i < m->memory_count && GUARD_POSSIBLE && e->faults; i++)
        guarded |= memory_suits_guards(&m->memories[i].type);
    return CODE_compiled | (guarded ? CODE_guarded : 0) | (fueled ? CODE_fueled : 0) |
           (e->deterministic ? CODE_deterministic : 0);
}

u64 compiled_sum(const u8 *module, size_t size, u32 bodies, u32 bodies_end)
{
    Checksum sum = {.word = 0};
    checksum_add(&sum, module, bodies);
    checksum_add(&sum, module + bodies_end, size - bodies_end);
    return checksum_end(&sum);
}

// ---- Out

typedef struct {
    ModuleCode *code;
    Bytes *records;        // by function that is not imported; each is freed
    atomic_uint next;      // that nobody has taken
    atomic_bool failed;    // memory is short
} Making;

static void make_one(Making *k, Arena *arena, u32 func)
{
    Bytes record = {0};
    Compiled made = NATIVE ? stored_make(k->code, func, arena, &record) : COMPILED_not;
    u8 *kept = made == COMPILED ? malloc(record.len) : NULL;
    if (made == COMPILED_short || (made == COMPILED && !kept)) atomic_store(&k->failed, true);
    if (!kept) return;
    memcpy(kept, record.data, record.len);
    k->records[func - k->code->module->imported_funcs] = (Bytes){kept, record.len};
}

static void make_some(void *env)
{
    Making *k = env;
    const Module *m = k->code->module;
    Arena arena;
    arena_init(&arena);
    if (m->accounts) arena.account = &m->accounts[ENGINE_code_bytes];
    for (u32 func; !k->failed && (func = atomic_fetch_add(&k->next, 1)) < m->func_count;) {
        make_one(k, &arena, func);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void make_all(Making *k, u32 threads)
{
    Thread *started[THREADS_MOST] = {0};
    threads = MAX(1u, MIN(threads, THREADS_MOST));
    for (u32 i = 1; i < threads; i++) started[i] = thread_start(make_some, k);
    make_some(k);
    for (u32 i = 1; i < threads; i++) thread_join(started[i]);
}

static u64 aligned(u64 at) { return (at + 15) & ~(u64)15; }

static bool put(const CompiledSink *sink, u64 *at, u64 to, const void *bytes, size_t size)
{
    static const u8 zeros[16];
    if (*at < to && !sink->write(sink->env, zeros, (size_t)(to - *at))) return false;
    *at = to + size;
    return !size || sink->write(sink->env, bytes, size);
}

// Where each record will be. The size of all.
static u64 fill_index(const Making *k, StoredFunc *index, u32 count, u64 at)
{
    for (u32 i = 0; i < count; i++) {
        const Bytes *r = &k->records[i];
        const Module *m = k->code->module;
        const Range body = m->funcs[m->imported_funcs + i].body;
        u32 size = body.end - body.start;
        index[i] = (StoredFunc){.body = body.start, .body_size = size,
                                .body_sum = (u32)checksum_of(m->bytes + body.start, size)};
        if (!r->len || r->len > UINT32_MAX) continue;
        index[i].at = at;
        index[i].size = (u32)r->len;
        index[i].sum = (u32)checksum_of(r->data, r->len);
        at = aligned(at + r->len);
    }
    return at;
}

static CompiledHead make_head(const Making *k, u32 count)
{
    const Module *m = k->code->module;
    u32 bodies = (u32)m->size, end = bodies; // none: behind all
    if (count) {
        bodies = m->funcs[m->imported_funcs].body_size_offset;
        end = m->funcs[m->func_count - 1].body.end;
    }
    CompiledHead head = {.format = COMPILED_FORMAT, .head_size = sizeof head,
                         .maker = maker_sources, .mode = k->code->mode, .tier = TIER_NUMBER,
                         .optimized = m->optimizes == OPTIMIZE_first,
                         .module_at = aligned(sizeof head), .module_size = m->size,
                         .module_sum = compiled_sum(m->bytes, m->size, bodies, end),
                         .first = m->imported_funcs, .count = count, .bodies = bodies,
                         .bodies_end = end};
    memcpy(head.magic, COMPILED_MAGIC, sizeof head.magic);
    memcpy(head.engine, maker_version, MIN(strlen(maker_version), sizeof head.engine - 1));
    memcpy(head.machine, processor_name, MIN(strlen(processor_name), sizeof head.machine - 1));
    head.index_at = aligned(head.module_at + m->size);
    return head;
}

static bool write_all(const Making *k, StoredFunc *index, u32 count, const CompiledSink *sink)
{
    const Module *m = k->code->module;
    CompiledHead head = make_head(k, count);
    size_t index_size = count * sizeof *index;
    head.size = fill_index(k, index, count, aligned(head.index_at + index_size));
    head.index_sum = checksum_of((const u8 *)index, index_size);
    head.sum = checksum_of((const u8 *)&head, offsetof(CompiledHead, sum));
    u64 at = 0;
    bool good = put(sink, &at, 0, &head, sizeof head) &&
                put(sink, &at, head.module_at, m->bytes, m->size) &&
                put(sink, &at, head.index_at, index, index_size);
    for (u32 i = 0; i < count && good; i++)
        good = !index[i].size || put(sink, &at, index[i].at, k->records[i].data, index[i].size);
    return good && put(sink, &at, head.size, NULL, 0);
}

static bool make_and_write(Making *k, u32 count, u32 threads, const CompiledSink *sink, Diag *diag)
{
    k->records = calloc((size_t)count + 1, sizeof *k->records);
    StoredFunc *index = calloc((size_t)count + 1, sizeof *index);
    bool room = k->records && index, good = false;
    if (room) make_all(k, threads);
    if (!room || k->failed) diag_fail(diag, ERR_out_of_memory, 0, "for code");
    else good = write_all(k, index, count, sink);
    for (u32 i = 0; i < count && k->records; i++) free((void *)k->records[i].data);
    free(k->records);
    free(index);
    return good;
}

bool compiled_write(const Module *m, u32 mode, u32 threads, const CompiledSink *sink, Diag *diag)
{
    Err why;
    diag_init(diag);
    if (!module_fetch(m, MODULE_ALL)) return damaged(diag, "its module cannot be read");
    ModuleCode *code = code_apart(m, mode, &why);
    if (!code) return diag_fail(diag, why, 0, "for code");
    Making making = {.code = code, .next = m->imported_funcs};
    bool good = make_and_write(&making, m->func_count - m->imported_funcs, threads, sink, diag);
    code_free_apart(code);
    return good;
}

// ---- In

static bool is_name(const char *name, size_t size)
{
    const char *end = memchr(name, 0, size);
    for (const char *at = name; end && at < end; at++)
        if (*at <= ' ' || *at > '~') return false;
    return end && end > name;
}

static bool for_us(const CompiledHead *h, Diag *diag)
{
    if (strcmp(h->engine, maker_version) || h->tier != TIER_NUMBER)
        return diag_fail(diag, ERR_compiled_mismatch, 0, "weft %s made it, and this is %s; %s",
                         h->engine, maker_version, again);
    if (strcmp(h->machine, processor_name))
        return diag_fail(diag, ERR_compiled_mismatch, 0, "it is for %s, and this is %s; %s here",
                         h->machine, processor_name, again);
    if (h->maker != maker_sources)
        return diag_fail(diag, ERR_compiled_mismatch, 0,
                         "another build of weft %s made it, whose code is other; %s", h->engine,
                         again);
    const char *lacks = tier_lacks();
    return !lacks || diag_fail(diag, ERR_compiled_mismatch, 0,
                               "its code cannot run here, which lacks %s; run the module itself",
                               lacks);
}

// Are so many bytes there?
static bool inside(const CompiledHead *h, u64 at, u64 size)
{
    return at <= h->size && size <= h->size - at;
}

// Of each function there is a body, and in front of it its size.
static bool layout_good(const CompiledHead *h)
{
    return is_name(h->engine, sizeof h->engine) && is_name(h->machine, sizeof h->machine) &&
           h->module_size <= MODULE_SIZE_MOST && inside(h, h->module_at, h->module_size) &&
           h->bodies <= h->bodies_end && h->bodies_end <= h->module_size &&
           h->count <= MIN((h->bodies_end - h->bodies) / 2, MODULE_FUNCS_MOST) &&
           h->index_at % 8 == 0 && inside(h, h->index_at, (u64)h->count * sizeof(StoredFunc)) &&
           h->mode < CODE_MODES && h->mode & CODE_compiled;
}

bool compiled_head(const CompiledFrom *from, CompiledHead *h, Diag *diag)
{
    diag_init(diag);
    if (from->size < sizeof *h || !from->read(from->env, 0, h, sizeof *h))
        return damaged(diag, "it is cut short");
    if (!compiled_is((const u8 *)h, sizeof *h)) return damaged(diag, "it does not begin as one");
    if (h->format != COMPILED_FORMAT)
        return diag_fail(diag, ERR_compiled_mismatch, 0,
                         "its format is %u, and that of this weft %d; %s", h->format,
                         COMPILED_FORMAT, again);
    if (h->head_size != sizeof *h ||
        h->sum != checksum_of((const u8 *)h, offsetof(CompiledHead, sum)))
        return damaged(diag, "its head is damaged");
    if (h->size != from->size)
        return diag_fail(diag, ERR_malformed_compiled, 0, "%llu bytes of %llu; %s",
                         (unsigned long long)from->size, (unsigned long long)h->size, again);
    return layout_good(h) ? for_us(h, diag) : damaged(diag, "its head is damaged");
}

bool compiled_module(const CompiledFrom *from, const CompiledHead *h, u8 *to, Diag *diag)
{
    u64 rest = h->module_size - h->bodies_end;
    pages_expect(to, h->bodies);
    pages_expect(to + h->bodies_end, rest);
    if (!from->read(from->env, h->module_at, to, h->bodies) ||
        !from->read(from->env, h->module_at + h->bodies_end, to + h->bodies_end, (size_t)rest))
        return damaged(diag, "its module cannot be read");
    return compiled_sum(to, (size_t)h->module_size, h->bodies, h->bodies_end) == h->module_sum ||
           damaged(diag, "its module is damaged");
}

static bool read_index(const CompiledFrom *from, const CompiledHead *h, StoredFunc *to, Diag *diag)
{
    size_t size = (size_t)h->count * sizeof *to;
    if (!from->read(from->env, h->index_at, to, size) ||
        checksum_of((const u8 *)to, size) != h->index_sum)
        return damaged(diag, "its index is damaged");
    u32 at = h->bodies;
    for (u32 i = 0; i < h->count; i++) {
        const StoredFunc *f = &to[i];
        if (!inside(h, f->at, f->size) || f->body < at || f->body > h->bodies_end ||
            f->body_size > h->bodies_end - f->body)
            return damaged(diag, "its index is damaged");
        at = f->body + f->body_size;
    }
    return true;
}

Stored *compiled_index(const CompiledFrom *from, const CompiledHead *h, Account *account,
                       Diag *diag)
{
    Err why;
    size_t size = sizeof(Stored) + h->count * (sizeof(StoredFunc) + 2);
    Stored *s = take(account, size, &why);
    if (!s) {
        diag_fail(diag, why, 0, "for code");
        return NULL;
    }
    pages_expect(s, size);
    *s = (Stored){.account = account, .size = size,
                  .mode = h->mode, .optimized = h->optimized,
                  .first = h->first, .count = h->count, .env = from->env,
                  .read = from->read, .free = from->free, .funcs = (StoredFunc *)(s + 1),
                  .module_at = h->module_at, .bodies = h->bodies, .bodies_end = h->bodies_end};
    s->there = (_Atomic u8 *)(s->funcs + h->count);
    s->bad = s->there + h->count;
    for (u32 i = 0; i < h->count; i++) atomic_init(&s->there[i], BODY_unread);
    for (u32 i = 0; i < h->count; i++) atomic_init(&s->bad[i], false);
    if (read_index(from, h, s->funcs, diag)) return s;
    account_give_shared(account, size);
    free(s);
    return NULL;
}

bool compiled_attach(Engine *e, Stored *s, u8 *to, bool own, Module *m, Diag *diag)
{
    m->stored = s;
    s->to = to;
    s->own = own;
    if (to) m->fetch = stored_fetch;
    bool fits = s->first == m->imported_funcs && s->count == m->func_count - m->imported_funcs;
    if (!fits || (!own && !e->installed)) s->mode = CODE_MODES;
    return fits || damaged(diag, "it is of another module");
}

bool compiled_judge(Module *m, u32 *without, u32 *refused)
{
    Err why;
    const Stored *s = m->stored;
    if (!NATIVE || s->mode == CODE_MODES) return false;
    ModuleCode *code = code_of_module(m, s->mode, &why);
    *without = 0;
    for (u32 i = 0; i < s->count && code; i++) {
        if (!s->funcs[i].size) ++*without;
        else if (stored_enter(code, s->first + i, (Halt){0}) == COMPILED_short) return false;
    }
    *refused = s->refused;
    return code;
}
