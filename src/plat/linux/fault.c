// fault.c -- see plat/fault.h.
//
// Places are slots of blocks that are never freed or moved, so a handler reads them without a lock:
//
//     blocks[0] -> 64 slots    blocks[1] -> 128 slots    ...    used: slots that ever had a place
//
// A slot's number is even while its place is whole, and changes when the place does. A handler that
// meets an odd number, or two that differ, passes that slot: nobody faults in a place that changes.

#include "plat/fault.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ucontext.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // of who installs, adds and removes

// ---- Places -------------------------------------------------------------------------------------

typedef struct {
    _Atomic uintptr_t number, start, size, answer, env, all;
    // answer: 0 for memory, or a file's
    s32 next_free; // under the lock
} Slot;

enum { FIRST_SLOTS = 64, BLOCKS = 20 };

static _Atomic(Slot *) blocks[BLOCKS];
static _Atomic u32 used;
static s32 free_slot = -1;

// Block b begins at slot 64 * (2^b - 1).
static Slot *slot_of(u32 place)
{
    u32 b = 31 - (u32)__builtin_clz(place / FIRST_SLOTS + 1);
    Slot *block = atomic_load_explicit(&blocks[b], memory_order_acquire);
    return block ? &block[place - FIRST_SLOTS * ((1u << b) - 1)] : NULL;
}

static s32 new_slot(void)
{
    if (free_slot >= 0) {
        s32 place = free_slot;
        free_slot = slot_of((u32)place)->next_free;
        return place;
    }
    u32 place = atomic_load(&used), b = 31 - (u32)__builtin_clz(place / FIRST_SLOTS + 1);
    if (b >= BLOCKS) return -1;
    if (!slot_of(place)) {
        Slot *block = calloc((size_t)FIRST_SLOTS << b, sizeof *block);
        if (!block) return -1;
        atomic_store_explicit(&blocks[b], block, memory_order_release);
    }
    atomic_store(&used, place + 1);
    return (s32)place;
}

static void change(Slot *s, uintptr_t start, uintptr_t size, uintptr_t answer, uintptr_t env,
                   bool all)
{
    atomic_fetch_add(&s->number, 1);
    atomic_store(&s->start, start);
    atomic_store(&s->size, size);
    atomic_store(&s->answer, answer);
    atomic_store(&s->env, env);
    atomic_store(&s->all, all);
    atomic_fetch_add(&s->number, 1);
}

static s32 add(const void *start, size_t size, FaultAnswer *answer, void *env, bool all)
{
    pthread_mutex_lock(&lock);
    s32 place = new_slot();
    if (place >= 0)
        change(slot_of((u32)place), (uintptr_t)start, size, (uintptr_t)answer, (uintptr_t)env,
               all);
    pthread_mutex_unlock(&lock);
    return place;
}

s32 fault_add_code(const void *start, size_t size, FaultAnswer *answer, void *env)
{
    return add(start, size, answer, env, false);
}
s32 fault_add_any_code(const void *start, size_t size, FaultAnswer *answer, void *env)
{
    return add(start, size, answer, env, true);
}

s32 fault_add_memory(const void *start, size_t size) { return add(start, size, NULL, NULL, false); }

static _Atomic size_t page_size; // known where a file was added

s32 fault_add_file(const void *start, size_t size, FaultMend *mend)
{
    atomic_store(&page_size, (size_t)sysconf(_SC_PAGESIZE));
    return add(start, size, NULL, mend, false);
}

void fault_remove(s32 place)
{
    if (place < 0) return;
    pthread_mutex_lock(&lock);
    Slot *s = slot_of((u32)place);
    change(s, 0, 0, 0, 0, false);
    s->next_free = free_slot;
    free_slot = place;
    pthread_mutex_unlock(&lock);
}

typedef enum { PLACE_code, PLACE_memory, PLACE_file } PlaceKind;

static PlaceKind kind_of(uintptr_t answer, uintptr_t env)
{
    if (answer) return PLACE_code;
    return env ? PLACE_file : PLACE_memory;
}

// The place of that kind that holds the address. All loads are ordered, so that what is read
// between two equal numbers belongs together.
static bool find(uintptr_t address, PlaceKind kind, FaultAnswer **answer, void **env, bool *all)
{
    for (u32 i = 0, count = atomic_load(&used); i < count; i++) {
        Slot *s = slot_of(i);
        uintptr_t number = atomic_load(&s->number), start = atomic_load(&s->start),
                  size = atomic_load(&s->size), how = atomic_load(&s->answer),
                  what = atomic_load(&s->env), any = atomic_load(&s->all);
        if (number % 2 || number != atomic_load(&s->number)) continue;
        if (address - start >= size || kind_of(how, what) != kind) continue;
        *answer = (FaultAnswer *)how;
        *env = (void *)what;
        *all = any;
        return true;
    }
    return false;
}

// ---- The machine's registers --------------------------------------------------------------------

#if defined __x86_64__
#define MACHINE 1
static const u8 order[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                           REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
#define REGISTERS COUNT_OF(order)
#define REGISTER(c, i) (c)->uc_mcontext.gregs[order[i]]
#define PC(c) (c)->uc_mcontext.gregs[REG_RIP]
#elif defined __aarch64__
#define MACHINE 1
#define REGISTERS 32
#define REGISTER(c, i) (*((i) == 31 ? &(c)->uc_mcontext.sp : &(c)->uc_mcontext.regs[i]))
#define PC(c) (c)->uc_mcontext.pc
#elif defined __arm__
#define MACHINE 1
#define REGISTERS 15
#define REGISTER(c, i) ((&(c)->uc_mcontext.arm_r0)[i])
#define PC(c) (c)->uc_mcontext.arm_pc
#else
#define MACHINE 0
#define REGISTERS 0
#define REGISTER(c, i) ((c)->uc_flags)
#define PC(c) ((c)->uc_flags)
#endif

static void read_context(Fault *f, ucontext_t *c)
{
    f->pc = (uintptr_t)PC(c);
    for (u32 i = 0; i < REGISTERS; i++) f->registers[i] = (uintptr_t)REGISTER(c, i);
}

static void write_context(const Fault *f, ucontext_t *c)
{
#ifdef __arm__ // an address of Thumb code is odd, and what is odd is a bit of the state
    if (f->pc % 2) c->uc_mcontext.arm_cpsr |= 0x20;
    else if (f->pc != (uintptr_t)PC(c)) c->uc_mcontext.arm_cpsr &= ~0x20ul;
    PC(c) = f->pc & ~(uintptr_t)1;
#else
    PC(c) = (__typeof__(PC(c)))f->pc;
#endif
    for (u32 i = 0; i < REGISTERS; i++)
        REGISTER(c, i) = (__typeof__(REGISTER(c, i)))f->registers[i];
}

// ---- Handlers -----------------------------------------------------------------------------------

static const struct { int number; FaultKind kind; } faults[] = {
    {SIGSEGV, FAULT_memory}, {SIGBUS, FAULT_memory}, {SIGFPE, FAULT_number}, {SIGILL, FAULT_instruction}};

enum { FAULTS = COUNT_OF(faults) };

static struct sigaction before[FAULTS]; // who was there; written while ours is not installed
static _Atomic bool spent[FAULTS];      // it wanted to be called but once, and was
static u32 installed;                   // how often, under the lock
static bool beneath[FAULTS];            // ours was left beneath another's

static bool ours(int i, const siginfo_t *info, ucontext_t *context)
{
    Fault f = {.kind = faults[i].kind, .address = (uintptr_t)info->si_addr,
               .gone = faults[i].number == SIGBUS};
    FaultAnswer *answer, *none;
    void *env, *nothing;
    bool all, no;
    if (info->si_code <= 0) return false; // somebody sent it
    read_context(&f, context);
    if (!find(f.pc, PLACE_code, &answer, &env, &all)) return false;
    if (f.kind != FAULT_memory) f.address = 0;
    else if (!all && !find(f.address, PLACE_memory, &none, &nothing, &no)) return false;
    if (!answer(env, &f)) return false;
    write_context(&f, context);
    return true;
}

// In pieces so large that a process may have them all apart.
static bool mend_reserved(const FaultMend *mend, uintptr_t at)
{
    const uintptr_t piece = 1 << 20, start = (uintptr_t)mend->reserved;
    uintptr_t from = MAX(at & ~(piece - 1), start),
              end = MIN((at & ~(piece - 1)) + piece, start + mend->size);
    return !mprotect((void *)from, end - from, PROT_READ | PROT_WRITE);
}

static bool mend_page(int i, const siginfo_t *info)
{
    uintptr_t page = atomic_load(&page_size), at = (uintptr_t)info->si_addr;
    FaultAnswer *none;
    void *env;
    bool no;
    bool reserved = faults[i].number == SIGSEGV;
    if ((faults[i].number != SIGBUS && !reserved) || info->si_code <= 0 || !page) return false;
    if (!find(at, PLACE_file, &none, &env, &no)) return false;
    FaultMend *mend = env;
    if (reserved != (mend->reserved != NULL)) return false;
    atomic_store(&mend->cut, true);
    if (mend->tell) mend->tell(mend->env);
    if (reserved) return mend_reserved(mend, at);
    void *p = mmap((void *)(at & ~(page - 1)), page,
                   mend->sealed ? PROT_READ : PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    return p != MAP_FAILED;
}

// What would have happened. The signal is blocked here, unless who was there before wanted
// otherwise.
static void pass_on(int i, siginfo_t *info, void *context)
{
    const struct sigaction *b = &before[i];
    bool sent = info->si_code <= 0, once = b->sa_flags & SA_RESETHAND,
         nobody = once && atomic_exchange(&spent[i], true);
    if (!nobody && b->sa_flags & SA_SIGINFO) {
        b->sa_sigaction(faults[i].number, info, context);
    } else if (!nobody && b->sa_handler != SIG_DFL && b->sa_handler != SIG_IGN) {
        b->sa_handler(faults[i].number);
    } else if (nobody || b->sa_handler == SIG_DFL || !sent) { // no fault can be ignored
        signal(faults[i].number, SIG_DFL);
        if (sent) raise(faults[i].number); // else what faulted does it again
    }
}

static void handle(int number, siginfo_t *info, void *context)
{
    int saved = errno, i = 0;
    while (faults[i].number != number) i++;
    if (!ours(i, info, context) && !mend_page(i, info)) pass_on(i, info, context);
    errno = saved;
}

static bool is_ours(int i)
{
    struct sigaction now;
    return sigaction(faults[i].number, NULL, &now) == 0 && now.sa_flags & SA_SIGINFO &&
           now.sa_sigaction == handle;
}

static void take_away(int i)
{
    beneath[i] = !is_ours(i);
    if (beneath[i]) return;
    struct sigaction none = {.sa_handler = SIG_DFL};
    sigaction(faults[i].number, atomic_load(&spent[i]) ? &none : &before[i], NULL);
}

// Its mask is that of who was there, and a fault in a fault is treated as it asked for.
static int put_in(int i)
{
    if (sigaction(faults[i].number, NULL, &before[i])) return errno;
    atomic_store(&spent[i], false);
    struct sigaction act = {.sa_sigaction = handle, .sa_mask = before[i].sa_mask};
    act.sa_flags = SA_SIGINFO | SA_ONSTACK | (before[i].sa_flags & (SA_NODEFER | SA_RESTART));
    return sigaction(faults[i].number, &act, NULL) ? errno : 0;
}

static int install_all(void)
{
    if (!MACHINE) return ENOTSUP;
    for (int i = 0; i < FAULTS; i++)
        if (beneath[i] && !is_ours(i)) return EBUSY;
    for (int i = 0; i < FAULTS; i++) {
        int result = beneath[i] ? 0 : put_in(i);
        if (result) {
            while (i-- > 0) take_away(i);
            return result;
        }
        beneath[i] = false;
    }
    return 0;
}

int fault_install(void)
{
    pthread_mutex_lock(&lock);
    int result = installed ? 0 : install_all();
    if (!result) installed++;
    pthread_mutex_unlock(&lock);
    return result;
}

void fault_uninstall(void)
{
    pthread_mutex_lock(&lock);
    if (--installed == 0)
        for (int i = 0; i < FAULTS; i++) take_away(i);
    pthread_mutex_unlock(&lock);
}
