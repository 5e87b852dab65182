// intake.c -- see intake.h.
//
//     data             size      committed                                reserved
//       |--- arrived ----|- room ----|------- address space, no memory --------|
//
// Pages come from the system zeroed, and a fault for each is what costs most of all when a file is
// read, more than to copy it. So where much is expected, large pages are asked for.

#include "engine/intake.h"

#include "binary/decode.h"
#include "plat/pages.h"

enum {
    RESERVE_LEAST = 16 << 20,
    RESERVE_MOST = MODULE_SIZE_MOST,
    GRAIN = 64 << 10,  // a whole number of pages anywhere
    STEP = 512 << 10,  // is committed at a time while nobody knows whether much will come
    LARGE = 2 << 20,   // a large page
};

static size_t round_up(size_t size, size_t to) { return (size + to - 1) / to * to; }

// All at once, where it is known how much comes.
static bool begin_expected(Intake *in, size_t size)
{
    size = round_up(size, size < LARGE / 4 ? GRAIN : LARGE);
    *in = (Intake){.data = pages_map(size), .committed = size, .reserved = size};
    if (in->data && size >= LARGE) pages_prefer_large(in->data, size);
    return in->data != NULL;
}

// As nothing may move, there has to be room for the largest; or what a small machine has.
static bool begin_unknown(Intake *in)
{
    *in = (Intake){.reserved = RESERVE_MOST};
    while (!(in->data = pages_reserve(in->reserved)) && in->reserved > RESERVE_LEAST)
        in->reserved /= 2;
    return in->data != NULL;
}

bool intake_begin(Intake *in, size_t expected, Diag *diag)
{
    bool known = expected && expected <= RESERVE_MOST;
    if (!(known ? begin_expected(in, expected) : begin_unknown(in)))
        return diag_fail(diag, ERR_out_of_memory, 0, "for what is read");
    in->expected = expected;
    return true;
}

bool intake_fits(const Intake *in, Diag *diag)
{
    return in->expected <= RESERVE_MOST ||
           diag_fail(diag, ERR_limit_module_size, 0, "%zu bytes, 1 GiB at most", in->expected);
}

static bool commit_more(Intake *in, Diag *diag)
{
    u8 *start = in->data + in->committed;
    size_t more = MIN((size_t)(in->size < LARGE ? STEP : LARGE), in->reserved - in->committed);
    if (!more)
        return diag_fail(diag, ERR_limit_module_size, 0, "there is room for %zu bytes",
                         in->reserved);
    if (in->account && !account_take_shared(in->account, more))
        return diag_fail(diag, ERR_limit_module_bytes, 0, "for what is read");
    if (!pages_commit(start, more)) {
        if (in->account) account_give_shared(in->account, more);
        return diag_fail(diag, ERR_out_of_memory, 0, "for what is read");
    }
    if (more == LARGE) pages_prefer_large(start, more);
    in->committed += more;
    return true;
}

u8 *intake_room(Intake *in, size_t *room, Diag *diag)
{
    if (in->size && !intake_fits(in, diag)) return NULL;
    if (in->size == in->committed && !commit_more(in, diag)) return NULL;
    *room = in->committed - in->size;
    return in->data + in->size;
}

void intake_end(Intake *in)
{
    if (in->reserved > in->committed)
        pages_free(in->data + in->committed, in->reserved - in->committed);
    in->reserved = in->committed;
    if (!in->committed) in->data = NULL;
}

void intake_free(Intake *in)
{
    if (in->data) pages_free(in->data, in->reserved);
    if (in->account) account_give_shared(in->account, in->committed);
    *in = (Intake){0};
}
