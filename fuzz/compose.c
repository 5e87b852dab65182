// compose.c -- any text in the wac language makes a component, or is refused at a line and column;
// twice it is the same. Packages of the space p are what stands here.
// Hazards: R70, R79.

#include "fuzz.h"

#include "component/tool/tool.h"
#include "text/component/parse.h"

typedef struct { const char *name, *text; } Part;
static const Part parts[] = {
    {"p:one", "(component (import \"a:b/log@0.2.0\" (instance (export \"put\" (func (param \"t\" "
              "string))))) (import \"n\" (func (result u32))) (export \"m\" (func 0)))"},
    {"p:two", "(component (import \"a:b/log@0.2.3\" (instance (export \"put\" (func (param \"t\" "
              "string))) (export \"flush\" (func)))) (import \"n\" (func (result u32))))"},
    {"p:user", "(component (import \"a:b/types\" (instance $t (export \"r\" (type (sub "
               "resource))))) (alias export $t \"r\" (type $r)) (import \"a:b/uses\" (instance $u "
               "(alias outer 1 $r (type $o)) (export \"r\" (type $s (eq $o))) (type $w (own $s)) "
               "(export \"get\" (func (result $w))))) (export \"got\" (func $u \"get\")))"},
    {"p:echo", "(component (import \"i\" (instance $i (export \"r\" (type (sub resource))))) "
               "(export \"e\" (instance $i)))"},
    {"p:keeper", "(component (import \"a:b/uses\" (instance (export \"r\" (type $r (sub "
                 "resource))) (type $w (own $r)) (export \"take\" (func (param \"x\" $w))))))"},
    {"p:records", "(component (import \"a:b/shapes\" (instance (type $p (record (field \"x\" "
                  "u32))) (export \"point\" (type $n (eq $p))) (type $l (list $n)) (export \"all\" "
                  "(func (result $l))))))"},
    {"p:types", NULL},
};
static const char types[] = "package p:types; interface i { resource r; record q { x: u8 } f: "
                            "func(r: r) -> q; } world w { import i; export g: func(); }";

static bool find(void *env, Bytes name, Bytes *bytes)
{
    Arena *arena = env;
    for (u32 i = 0; i < COUNT_OF(parts); i++) {
        if (!bytes_are(name, parts[i].name)) continue;
        if (!parts[i].text) {
            *bytes = bytes_of(types);
            return true;
        }
        TextModule text;
        Arena own;
        Diag diag;
        arena_init(&own);
        diag_init(&diag);
        MUST(component_text_parse(&own, parts[i].text, 0, strlen(parts[i].text), true,
                                  features_all, NULL, &text, &diag));
        *bytes = (Bytes){arena_copy(arena, text.bytes.data, text.bytes.len), text.bytes.len};
        arena_free(&own);
    }
    return true;
}

static bool make(Arena *arena, Bytes text, Buf *out)
{
    Wit wit;
    const ToolPackages packages = {find, arena};
    wit_init(&wit, arena);
    buf_init(out, arena);
    bool good = tool_compose(&wit, bytes_of("a.wac"), text, &packages, out);
    const Diag *d = &wit.diag;
    MUST(good == (d->err == ERR_none));
    if (!good) MUST(!wit.where || (d->line >= 1 && d->column >= 1));
    return good;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Arena arenas[2];
    Buf out[2];
    bool good[2];
    for (u32 i = 0; i < 2; i++) {
        arena_init(&arenas[i]);
        good[i] = make(&arenas[i], (Bytes){data, size}, &out[i]);
    }
    MUST(good[0] == good[1]);
    if (good[0]) {
        Diag diag;
        TypeStore *store = type_store_new();
        MUST(bytes_same(buf_view(&out[0]), buf_view(&out[1])));
        Component *c = component_load(out[0].data, out[0].len, features_all, store, NULL, &diag);
        MUST(c || err_class[diag.err] != CLASS_malformed); // who makes one looks, too
        component_free(c);
        type_store_free(store);
    }
    for (u32 i = 0; i < 2; i++) arena_free(&arenas[i]);
    return 0;
}
