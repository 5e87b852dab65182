// spectest.c -- see spectest.h.

#include "script/spectest.h"

_Static_assert((int)ROW_COUNT == (int)SPECTEST_ROWS, "one place for each");

static Trap print(HostCall *host)
{
    const SpectestFunc *f = host->env;
    const Spectest *s = f->owner;
    if (!s->print) return TRAP_none;
    char text[100];
    spectest_print_text(f->row, host->slots, text, sizeof text);
    s->print(s->env, text);
    return TRAP_none;
}

// nothing is collected before the store goes
static Trap collect(HostCall *host) { return TRAP_none; }

void spectest_init(Spectest *s, Store *store, void (*print_line)(void *env, const char *text),
                   void *env)
{
    *s = (Spectest){.store = store, .print = print_line, .env = env};
    for (u32 i = 0; i < COUNT_OF(s->made); i++) s->made[i].kind = EXTERN_COUNT;
}

static bool make_func(Spectest *s, u32 row, Extern *out)
{
    Type types[SPECTEST_PARAMS_MOST];
    TypeDef def = spectest_func_type(row, types);
    s->funcs[row] = (SpectestFunc){s, row};
    out->kind = EXTERN_func;
    out->func = func_new_host_of(s->store, &def, spectest_prints_it(row) ? print : collect,
                                 &s->funcs[row]);
    return out->func != NULL;
}

static bool make_global(Spectest *s, const SpectestGlobal *row, Extern *out)
{
    out->kind = EXTERN_global;
    out->global = global_new(s->store, (GlobalType){row->type, false});
    if (out->global) out->global->value[0] = row->bits;
    return out->global != NULL;
}

static bool make_table(Spectest *s, u32 row, Extern *out)
{
    TableType type = spectest_table_type(row);
    out->kind = EXTERN_table;
    return (out->table = table_new(s->store, &type, REF_NULL)) != NULL;
}

static bool make_memory(Spectest *s, u32 row, Extern *out)
{
    MemType type = spectest_memory_type(row);
    out->kind = EXTERN_memory;
    return (out->memory = memory_new(s->store, &type)) != NULL;
}

static bool make(Spectest *s, u32 row, Extern *out)
{
    if (row < ROW_GLOBALS) return make_func(s, row, out);
    if (row < ROW_TABLE) return make_global(s, &spectest_globals[row - ROW_GLOBALS], out);
    if (row < ROW_MEMORY) return make_table(s, row, out);
    return make_memory(s, row, out);
}

bool spectest_find(Spectest *s, const Import *import, Extern *out)
{
    u32 row = spectest_row(import);
    if (row == ROW_COUNT) return false;
    Extern made;
    if (s->made[row].kind == EXTERN_COUNT) {
        if (!make(s, row, &made)) {
            out->kind = EXTERN_COUNT;
            return false;
        }
        s->made[row] = made;
    }
    *out = s->made[row];
    return true;
}
