// encode.h -- components to bytes, by the rows of component.def: sections, and declarations of
// types, as they are written one behind the other.
//
//     CWriter w;
//     cwriter_init(&w, &arena, CWRITE_component);
//     Buf *b = cwriter_item(&w, CSECTION_type);    // the next definition goes in there
//     buf_byte(b, cform_info[CFORM_list].code), cwrite_valtype(b, cvaltype_prim(CPRIM_u8));
//     u32 bytes = cwriter_count(&w, CENTITY_type); // its index
//
// Neighbours of one sort share a section. What is written is not judged: that is the decoder's.
// spec: Binary.md
#pragma once

#include "base/buf.h"
#include "component/type/ctype.h"

typedef enum { CWRITE_component, CWRITE_component_type, CWRITE_instance_type } CWriteKind;

// One scope with its index spaces.
typedef struct {
    CWriteKind kind;
    Buf out, section;       // what is done; what grows, of a component alone
    u32 items;              // in that section, or declarations
    CSection id;            // that section's
    u32 counts[CENTITY_instance + 1];
    u32 core_counts[CORE_SORT_COUNT];
} CWriter;

// A value's type: a primitive, or the index of a definition.
typedef struct { bool prim; u32 index; } CValType;
static inline CValType cvaltype_prim(CPrim p) { return (CValType){true, p}; }
static inline CValType cvaltype_at(u32 index) { return (CValType){false, index}; }

typedef struct { Bytes name, implements, external_id; } CExternName;

void cwriter_init(CWriter *w, Arena *arena, CWriteKind kind); // whose failure the caller catches
// Where the next definition's bytes go: valid until another is begun.
Buf *cwriter_item(CWriter *w, CSection id);
// The next index of a sort, which is taken.
u32 cwriter_count(CWriter *w, CEntityKind kind);
u32 cwriter_core_count(CWriter *w, CoreSort sort);
// All of it: a component, or a type as it is defined. The writer is done then.
Bytes cwriter_finish(CWriter *w);

void cwrite_valtype(Buf *b, CValType t);
void cwrite_optional(Buf *b, const CValType *t); // NULL: none
void cwrite_name(Buf *b, CExternName name);
void cwrite_sort(Buf *b, CEntityKind kind);
void cwrite_core_sort(Buf *b, CoreSort sort);

// Sections of a component that are not lists.
void cwriter_custom(CWriter *w, const char *name, Bytes content);
u32 cwriter_module(CWriter *w, Bytes module);
u32 cwriter_component(CWriter *w, Bytes component);

// A definition of a type, whole: a form with its bytes, or the result of cwriter_finish.
u32 cwriter_type(CWriter *w, Bytes definition);
u32 cwriter_alias_export(CWriter *w, CEntityKind kind, u32 instance, Bytes name);
u32 cwriter_alias_outer_type(CWriter *w, u32 outwards, u32 index);
u32 cwriter_alias_core(CWriter *w, CoreSort sort, u32 instance, Bytes name);

// Of types and components: what enters, or leaves, under a name. `index` is that of its type.
u32 cwriter_import(CWriter *w, CExternName name, CEntityKind kind, u32 index);
u32 cwriter_import_resource(CWriter *w, CExternName name);
// Of types: a declaration.
u32 cwriter_export_decl(CWriter *w, CExternName name, CEntityKind kind, u32 index);
u32 cwriter_export_resource_decl(CWriter *w, CExternName name);
// Of components: what is there under that index; with `type` as of that one, unless it is NULL.
u32 cwriter_export(CWriter *w, CExternName name, CEntityKind kind, u32 index, const u32 *type);
