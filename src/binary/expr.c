// expr.c -- where does a constant expression end?
//
// This steps over instructions, counting open blocks, and judges only encodings: that each
// instruction may stand there is for valid/ to say. On the way it notes functions that ref.func
// names: outside of bodies that declares them.
// spec: binary/instructions

#include "binary/decoder.h"
#include "module/imm.h"

void decode_declare(Decoder *d, u32 func)
{
    Module *m = d->m;
    if (func >= m->func_count) return; // unknown: validation says so
    if (!d->declared) d->declared = NEW_ARRAY(&m->arena, u8, (size_t)m->func_count / 8 + 1);
    d->declared[func / 8] |= (u8)(1 << func % 8);
}

Range decode_expr(Decoder *d)
{
    Range range = {reader_offset(&d->r), 0};
    ImmReader r = {d->m, d->r.pos, d->r.end, d->r.at_end, d->r.diag, .arena = NULL};
    for (u32 depth = 1; depth && !decode_failed(d);) {
        const u8 *at = r.next;
        Imm imm;
        imm.op = imm_op(&r);
        if (imm.op == OP_COUNT || !imm_read(&r, imm.op, &imm)) break;
        switch (imm.op) {
        case OP_ref_func: decode_declare(d, imm.func); break;
        case OP_block: case OP_loop: case OP_if: case OP_try: case OP_try_table: depth++; break;
        case OP_end: depth--; break;
        case OP_delegate: // ends its try
            if (--depth) break;
            decode_fail(d, ERR_end_opcode_expected, at, "found delegate");
            break;
        case OP_else: case OP_catch: case OP_catch_all:
            if (depth == 1)
                decode_fail(d, ERR_end_opcode_expected, at, "found %s", op_info[imm.op].text);
            break;
        default: break;
        }
    }
    d->r.pos = decode_failed(d) ? d->r.end : r.next;
    range.end = reader_offset(&d->r);
    return range;
}
