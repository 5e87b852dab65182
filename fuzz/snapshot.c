// snapshot.c -- snapshots that somebody changed. The input says which program was stopped where,
// who goes on, and then what is changed: bytes are set, added to, put in, taken out, or copied from
// elsewhere, and places are changed, put into their list or taken out, with sizes of sections and
// the sum made right. What must hold: it is refused, and why
// is said; or what is there is what the guest's code expects, before it goes on, and after.
// Hazards: R64.

#include "api/api.h"
#include "fuzz.h"

static bool must(bool holds, const char *what)
{
    if (holds) return true;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}
#define CHECK(cond) must(cond, #cond)
#include "../tests/unit/snapshot_programs.h"

enum { ROUNDS = 40, GO_ON = 200, EDITS = 64, MOVED = 8 };

static const char *const texts[] = {snapshot_conts, snapshot_legacy, snapshot_objects};
static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE, WEFT_TIER_AUTO};
static weft_diag diag;

static void stop_one(const char *text, u32 polls, Kept *k)
{
    Guest g = guest_of(polls % 2 ? WEFT_TIER_BASELINE : WEFT_TIER_INTERP);
    const weft_snapshot_out out = weft_snapshot_out_init(keep, k);
    weft_module *m = weft_module_new(g.engine, text, strlen(text), &diag);
    weft_instance instance;
    weft_func work;
    weft_val rounds = weft_i32(ROUNDS), sum;
    MUST(m && weft_instantiate(g.store, m, NULL, &instance, &diag) == WEFT_OK);
    MUST(weft_instance_func(g.store, instance, "work", &work, &diag) == WEFT_OK);
    stop_at(g.store->s, 1 + polls);
    weft_call(g.store, work, &rounds, 1, &sum, 1, &diag); // it may have ended before
    MUST(weft_snapshot_write(g.store, &out, &diag) == WEFT_OK);
    weft_module_free(m);
    leave(&g);
}

// The list stays in order: so all is read that frames have there, who may stand elsewhere now.
static void edit_places(Kept *k, const u8 four[4])
{
    Listed list;
    if (!list_places(k, &list)) return;
    u32 at = four[1] % (list.count + 1);
    PlaceName name = at < list.count ? list.of[at] : (PlaceName){0, four[2] % 8, 0};
    name.offset = four[2] / 8 % 2 ? name.offset + (four[3] - 128u) : four[3];
    if (at < list.count && four[2] / 16 % 4)
        memmove(list.of + at, list.of + at + 1, (--list.count - at) * sizeof *list.of);
    if (four[2] / 16 % 4 < 3) add_place(&list, name);
    set_places(k, &list);
}

static void edit(Kept *k, size_t first, const u8 four[4])
{
    size_t room = k->len - first - 16, at = first + (four[1] | (size_t)four[2] << 8) % room;
    switch (four[0] % 6) {
    case 0: k->data[at] = four[3]; break;
    case 1: k->data[at] += four[3]; break;
    case 2: k->data[at] ^= (u8)(1 << four[3] % 8); break;
    case 3:
        for (u32 i = 0; i <= four[3] / 2 % MOVED; i++) resize_at(k, first, at, four[3] % 2);
        break;
    case 4: edit_places(k, four); break;
    default:
        memmove(k->data + at, k->data + first + four[3] * room / 256,
                MIN(room - (at - first), 1u + four[0] / 32));
    }
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Kept k = {0};
    if (size < 3) return 0;
    stop_one(texts[data[0] % COUNT_OF(texts)], data[1] % (ROUNDS + 8), &k);
    size_t first = behind_modules(&k);
    for (size_t at = 3; at + 4 <= MIN(size, 3 + 4 * EDITS); at += 4) edit(&k, first, data + at);
    set_sum(&k);
    Guest g = guest_of(tiers[data[2] % COUNT_OF(tiers)]);
    if (weft_snapshot_read(g.store, NULL, k.data, k.len, NULL, &diag) == WEFT_OK) {
        go_on_for(&g, GO_ON);
    } else {
        MUST(diag.name[0] && diag.message[0]);
    }
    leave(&g);
    free(k.data);
    return 0;
}
