# start.s -- where a new thread begins: with a stack and thread-local variables of its own, which its argument, a Thread,
# says where. See threads.c.
    .globaltype __stack_pointer, i32
    .functype __wasm_init_tls (i32) -> ()
    .functype thread_run (i32, i32) -> ()
    .functype thread_left (i32) -> ()
    .export_name wasi_thread_start, wasi_thread_start
    .globl wasi_thread_start
    .type wasi_thread_start, @function
wasi_thread_start:
    .functype wasi_thread_start (i32, i32) -> ()
    local.get 1
    i32.load 0
    global.set __stack_pointer
    local.get 1
    i32.load 4
    call __wasm_init_tls
    local.get 0
    local.get 1
    call thread_run
    local.get 1
    call thread_left
    end_function
    .section .custom_section.target_features,"",@
    .int8 2
    .int8 43
    .int8 7
    .ascii "atomics"
    .int8 43
    .int8 11
    .ascii "bulk-memory"
