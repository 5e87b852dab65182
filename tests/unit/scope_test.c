// scope_test.c -- all small bodies: every well-typed one of up to five instructions, of 24 opcodes,
// with two immediates where an opcode has one, in four signatures, is made, validated and run on
// the formal machine, each step judged (formal/check.h). None gets stuck, and none becomes
// ill-typed. In make test those of up to three, in make full all.
//
// They are made by types: a body goes on with whatever the types on its stack allow, so that only
// prefixes of well-typed bodies are ever tried; also where code cannot be reached. That none is
// left out is checked too: of up to two instructions, or three, all sequences there are are shown
// to the validator, which lets pass as many.

#include "check.h"

#include "binary/decode.h"
#include "formal/check.h"
#include "text/parse.h"
#include "valid/valid.h"

static const char prelude[] =
    "(module"
    "  (type $0 (func)) (type $1 (func (param i32) (result i32)))"
    "  (type $2 (struct (field (mut i32)))) (type $3 (struct (field (ref null $2))))"
    "  (type $4 (func (param i32 (ref null $2)) (result (ref null $2))))"
    "  (type $5 (func (result i32))) (type $6 (func (result (ref $2))))"
    "  (table 2 (ref null $1)) (table 2 (ref null $0)) (memory 1)"
    "  (tag) (tag (param i32))"
    "  (global (mut i32) (i32.const 3)) (global (mut anyref) (ref.null any))"
    "  (func $f (type $1) (local.get 0)) (func $g (type $6) (struct.new $2 (i32.const 5)))"
    "  (func $h (type $0))"
    "  (elem (table 0) (i32.const 0) (ref null $1) (ref.func $f))"
    "  (elem (table 1) (i32.const 0) (ref null $0) (ref.func $h)))";
enum { HELPERS = 3 }; // functions in front of the bodies

// ---- Types, as far as they occur. An odd one after an even is without null.

typedef enum {
    NONE, BOTTOM, I32, ANY_NULL, S_NULL, S, U_NULL, U, T_NULL, T, V_NULL, V, REF_BOTTOM,
} Kind;

static bool is_ref(Kind t) { return t >= ANY_NULL; }
static bool has_null(Kind t) { return t == S_NULL || t == U_NULL || t == T_NULL || t == V_NULL; }
static Kind non_null(Kind t) { return has_null(t) ? t + 1 : t == BOTTOM ? REF_BOTTOM : t; }

static bool matches(Kind a, Kind b)
{
    if (a == b || a == BOTTOM) return true;
    if (a == REF_BOTTOM) return is_ref(b);
    if (b == ANY_NULL) return a == S || a == S_NULL || a == U || a == U_NULL;
    return has_null(b) && a == b + 1;
}

// ---- What a body may do

typedef enum { FUNC, BLOCK, LOOP, THEN, ELSE, TRY } Form;
typedef struct { u8 form, result, height; bool any; } Open;

enum { LONGEST = 5, STACK = 24, BYTES = 64 };

typedef struct {
    u8 stack[STACK], count, left;
    u8 depth;
    Open open[LONGEST + 1];
} State;

static u8 bytes[BYTES];
static u32 byte_count;
static Kind returns; // what the signature being tried gives

static Open *inner(State *s) { return &s->open[s->depth]; }
static bool gives(State *s, Kind t)
{
    if (t != NONE) s->stack[s->count++] = (u8)t;
    return true;
}
static Kind takes_any(State *s)
{
    if (s->count > inner(s)->height) return (Kind)s->stack[--s->count];
    return inner(s)->any ? BOTTOM : NONE;
}
static bool takes(State *s, Kind t)
{
    if (t == NONE) return true;
    Kind found = takes_any(s);
    return found != NONE && matches(found, t);
}
static bool any_after(State *s)
{
    s->count = inner(s)->height;
    return inner(s)->any = true;
}

// What a label takes; false: there is none.
static bool label(const State *s, u32 l, Kind *t)
{
    if (l > s->depth) return false;
    const Open *o = &s->open[s->depth - l];
    *t = o->form == LOOP ? NONE : (Kind)o->result;
    return true;
}

static bool opens(State *s, Form form, Kind result)
{
    if (s->depth == LONGEST) return false;
    s->open[++s->depth] = (Open){(u8)form, (u8)result, s->count, false};
    return true;
}

static bool block(State *s, u32 x) { return opens(s, BLOCK, x ? I32 : NONE); }
static bool loop(State *s, u32 x) { return opens(s, LOOP, x ? I32 : NONE); }
static bool if_(State *s, u32 x)
{
    return takes(s, I32) && opens(s, THEN, x ? I32 : NONE);
}

// catch_all, or catch of the tag with a number, to the innermost label
static bool try_table(State *s, u32 x)
{
    Kind t;
    return label(s, 0, &t) && t == (x ? I32 : NONE) && opens(s, TRY, NONE);
}

static bool unreachable(State *s, u32 x) { return any_after(s); }
static bool drop(State *s, u32 x) { return takes_any(s) != NONE; }
static bool throw_(State *s, u32 x) { return takes(s, x ? I32 : NONE) && any_after(s); }
static bool return_(State *s, u32 x) { return takes(s, returns) && any_after(s); }

static bool select_(State *s, u32 x)
{
    if (!takes(s, I32)) return false;
    Kind a = takes_any(s), b = takes_any(s), t = a == BOTTOM ? b : a;
    return a != NONE && b != NONE && !is_ref(a) && !is_ref(b) && gives(s, t);
}

static bool br(State *s, u32 x)
{
    Kind t;
    return label(s, x, &t) && takes(s, t) && any_after(s);
}

static bool br_if(State *s, u32 x)
{
    Kind t;
    return label(s, x, &t) && takes(s, I32) && takes(s, t) && gives(s, t);
}

static bool br_on_null(State *s, u32 x)
{
    Kind t, ref = takes_any(s);
    return label(s, x, &t) && (is_ref(ref) || ref == BOTTOM) && takes(s, t) && gives(s, t) &&
           gives(s, ref == ANY_NULL ? BOTTOM : non_null(ref));
}

static bool call_(State *s, u32 x) { return x ? gives(s, S) : takes(s, I32) && gives(s, I32); }

static bool call_ref(State *s, u32 x)
{
    return takes(s, x ? T_NULL : V_NULL) && (!x || (takes(s, I32) && gives(s, I32)));
}
static bool local_get(State *s, u32 x) { return gives(s, x ? S_NULL : I32); }
static bool local_set(State *s, u32 x) { return takes(s, x ? S_NULL : I32); }
static bool global_set(State *s, u32 x) { return takes(s, x ? ANY_NULL : I32); }
static bool const_(State *s, u32 x) { return gives(s, I32); }
static bool div_u(State *s, u32 x) { return takes(s, I32) && takes(s, I32) && gives(s, I32); }
static bool load(State *s, u32 x) { return takes(s, I32) && gives(s, I32); }
static bool table_get(State *s, u32 x) { return takes(s, I32) && gives(s, x ? V_NULL : T_NULL); }
static bool ref_null(State *s, u32 x) { return gives(s, x ? T_NULL : S_NULL); }
static bool struct_new(State *s, u32 x)
{
    return takes(s, x ? S_NULL : I32) && gives(s, x ? U : S);
}
static bool struct_get(State *s, u32 x)
{
    return takes(s, x ? U_NULL : S_NULL) && gives(s, x ? S_NULL : I32);
}

typedef struct {
    bool (*does)(State *s, u32 x);
    u8 size[2], bytes[2][6]; // with either immediate; 0: there is but one
} Opcode;

#define ONE(...) sizeof((u8[]){__VA_ARGS__})
static const Opcode opcodes[] = {
    {unreachable, {1}, {{0x00}}}, {drop, {1}, {{0x1a}}}, {select_, {1}, {{0x1b}}},
    {return_, {1}, {{0x0f}}}, {div_u, {1}, {{0x6e}}},
    {block, {2, 2}, {{0x02, 0x40}, {0x02, 0x7f}}},
    {loop, {2, 2}, {{0x03, 0x40}, {0x03, 0x7f}}},
    {if_, {2, 2}, {{0x04, 0x40}, {0x04, 0x7f}}},
    {try_table, {5, 6}, {{0x1f, 0x40, 1, 2, 0}, {0x1f, 0x40, 1, 0, 1, 0}}},
    {throw_, {2, 2}, {{0x08, 0}, {0x08, 1}}},
    {br, {2, 2}, {{0x0c, 0}, {0x0c, 1}}},
    {br_if, {2, 2}, {{0x0d, 0}, {0x0d, 1}}},
    {br_on_null, {2, 2}, {{0xd5, 0}, {0xd5, 1}}},
    {call_, {2, 2}, {{0x10, 0}, {0x10, 1}}},
    {call_ref, {2, 2}, {{0x14, 0}, {0x14, 1}}},
    {local_get, {2, 2}, {{0x20, 0}, {0x20, 1}}},
    {local_set, {2, 2}, {{0x21, 0}, {0x21, 1}}},
    {global_set, {2, 2}, {{0x24, 0}, {0x24, 1}}},
    {const_, {2, 2}, {{0x41, 0}, {0x41, 7}}},
    {load, {3, 5}, {{0x28, 2, 0}, {0x28, 2, 0xfd, 0xff, 0x03}}},
    {table_get, {2, 2}, {{0x25, 0}, {0x25, 1}}},
    {ref_null, {2, 2}, {{0xd0, 2}, {0xd0, 1}}},
    {struct_new, {3, 3}, {{0xfb, 0, 2}, {0xfb, 0, 3}}},
    {struct_get, {4, 4}, {{0xfb, 2, 2, 0}, {0xfb, 2, 3, 0}}},
};
_Static_assert(COUNT_OF(opcodes) == 24, "as many as are meant");

// With locals so that in each the first is an i32, and the second a (ref null $2).
static const struct {
    u8 type;
    Kind result;
    const char *locals;
    u8 local_bytes;
} signatures[] = {
    {0, NONE, "\2\1\x7f\1\x63\2", 6},
    {1, I32, "\1\1\x63\2", 4},
    {4, S_NULL, "\0", 1},
    {5, I32, "\2\1\x7f\1\x63\2", 6},
};

// ---- Modules of many bodies

enum { BATCH = 2000 };

static TypeStore *types;
static Arena arena;          // of the text
static Bytes source;         // the prelude's binary
static Arena batch_arena;
static Buf funcs, code;      // contents of sections without counts
static u32 batch;
static u64 bodies, steps, trapped, unfinished;
static bool tries_all;       // whatever the types say, to see what the validator makes of it
static u64 accepted;
static u32 shown;

static void add_section(Buf *out, u8 id, Bytes given, u32 more, const Buf *added)
{
    Buf content;
    u32 count = given.data[0]; // it is small
    buf_init(&content, &batch_arena);
    buf_leb_u(&content, count + more);
    buf_bytes(&content, given.data + 1, given.len - 1);
    buf_bytes(&content, added->data, added->len);
    buf_byte(out, id);
    buf_leb_u(out, content.len);
    buf_bytes(out, content.data, content.len);
}

// The prelude with these functions.
static Bytes assemble(void)
{
    Buf out;
    buf_init(&out, &batch_arena);
    buf_bytes(&out, source.data, 8);
    for (size_t at = 8; at < source.len;) {
        u8 id = source.data[at];
        u32 size = 0, shift = 0;
        size_t begin = at + 1;
        do size |= (source.data[begin] & 0x7fu) << shift, shift += 7;
        while (source.data[begin++] & 0x80);
        Bytes content = {source.data + begin, size};
        if (id == 3) add_section(&out, id, content, batch, &funcs);
        else if (id == 10) add_section(&out, id, content, batch, &code);
        else buf_bytes(&out, source.data + at, begin + size - at);
        at = begin + size;
    }
    return buf_view(&out);
}

static Module *decode(Diag *diag)
{
    Module *m = NULL;
    Bytes all = assemble();
    diag_init(diag);
    if (!module_decode(all.data, all.len, features_default, types, &m, diag)) return NULL;
    if (module_validate(m, diag)) return m;
    module_free(m);
    return NULL;
}

static bool nothing_imported(void *env, const Import *import, ExternAddr *out) { return false; }

// ---- They are run

static void show_body(const Module *m, u32 func, const char *why)
{
    Range body = m->funcs[func].body;
    printf("    %s\n    body:", why);
    for (u32 at = body.start; at < body.end; at++) printf(" %02x", m->bytes[at]);
    putchar('\n');
}

static bool ends_well(Trap trap)
{
    return trap != TRAP_not_executable && trap != TRAP_interrupted && trap != TRAP_out_of_memory;
}

static void run_body(Config *c, const ModuleInst *inst, u32 n, const Check *check)
{
    enum { STEPS_MOST = 200 };
    Val values[2] = {value_i32(n % 3), value_ref(VALUE_null, 0)};
    u64 before = c->steps;
    c->fueled = true;
    c->fuel = STEPS_MOST;
    Trap trap = formal_invoke(c, inst->funcs[HELPERS + n], values);
    steps += c->steps - before;
    trapped += trap && trap != TRAP_out_of_fuel;
    unfinished += trap == TRAP_out_of_fuel;
    const char *why = check_says(check);
    if (!CHECK(!why && ends_well(trap)) && shown++ < 10)
        show_body(inst->module, HELPERS + n, why ? why : trap_text[trap]);
}

static void run_batch(void)
{
    static const FormalLimits limits = {.memory_bytes = 1 << 20, .table_entries = 100,
                                        .table_total = 100, .heap_bytes = 1 << 20,
                                        .functions = BATCH + 10, .code_bytes = 1 << 26};
    FormalStore store;
    Config c;
    Trap trap;
    Diag diag;
    Module *m = decode(&diag);
    if (!CHECK(m != NULL)) {
        printf("    body %u: %s\n", diag.func - HELPERS, diag.detail);
        exit(check_report());
    }
    formal_store_init(&store, types, &limits);
    config_init(&c, &store);
    Check *check = check_new(&c, 0);
    ModuleInst *inst = formal_instantiate(&c, m, nothing_imported, NULL, &trap, &diag);
    if (CHECK(check && inst && !trap))
        for (u32 n = 0; n < batch; n++) run_body(&c, inst, n, check);
    if (!CHECK(check_all(check)) && check_says(check)) puts(check_says(check));
    check_free(check);
    config_free(&c);
    formal_store_free(&store);
    module_free(m);
}

static void begin_batch(void)
{
    arena_reset(&batch_arena);
    buf_init(&funcs, &batch_arena);
    buf_init(&code, &batch_arena);
    batch = 0;
}

// Is that one valid?
static void ask_validator(void)
{
    Diag diag;
    Module *m = decode(&diag);
    accepted += m != NULL;
    module_free(m);
    begin_batch();
}

static void add_body(u32 sig)
{
    u8 locals = signatures[sig].local_bytes;
    buf_byte(&funcs, signatures[sig].type);
    buf_leb_u(&code, locals + byte_count + 1);
    buf_bytes(&code, signatures[sig].locals, locals);
    buf_bytes(&code, bytes, byte_count);
    buf_byte(&code, 0x0b);
    bodies++;
    batch++;
    if (tries_all) return ask_validator();
    if (batch < BATCH) return;
    run_batch();
    begin_batch();
}

// ---- They are made

static bool ends(State *s)
{
    if (tries_all) return true;
    return takes(s, (Kind)inner(s)->result) && s->count == inner(s)->height;
}

static void extend(const State *from, u32 sig);

static void add_bytes(const u8 *what, u32 count)
{
    memcpy(bytes + byte_count, what, count);
    byte_count += count;
}

static void go_on(const State *s, u32 sig, u8 byte)
{
    bytes[byte_count++] = byte;
    extend(s, sig);
    byte_count--;
}

static void close_inner(const State *from, u32 sig)
{
    State s = *from, other = *from;
    if (!ends(&s)) return;
    Kind result = (Kind)inner(&s)->result;
    bool then = inner(&s)->form == THEN;
    s.depth--;
    s.count = from->open[from->depth].height;
    gives(&s, result);
    if (!then || result == NONE || tries_all) go_on(&s, sig, 0x0b);
    if (!then) return;
    inner(&other)->form = ELSE;
    inner(&other)->any = false;
    other.count = inner(&other)->height;
    go_on(&other, sig, 0x05);
}

// Without regard to types.
static void opens_anyhow(State *s, u32 op)
{
    Form form = opcodes[op].does == if_ ? THEN : BLOCK;
    if (opcodes[op].does == block || opcodes[op].does == loop || opcodes[op].does == if_ ||
        opcodes[op].does == try_table)
        opens(s, form, NONE);
}

static void extend(const State *from, u32 sig)
{
    State s = *from;
    if (!s.depth && ends(&s)) add_body(sig);
    if (from->depth) close_inner(from, sig);
    if (!from->left) return;
    for (u32 op = 0; op < COUNT_OF(opcodes); op++)
        for (u32 x = 0; x < 2 && opcodes[op].size[x]; x++) {
            u32 before = byte_count;
            s = *from;
            s.left--;
            if (tries_all) opens_anyhow(&s, op);
            else if (!opcodes[op].does(&s, x)) continue;
            add_bytes(opcodes[op].bytes[x], opcodes[op].size[x]);
            extend(&s, sig);
            byte_count = before;
        }
}

static void each_body(u32 longest)
{
    for (u32 sig = 0; sig < COUNT_OF(signatures); sig++) {
        State s = {.left = (u8)longest};
        s.open[0] = (Open){FUNC, (u8)signatures[sig].result, 0, false};
        returns = signatures[sig].result;
        byte_count = 0;
        extend(&s, sig);
    }
}

static void test_all(u32 longest)
{
    bodies = steps = trapped = unfinished = 0;
    begin_batch();
    each_body(longest);
    if (batch) run_batch();
    printf("up to %u instructions: %" PRIu64 " bodies, %" PRIu64 " steps; %" PRIu64 " traps and "
           "exceptions, %" PRIu64 " endless\n", longest, bodies, steps, trapped, unfinished);
}

static void test_none_is_left_out(u32 longest)
{
    begin_batch();
    tries_all = true;
    each_body(longest);
    printf("up to %u instructions: the validator accepts %" PRIu64 " of %" PRIu64 " bodies\n",
           longest, accepted, bodies);
    tries_all = false;
    test_all(longest);
    CHECK_EQ_U64(bodies, accepted);
}

int main(void)
{
    jmp_buf failed;
    TextModule parsed;
    Diag diag;
    arena_init(&arena);
    arena_init(&batch_arena);
    batch_arena.on_failure = &failed;
    if (setjmp(failed)) return puts("out of memory");
    types = type_store_new();
    diag_init(&diag);
    if (!CHECK(text_parse(&arena, prelude, 0, strlen(prelude), features_default, NULL, &parsed,
                          &diag))) {
        printf("    %s\n", diag.detail);
        return check_report();
    }
    source = parsed.bytes;
    test_none_is_left_out(check_full() ? 3 : 2);
    test_all(check_full() ? LONGEST : 3);
    arena_free(&batch_arena);
    arena_free(&arena);
    type_store_free(types);
    return check_report();
}
