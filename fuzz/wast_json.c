// wast_json.c -- `weft wast --json` of any script writes all that the JSON names, or nothing.
// Hazards: R44.

#include "command.h"

#include <dirent.h>

static char folder[] = "/tmp/weft-fuzz-XXXXXX";

static void leave(void) { rmdir(folder); }

// Removes what is there. Returns how many files that was.
static u32 clear(void)
{
    u32 count = 0;
    char name[300];
    DIR *dir = opendir(folder);
    MUST(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.') continue;
        snprintf(name, sizeof name, "%s/%s", folder, e->d_name);
        MUST(unlink(name) == 0);
        count++;
    }
    closedir(dir);
    return count;
}

// So many files are named in a document. The name of one cannot be in a string of the script's:
// there the quote has an escape.
static u32 named(const char *path)
{
    static const char key[] = ", \"filename\": \"x.";
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t room = 0;
    u32 count = 0;
    if (!in) return 0;
    if (getdelim(&text, &room, 0, in) > 0)
        for (const char *at = text; (at = strstr(at, key)); at += sizeof key - 1) count++;
    free(text);
    fclose(in);
    return count;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static bool made;
    char out[60];
    if (!made) {
        MUST(mkdtemp(folder));
        made = atexit(leave) == 0;
    }
    snprintf(out, sizeof out, "%s/x.json", folder);
    File file = file_new(data, size);
    Said s = said(cli_wast, (const char *[]){"wast", "--features=all", "--json", out, file.name,
                                             NULL});
    u32 wanted = s.status == EXIT_OK ? named(out) + 1 : 0, there = clear();
    MUST(wanted == there);
    said_free(&s);
    close(file.fd);
    return 0;
}
