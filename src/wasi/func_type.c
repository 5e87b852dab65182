// func_type.c -- see func_type.h.

#include "wasi/func_type.h"

TypeDef wasi_type(const WasiFunc *func, Type types[WASI_TYPES_MOST])
{
    TypeDef def = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                   .descriptor = TYPE_NONE};
    const char *sig = func->sig;
    def.params = types;
    for (; *sig != ':'; sig++) types[def.param_count++] = *sig == 'l' ? TYPE_i64 : TYPE_i32;
    for (sig++; *sig; sig++)
        types[def.param_count + def.result_count++] = *sig == 'l' ? TYPE_i64 : TYPE_i32;
    return def;
}
