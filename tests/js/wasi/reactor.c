// reactor.c -- has no main: who has it initialised calls its functions.

#include <stdio.h>
#include <stdlib.h>

static int calls;

__attribute__((constructor)) static void begin(void) { puts("initialised"); }

__attribute__((export_name("note"))) int note(int n)
{
    printf("call %d: %d\n", ++calls, n);
    fflush(stdout);
    return calls;
}

__attribute__((export_name("leave"))) void leave(int status) { exit(status); }
