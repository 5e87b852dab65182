/* unload.c -- a host that loads the library as a plugin of its own, and unloads it while threads
   that ran guests have yet to end: what ends with a thread is still there then. */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <weft.h>

enum { ROUNDS = 20, THREADS = 4 };

static const char text[] = "(module (func $deep (export \"deep\") (param i32) (result i32)"
                           " (if (result i32) (local.get 0)"
                           "  (then (call $deep (i32.sub (local.get 0) (i32.const 1))))"
                           "  (else (i32.const 7)))))";

/* The functions by their names, each with the type that the header gives it. */
#define USED(X)                                                                                    \
    X(weft_engine_new) X(weft_engine_free) X(weft_module_new) X(weft_module_free)                  \
    X(weft_store_new) X(weft_store_free) X(weft_instantiate) X(weft_instance_func) X(weft_call)
static struct Library {
    void *handle;
#define FIELD(name) __typeof__(name) *name;
    USED(FIELD)
} lib;

static sem_t done, unloaded;

static int load(const char *path)
{
    lib.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!lib.handle) return fprintf(stderr, "%s\n", dlerror()), 0;
#define FIND(name) lib.name = (__typeof__(name) *)dlsym(lib.handle, #name);
    USED(FIND)
    return lib.weft_call != NULL;
}

static int run_guest(void)
{
    weft_engine *engine = lib.weft_engine_new(NULL, NULL);
    weft_module *module = lib.weft_module_new(engine, text, sizeof text - 1, NULL);
    weft_store *store = lib.weft_store_new(engine, NULL, NULL);
    weft_instance instance;
    weft_func deep;
    weft_val n = weft_i32(1000), result = weft_i32(0);
    int good = !lib.weft_instantiate(store, module, NULL, &instance, NULL) &&
               !lib.weft_instance_func(store, instance, "deep", &deep, NULL) &&
               !lib.weft_call(store, deep, &n, 1, &result, 1, NULL) && result.of.i32 == 7;
    lib.weft_store_free(store);
    lib.weft_module_free(module);
    lib.weft_engine_free(engine);
    return good;
}

/* The thread keeps a stack for the next guest, and ends when the library is gone. */
static void *outlive(void *good)
{
    *(int *)good = run_guest();
    sem_post(&done);
    sem_wait(&unloaded);
    return NULL;
}

int main(int argc, char **argv)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[THREADS];
        int good[THREADS];
        sem_init(&done, 0, 0);
        sem_init(&unloaded, 0, 0);
        if (argc < 2 || !load(argv[1])) return 1;
        for (int i = 0; i < THREADS; i++)
            if (pthread_create(&threads[i], NULL, outlive, &good[i])) return 2;
        for (int i = 0; i < THREADS; i++) sem_wait(&done);
        if (!run_guest() || dlclose(lib.handle)) return 3;
        for (int i = 0; i < THREADS; i++) sem_post(&unloaded);
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            if (!good[i]) return 4;
        }
    }
    printf("%d times loaded and unloaded\n", ROUNDS);
    return 0;
}
