// walk.h -- a value from where it is to where it goes, by its type. Included once for each pair of
// a source and a sink, which are functions and two types:
//
//     #define P(name)       lift_##name      this instance
//     #define ELEMENT(name) lift_##name      the one for elements of lists: those are in memory
//     #define SOURCE(name)  memory_##name    where values are; FROM, ELEMENT_FROM: a place there
//     #define SINK(name)    value_##name     where they go; TO, ELEMENT_TO: a place there
//
//     SOURCE(number)(abi, type, from, &bits)         SINK(number)(abi, type, to, bits)
//     SOURCE(flags)(abi, def, from, &bits)           SINK(flags)(abi, def, to, bits)
//     SOURCE(handle)(abi, type, from, &handle)       SINK(handle)(abi, type, to, handle)
//     SOURCE(string)(abi, from, &bytes)              SINK(string)(abi, to, &bytes)
//     SOURCE(case)(abi, def, from, &index)           SINK(case)(abi, def, to, index)
//     SOURCE(payload)(abi, def, from)                SINK(payload)(abi, def, to)         a place
//     SOURCE(parts)(abi, kind, count, from, &parts)  SINK(parts)(abi, kind, count, to, &parts)
//     SOURCE(next)(abi, &parts, type)                SINK(next)(abi, &parts, type)       a place
//     SOURCE(list)(abi, def, from, &list)            SINK(list)(abi, def, to, count, &first)
//     SOURCE(element)(first, i, size)                SINK(element)(first, i, size)       a place
//                                                    SINK(end)(abi, to, first, count)
//                                                    SINK(packed)(abi, def, to, &list)
//
// A number is 64 bits: sign-extended, or the bits of a float; a source answers what it has, and the
// walk makes it one of the type. Functions answer false after abi_fail. Types are 100 deep at most.
// spec: CanonicalABI/load, store, lift_flat, lower_flat

static bool P(value)(Abi *abi, CType t, FROM from, TO to);

static bool P(fields)(Abi *abi, u8 kind, const CField *fields, u32 count, FROM from, TO to)
{
    FROM in;
    TO out;
    if (!SOURCE(parts)(abi, kind, count, from, &in) || !SINK(parts)(abi, kind, count, to, &out))
        return false;
    for (u32 i = 0; i < count; i++) {
        FROM part = SOURCE(next)(abi, &in, fields[i].type);
        if (!P(value)(abi, fields[i].type, part, SINK(next)(abi, &out, fields[i].type)))
            return false;
    }
    return true;
}

// The elements stand where fields would.
static bool P(fixed)(Abi *abi, const CTypeDef *def, FROM from, TO to)
{
    CType t = def->fields[0].type;
    FROM in;
    TO out;
    if (!SOURCE(parts)(abi, WEFT_CVALUE_FIXED_LIST, def->count, from, &in)) return false;
    if (!SINK(parts)(abi, WEFT_CVALUE_FIXED_LIST, def->count, to, &out)) return false;
    for (u32 i = 0; i < def->count; i++) {
        FROM part = SOURCE(next)(abi, &in, t);
        if (!P(value)(abi, t, part, SINK(next)(abi, &out, t))) return false;
    }
    return true;
}

static bool P(list)(Abi *abi, const CTypeDef *def, FROM from, TO to)
{
    SourceList list;
    ELEMENT_TO first;
    if (!SOURCE(list)(abi, def, from, &list)) return false;
    if (list.is_packed) return SINK(packed)(abi, def, to, &list);
    if (!SINK(list)(abi, def, to, list.count, &first)) return false;
    u64 size = abi_element_size(abi, def);
    for (u64 i = 0; i < list.count; i++) {
        if (!abi_worked(abi, ELEMENT_WORK)) return false;
        ELEMENT_FROM in = SOURCE(element)(&list, i, size);
        ELEMENT_TO out = SINK(element)(first, i, size);
        bool good = def->form == CFORM_map
                        ? ELEMENT(fields)(abi, WEFT_CVALUE_TUPLE, def->fields, 2, in, out)
                        : ELEMENT(value)(abi, def->fields[0].type, in, out);
        if (!good) return false;
    }
    SINK(end)(abi, to, first, list.count);
    return true;
}

static bool P(variant)(Abi *abi, const CTypeDef *def, FROM from, TO to)
{
    u32 index;
    if (!SOURCE(case)(abi, def, from, &index) || !SINK(case)(abi, def, to, index)) return false;
    CType t = abi_case_type(def, index);
    if (t == CTYPE_NONE) return true;
    return P(value)(abi, t, SOURCE(payload)(abi, def, from), SINK(payload)(abi, def, to));
}

static bool P(number)(Abi *abi, CType t, FROM from, TO to)
{
    u64 bits;
    return SOURCE(number)(abi, t, from, &bits) && abi_number(abi, t, &bits) &&
           SINK(number)(abi, t, to, bits);
}

static bool P(value)(Abi *abi, CType t, FROM from, TO to)
{
    if (t == CPRIM_string) {
        AbiBytes string;
        return SOURCE(string)(abi, from, &string) && SINK(string)(abi, to, &string);
    }
    if (t < CPRIM_COUNT && t != CPRIM_error_context) return P(number)(abi, t, from, to);
    const CTypeDef *def = ctype_def(abi->types, t);
    u64 bits;
    switch (def ? def->form : CFORM_COUNT) {
    case CFORM_record: case CFORM_tuple:
        return P(fields)(abi, (u8)(CPRIM_COUNT + def->form), def->fields, def->count, from, to);
    case CFORM_fixed_list: return P(fixed)(abi, def, from, to);
    case CFORM_list: case CFORM_map: return P(list)(abi, def, from, to);
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        return P(variant)(abi, def, from, to);
    case CFORM_flags:
        return SOURCE(flags)(abi, def, from, &bits) && SINK(flags)(abi, def, to, (u32)bits);
    default: return SOURCE(handle)(abi, t, from, &bits) && SINK(handle)(abi, t, to, bits);
    }
}

#undef P
#undef ELEMENT
#undef SOURCE
#undef SINK
#undef FROM
#undef TO
#undef ELEMENT_FROM
#undef ELEMENT_TO
