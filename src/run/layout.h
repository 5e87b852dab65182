// layout.h -- holds the structs of run/ against layout.def, where there may be compilers: on hosts
// of 64 bits, in builds that leave nothing out for their size.
#pragma once

#include "run/store.h"

enum { LAYOUT_HOLDS = sizeof(void *) == 8 && TYPE_RECORD_SUPERS > 0 };
#define LAYOUT_ASSERT(fact, what) _Static_assert(!LAYOUT_HOLDS || (fact), what)

#define FIELD(struct_, field, offset, width, right, base, of)                                      \
    LAYOUT_ASSERT(offsetof(struct_, field) == (offset), #struct_ "." #field " is elsewhere");      \
    LAYOUT_ASSERT(sizeof(((struct_ *)0)->field) == (width), #struct_ "." #field " is not so wide");
#define ITEMS(struct_, field, offset, width, of)                                                   \
    LAYOUT_ASSERT(offsetof(struct_, field) == (offset), #struct_ "." #field " is elsewhere");      \
    LAYOUT_ASSERT(sizeof(of) == (width), #of " is not so wide");
#include "run/layout.def"

// What code makes one of by itself, or finds by a number.
LAYOUT_ASSERT(sizeof(FuncCode) == 32, "shifted by 5");
LAYOUT_ASSERT(sizeof(Func) == 32, "shifted by 5");
LAYOUT_ASSERT(sizeof(Record) == 24, "a record");
LAYOUT_ASSERT(sizeof(Start) == 40, "a record, and what is behind it");
LAYOUT_ASSERT(sizeof(TypeRecord) == 40, "a record of a type");
