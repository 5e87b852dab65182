// wit_binary.c -- any component is WIT or is refused; what comes of it is written in binary, and if
// that is a component, it says the same: as text, and as bytes when it is written once more.
// Hazards: R70, R79.

#include "fuzz.h"

#include "component/wit/binary.h"

typedef struct {
    Arena arena;
    Wit wit;
    Buf text, bytes;
    bool good;
} Reading;

static const CModuleLoader loader = {.names_all = true};

// False: there was no memory to print it.
static bool print(Reading *r)
{
    jmp_buf failed;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    wit_print(&r->wit, &r->text);
    return true;
}

static bool encode(Reading *r)
{
    jmp_buf failed;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    return wit_encode_package(&r->wit, r->wit.main, &r->bytes);
}

// False: it is no component.
static bool read_component(Reading *r, TypeStore *types, Bytes bytes)
{
    Diag diag;
    *r = (Reading){0};
    arena_init(&r->arena);
    wit_init(&r->wit, &r->arena);
    buf_init(&r->text, &r->arena);
    buf_init(&r->bytes, &r->arena);
    r->wit.all_features = true;
    Component *c = component_load(bytes.data, bytes.len, features_all, types, &loader, &diag);
    if (!c) return false;
    r->good = wit_add_component(&r->wit, 0, bytes_of("a.wasm"), c, true);
    component_free(c);
    r->good = r->good && wit_resolve(&r->wit);
    MUST(r->good == (r->wit.diag.err == ERR_none));
    if (r->good) MUST(print(r));
    return true;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Reading first, second, third;
    TypeStore *types = type_store_new();
    if (read_component(&first, types, (Bytes){data, size}) && first.good && encode(&first)) {
        // records of nothing, and what is too large, are WIT, but none of the binary format
        if (read_component(&second, types, buf_view(&first.bytes)) && second.good) {
            MUST(encode(&second));
            MUST(read_component(&third, types, buf_view(&second.bytes)) && third.good);
            MUST(bytes_same(buf_view(&second.text), buf_view(&third.text)));
            arena_free(&third.arena);
        }
        arena_free(&second.arena);
    }
    arena_free(&first.arena);
    MUST(type_store_counts(types).groups == 0);
    type_store_free(types);
    return 0;
}
