// wit.c -- any text is WIT or an error at a line and column. What is WIT is printed, and that is
// read again, with all gates open or closed, and prints the same; as does what is made of it twice.
// Each of its worlds has bindings, or it is said why not.
// Hazards: R79.

#include "fuzz.h"

#include "component/bind/bind.h"

typedef struct {
    Arena arena;
    Wit wit;
    Buf text;
    bool good;
} Reading;

// False: there was no memory to print it.
static bool print(Reading *r)
{
    jmp_buf failed;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    wit_print(&r->wit, &r->text);
    return true;
}

static void begin(Reading *r)
{
    *r = (Reading){0};
    arena_init(&r->arena);
    wit_init(&r->wit, &r->arena);
    buf_init(&r->text, &r->arena);
}

static void merge(Reading *r, const Reading *with)
{
    const Wit *sets[] = {&with->wit, &with->wit};
    begin(r);
    r->good = wit_merge(&r->wit, bytes_of("a.wit"), sets, COUNT_OF(sets));
    if (r->good) MUST(print(r));
}

// The first byte says which gates are open.
static void read_all(Reading *r, bool open, Bytes text)
{
    begin(r);
    r->wit.all_features = open;
    r->good = wit_add(&r->wit, 0, bytes_of("a.wit"), text) && wit_resolve(&r->wit);
    const Diag *d = &r->wit.diag;
    MUST(r->good == (d->err == ERR_none));
    if (r->good) MUST(print(r));
    else MUST(!r->wit.where || (d->offset <= text.len && d->line >= 1 && d->column >= 1));
}

static void bind_all(Reading *r)
{
    for (u32 i = 0; i < r->wit.world_count; i++) {
        Buf header, source;
        diag_init(&r->wit.diag);
        buf_init(&header, &r->arena);
        buf_init(&source, &r->arena);
        bool good = bind_guest_c(&r->wit, r->wit.worlds[i], "w", &header, &source);
        MUST(good == (r->wit.diag.err == ERR_none));
        MUST(!good || (header.len && source.len));
    }
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Reading first, second;
    if (!size) return 0;
    bool open = data[0] & 1;
    read_all(&first, open, (Bytes){data + 1, size - 1});
    if (first.good) {
        read_all(&second, open, buf_view(&first.text));
        // what grows by itself may be larger when it is written out
        if (second.wit.diag.err != ERR_limit_wit_items) {
            MUST(second.good);
            MUST(bytes_same(buf_view(&first.text), buf_view(&second.text)));
        }
        arena_free(&second.arena);
        merge(&second, &first);
        if (second.wit.diag.err != ERR_limit_wit_items) {
            MUST(second.good);
            MUST(bytes_same(buf_view(&first.text), buf_view(&second.text)));
        }
        arena_free(&second.arena);
        bind_all(&first);
    }
    arena_free(&first.arena);
    return 0;
}
