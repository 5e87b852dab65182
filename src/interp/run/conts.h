// conts.h -- the handlers of continuations. Included by handlers.h. What they do is in run/cont.h;
// it wants to know the last word of those that switch, so these have two at least.

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

// From the instruction's last word, which is so many words behind its first.
#define AT_LAST_WORD(words) (x->at = (Position){ip + (words) - 1, fp, rec, inst})
// Behind what answers where the guest goes on.
#define GO_ON_SWITCHED(answer)                                                                     \
    do {                                                                                           \
        int answer_ = (answer);                                                                    \
        if (answer_ != RUN_interp) STOP((Trap)answer_);                                            \
        GO_ON_THERE();                                                                             \
    } while (0)

HANDLER(suspend) // dst: first value; imm: tag; word 1: slots of its parameters
{
    AT_LAST_WORD(2);
    GO_ON_SWITCHED(cont_suspend(x, false, DST, (u32)ip[1], inst->tags[(u32)IMM]));
}
// dst: first argument; imm: words of all, with clauses; word 1: slots of the arguments
HANDLER(resume)
{
    AT_LAST_WORD((u32)IMM);
    GO_ON_SWITCHED(cont_resume(x, false, DST, (u32)ip[1]));
}
HANDLER(resume_throw) // word 1: tag
{
    AT_LAST_WORD((u32)IMM);
    GO_ON_SWITCHED(cont_resume_throw(x, false, DST, inst->tags[ip[1]]));
}
HANDLER(resume_throw_ref) // word 1: nothing
{
    AT_LAST_WORD((u32)IMM);
    GO_ON_SWITCHED(cont_resume_throw_ref(x, false, DST));
}
HANDLER(switch) // dst: first value; imm: tag; word 1: the type's index
{
    AT_LAST_WORD(2);
    GO_ON_SWITCHED(cont_switch(x, false, DST, inst->types[ip[1]], inst->tags[(u32)IMM]));
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
