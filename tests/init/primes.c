// primes.c -- a table that takes long to make, in memory that it asks for, and a program that looks
// something up in it. initialising.py has it made before the program is run.
//
// As a command its main makes the table unless it is there; as a reactor it has exports.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 300000 };

static unsigned char *composite;
static unsigned *primes, count, constructed;
static char *greeting;

void __wasm_call_ctors(void);
int __main_void(void);

__attribute__((constructor)) static void construct(void) { constructed++; }

static void make(void)
{
    composite = calloc(MOST, 1);
    primes = malloc(MOST * sizeof *primes);
    greeting = strdup("made");
    for (unsigned i = 2; i < MOST; i++) {
        if (composite[i]) continue;
        primes[count++] = i;
        for (unsigned k = 2 * i; k < MOST; k += i) composite[k] = 1;
    }
}

static void look_up(const char *word)
{
    unsigned n = (unsigned)atoi(word);
    if (n >= count) return;
    printf("prime %u is %u, %s, constructed %u\n", n, primes[n], greeting, constructed);
    fflush(stdout);
}

#ifdef REACTOR
__attribute__((export_name("init"))) void init(void)
{
    make();
    puts("made");
}

__attribute__((export_name("work"))) unsigned work(unsigned n)
{
    look_up("77");
    return n < count ? primes[n] + constructed : 0;
}

__attribute__((export_name("both"))) unsigned both(unsigned n)
{
    init();
    return work(n);
}
#else
__attribute__((export_name("init"))) void init(void)
{
    __wasm_call_ctors();
    make();
}

// What _start does behind the constructors.
__attribute__((export_name("resume"))) void resume(void)
{
    int status = __main_void();
    if (status) exit(status);
}

int main(int argc, char **argv)
{
    if (!composite) make();
    for (int i = 1; i < argc; i++) look_up(argv[i]);
    return argc == 1 ? 9 : 0;
}
#endif
