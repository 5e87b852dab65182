// slow.h -- what handlers leave to a call, because it is rare or long.

// The state that a host function may look at is that of the frame it returns to, which stands behind
// its call. When that is the host it is the state in which it called, kept above its barrier.
static __attribute__((noinline)) Trap slow_host(Exec *x, Func *func, Record *rec, u64 *fp)
{
    bool barrier = rec->func == &x->barrier;
    const Record *state = barrier ? rec + 1 : rec;
    x->ip = barrier ? state->ip : state->ip - 1;
    x->frame = state->frame;
    x->func = state->func;
    x->record = barrier ? (Record *)rec[2].frame : rec + 1;
    u64 *end = fp + func_slots(func);
    const InterpCode *code = barrier ? NULL : state->func->code;
    x->top = code ? MAX(end, state->frame + code->frame_slots) : end;
    x->bottom = (u64 *)rec;
    HostCall call = {x, func, x->caller, func->env, fp};
    return func->host(&call);
}

// A 64-bit effective address: base + offset, where the sum may wrap.
static __attribute__((noinline)) Trap slow_address(const Memory *m, u64 base, u64 offset, u64 bytes,
                                                   u8 **out)
{
    if (!m->type.limits.is64) base = (u32)base;
    u64 address;
    if (__builtin_add_overflow(base, offset, &address)) return TRAP_out_of_bounds_memory_access;
    if (bytes > m->size || address > m->size - bytes) return TRAP_out_of_bounds_memory_access;
    *out = m->base + address;
    return TRAP_none;
}

static u64 width(bool is64, u64 v) { return is64 ? v : (u32)v; }
static u64 mem_width(const Memory *m, u64 v) { return width(m->type.limits.is64, v); }
static u64 table_width(const Table *t, u64 v) { return width(t->type.limits.is64, v); }

// Which function call_indirect means, if it has the type. spec: exec/call_indirect
static __attribute__((noinline)) Trap slow_callee(const Instance *inst, const Table *t, u64 i,
                                                  TypeId type, Func **out)
{
    i = table_width(t, i);
    if (i >= t->size) return TRAP_undefined_element;
    if (t->elems[i] == REF_NULL) return TRAP_uninitialized_element;
    Func *f = ref_to_func(inst->store, t->elems[i]);
    if (f->type != type && !type_id_matches(inst->store->types, f->type, type))
        return TRAP_indirect_call_type_mismatch;
    *out = f;
    return TRAP_none;
}

static __attribute__((noinline)) Trap slow_memory_copy(Exec *x, const Instance *inst, u32 dst,
                                                       u32 src, const u64 *v)
{
    Memory *d = inst->memories[dst], *s = inst->memories[src];
    u64 n = d->type.limits.is64 && s->type.limits.is64 ? v[2] : (u32)v[2];
    return memory_copy(x, d, mem_width(d, v[0]), s, mem_width(s, v[1]), n);
}

static __attribute__((noinline)) Trap slow_table_copy(Exec *x, const Instance *inst, u32 dst,
                                                      u32 src, const u64 *v)
{
    Table *d = inst->tables[dst], *s = inst->tables[src];
    u64 n = d->type.limits.is64 && s->type.limits.is64 ? v[2] : (u32)v[2];
    return table_copy(x, d, table_width(d, v[0]), s, table_width(s, v[1]), n);
}
