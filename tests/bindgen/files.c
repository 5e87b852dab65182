// files.c -- a command of WASI 0.2 without a library: shows a file, writes what it found into
// another, and says its own arguments.

#include "files.h"

#include "memory.h"

static wasi_io_streams_own_output_stream_t out;

static bool say(const uint8_t *text, size_t len)
{
    files_list_u8_t bytes = {(uint8_t *)text, len};
    wasi_io_streams_stream_error_t why;
    if (wasi_io_streams_method_output_stream_blocking_write_and_flush(
            wasi_io_streams_borrow_output_stream(out), &bytes, &why))
        return true;
    wasi_io_streams_stream_error_free(&why);
    return false;
}

static bool open_in(wasi_filesystem_types_own_descriptor_t folder, const char *name, bool write,
                    wasi_filesystem_types_own_descriptor_t *file)
{
    files_string_t path;
    wasi_filesystem_types_error_code_t why;
    files_string_set(&path, name);
    return wasi_filesystem_types_method_descriptor_open_at(
        wasi_filesystem_types_borrow_descriptor(folder), 0, &path,
        write ? WASI_FILESYSTEM_TYPES_OPEN_FLAGS_CREATE : 0,
        write ? WASI_FILESYSTEM_TYPES_DESCRIPTOR_FLAGS_WRITE
              : WASI_FILESYSTEM_TYPES_DESCRIPTOR_FLAGS_READ,
        file, &why);
}

static bool copy(wasi_filesystem_types_own_descriptor_t folder)
{
    wasi_filesystem_types_own_descriptor_t from, to;
    files_tuple2_list_u8_bool_t got;
    wasi_filesystem_types_error_code_t why;
    uint64_t written = 0;
    if (open_in(folder, "not-there.txt", false, &from)) return false;
    if (!open_in(folder, "in.txt", false, &from)) return false;
    if (!wasi_filesystem_types_method_descriptor_read(
            wasi_filesystem_types_borrow_descriptor(from), 100, 3, &got, &why))
        return false;
    say(got.f0.ptr, got.f0.len);
    if (!open_in(folder, "out.txt", true, &to)) return false;
    bool good = wasi_filesystem_types_method_descriptor_write(
        wasi_filesystem_types_borrow_descriptor(to), &got.f0, 0, &written, &why);
    good = good && written == got.f0.len;
    files_tuple2_list_u8_bool_free(&got);
    wasi_filesystem_types_descriptor_drop_own(from);
    wasi_filesystem_types_descriptor_drop_own(to);
    return good;
}

bool exports_wasi_cli_run_run(void)
{
    files_list_tuple2_wasi_filesystem_types_own_descriptor_string_t folders;
    files_list_string_t arguments;
    out = wasi_cli_stdout_get_stdout();
    wasi_filesystem_preopens_get_directories(&folders);
    bool good = folders.len == 1 && copy(folders.ptr[0].f0);
    files_list_tuple2_wasi_filesystem_types_own_descriptor_string_free(&folders);
    wasi_cli_environment_get_arguments(&arguments);
    for (size_t i = 1; i < arguments.len; i++) {
        say(arguments.ptr[i].ptr, arguments.ptr[i].len);
        say((const uint8_t *)"\n", 1);
    }
    files_list_string_free(&arguments);
    wasi_io_streams_output_stream_drop_own(out);
    return good && !held;
}
