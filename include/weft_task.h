// weft_task.h -- guests that wait: calls of which a host function answers that its results come
// later. In addition to weft.h, by whose rules it goes.
//
//     weft_status sleep_fn(void *env, weft_caller *caller, weft_slot *slots)
//     {
//         alarm *bell = alarm_after(slots[0].i64);             what it waits for: yours
//         return weft_caller_wait(caller, bell, NULL);
//     }
//
//     weft_task *task = weft_task_start(store, run, args, 1, &diag);
//     ...                                     when the alarm of weft_task_what(task) has rung
//     weft_task_resume(task, NULL, 0, &diag);                    goes on behind the call of sleep
//     if (weft_task_state_of(task) == WEFT_TASK_ENDED)
//         weft_task_results(task, &result, 1, &diag);
//     weft_task_free(task);
//
// A task that waits or was stopped has no stack and no thread: what it had on the stack is in one
// block of just that size, some hundred bytes mostly, which is counted as continuation_bytes of its
// store. A store may have any number of them; they share its memories, and one runs at a time. A
// task belongs to its store and goes with it; as other calls of the store these are for one thread
// at a time, and not from a host function.

#ifndef WEFT_TASK_H
#define WEFT_TASK_H

#include <weft.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct weft_task weft_task;

typedef enum weft_task_state {
    WEFT_TASK_ENDED,   // it has results
    WEFT_TASK_FAILED,  // it ended in a trap, which was told
    WEFT_TASK_WAITS,   // for a host function: weft_task_resume or weft_task_fail
    // paused, interrupted, out of time or fuel: weft_task_continue, once the reason is taken back
    WEFT_TASK_STOPPED,
} weft_task_state;

// In a host function, which returns what this returns: the task waits. `what` is yours, to know
// later what it was; `drop`, unless NULL, is called with it once nobody needs it any more, and must
// use nothing of the store. The trap "host" where no task can wait: in a call that is none
// (weft_task_start), in the start function of a module, or where another host function stands
// between, which called the guest.
WEFT_API weft_status weft_caller_wait(weft_caller *caller, void *what, void (*drop)(void *what));
// In a host function that is called once more (weft_task_retry): what it has waited for. Else NULL.
WEFT_API void *weft_caller_waited(const weft_caller *caller);

// Calls a function as weft_call does, until it ends, waits or is stopped. The caller owns the task.
// NULL: it ended in a trap, or did not begin; *diag says why. Errors as of weft_call, is_running.
// Traps: all.
WEFT_API weft_task *weft_task_start(weft_store *store, weft_func func, const weft_val *args,
                                    size_t arg_count, weft_diag *diag);
WEFT_API weft_task_state weft_task_state_of(const weft_task *task);
WEFT_API weft_func weft_task_func(const weft_task *task); // that it calls
// What weft_caller_wait was given; NULL if it does not wait.
WEFT_API void *weft_task_what(const weft_task *task);
// Of one that was stopped the name of the trap: "paused", "interrupted", "time_limit",
// "out_of_fuel". Else NULL.
WEFT_API const char *weft_task_stop(const weft_task *task);

// These go on with it, until it ends, waits or is stopped again; on any thread. WEFT_TRAP,
// WEFT_EXIT: that is how it ended. Errors, after which it is as it was: is_running, wrong_state;
// out_of_memory, where there is no stack.
//
// Behind the host function that waits, whose results are given. Also wrong_count, wrong_type,
// stale_reference, limit_handles.
WEFT_API weft_status weft_task_resume(weft_task *task, const weft_val *results,
                                      size_t result_count, weft_diag *diag);
// Calls that function once more, with the same arguments, which it must have left alone: for one
// that asks whether something is ready, and waits again if not.
WEFT_API weft_status weft_task_retry(weft_task *task, weft_diag *diag);
// As if that function had ended in the trap "host", with this message.
WEFT_API weft_status weft_task_fail(weft_task *task, const char *message, weft_diag *diag);
WEFT_API weft_status weft_task_continue(weft_task *task, weft_diag *diag);

// What its function gave. References among them are held until the task is freed; pointers of yours
// only as long as something in the store refers to them. Errors: wrong_state, wrong_count.
WEFT_API weft_status weft_task_results(const weft_task *task, weft_val *results,
                                       size_t result_count, weft_diag *diag);
// Where one stands that waits or was stopped: as weft_store_backtrace.
WEFT_API size_t weft_task_backtrace(const weft_task *task, weft_frame *frames, size_t max);
// Has functions of WASI set their task aside where they would hold up the thread: sleeping and
// polling (poll_oneoff, of 256 subscriptions at most), and reads and writes of streams that were
// granted; where weft_caller_wait could. Off at first. To be set before anybody runs.
WEFT_API void weft_wasi_set_waits(weft_wasi *wasi, bool on);
typedef struct weft_wasi_wait {
    uint64_t deadline; // nanoseconds of CLOCK_MONOTONIC; UINT64_MAX: there is none
    size_t count;      // of files
} weft_wasi_wait;
typedef struct weft_wasi_file {
    int fd;            // of the host's, which is open as long as the task waits
    bool write;        // until it can be written to, else read
} weft_wasi_file;
// What one waits for that was set aside so: until then, or until one of these is ready, whichever
// comes first. Writes at most `max` files; `files` may be NULL if that is 0. Then weft_task_retry;
// who does that before has it wait again. False: it does not wait for WASI.
WEFT_API bool weft_task_wasi(const weft_task *task, weft_wasi_wait *out, weft_wasi_file *files,
                             size_t max);
// Ends it where it stands, and frees what it has. One that runs ends as it would, and is freed
// then. NULL is fine.
WEFT_API void weft_task_free(weft_task *task);

#ifdef __cplusplus
}
#endif
#endif
