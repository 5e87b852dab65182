// vector.c -- vectors: arrays of bytes, of values, and of pointers that they own.

#include "api/wasm_c/wasm_c.h"

#include <stdlib.h>

// Zeroed. NULL where there are none; and where there is no memory, when *size becomes 0.
static void *room(size_t *size, size_t item)
{
    size_t bytes;
    void *data = *size && size_fits(*size, item, &bytes) ? calloc(1, bytes) : NULL;
    if (!data) *size = 0;
    return data;
}

// ---- Of pointers, all of which are handled alike

typedef struct {
    size_t size;
    void **data;
} Pointers;

static void delete_all(Pointers *v, void (*end)(void *))
{
    for (size_t i = 0; i < v->size; i++)
        if (v->data[i]) end(v->data[i]);
    free(v->data);
    *v = (Pointers){0};
}

static void take_all(Pointers *out, size_t size, void *const *from, void (*end)(void *))
{
    *out = (Pointers){size, NULL};
    out->data = room(&out->size, sizeof *out->data);
    if (out->size) memcpy(out->data, from, size * sizeof *from);
    for (size_t i = out->size; i < size; i++) // that there was no room for
        if (from[i]) end(from[i]);
}

static void copy_all(Pointers *out, const Pointers *from, void *(*copy)(const void *),
                     void (*end)(void *))
{
    *out = (Pointers){from->size, NULL};
    out->data = room(&out->size, sizeof *out->data);
    for (size_t i = 0; i < out->size; i++) {
        if (!from->data[i]) continue;
        out->data[i] = copy(from->data[i]);
        if (!out->data[i]) delete_all(out, end);
    }
}

#define POINTERS(name)                                                                             \
    static void end_##name(void *p) { wasm_##name##_delete(p); }                                   \
    static void *copy_##name(const void *p) { return wasm_##name##_copy(p); }                      \
    void wasm_##name##_vec_new_empty(wasm_##name##_vec_t *out)                                     \
    {                                                                                              \
        *out = (wasm_##name##_vec_t){0};                                                           \
    }                                                                                              \
    void wasm_##name##_vec_new_uninitialized(wasm_##name##_vec_t *out, size_t size)                \
    {                                                                                              \
        *out = (wasm_##name##_vec_t){size, NULL};                                                  \
        out->data = room(&out->size, sizeof *out->data);                                           \
    }                                                                                              \
    void wasm_##name##_vec_new(wasm_##name##_vec_t *out, size_t size,                              \
                               wasm_##name##_t *const elements[])                                  \
    {                                                                                              \
        take_all((Pointers *)out, size, (void *const *)elements, end_##name);                      \
    }                                                                                              \
    void wasm_##name##_vec_copy(wasm_##name##_vec_t *out, const wasm_##name##_vec_t *from)         \
    {                                                                                              \
        copy_all((Pointers *)out, (const Pointers *)from, copy_##name, end_##name);                \
    }                                                                                              \
    void wasm_##name##_vec_delete(wasm_##name##_vec_t *v)                                          \
    {                                                                                              \
        if (v) delete_all((Pointers *)v, end_##name);                                              \
    }
POINTERS(valtype)
POINTERS(functype)
POINTERS(globaltype)
POINTERS(tabletype)
POINTERS(memorytype)
POINTERS(tagtype)
POINTERS(externtype)
POINTERS(importtype)
POINTERS(exporttype)
POINTERS(frame)
POINTERS(extern)

// ---- Of bytes

void wasm_byte_vec_new_empty(wasm_byte_vec_t *out) { *out = (wasm_byte_vec_t){0}; }

void wasm_byte_vec_new_uninitialized(wasm_byte_vec_t *out, size_t size)
{
    *out = (wasm_byte_vec_t){size, NULL};
    out->data = room(&out->size, 1);
}

void wasm_byte_vec_new(wasm_byte_vec_t *out, size_t size, const wasm_byte_t *bytes)
{
    wasm_byte_vec_new_uninitialized(out, size);
    if (out->size) memcpy(out->data, bytes, size);
}

void wasm_byte_vec_copy(wasm_byte_vec_t *out, const wasm_byte_vec_t *from)
{
    wasm_byte_vec_new(out, from->size, from->data);
}

void wasm_byte_vec_delete(wasm_byte_vec_t *v)
{
    if (!v) return;
    free(v->data);
    *v = (wasm_byte_vec_t){0};
}

// ---- Of values

void wasm_val_vec_new_empty(wasm_val_vec_t *out) { *out = (wasm_val_vec_t){0}; }

void wasm_val_vec_new_uninitialized(wasm_val_vec_t *out, size_t size)
{
    *out = (wasm_val_vec_t){size, NULL};
    out->data = room(&out->size, sizeof *out->data);
}

void wasm_val_vec_new(wasm_val_vec_t *out, size_t size, const wasm_val_t *values)
{
    wasm_val_vec_new_uninitialized(out, size);
    if (out->size) memcpy(out->data, values, size * sizeof *values);
    for (size_t i = out->size; i < size; i++) {
        wasm_val_t lost = values[i];
        wasm_val_delete(&lost);
    }
}

void wasm_val_vec_copy(wasm_val_vec_t *out, const wasm_val_vec_t *from)
{
    wasm_val_vec_new_uninitialized(out, from->size);
    for (size_t i = 0; i < out->size; i++) wasm_val_copy(&out->data[i], &from->data[i]);
}

void wasm_val_vec_delete(wasm_val_vec_t *v)
{
    if (!v) return;
    for (size_t i = 0; i < v->size; i++) wasm_val_delete(&v->data[i]);
    free(v->data);
    *v = (wasm_val_vec_t){0};
}
