// component.h -- component.def as C: enumerators, and what each row says.
#pragma once

#include "op/op.h"

typedef enum {
#define SECTION(name, text, id, since) CSECTION_##name = id,
#include "op/component.def"
    CSECTION_COUNT
} CSection;

typedef enum {
#define SORT(name, text, code, since) CSORT_##name = code,
#include "op/component.def"
    CSORT_COUNT
} CSort;

// In the order of the rows; codes have gaps.
typedef enum {
#define CORE_SORT(name, text, code) CORE_SORT_##name,
#include "op/component.def"
    CORE_SORT_COUNT
} CoreSort;

typedef enum {
#define PRIMITIVE(name, ...) CPRIM_##name,
#include "op/component.def"
    CPRIM_COUNT
} CPrim;

typedef enum {
#define FORM(name, ...) CFORM_##name,
#include "op/component.def"
    CFORM_COUNT
} CForm;

typedef enum {
#define CANON(name, ...) CANON_##name,
#include "op/component.def"
    CANON_COUNT
} Canon;

typedef enum {
#define OPTION(name, ...) COPTION_##name,
#include "op/component.def"
    COPTION_COUNT
} COption;

typedef enum {
#define ATTRIBUTE(name, ...) CATTRIBUTE_##name,
#include "op/component.def"
    CATTRIBUTE_COUNT
} CAttribute;

typedef enum {
    CANON_IMM_none, CANON_IMM_func_opts_type, CANON_IMM_func_opts, CANON_IMM_type,
    CANON_IMM_async, CANON_IMM_result_opts, CANON_IMM_value_index, CANON_IMM_cancel,
    CANON_IMM_type_opts, CANON_IMM_type_async, CANON_IMM_opts, CANON_IMM_cancel_memory,
    CANON_IMM_start_table,
} CanonImm;

typedef enum {
    CANON_OF_none, CANON_OF_resource, CANON_OF_local_resource, CANON_OF_stream, CANON_OF_future,
} CanonOf;

enum { CANON_MEMORY = 1, CANON_REALLOC = 2, CANON_LIFTS = 4, CANON_LOWERS = 8 };  // needs
enum { CANON_WAITS = 1, CANON_LEAVES = 2, CANON_TASKS = 4 };                      // does

typedef enum { COPY_bits, COPY_checked, COPY_walk } CopyClass;

typedef struct { const char *text; u8 code, since; } CRow; // Feature
typedef struct { const char *text, *flat; u8 code, size, copy, since; } CPrimInfo;
typedef struct {
    const char *text, *sig;
    u8 code, immediates, of, needs, does, since; // CanonImm, CanonOf
} CanonInfo;

extern const CRow csection_info[CSECTION_COUNT], csort_info[CSORT_COUNT],
    core_sort_info[CORE_SORT_COUNT], cform_info[CFORM_COUNT], coption_info[COPTION_COUNT],
    cattribute_info[CATTRIBUTE_COUNT];
extern const CPrimInfo cprim_info[CPRIM_COUNT];
extern const CanonInfo canon_info[CANON_COUNT];

// The row with this code, or the count where there is none.
CoreSort core_sort_find(u8 code);
CPrim cprim_find(u8 code);
CForm cform_find(u8 code);
Canon canon_find(u8 code);
COption coption_find(u8 code);
CAttribute cattribute_find(u8 code);
