// kept.c -- see kept.h.

#include "cli/kept.h"

#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// The caller frees it. NULL: nobody says where it is, or there is no memory. The specification of
// XDG has paths that are not absolute passed over.
static char *usual_folder(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME"), *behind = "/weft";
    const char *base = cache && *cache == '/' ? cache : NULL;
    if (!base && home && *home == '/') base = home, behind = "/.cache/weft";
    size_t size = base ? strlen(base) + strlen(behind) + 1 : 0;
    char *path = size ? malloc(size) : NULL;
    if (path) snprintf(path, size, "%s%s", base, behind);
    return path;
}

static Cache *none(const char *folder, const char *why)
{
    fputs("warning: nothing is kept", stderr);
    if (folder) fputs(" in ", stderr), print_tame_text(stderr, folder);
    fprintf(stderr, ": %s\n", why);
    return NULL;
}

Cache *kept_open(const char *folder, u64 most)
{
    char *usual = folder ? NULL : usual_folder();
    Cache *cache = NULL;
    if (!folder && !usual) return none(NULL, "neither XDG_CACHE_HOME nor HOME says where");
    int err = cache_open(usual ? usual : folder, most, &cache);
    if (err)
        none(usual ? usual : folder,
             err == EPERM ? "it is not yours, or others may write there" : strerror(err));
    free(usual);
    return err ? NULL : cache;
}
