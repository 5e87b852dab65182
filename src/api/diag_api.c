// diag_api.c -- reasons, as weft.h tells them.

#include "api/api.h"
#include "base/utf8.h"
#include "module/describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const api_name[API_ERROR_COUNT] = {
#define API_ERROR(name, text) [API_##name] = #name,
#include "api/error.def"
#undef API_ERROR
};

static const char *const api_text[API_ERROR_COUNT] = {
#define API_ERROR(name, text) [API_##name] = text,
#include "api/error.def"
#undef API_ERROR
};

static const char *const err_name[ERR_COUNT] = {
#define ERR(name, class, text) [ERR_##name] = #name,
#include "op/err.def"
#undef ERR
};

static const char *const trap_name[TRAP_COUNT] = {
#define TRAP(name, text) [TRAP_##name] = #name,
#include "op/trap.def"
#undef TRAP
};

const char *api_trap_name(Trap trap) { return trap_name[trap]; }

const char *weft_version(void)
{
#define TEXT_OF(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)
#define TEXT(a) #a
    return TEXT_OF(WEFT_VERSION_MAJOR, WEFT_VERSION_MINOR, WEFT_VERSION_PATCH);
}

// Names come from modules: what a terminal would obey becomes '?'. A character that was cut at the
// end goes.
static void make_tame(char *text)
{
    u8 *from = (u8 *)text, *to = from, *end = from + strlen(text);
    while (from < end) {
        u32 c = 0, len = utf8_decode(from, (size_t)(end - from), &c);
        if (!len && end - from < 4 && from[0] >= 0xc0 && to > (u8 *)text) break;
        if (!len || terminal_obeys(c)) {
            *to++ = '?';
        } else {
            memmove(to, from, len);
            to += len;
        }
        from += MAX(len, 1);
    }
    *to = 0;
}

static void diag_set(weft_diag *diag, weft_status status, const char *name)
{
    *diag = (weft_diag){.status = status, .name = name, .func = WEFT_NO_FUNC};
}

static void set_message(weft_diag *diag, const char *text, const char *fmt, va_list args)
{
    size_t size = sizeof diag->message, used = (size_t)snprintf(diag->message, size, "%s: ", text);
    // nothing to add leaves no colon
    if (!vsnprintf(diag->message + used, size - used, fmt, args)) diag->message[used - 2] = 0;
    make_tame(diag->message);
}

weft_status api_refuse(weft_diag *diag, ApiError error, const char *fmt, ...)
{
    if (!diag) return WEFT_ERROR;
    va_list args;
    va_start(args, fmt);
    diag_set(diag, WEFT_ERROR, api_name[error]);
    set_message(diag, api_text[error], fmt, args);
    va_end(args);
    return WEFT_ERROR;
}

weft_status api_error(weft_diag *diag, Err err, const char *fmt, ...)
{
    if (!diag) return WEFT_ERROR;
    va_list args;
    va_start(args, fmt);
    diag_set(diag, WEFT_ERROR, err_name[err]);
    set_message(diag, err_text[err], fmt, args);
    va_end(args);
    return WEFT_ERROR;
}

weft_status api_diag(weft_diag *diag, const Diag *why)
{
    if (!diag) return WEFT_ERROR;
    diag_set(diag, WEFT_ERROR, err_name[why->err]);
    diag->offset = why->offset;
    diag->line = why->line;
    diag->column = why->column;
    diag->func = why->func;
    diag_text(why, diag->message, sizeof diag->message);
    make_tame(diag->message);
    return WEFT_ERROR;
}

weft_status api_short(weft_diag *diag, weft_store *ws, const char *what)
{
    Diag why;
    diag_init(&why);
    store_short(ws->s, &why, what);
    return api_diag(diag, &why);
}

weft_status api_trap(weft_diag *diag, const Store *s, Trap trap)
{
    weft_status status = trap == TRAP_exit ? WEFT_EXIT : WEFT_TRAP;
    if (!diag) return status;
    const char *detail = s->exec.trap_detail;
    diag_set(diag, status, trap_name[trap]);
    if (status == WEFT_EXIT) diag->exit_status = s->exec.exit_status;
    snprintf(diag->message, sizeof diag->message, "%s%s%s", trap_text[trap], *detail ? ": " : "",
             detail);
    make_tame(diag->message);
    return status;
}

size_t weft_diag_text(const weft_diag *diag, char *out, size_t size)
{
    char place[80] = "", func[40] = "";
    if (diag->line) snprintf(place, sizeof place, "%u:%u: ", diag->line, diag->column);
    else if (diag->offset) snprintf(place, sizeof place, "0x%zx: ", diag->offset);
    if (diag->func != WEFT_NO_FUNC) snprintf(func, sizeof func, "func %u: ", diag->func);
    int len = snprintf(out, size, "%s%s%s", place, func, diag->message);
    return len < 0 ? 0 : (size_t)len;
}
