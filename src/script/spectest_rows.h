// spectest_rows.h -- what is in the host modules that scripts import from, whoever runs them.
#pragma once

#include "module/module.h"

enum { SPECTEST_FUNCS = 8, SPECTEST_GLOBALS = 4, SPECTEST_PARAMS_MOST = 2 };
typedef struct { const char *module, *name, *params; } SpectestPrint; // i i32, l i64, f f32, d f64
typedef struct { const char *name; Type type; u64 bits; } SpectestGlobal;
extern const SpectestPrint spectest_prints[SPECTEST_FUNCS];
extern const SpectestGlobal spectest_globals[SPECTEST_GLOBALS];

// One for each function and global, in their order, and these.
enum {
    ROW_GLOBALS = SPECTEST_FUNCS,
    ROW_TABLE = ROW_GLOBALS + SPECTEST_GLOBALS,
    ROW_TABLE64,
    ROW_MEMORY,
    ROW_SHARED,
    ROW_COUNT,
};

// ROW_COUNT: there is nothing of that name.
u32 spectest_row(const Import *import);
// The type of a function; `params` stays the caller's, and in use.
TypeDef spectest_func_type(u32 row, Type params[SPECTEST_PARAMS_MOST]);
TableType spectest_table_type(u32 row);
MemType spectest_memory_type(u32 row);
// "print_i32 42"
void spectest_print_text(u32 row, const u64 *params, char *out, size_t size);
// Is it one that prints?
bool spectest_prints_it(u32 row);
