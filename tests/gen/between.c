// between.c -- a module that passes calls on, so that functions are imported through an instance.

#include "run.h"

static bool put_types(Buf *s, const Type *types, u32 count)
{
    buf_leb_u(s, count);
    for (u32 i = 0; i < count; i++) {
        if (types[i] == type_ref(true, HEAP_func)) buf_byte(s, 0x70);
        else if (types[i] == type_ref(true, HEAP_extern)) buf_byte(s, 0x6f);
        else if (types[i] <= TYPE_v128) buf_byte(s, (u8)(0x80 - types[i]));
        else return false;
    }
    return true;
}

static void put_section(Buf *out, u8 id, const void *bytes, size_t size)
{
    buf_byte(out, id);
    buf_name(out, bytes, size);
}

// (module (import "h" "f" (func $f T)) (func (export "w") T local.get ... return_call $f)), which
// leaves no frame; false where a type has to be named.
bool between_module(Buf *out, const TypeDef *type)
{
    Buf s, body;
    buf_init(&s, out->arena);
    buf_init(&body, out->arena);
    buf_bytes(&s, (const u8[]){1, 0x60}, 2);
    if (!put_types(&s, type->params, type->param_count) ||
        !put_types(&s, type_results(type), type->result_count))
        return false;
    buf_bytes(out, "\0asm\1\0\0", 8);
    put_section(out, 1, s.data, s.len);
    put_section(out, 2, (const u8[]){1, 1, 'h', 1, 'f', 0, 0}, 7);
    put_section(out, 3, (const u8[]){1, 0}, 2);
    put_section(out, 7, (const u8[]){1, 1, 'w', 0, 1}, 5);
    buf_byte(&body, 0);
    for (u32 i = 0; i < type->param_count; i++) buf_byte(&body, 0x20), buf_leb_u(&body, i);
    buf_bytes(&body, (const u8[]){0x12, 0, 0x0b}, 3);
    s.len = 0;
    buf_byte(&s, 1);
    buf_name(&s, body.data, body.len);
    put_section(out, 10, s.data, s.len);
    return true;
}
