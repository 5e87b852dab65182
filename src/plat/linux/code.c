// code.c -- code in a memfd that is mapped to be executed and written by pwrite.

#include "plat/code.h"

#include "plat/pages.h"
#include "plat/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif

// ---- The processor ------------------------------------------------------------------------------

#if defined __x86_64__ || defined __i386__
// Fetches what was stored before, at addresses that were not executed yet.
static int processor_prepare(void) { return 0; }
static int processor_sees(const u8 *code, size_t size) { return 0; }
#else
static int barrier(int command) { return syscall(SYS_membarrier, command, 0, 0) ? errno : 0; }

static int processor_prepare(void)
{
    return barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
}

// Its caches, then what each core may have fetched ahead.
static int processor_sees(const u8 *code, size_t size)
{
    __builtin___clear_cache((char *)code, (char *)code + size);
    int result = barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
    if (result != EPERM) return result;
    result = processor_prepare(); // a child may have to say so again
    return result ? result : barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
}
#endif

// ---- The file -----------------------------------------------------------------------------------

static int write_file(int file, const u8 *bytes, size_t size, size_t offset)
{
    if (!process_file_allows(offset + size)) return EFBIG;
    while (size) {
        ssize_t n = pwrite(file, bytes, size, (off_t)offset);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n ? errno : EIO;
        bytes += n;
        offset += (size_t)n;
        size -= (size_t)n;
    }
    return 0;
}

static int set_length(int file, size_t size)
{
    int result;
    do result = ftruncate(file, (off_t)size);
    while (result && errno == EINTR);
    return result;
}

static int make_file(size_t size, int *file)
{
    unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    if (!process_file_allows(size)) return EFBIG;
    int made = memfd_create("weft-code", flags | MFD_EXEC);
    if (made < 0 && errno == EINVAL) made = memfd_create("weft-code", flags); // before Linux 6.3
    if (made < 0) return errno;
    // Nobody shall cut it beneath the mapping.
    if (set_length(made, size) ||
        fcntl(made, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
        int result = errno;
        close(made);
        return result;
    }
    *file = made;
    return 0;
}

static int map_file(int file, u8 *at, size_t size)
{
    void *p = mmap(at, size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, file, 0);
    return p == MAP_FAILED ? errno : 0;
}

// ---- The space ----------------------------------------------------------------------------------

static size_t round_up(size_t size)
{
    size_t page = pages_size();
    return (size + page - 1) & ~(page - 1);
}

int code_space_new(CodeSpace *s, u64 data_size, u64 code_size)
{
    *s = (CodeSpace){.file = -1};
    u64 most = SIZE_MOST - 2 * pages_size();
    if (data_size > most || code_size > most - data_size) return ENOMEM;
    size_t data = round_up((size_t)data_size), code = round_up((size_t)code_size);
    int result = process_number(&s->process);
    if (!result) result = processor_prepare();
    if (!result) result = make_file(code, &s->file);
    if (result) return result;
    if (!(s->data = pages_reserve((u64)data + code))) {
        close(s->file);
        return ENOMEM;
    }
    s->data_size = data;
    s->code = s->data + data;
    s->code_size = code;
    if (!pages_commit(s->data, data)) result = ENOMEM;
    if (!result) result = map_file(s->file, s->data + data, code);
    if (result) code_space_free(s);
    return result;
}

// The room behind what was added, from the beginning of its page, becomes a file of its own.
static int leave_parent(CodeSpace *s, u32 process)
{
    size_t start = s->code_used & ~(pages_size() - 1), rest = s->code_size - start;
    int file = -1, result = 0;
    if (rest) result = make_file(rest, &file);
    if (rest && !result) result = write_file(file, s->code + start, s->code_used - start, 0);
    if (rest && !result) result = map_file(file, (u8 *)s->code + start, rest);
    if (result) {
        if (file >= 0) close(file);
        return result;
    }
    if (s->file >= 0) close(s->file);
    s->file = file;
    s->file_start = start;
    s->process = process;
    return processor_sees(s->code + start, s->code_used - start);
}

int code_space_take(CodeSpace *s, size_t size, size_t align, const u8 **at)
{
    size_t start = (s->code_used + align - 1) & ~(align - 1);
    u32 process;
    if (start > s->code_size || size > s->code_size - start) return ENOSPC;
    int result = process_number(&process);
    if (!result && process != s->process) result = leave_parent(s, process);
    if (result) return result;
    *at = s->code + start;
    s->code_used = start + size;
    return 0;
}

bool code_space_owns(const CodeSpace *s, const u8 *at)
{
    u32 process;
    return (size_t)(at - s->code) >= s->file_start && !process_number(&process) &&
           process == s->process;
}

int code_space_write(const CodeSpace *s, const u8 *at, const void *bytes, size_t size)
{
    size_t start = (size_t)(at - s->code);
    int result = size ? write_file(s->file, bytes, size, start - s->file_start) : 0;
    return result ? result : processor_sees(at, size);
}

int code_space_add(CodeSpace *s, const void *bytes, size_t size, size_t align, const u8 **at)
{
    size_t before = s->code_used;
    const u8 *taken;
    int result = code_space_take(s, size, align, &taken);
    if (result) return result;
    result = code_space_write(s, taken, bytes, size);
    if (result) s->code_used = before;
    else *at = taken;
    return result;
}

void code_space_free(CodeSpace *s)
{
    if (!s->data) return;
    pages_free(s->data, (u64)s->data_size + s->code_size);
    if (s->file >= 0) close(s->file);
    *s = (CodeSpace){.file = -1};
}
