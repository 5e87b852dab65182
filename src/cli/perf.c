// perf.c -- see perf.h. A file of records, one for each function as soon as it can run, so that a
// process that does not end, or dies, is looked at as well:
//
//     header | record, name, code | record, name, code | ...
//
// perf-PID.map would be simpler, but perf reads that for memory that is no file's alone, and code
// lies in a file without a name (plat/code.h).
//
// spec: linux/tools/perf/Documentation/jitdump-specification.txt

#include "cli/perf.h"

#include "base/utf8.h"
#include "cli/cli.h"
#include "module/describe.h"
#include "plat/clock.h"
#include "plat/process.h"
#include "run/native.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DUMP_MAGIC = 0x4a695444, DUMP_VERSION = 1, RECORD_LOAD = 0, NAME_MOST = 200 };

typedef struct {
    u32 magic, version, size, machine, unused, process;
    u64 time, flags;
} DumpHeader;

typedef struct {
    u32 kind, size;
    u64 time;
    u32 process, thread;
    u64 address, same_address, code_size, number;
} DumpLoad;

static int dump = -1;
static _Atomic u64 functions;

// Names are the module's to choose: what a terminal would obey is not passed on, nor what ends a
// line.
static size_t add_name(char *to, Bytes name)
{
    size_t len = 0;
    for (size_t i = 0, n; i < name.len; i += MAX(n, 1)) {
        u32 c = 0;
        n = utf8_decode(name.data + i, name.len - i, &c);
        bool tame = n && c >= ' ' && !terminal_obeys(c);
        if (len + (tame ? n : 1) > NAME_MOST) break;
        memcpy(to + len, tame ? (const char *)name.data + i : "?", tame ? n : 1);
        len += tame ? n : 1;
    }
    return len;
}

// "module!function", or what there is of that; with the NUL that ends it.
static size_t name_of(const Module *m, u32 func, char *text)
{
    Bytes name = module_own_func_name(m, func); // exports may be many, and so may functions
    size_t len = add_name(text, m->names.module);
    if (len) text[len++] = '!';
    if (name.len) len += add_name(text + len, name);
    else len += (size_t)snprintf(text + len, 30, "func[%u]", func);
    text[len++] = 0;
    return len;
}

static void add_function(const Module *m, u32 func, const void *code, u32 size)
{
    char name[2 * NAME_MOST + 40];
    size_t len = name_of(m, func, name);
    DumpLoad load = {.kind = RECORD_LOAD,
                     .size = (u32)(sizeof load + len + size),
                     .time = plat_clock_now(CLOCK_monotonic),
                     .process = (u32)process_id(),
                     .thread = (u32)syscall(SYS_gettid),
                     .address = (uintptr_t)code,
                     .same_address = (uintptr_t)code,
                     .code_size = size,
                     .number = atomic_fetch_add(&functions, 1)};
    const struct iovec parts[] = {
        {&load, sizeof load}, {name, len}, {(void *)(uintptr_t)code, size}};
    // One call, so that threads do not mix theirs. Behind a half nothing would be understood.
    if (writev(dump, parts, COUNT_OF(parts)) != (ssize_t)load.size) native_watch(NULL);
}

bool perf_begin(void)
{
    char name[64];
    DumpHeader header = {.magic = DUMP_MAGIC,
                         .version = DUMP_VERSION,
                         .size = sizeof header,
                         .machine = EM_X86_64,
                         .process = (u32)process_id(),
                         .time = plat_clock_now(CLOCK_monotonic)};
    if (!NATIVE) return cli_error(0, "this build has no compiler for perf to look at") != 0;
    snprintf(name, sizeof name, "jit-%u.dump", header.process);
    // Not what somebody else put there, nor what a link there leads to.
    dump = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0600);
    bool good = dump >= 0 && write_all(dump, &header, sizeof header);
    // perf learns of the file by this. It does not stay: whoever may write here wrote code then.
    void *seen = MAP_FAILED;
    int rights = PROT_READ | PROT_EXEC;
    if (good) seen = mmap(NULL, sizeof header, rights, MAP_PRIVATE, dump, 0);
    good = seen != MAP_FAILED && !munmap(seen, sizeof header);
    if (!good) return cli_error(0, "cannot write %s for perf: %s", name, strerror(errno)) != 0;
    native_watch(add_function);
    return true;
}
