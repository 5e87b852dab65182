// coretext.h -- core modules that are made for a component, as text: what is said of them can be
// read here as it stands, and one assembler makes bytes of it.
#pragma once

#include "component/tool/maker.h"

void text_put(Buf *text, const char *fmt, ...) PRINTF_LIKE(2, 3); // at most 300 bytes at a time
void text_string(Buf *text, Bytes string); // in quotes, whatever is in it
// (param i32 i64) (result f32)
void text_sig(Buf *text, const FlatSig *sig);
void text_type(Maker *m, Buf *text, TypeId type); // of a function of numbers, or of a tag
Bytes text_assemble(Maker *m, const Buf *text);   // leaves through maker_fail_as
