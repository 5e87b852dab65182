// outside.c -- what a module does here, in words, for an engine that nobody here wrote.
//
//     batch    size module size text ...      sizes in 4 bytes
//
// The text is a verdict, `valid` or `refused WHY`, or lines: what is to be called, and what came of
// it. outside.js makes the same lines.

#include "check.h"

static const char letters[] = {
    [TYPE_i32] = 'i', [TYPE_i64] = 'l', [TYPE_f32] = 'f', [TYPE_f64] = 'd', [TYPE_v128] = 'v'};

// As coarse as others say it.
static const char *trap_word(u64 trap)
{
    switch (trap) {
    case TRAP_none: return "good";
    case TRAP_unreachable: return "unreachable";
    case TRAP_integer_divide_by_zero: return "zero";
    case TRAP_integer_overflow:
    case TRAP_invalid_conversion_to_integer: return "range";
    case TRAP_expected_shared_memory:
    case TRAP_out_of_bounds_memory_access: return "memory";
    case TRAP_out_of_bounds_table_access:
    case TRAP_undefined_element: return "table";
    // Of a table that holds one type alone V8 says that its entry is null.
    case TRAP_uninitialized_element:
    case TRAP_indirect_call_type_mismatch:
    case TRAP_null_reference:
    case TRAP_null_function_reference:
    case TRAP_null_exception_reference:
    case TRAP_null_i31_reference:
    case TRAP_null_structure_reference:
    case TRAP_null_array_reference: return "null";
    case TRAP_out_of_bounds_array_access: return "array";
    case TRAP_cast_failure: return "cast";
    case TRAP_unaligned_atomic: return "aligned";
    case TRAP_uncaught_exception: return "exception";
    default: return "other";
    }
}

static void put_line(Buf *out, const Say *s)
{
    char line[100];
    char letter = type_is_ref(s->a) ? 'r' : letters[s->a % COUNT_OF(letters)];
    unsigned long long b = s->b;
    switch ((SayKind)s->kind) {
    case SAY_call: snprintf(line, sizeof line, "\ncall f%u", s->a); break;
    case SAY_arg: snprintf(line, sizeof line, " %c%llx", letter, b); break;
    case SAY_result: snprintf(line, sizeof line, " %c%llx", letter, b); break;
    case SAY_trap: snprintf(line, sizeof line, "\n%s", trap_word(b)); break;
    case SAY_host: snprintf(line, sizeof line, "\nhost %u", s->a); break;
    case SAY_memory: snprintf(line, sizeof line, "\nmemory %u %llx", s->a, b); break;
    case SAY_global: snprintf(line, sizeof line, "\nglobal %u", s->a); break;
    case SAY_table: snprintf(line, sizeof line, "\ntable %u %llx", s->a, b); break;
    default: return;
    }
    buf_bytes(out, line, strlen(line));
}

static void put(FILE *out, Bytes bytes)
{
    u8 size[4] = {(u8)bytes.len, (u8)(bytes.len >> 8), (u8)(bytes.len >> 16),
                  (u8)(bytes.len >> 24)};
    fwrite(size, 1, sizeof size, out);
    fwrite(bytes.data, 1, bytes.len, out);
}

void outside_module(Engine *engine, const GenWhat *what, Bytes bytes, FILE *out)
{
    Diag diag;
    Arena arena;
    Buf text;
    arena_init(&arena);
    buf_init(&text, &arena);
    Module *m = engine_load(engine, bytes.data, bytes.len, &diag);
    if (!m) {
        buf_bytes(&text, "refused ", 8);
        buf_bytes(&text, err_text[diag.err], strlen(err_text[diag.err]));
        buf_byte(&text, ' ');
        buf_bytes(&text, diag.detail, strlen(diag.detail));
    } else if (what->spoil) {
        buf_bytes(&text, "valid", 5);
    } else {
        Log log = run_module(engine, m, &run_modes[0], what->index, true, &arena);
        for (u32 i = 0; i < log.count; i++) put_line(&text, &log.says[i]);
        if (log.starved) buf_bytes(&text, "\nother", 6);
    }
    put(out, bytes);
    put(out, buf_view(&text));
    engine_unload(m);
    arena_free(&arena);
}
