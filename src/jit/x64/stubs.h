// stubs.h -- the numbers that stubs.S knows of what is in C, each held against that.
#pragma once

#define EXEC_AT_IP 24
#define EXEC_AT_FRAME 32
#define EXEC_AT_RECORD 40
#define EXEC_AT_INST 48
#define EXEC_STRANGERS 56
#define INSTANCE_MEM 0
#define INSTANCE_EXEC 16
#define INSTANCE_CODE 24
#define FUNC_CODE_NATIVE 0
#define FUNC_CODE_INTERP 8
#define FUNC_CODE_LOG2 5
#define FUNC_CODE 0
#define FUNC_INSTANCE 8
#define FUNC_INDEX 20
#define RECORD_IP 0
#define RECORD_INST 8
#define RECORD_DELTA 16
#define RECORD_CALLEE 20
#define RECORD_SIZE 24
#define FRAME_BIAS 128 // so that 32 slots have displacements of one byte
#define RUN_INTERP 0x101
#define RUN_THERE 0x106
#define ENTER_CALL 1

#ifndef __ASSEMBLER__

#include "run/native.h"

#define HOLD(number, is) _Static_assert((number) == (is), #number " is another in stubs.S")
HOLD(EXEC_AT_IP, offsetof(Exec, at.ip));
HOLD(EXEC_AT_FRAME, offsetof(Exec, at.frame));
HOLD(EXEC_AT_RECORD, offsetof(Exec, at.record));
HOLD(EXEC_AT_INST, offsetof(Exec, at.inst));
HOLD(EXEC_STRANGERS, offsetof(Exec, strangers));
HOLD(INSTANCE_MEM, offsetof(Instance, mem));
HOLD(INSTANCE_EXEC, offsetof(Instance, exec));
HOLD(INSTANCE_CODE, offsetof(Instance, code));
HOLD(FUNC_CODE_NATIVE, offsetof(FuncCode, native));
HOLD(FUNC_CODE_INTERP, offsetof(FuncCode, interp));
HOLD(1 << FUNC_CODE_LOG2, sizeof(FuncCode));
HOLD(FUNC_CODE, offsetof(Func, code));
HOLD(FUNC_INSTANCE, offsetof(Func, instance));
HOLD(FUNC_INDEX, offsetof(Func, index));
HOLD(RECORD_IP, offsetof(Record, ip));
HOLD(RECORD_INST, offsetof(Record, inst));
HOLD(RECORD_DELTA, offsetof(Record, delta));
HOLD(RECORD_CALLEE, offsetof(Record, callee));
HOLD(RECORD_SIZE, sizeof(Record));
HOLD(RUN_INTERP, RUN_interp);
HOLD(RUN_THERE, RUN_there);
HOLD(ENTER_CALL, ENTER_call);
#undef HOLD

#endif
