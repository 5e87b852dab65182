// conts.h -- the handlers of continuations. Included by handlers.h. What they do is in run/cont.h; it
// wants to know the last word of those that switch, so these have two at least.

HANDLER(cont_new) // checks and replaces in place
{
    SAVE();
    TRAP_IF_ANY(cont_new(x, &x->at, fp + DST));
    NEXT(1);
}
HANDLER(cont_bind) // dst: first value; word 1: types' indices
{
    SAVE();
    TRAP_IF_ANY(cont_bind(x, &x->at, inst->types[(u32)ip[1]], inst->types[ip[1] >> 32], fp + DST));
    NEXT(2);
}

// `words` are its own, and those of its clauses.
#define SWITCH_BY(call, words)                                                                     \
    do {                                                                                           \
        u32 first = DST, imm = (u32)IMM;                                                           \
        u64 word = ip[1];                                                                          \
        ip += (words) - 1;                                                                         \
        SAVE();                                                                                    \
        int next = call;                                                                           \
        if (NATIVE ? next != RUN_interp : next < RUN_native) STOP((Trap)next);                     \
        ip = x->at.ip;                                                                             \
        fp = x->at.frame;                                                                          \
        inst = x->at.inst;                                                                         \
        rec = x->at.record;                                                                        \
        LOAD_MEMORY();                                                                             \
        DISPATCH();                                                                                \
    } while (0)

HANDLER(suspend) // dst: first value; imm: tag; word 1: nothing
{
    SWITCH_BY(((void)word, cont_suspend(x, false, first, inst->tags[imm])), 2);
}
// dst: first argument; imm: words of all, with clauses; word 1: slots of the arguments
HANDLER(resume)
{
    SWITCH_BY(cont_resume(x, false, first, (u32)word), imm);
}
HANDLER(resume_throw) // word 1: tag
{
    SWITCH_BY(cont_resume_throw(x, false, first, inst->tags[word]), imm);
}
HANDLER(resume_throw_ref) // word 1: nothing
{
    SWITCH_BY(((void)word, cont_resume_throw_ref(x, false, first)), imm);
}
HANDLER(switch) // dst: first value; imm: tag; word 1: the type's index
{
    SWITCH_BY(cont_switch(x, false, first, inst->types[word], inst->tags[imm]), 2);
}

// Behind the record of a continuation that has returned: the Start that it is part of.
HANDLER(return_cont)
{
    const Start *start = (const Start *)(rec - 1);
    exec_drop_starts(x, rec);
    rec = (Record *)(start + 1);
    ip = start->ip;
    DISPATCH();
}
