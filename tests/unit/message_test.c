// message_test.c -- what an embedder is told of modules that are refused: each file of
// tests/invalid/, of which there is one for each error of err.def that a small file provokes. A
// message says what is wrong, and more than the error's own words; and where.

#include "check.h"
#include "op/diag.h"
#include "weft_component.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[ERR_COUNT] = {
#define ERR(name, class, text) [ERR_##name] = #name,
#include "op/err.def"
#undef ERR
};
static bool seen[ERR_COUNT];

// A file's text; the caller frees it.
static char *read_file(const char *path, size_t *size)
{
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t room = 0;
    ssize_t len = in ? getdelim(&text, &room, 0, in) : -1;
    if (in) fclose(in);
    *size = len > 0 ? (size_t)len : 0;
    return text;
}

// "--features=X" of its first line.
static void features_of(const char *text, char *out, size_t size)
{
    const char *at = strstr(text, "--features="), *end = strchr(text, '\n');
    snprintf(out, size, "%s", "");
    if (!at || !end || at > end) return;
    at += strlen("--features=");
    snprintf(out, size, "%.*s", (int)strcspn(at, " \n"), at);
}

static u32 error_named(const char *name)
{
    u32 i = 1;
    while (i < ERR_COUNT && strcmp(names[i], name)) i++;
    return i;
}

static void check_message(const char *file, const weft_diag *d)
{
    u32 err = error_named(d->name);
    size_t len = strlen(d->message);
    if (!CHECK(err < ERR_COUNT)) return;
    size_t own = strlen(err_text[err]);
    bool starts = len > own && !memcmp(d->message, err_text[err], own);
    bool ends = len && !strchr(" :,;", d->message[len - 1]);
    char whole[500];
    bool place = weft_diag_text(d, whole, sizeof whole) > len;
    bool itself = !strncmp(d->name, "limit_", 6) || !strncmp(d->name, "multiple_", 9);
    if (!CHECK((starts || itself) && ends && place)) printf("%s: \"%s\"\n", file, d->message);
    seen[err] = true;
}

static void check_file(const char *file)
{
    char path[300], features[100];
    size_t size;
    weft_diag diag;
    snprintf(path, sizeof path, "tests/invalid/%s", file);
    char *text = read_file(path, &size);
    if (!CHECK(text != NULL)) return;
    features_of(text, features, sizeof features);
    weft_engine *engine = weft_engine_new(*features ? features : NULL, &diag);
    if (CHECK(engine != NULL)) {
        if (strstr(text, "\n(component")) {
            weft_component *c = weft_component_new(engine, text, size, &diag);
            if (!c) check_message(file, &diag);
            weft_component_free(c);
        } else {
            weft_module *module = weft_module_new(engine, text, size, &diag);
            if (!module) check_message(file, &diag);
            weft_module_free(module); // who is refused later, when it is linked, is not here
        }
        weft_engine_free(engine);
    }
    free(text);
}

int main(void)
{
    DIR *folder = opendir("tests/invalid");
    u32 count = 0;
    if (!CHECK(folder != NULL)) return check_report();
    for (struct dirent *e; (e = readdir(folder));)
        if (strstr(e->d_name, ".wat")) check_file(e->d_name);
    closedir(folder);
    for (u32 i = 0; i < ERR_COUNT; i++) count += seen[i];
    CHECK(count >= 120);
    return check_report();
}
