// shim.c -- see shim.h.

#include "shim.h"

#include "base/types.h"

#include <stdlib.h>
#include <string.h>

static size_t planned, count;
static bool armed, lasting, fired;
static long live;

void fault_plan(size_t n, bool to_the_end)
{
    planned = n;
    lasting = to_the_end;
    count = 0;
    fired = armed = false;
}

void fault_arm(void) { armed = true; }
void fault_disarm(void) { armed = false; }
bool fault_fired(void) { return fired; }
size_t fault_count(void) { return count; }
long fault_live(void) { return live; }

static bool fails(void)
{
    if (!armed) return false;
    size_t n = count++;
    bool now = n == planned || (lasting && n > planned);
    fired |= now;
    return now;
}

static void *made(void *p)
{
    live += p != NULL;
    return p;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *p);
void *__real_pages_reserve(u64 size);
void *__real_pages_map(u64 size);
void *__real_pages_map_sparse(u64 size, u64 *writable);
bool __real_pages_commit(void *start, u64 size);
bool __real_pages_resize(void **start, u64 old_size, u64 new_size);
void __real_pages_free(void *start, u64 size);

void *__wrap_malloc(size_t size) { return fails() ? NULL : made(__real_malloc(size)); }
void *__wrap_calloc(size_t n, size_t size) { return fails() ? NULL : made(__real_calloc(n, size)); }

// Not libc's own: where that is linked statically its malloc is caught too, and one would count as
// two.
static char *copy_of(const char *text, size_t len)
{
    char *copy = __wrap_malloc(len + 1);
    if (copy) memcpy(copy, text, len), copy[len] = 0;
    return copy;
}

char *__wrap_strdup(const char *text) { return copy_of(text, strlen(text)); }
char *__wrap_strndup(const char *text, size_t len) { return copy_of(text, strnlen(text, len)); }

void *__wrap_pages_reserve(u64 size) { return fails() ? NULL : made(__real_pages_reserve(size)); }
void *__wrap_pages_map(u64 size) { return fails() ? NULL : made(__real_pages_map(size)); }
void *__wrap_pages_map_sparse(u64 size, u64 *writable)
{
    return fails() ? NULL : made(__real_pages_map_sparse(size, writable));
}
bool __wrap_pages_commit(void *start, u64 size)
{
    return !fails() && __real_pages_commit(start, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    if (fails()) return NULL;
    void *p = __real_realloc(old, size);
    live += !old && p;
    return p;
}

bool __wrap_pages_resize(void **start, u64 old_size, u64 new_size)
{
    return !fails() && __real_pages_resize(start, old_size, new_size);
}

void __wrap_free(void *p)
{
    live -= p != NULL;
    __real_free(p);
}

void __wrap_pages_free(void *start, u64 size)
{
    live -= start != NULL;
    __real_pages_free(start, size);
}
