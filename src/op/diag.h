// diag.h -- why something was refused, and where. A plain struct in the caller's frame, so
// reporting never allocates. The first error wins.
#pragma once

#include "base/types.h"

typedef enum {
    ERR_none,
#define ERR(name, class, text) ERR_##name,
#include "op/err.def"
#undef ERR
    ERR_COUNT
} Err;

typedef enum {
    CLASS_none,
    CLASS_malformed,
    CLASS_invalid,
    CLASS_unlinkable,
    CLASS_limit,
    CLASS_resource
} ErrClass;

extern const char *const err_text[ERR_COUNT];
extern const u8 err_class[ERR_COUNT]; // ErrClass

#define DIAG_NO_FUNC UINT32_MAX

typedef struct {
    Err err;            // ERR_none while all is well
    size_t offset;      // into the module's bytes, or into the text when line is not 0
    u32 func;           // function index, or DIAG_NO_FUNC
    u32 line, column;   // text only, from 1; column counts bytes
    char detail[400];   // the particulars, may be empty; NUL-terminated UTF-8. One that begins with
                        // a space goes on where the error's text ends: "unknown local" " 5; there
                        // are 3"
} Diag;

void diag_init(Diag *diag);
// Records the first error only. Returns false, so that `return diag_fail(...)` reads well.
bool diag_fail(Diag *diag, Err err, size_t offset, const char *fmt, ...) PRINTF_LIKE(4, 5);
// "type mismatch: i32.add expected ..." into out; always NUL-terminated. Returns out.
char *diag_text(const Diag *diag, char *out, size_t size);
