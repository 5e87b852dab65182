// component.c -- see component.h.

#include "op/component.h"

const CRow csection_info[CSECTION_COUNT] = {
#define SECTION(name, text, id, since) [CSECTION_##name] = {text, id, FEATURE_##since},
#include "op/component.def"
};
const CRow csort_info[CSORT_COUNT] = {
#define SORT(name, text, code, since) [CSORT_##name] = {text, code, FEATURE_##since},
#include "op/component.def"
};
const CRow core_sort_info[CORE_SORT_COUNT] = {
#define CORE_SORT(name, text, code) [CORE_SORT_##name] = {text, code, FEATURE_component_model},
#include "op/component.def"
};
const CRow cform_info[CFORM_COUNT] = {
#define FORM(name, text, code, since) [CFORM_##name] = {text, code, FEATURE_##since},
#include "op/component.def"
};
const CRow coption_info[COPTION_COUNT] = {
#define OPTION(name, text, code, imm, since) [COPTION_##name] = {text, code, FEATURE_##since},
#include "op/component.def"
};
const CRow cattribute_info[CATTRIBUTE_COUNT] = {
#define ATTRIBUTE(name, text, code, since) [CATTRIBUTE_##name] = {text, code, FEATURE_##since},
#include "op/component.def"
};
const CPrimInfo cprim_info[CPRIM_COUNT] = {
#define PRIMITIVE(name, text, code, size, flat, copy, since)                                       \
    [CPRIM_##name] = {text, flat, code, size, COPY_##copy, FEATURE_##since},
#include "op/component.def"
};

enum {
    MEMORY = CANON_MEMORY, REALLOC = CANON_REALLOC, LIFTS = CANON_LIFTS, LOWERS = CANON_LOWERS,
    MAY_WAIT = CANON_WAITS, MUST_LEAVE = CANON_LEAVES, SEES_TASK = CANON_TASKS,
};
const CanonInfo canon_info[CANON_COUNT] = {
#define CANON(name, text, code, immediates, of, sig, needs, does, since)                           \
    [CANON_##name] = {text, #sig, code, CANON_IMM_##immediates, CANON_OF_##of, needs, does,        \
                      FEATURE_##since},
#include "op/component.def"
};

static u32 find(const CRow *rows, u32 count, u8 code)
{
    u32 i = 0;
    while (i < count && rows[i].code != code) i++;
    return i;
}

CoreSort core_sort_find(u8 code) { return (CoreSort)find(core_sort_info, CORE_SORT_COUNT, code); }
CForm cform_find(u8 code) { return (CForm)find(cform_info, CFORM_COUNT, code); }
COption coption_find(u8 code) { return (COption)find(coption_info, COPTION_COUNT, code); }
CAttribute cattribute_find(u8 code)
{
    return (CAttribute)find(cattribute_info, CATTRIBUTE_COUNT, code);
}

CPrim cprim_find(u8 code)
{
    u32 i = 0;
    while (i < CPRIM_COUNT && cprim_info[i].code != code) i++;
    return (CPrim)i;
}

Canon canon_find(u8 code)
{
    u32 i = 0;
    while (i < CANON_COUNT && canon_info[i].code != code) i++;
    return (Canon)i;
}
