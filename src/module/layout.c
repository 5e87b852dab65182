// layout.c -- see layout.h.

#include "module/layout.h"

#include <assert.h>
#include <string.h>

// Where the next field goes. Gaps come from fields that are larger than what was in front of them;
// what is small enough fills them, so of each size there is one at most.
typedef struct {
    u32 end;
    u32 gaps[3]; // of 1, 2 and 4 bytes; 0: none
} Placing;

static u32 place_field(Placing *p, u32 log2)
{
    for (u32 k = log2; k < COUNT_OF(p->gaps); k++) {
        u32 at = p->gaps[k];
        if (!at) continue;
        for (p->gaps[k] = 0; k-- > log2;) p->gaps[k] = at + (1u << k);
        return at;
    }
    for (u32 k = 0; k < MIN(log2, COUNT_OF(p->gaps)); k++)
        if (p->end >> k & 1) {
            assert(!p->gaps[k]);
            p->gaps[k] = p->end;
            p->end += 1u << k;
        }
    u32 at = p->end;
    p->end += 1u << log2;
    return at;
}

// A build that leaves objects out has types of functions alone.
static const bool lays_out = type_display;

// Others that say so are refused.
static bool has_descriptor(const TypeDef *def)
{
    return def->kind == COMP_struct && def->descriptor != TYPE_NONE;
}

// How large the objects of a type are; and where their fields are, unless `fields` is NULL.
static u32 place_fields(const TypeDef *def, FieldType *fields)
{
    Placing p = {.end = def->kind == COMP_array ? 2 * sizeof(u32) : sizeof(u32)};
    bool described = has_descriptor(def);
    u32 count = def->field_count + described;
    u32 descriptor = described ? MIN(def->plain_fields, def->field_count) : count;
    for (u32 k = 0; k < count; k++) {
        u32 i = k < descriptor ? k : k == descriptor ? def->field_count : k - 1;
        Type type = i < def->field_count ? def->fields[i].type : type_ref(false, HEAP_struct);
        u32 at = def->kind == COMP_array ? p.end : place_field(&p, type_log2(type));
        if (fields) fields[i].at = at;
    }
    return (p.end + 7) & ~7u;
}

static u32 ref_words(const TypeDef *def, u32 size)
{
    bool any = has_descriptor(def);
    for (u32 i = 0; i < def->field_count && !any; i++) any = type_is_ref(def->fields[i].type);
    return any ? (size / 4 + 31) / 32 : 0;
}

u64 layout_words(const TypeDef *def)
{
    if (!lays_out || (def->kind != COMP_struct && def->kind != COMP_array)) return 0;
    return sizeof(TypeLayout) / sizeof(u32) + ref_words(def, place_fields(def, NULL));
}

void layout_fill(const TypeStore *store, TypeDef *def)
{
    if (!layout_words(def)) return;
    TypeLayout *layout = (TypeLayout *)type_layout(def);
    FieldType *fields = (FieldType *)def->fields;
    layout->size = place_fields(def, fields);
    layout->ref_words = layout->slots = 0;
    u32 words = ref_words(def, layout->size);
    memset(layout->refs, 0, words * sizeof(u32));
    for (u32 i = 0; i < def->field_count + has_descriptor(def); i++) {
        layout->slots = (u16)(layout->slots + type_slots(fields[i].type));
        if (!type_is_collected(store, fields[i].type)) continue;
        u32 bit = def->kind == COMP_array ? 0 : fields[i].at / 4;
        layout->refs[bit / 32] |= 1u << bit % 32;
        layout->ref_words = (u16)words;
    }
}
