// user.c -- a guest that gives back what another one gives back, and uses that one's resource.

#include "user.h"

#include "memory.h"

#define CALL(name, T) T exports_t_kinds_echo_e_##name(T v) { return t_kinds_echo_e_##name(v); }
#define PLAIN(name, T)                                                                             \
    void exports_t_kinds_echo_e_##name(T *v, T *ret) { t_kinds_echo_e_##name(v, ret); }
#define OWNED(name, type)                                                                          \
    void exports_t_kinds_echo_e_##name(type##_t *v, type##_t *ret)                                 \
    {                                                                                              \
        t_kinds_echo_e_##name(v, ret);                                                             \
        type##_free(v);                                                                            \
    }
CALL(bool, bool)
CALL(u8, uint8_t)
CALL(s8, int8_t)
CALL(u16, uint16_t)
CALL(s16, int16_t)
CALL(u32, uint32_t)
CALL(s32, int32_t)
CALL(u64, uint64_t)
CALL(s64, int64_t)
CALL(f32, float)
CALL(f64, double)
CALL(char, uint32_t)
CALL(color, exports_t_kinds_echo_color_t)
CALL(perms, exports_t_kinds_echo_perms_t)
CALL(many, exports_t_kinds_echo_many_t)
PLAIN(point, exports_t_kinds_echo_point_t)
PLAIN(one, exports_t_kinds_echo_one_t)
PLAIN(fixed, user_list3_u16_t)
OWNED(string, user_string)
OWNED(mixed, exports_t_kinds_echo_mixed)
OWNED(shape, t_kinds_echo_shape)
OWNED(points, t_kinds_types_points)
OWNED(lists, user_list_list_string)
OWNED(tuple, user_tuple3_u8_string_s64)
OWNED(shapes, user_list_t_kinds_types_shape)
OWNED(fixed_long, user_list9_option_string)
OWNED(map, user_map_string_t_kinds_types_point)

bool exports_t_kinds_echo_e_option(user_option_string_t *v, user_string_t *ret)
{
    bool is = t_kinds_echo_e_option(v, ret);
    user_option_string_free(v);
    return is;
}

bool exports_t_kinds_echo_e_nested(user_option_option_u32_t *v, user_option_u32_t *ret)
{
    return t_kinds_echo_e_nested(v, ret);
}

bool exports_t_kinds_echo_e_result(user_result_u32_string_t *v, uint32_t *ret, user_string_t *err)
{
    bool is = t_kinds_echo_e_result(v, ret, err);
    user_result_u32_string_free(v);
    return is;
}

bool exports_t_kinds_echo_e_joined(user_result_f64_f32_t *v, double *ret, float *err)
{
    return t_kinds_echo_e_joined(v, ret, err);
}

bool exports_t_kinds_echo_e_ok(user_result_f64_void_t *v, double *ret)
{
    return t_kinds_echo_e_ok(v, ret);
}

bool exports_t_kinds_echo_e_err(user_result_void_s64_t *v, int64_t *err)
{
    return t_kinds_echo_e_err(v, err);
}

bool exports_t_kinds_echo_e_none(user_result_void_void_t *v) { return t_kinds_echo_e_none(v); }

typedef user_tuple4_t_kinds_types_shape_t_kinds_types_shape_t_kinds_types_mixed_tuple3_u8_u64_u16_t
    Spilled;

void exports_t_kinds_echo_e_spilled(exports_t_kinds_echo_shape_t *a,
                                    exports_t_kinds_echo_shape_t *b,
                                    exports_t_kinds_echo_mixed_t *ret_,
                                    user_tuple3_u8_u64_u16_t *c, Spilled *ret)
{
    t_kinds_echo_e_spilled(a, b, ret_, c, ret);
    t_kinds_types_shape_free(a);
    t_kinds_types_shape_free(b);
    t_kinds_types_mixed_free(ret_);
}

void exports_t_kinds_echo_nothing(void) { t_kinds_echo_nothing(); }

// ---- The resource

typedef t_kinds_things_own_thing_t Own;
typedef t_kinds_things_borrow_thing_t Borrow;

static void add(user_string_t *text, const char *more, size_t len)
{
    text->ptr = (uint8_t *)realloc(text->ptr, text->len + len);
    memcpy(text->ptr + text->len, more, len);
    text->len += len;
}

static void add_name(user_string_t *text, Borrow thing)
{
    user_string_t name;
    t_kinds_things_method_thing_name(thing, &name);
    add(text, (const char *)name.ptr, name.len);
    add(text, " ", 1);
    user_string_free(&name);
}

static Own make(const char *text)
{
    user_string_t name;
    user_string_set(&name, text);
    return t_kinds_things_constructor_thing(&name);
}

// Everything that a handle can be used for; in the end nothing is left.
void exports_t_kinds_calls_all(user_string_t *ret)
{
    Own a = make("one"), b = make("three"), c, d;
    Borrow both[2] = {t_kinds_things_borrow_thing(a), t_kinds_things_borrow_thing(b)};
    user_list_t_kinds_things_borrow_thing_t list = {both, 2};
    user_tuple2_t_kinds_things_own_thing_string_t pair;
    user_string_t name, why;
    ret->ptr = NULL;
    ret->len = 0;
    add_name(ret, both[0]);
    user_string_set(&name, "four");
    t_kinds_things_method_thing_rename(both[0], &name);
    if (t_kinds_things_longest(&list) == 5) add(ret, "5 ", 2);
    c = t_kinds_things_static_thing_merge(a, both[1]);
    add_name(ret, t_kinds_things_borrow_thing(c));
    user_string_set(&name, "");
    if (!t_kinds_things_static_thing_checked(&name, &d, &why)) {
        add(ret, (const char *)why.ptr, why.len);
        user_string_free(&why);
    }
    t_kinds_things_pair(c, &pair);
    add(ret, " ", 1);
    add(ret, (const char *)pair.f1.ptr, pair.f1.len);
    user_tuple2_t_kinds_things_own_thing_string_free(&pair);
    t_kinds_things_thing_drop_own(b);
    if (!t_kinds_things_alive()) add(ret, " none", 5);
}

void exports_t_kinds_calls_borrowed(exports_t_kinds_calls_borrow_thing_t a, user_string_t *ret)
{
    t_kinds_things_method_thing_name(a, ret);
    t_kinds_things_thing_drop_borrow(a);
}

bool exports_user_first(user_list_string_t *v, user_string_t *ret)
{
    bool any = user_first(v, ret);
    user_list_string_free(v);
    return any;
}

// What either of the two has not given back.
uint32_t exports_user_held(void) { return held * 1000 + t_kinds_counts_held(); }
