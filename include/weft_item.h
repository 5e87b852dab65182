// weft_item.h -- memories and tables of every kind that modules can declare, told in one struct
// each, and vectors lane by lane. In addition to weft.h, by whose rules it goes; weft_memory_new
// and weft_table_new are what most need.
//
//     weft_memory_config config = weft_memory_config_init();
//     config.is_64 = true;
//     config.min = 1;
//     weft_memory_new_of(store, &config, &memory, &diag);

#ifndef WEFT_ITEM_H
#define WEFT_ITEM_H

#include <string.h>
#include <weft_object.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Memories and tables ------------------------------------------------------------------------

typedef struct weft_memory_config {
    size_t size;         // sizeof(weft_memory_config): weft_memory_config_init sets it
    uint64_t min, max;   // pages; max: WEFT_NO_MAX at first
    bool is_64;          // addresses are i64
    // Other stores may have it too: weft_memory_shared, of weft_threads.h. It needs a max, and has
    // addresses for that at once
    bool is_shared;
    uint32_t page_size;  // in bytes: 65536 at first, or 1
} weft_memory_config;

static inline weft_memory_config weft_memory_config_init(void)
{
    weft_memory_config config;
    config.size = sizeof config;
    config.min = 0;
    config.max = WEFT_NO_MAX;
    config.is_64 = config.is_shared = false;
    config.page_size = 65536;
    return config;
}

// As weft_memory_new. Errors: its own, where a memory with addresses of 64 bits may have 2^48 pages
// of 64 KiB; unknown_field; bad_page_size: another one; shared_memory_needs_maximum.
WEFT_API weft_status weft_memory_new_of(weft_store *store, const weft_memory_config *config,
                                        weft_memory *out, weft_diag *diag);

// From now on `grown` is called with `env` whenever the memory has grown, by a guest or by you,
// also by nothing: what shows its bytes shows too few of them then. On the thread that uses the
// store; it must return, and of the store it may use weft_memory_map of what was added, and of the
// memory what tells its size and where it is. NULL: nobody. A shared memory tells of what
// this store's guests do. False: another store's memory.
WEFT_API bool weft_memory_on_growth(weft_store *store, weft_memory memory,
                                    void (*grown)(void *env), void *env);

typedef struct weft_table_config {
    size_t size;         // sizeof(weft_table_config): weft_table_config_init sets it
    uint64_t min, max;   // entries; max: WEFT_NO_MAX at first
    bool is_64;          // indices are i64
    const weft_valtype *type; // of elements; NULL: what `init` is, funcref or externref
    weft_val init;       // fills it
} weft_table_config;

static inline weft_table_config weft_table_config_init(void)
{
    weft_table_config config;
    memset(&config, 0, sizeof config);
    config.size = sizeof config;
    config.max = WEFT_NO_MAX;
    config.init.type = WEFT_FUNCREF;
    return config;
}

// As weft_table_new, weft_table_new_of. Errors: theirs, and unknown_field.
WEFT_API weft_status weft_table_new_as(weft_store *store, const weft_table_config *config,
                                       weft_table *out, weft_diag *diag);

// ---- Vectors ------------------------------------------------------------------------------------
//
// Lanes are numbered as the instructions do, lane 0 first in memory, whatever the host's order of
// bytes.

static inline weft_val weft_v128(const uint8_t bytes[16])
{
    weft_val v;
    v.type = WEFT_V128;
    memcpy(v.of.v128, bytes, 16);
    return v;
}

// The lane of `bits` (8, 16, 32 or 64) with this number, zero-extended; and the vector with another
// there.
static inline uint64_t weft_v128_lane(const weft_val *v, unsigned bits, unsigned lane)
{
    unsigned bytes = bits / 8, i;
    uint64_t out = 0;
    for (i = 0; i < bytes; i++)
        out |= (uint64_t)v->of.v128[(lane * bytes + i) & 15] << (8 * i);
    return out;
}
static inline void weft_v128_set_lane(weft_val *v, unsigned bits, unsigned lane, uint64_t value)
{
    unsigned bytes = bits / 8, i;
    for (i = 0; i < bytes; i++)
        v->of.v128[(lane * bytes + i) & 15] = (uint8_t)(value >> (8 * i));
}
static inline float weft_v128_f32(const weft_val *v, unsigned lane)
{
    uint32_t bits = (uint32_t)weft_v128_lane(v, 32, lane);
    float out;
    memcpy(&out, &bits, sizeof out);
    return out;
}
static inline double weft_v128_f64(const weft_val *v, unsigned lane)
{
    uint64_t bits = weft_v128_lane(v, 64, lane);
    double out;
    memcpy(&out, &bits, sizeof out);
    return out;
}

static inline weft_val weft_i32x4(int32_t a, int32_t b, int32_t c, int32_t d)
{
    static const uint8_t zeros[16] = {0};
    weft_val v = weft_v128(zeros);
    weft_v128_set_lane(&v, 32, 0, (uint32_t)a);
    weft_v128_set_lane(&v, 32, 1, (uint32_t)b);
    weft_v128_set_lane(&v, 32, 2, (uint32_t)c);
    weft_v128_set_lane(&v, 32, 3, (uint32_t)d);
    return v;
}
static inline weft_val weft_i64x2(int64_t a, int64_t b)
{
    static const uint8_t zeros[16] = {0};
    weft_val v = weft_v128(zeros);
    weft_v128_set_lane(&v, 64, 0, (uint64_t)a);
    weft_v128_set_lane(&v, 64, 1, (uint64_t)b);
    return v;
}
static inline weft_val weft_f32x4(float a, float b, float c, float d)
{
    int32_t bits[4];
    memcpy(&bits[0], &a, 4), memcpy(&bits[1], &b, 4);
    memcpy(&bits[2], &c, 4), memcpy(&bits[3], &d, 4);
    return weft_i32x4(bits[0], bits[1], bits[2], bits[3]);
}
static inline weft_val weft_f64x2(double a, double b)
{
    int64_t bits[2];
    memcpy(&bits[0], &a, 8), memcpy(&bits[1], &b, 8);
    return weft_i64x2(bits[0], bits[1]);
}

#ifdef __cplusplus
}
#endif
#endif
