// layout.h -- where the fields of structures and arrays go: made by the type store, for each type
// once, behind its fields. What it looks like says type.h (TypeLayout).
#pragma once

#include "module/type.h"

// Words of 32 bits that it takes; 0: the type has none.
u64 layout_words(const TypeDef *def);
// Once all types that its fields may name have records, which say what is collected: fills it in,
// and the places of the fields.
void layout_fill(const TypeStore *store, TypeDef *def);
