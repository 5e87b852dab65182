// kinds.c -- a guest that gives back what it gets, and has a resource of its own.

#include "kinds.h"

#include "memory.h"

#define ECHO(name, T) T exports_t_kinds_echo_e_##name(T v) { return v; }
#define MOVE(name, T) void exports_t_kinds_echo_e_##name(T *v, T *ret) { *ret = *v; }
ECHO(bool, bool)
ECHO(u8, uint8_t)
ECHO(s8, int8_t)
ECHO(u16, uint16_t)
ECHO(s16, int16_t)
ECHO(u32, uint32_t)
ECHO(s32, int32_t)
ECHO(u64, uint64_t)
ECHO(s64, int64_t)
ECHO(f32, float)
ECHO(f64, double)
ECHO(char, uint32_t)
ECHO(color, exports_t_kinds_echo_color_t)
ECHO(perms, exports_t_kinds_echo_perms_t)
ECHO(many, exports_t_kinds_echo_many_t)
MOVE(string, kinds_string_t)
MOVE(point, exports_t_kinds_echo_point_t)
MOVE(one, exports_t_kinds_echo_one_t)
MOVE(mixed, exports_t_kinds_echo_mixed_t)
MOVE(shape, exports_t_kinds_echo_shape_t)
MOVE(points, exports_t_kinds_echo_points_t)
MOVE(lists, kinds_list_list_string_t)
MOVE(tuple, kinds_tuple3_u8_string_s64_t)
MOVE(shapes, kinds_list_t_kinds_types_shape_t)
MOVE(fixed, kinds_list3_u16_t)
MOVE(fixed_long, kinds_list9_option_string_t)
MOVE(map, kinds_map_string_t_kinds_types_point_t)

bool exports_t_kinds_echo_e_option(kinds_option_string_t *v, kinds_string_t *ret)
{
    if (v->is_some) *ret = v->val;
    return v->is_some;
}

bool exports_t_kinds_echo_e_nested(kinds_option_option_u32_t *v, kinds_option_u32_t *ret)
{
    if (v->is_some) *ret = v->val;
    return v->is_some;
}

bool exports_t_kinds_echo_e_result(kinds_result_u32_string_t *v, uint32_t *ret,
                                   kinds_string_t *err)
{
    if (v->is_err) *err = v->val.err;
    else *ret = v->val.ok;
    return !v->is_err;
}

bool exports_t_kinds_echo_e_joined(kinds_result_f64_f32_t *v, double *ret, float *err)
{
    if (v->is_err) *err = v->val.err;
    else *ret = v->val.ok;
    return !v->is_err;
}

bool exports_t_kinds_echo_e_ok(kinds_result_f64_void_t *v, double *ret)
{
    if (!v->is_err) *ret = v->val.ok;
    return !v->is_err;
}

bool exports_t_kinds_echo_e_err(kinds_result_void_s64_t *v, int64_t *err)
{
    if (v->is_err) *err = v->val.err;
    return !v->is_err;
}

bool exports_t_kinds_echo_e_none(kinds_result_void_void_t *v) { return !v->is_err; }

typedef kinds_tuple4_t_kinds_types_shape_t_kinds_types_shape_t_kinds_types_mixed_tuple3_u8_u64_u16_t
    Spilled;

void exports_t_kinds_echo_e_spilled(exports_t_kinds_echo_shape_t *a,
                                    exports_t_kinds_echo_shape_t *b,
                                    exports_t_kinds_echo_mixed_t *ret_,
                                    kinds_tuple3_u8_u64_u16_t *c, Spilled *ret)
{
    ret->f0 = *a;
    ret->f1 = *b;
    ret->f2 = *ret_;
    ret->f3 = *c;
}

void exports_t_kinds_echo_nothing(void) {}

// ---- A resource

struct exports_t_kinds_things_thing_t { kinds_string_t name; };
typedef exports_t_kinds_things_thing_t Thing;
typedef exports_t_kinds_things_own_thing_t Own;
static uint32_t alive;

static exports_t_kinds_things_own_thing_t make(kinds_string_t name)
{
    Thing *thing = (Thing *)malloc(sizeof *thing);
    thing->name = name;
    alive++;
    return exports_t_kinds_things_thing_new(thing);
}

exports_t_kinds_things_own_thing_t exports_t_kinds_things_constructor_thing(kinds_string_t *name)
{
    return make(*name);
}

void exports_t_kinds_things_thing_destructor(Thing *thing)
{
    kinds_string_free(&thing->name);
    free(thing);
    alive--;
}

void exports_t_kinds_things_method_thing_name(Thing *self, kinds_string_t *ret)
{
    kinds_string_dup_n(ret, (const char *)self->name.ptr, self->name.len);
}

void exports_t_kinds_things_method_thing_rename(Thing *self, kinds_string_t *name)
{
    kinds_string_free(&self->name);
    self->name = *name;
}

Own exports_t_kinds_things_static_thing_merge(Own a, Thing *b)
{
    Thing *left = exports_t_kinds_things_thing_rep(a);
    kinds_string_t name;
    name.len = left->name.len + b->name.len;
    name.ptr = (uint8_t *)malloc(name.len);
    memcpy(name.ptr, left->name.ptr, left->name.len);
    memcpy(name.ptr + left->name.len, b->name.ptr, b->name.len);
    exports_t_kinds_things_thing_drop_own(a);
    return make(name);
}

bool exports_t_kinds_things_static_thing_checked(kinds_string_t *name,
                                                 exports_t_kinds_things_own_thing_t *ret,
                                                 kinds_string_t *err)
{
    if (name->len) *ret = make(*name);
    else kinds_string_dup(err, "no name");
    return name->len != 0;
}

uint32_t exports_t_kinds_things_longest(kinds_list_exports_t_kinds_things_borrow_thing_t *all)
{
    size_t most = 0;
    for (size_t i = 0; i < all->len; i++)
        if (all->ptr[i]->name.len > most) most = all->ptr[i]->name.len;
    kinds_list_exports_t_kinds_things_borrow_thing_free(all);
    return (uint32_t)most;
}

uint32_t exports_t_kinds_things_alive(void) { return alive; }

void exports_t_kinds_things_pair(exports_t_kinds_things_own_thing_t a,
                                 kinds_tuple2_exports_t_kinds_things_own_thing_string_t *ret)
{
    ret->f0 = a;
    exports_t_kinds_things_method_thing_name(exports_t_kinds_things_thing_rep(a), &ret->f1);
}

uint32_t exports_t_kinds_counts_held(void) { return held; }

bool exports_kinds_first(kinds_list_string_t *v, kinds_string_t *ret)
{
    bool any = v->len;
    if (any) kinds_string_dup_n(ret, (const char *)v->ptr[0].ptr, v->ptr[0].len);
    kinds_list_string_free(v);
    return any;
}
