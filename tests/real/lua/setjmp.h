// setjmp.h -- WASI of this age cannot unwind. Lua runs, and an error inside it ends the program.
#pragma once

#include <stdlib.h>

typedef int jmp_buf[1];
#define setjmp(env) ((void)(env), 0)
#define longjmp(env, value) abort()
