// many.c -- connections in several threads at once, each of which loads the extension, makes
// functions and calls them: many EXTENSION MODULE.
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, ROUNDS = 40, CALLS = 50 };

static const char *extension, *module;

static void check(sqlite3 *db, int status, const char *what)
{
    if (status == SQLITE_OK) return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static int on_row(void *sum, int count, char **values, char **names)
{
    (void)count, (void)names;
    *(long *)sum += atol(values[0]);
    return 0;
}

static void *work(void *calls)
{
    char make[600], call[200];
    for (int round = 0; round < ROUNDS; round++) {
        sqlite3 *db;
        long sum = 0;
        check(NULL, sqlite3_open(":memory:", &db), "open");
        check(db, sqlite3_enable_load_extension(db, 1), "enable");
        check(db, sqlite3_load_extension(db, extension, NULL, NULL), "load");
        // Half of them leave functions that were never called, or whose making failed.
        snprintf(make, sizeof make,
                 "select create_wasm_function('gcd', '%s', 'gcd', '%s'),"
                 " create_wasm_function('slug', '%s', 'slug', 'values')",
                 module, round % 2 ? "deterministic" : "", module);
        check(db, sqlite3_exec(db, make, NULL, NULL, NULL), "make");
        const char *bad = "select create_wasm_function('no', '(module)', 'f')";
        if (sqlite3_exec(db, bad, NULL, NULL, NULL) == SQLITE_OK) exit(1);
        snprintf(call, sizeof call,
                 "with recursive c(i) as (select 1 union all select i + 1 from c where i < %d)"
                 " select gcd(i * 6, 4) from c", CALLS);
        check(db, sqlite3_exec(db, call, on_row, &sum, NULL), "call");
        if (sum != CALLS / 2 * (2 + 4)) exit(1);
        *(long *)calls += CALLS;
        check(db, sqlite3_close(db), "close");
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    long calls[THREADS] = {0}, total = 0;
    if (argc != 3) return 2;
    extension = argv[1];
    module = argv[2];
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, &calls[i]);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) total += calls[i];
    printf("%d connections, %ld calls\n", THREADS * ROUNDS, total);
    return 0;
}
