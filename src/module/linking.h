// linking.h -- the numbers in custom sections for linkers. See linking.def.
#pragma once

typedef enum {
#define LINKING_PART(number, name) LINKING_##name = number,
#include "module/linking.def"
} LinkingPart;

typedef enum {
#define SYMBOL(number, name) SYMBOL_##name = number,
#include "module/linking.def"
    SYMBOL_KINDS
} SymbolKind;

typedef enum {
#define SYMBOL_FLAG(bit, name, text) SYMBOL_FLAG_##name = bit,
#include "module/linking.def"
} SymbolFlag;

typedef enum {
#define COMDAT(number, name) COMDAT_##name = number,
#include "module/linking.def"
    COMDAT_KINDS
} ComdatKind;

typedef enum {
#define DYLINK_PART(number, name, text) DYLINK_##name = number,
#include "module/linking.def"
} DylinkPart;
