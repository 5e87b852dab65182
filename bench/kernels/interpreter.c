// interpreter.c -- a switch in a loop: runs a small machine's program, as interpreters do.
#include <stdint.h>
#include <stdio.h>

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, LESS, JUMP_IF, JUMP, HALT };

int main(void)
{
    // for (a = 0, b = 1; a < 2500000; a++) b = b * 3 + a;
    static const int32_t code[] = {
        PUSH, 0, STORE, 0, PUSH, 1, STORE, 1,
        LOAD, 0, PUSH, 2500000, LESS, JUMP_IF, 18, HALT, 0, 0,
        LOAD, 1, PUSH, 3, MUL, LOAD, 0, ADD, STORE, 1,
        LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 8,
    };
    static int32_t stack[64], locals[8];
    uint64_t steps = 0;
    int32_t *sp = stack;
    for (const int32_t *pc = code;;) {
        steps++;
        switch (*pc++) {
        case PUSH: *sp++ = *pc++; break;
        case LOAD: *sp++ = locals[*pc++]; break;
        case STORE: locals[*pc++] = *--sp; break;
        case ADD: sp--; sp[-1] = (int32_t)((uint32_t)sp[-1] + (uint32_t)sp[0]); break;
        case SUB: sp--; sp[-1] = (int32_t)((uint32_t)sp[-1] - (uint32_t)sp[0]); break;
        case MUL: sp--; sp[-1] = (int32_t)((uint32_t)sp[-1] * (uint32_t)sp[0]); break;
        case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
        case JUMP_IF: pc = *--sp ? code + *pc : pc + 1; break;
        case JUMP: pc = code + *pc; break;
        case HALT: printf("interpreter %d %llu\n", locals[1], (unsigned long long)steps); return 0;
        }
    }
}
