// weft_component.h -- values of the component model. In addition to weft.h, by whose rules it goes.
//
// A weft_cvalue is a tree: a number is in it, a string or a list is pointed at, a record has its
// fields in the order of its type, a variant the number of its case. Labels stand in types only.
//
//     weft_cvalue point[2] = {{.kind = WEFT_CVALUE_S32, .of.s = 3}, {.kind = WEFT_CVALUE_S32}};
//     weft_cvalue record = {.kind = WEFT_CVALUE_RECORD, .of.list = {point, 2}};
//
// Values are plain memory. Those that the caller makes are the caller's, and nobody keeps or writes
// them; those that a call gives live as long as what it says they live in. Nothing looks at them
// but the call that they are passed to, so any thread may have them.

#ifndef WEFT_COMPONENT_H
#define WEFT_COMPONENT_H

#include <weft.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum weft_cvalue_kind {
    WEFT_CVALUE_BOOL,
    WEFT_CVALUE_S8,
    WEFT_CVALUE_U8,
    WEFT_CVALUE_S16,
    WEFT_CVALUE_U16,
    WEFT_CVALUE_S32,
    WEFT_CVALUE_U32,
    WEFT_CVALUE_S64,
    WEFT_CVALUE_U64,
    WEFT_CVALUE_F32,
    WEFT_CVALUE_F64,
    WEFT_CVALUE_CHAR,
    WEFT_CVALUE_STRING,
    WEFT_CVALUE_ERROR_CONTEXT,
    WEFT_CVALUE_RECORD,
    WEFT_CVALUE_VARIANT,
    WEFT_CVALUE_LIST,
    WEFT_CVALUE_TUPLE,
    WEFT_CVALUE_FLAGS,
    WEFT_CVALUE_ENUM,
    WEFT_CVALUE_OPTION,
    WEFT_CVALUE_RESULT,
    WEFT_CVALUE_OWN,
    WEFT_CVALUE_BORROW,
    WEFT_CVALUE_FIXED_LIST,
    WEFT_CVALUE_STREAM,
    WEFT_CVALUE_FUTURE,
    WEFT_CVALUE_MAP,
} weft_cvalue_kind;

typedef struct weft_cvalue weft_cvalue;
struct weft_cvalue {
    uint8_t kind; // weft_cvalue_kind
    // Of a LIST or FIXED_LIST of numbers (S8 to F64): their kind, where they stand one behind the
    // other as C has them, instead of as values; else 0. A guest's LIST always does.
    uint8_t packed;
    // The case of a variant or enum, from 0; of an option 0 is none, 1 some; of a result 0 is ok, 1
    // err.
    uint32_t index;
    union {
        bool boolean;
        int64_t s;      // S8 to S64
        uint64_t u;     // U8 to U64
        float f32;      // a NaN is any NaN
        double f64;
        uint32_t scalar; // CHAR: a Unicode scalar value
        struct {
            const char *data; // UTF-8, no NUL behind it; NULL where len is 0 is fine
            size_t len;       // in bytes
        } string;
        struct {
            const weft_cvalue *items; // elements, fields; a map's are tuples of two
            size_t count;
        } list;
        struct {
            const void *data; // of a packed list
            size_t count;     // of numbers
        } numbers;
        const weft_cvalue *payload; // of a case; NULL where that has none
        uint32_t flags;   // bit i is the i-th label
        uint64_t handle;  // OWN, BORROW, STREAM, FUTURE, ERROR_CONTEXT: what it stands for
    } of;
};

#ifdef __cplusplus
}
#endif

#endif
