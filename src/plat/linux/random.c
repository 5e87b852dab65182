// random.c -- random bytes by getrandom.

#include "plat/random.h"

#include <errno.h>
#include <sys/random.h>

int plat_random(void *data, size_t len)
{
    u8 *at = data;
    while (len) {
        ssize_t n = getrandom(at, len, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}
