"""changing.py -- the file of a module changes, or is cut, while a command uses it: what was judged is what runs, and the
process lives.

    changing/self-HOW     a program (changing/self.c) does that to its own file, and then calls a function for the first time
    changing/run-HOW      others do it to the file of a program, or of a module of --preload, while that waits
    changing/COMMAND      others do it again and again while it is read: any verdict, but a verdict
    changing/endless      sizes that say nothing: files without an end, and of a terabyte

Hazards: R88.
"""
import os, shutil, subprocess, tempfile, threading
from pathlib import Path

from outcome import Outcome, Test, SANITIZER_ENV, in_share, run_command, nops, sanitizer_report

HERE = Path(__file__).resolve().parent / 'changing'
LONG = 60                    # seconds that a machine under load may take for what is at once
HEADER = b'\0asm\1\0\0\0'

# It waits for a byte of standard input, then calls what was not called yet, here or in the other module.
WAITS = '''(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "lib" "late" (func $there (result i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\01\\00\\00\\00")
  (func $here (result i32) (i32.const 41))
  (func (export "_start")
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $exit (i32.add (call $here) (call $there)))))'''
LIB = '(module (func (export "late") (result i32) (i32.const 1)))'


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for how in 'valid', 'invalid', 'cut':
            yield Test(f'changing/self-{how}{build.suffix}', lambda build=build, how=how: by_itself(build, how), fast=fast)
        for how in CHANGES:
            yield Test(f'changing/run-{how}{build.suffix}', lambda build=build, how=how: while_it_waits(build, how), fast=fast)
        for n, words in enumerate(COMMANDS):
            times = TIMES if fast or options.full else TIMES // 4
            yield Test(f'changing/{words[0]}{build.suffix}',
                       lambda build=build, words=words, times=times: while_it_is_read(build, words, times), full=not fast and not in_share(n, 4))
        yield Test(f'changing/endless{build.suffix}', lambda build=build: endless(build))


def by_itself(build, how):
    if not shutil.which('clang-19') or not Path('/usr/lib/wasm32-wasi/crt1-command.o').exists():
        return Outcome.skip('no compiler for WASI is installed (tools/setup.sh wasm)')
    with tempfile.TemporaryDirectory(prefix='weft-changing-') as scratch:
        made = run_command(['clang-19', '--target=wasm32-wasi', '--sysroot=/usr', '-O1', '-o', 'self.wasm', HERE / 'self.c'], cwd=scratch)
        if made.status:
            return Outcome.of(False, made.describe())
        done = run_command([build.weft, 'run', '--dir', '.', 'self.wasm', how, 'self.wasm'], cwd=scratch)
    return Outcome.of(done.status == 0 and done.stdout == b'1 1234567\n' and not sanitizer_report(done), done.describe())


def rewrite(path):
    """What both modules call late is another number, and then no instruction."""
    path.write_bytes(path.read_bytes().replace(b'\x41\x29', b'\x41\x2a').replace(b'\x41\x01', b'\x41\x02'))


def spoil(path):
    path.write_bytes(bytes([0xff]) * path.stat().st_size)


CHANGES = {'rewritten': rewrite, 'spoilt': spoil, 'cut': lambda path: os.truncate(path, 0), 'gone': os.unlink}


def while_it_waits(build, how):
    with tempfile.TemporaryDirectory(prefix='weft-changing-') as scratch:
        files = [Path(scratch) / 'main.wasm', Path(scratch) / 'lib.wasm']
        for path, text in zip(files, (WAITS, LIB)):
            path.with_suffix('.wat').write_text(text)
            made = run_command([build.weft, 'parse', path.with_suffix('.wat'), '-o', path])
            if made.status:
                return Outcome.of(False, made.describe())
        process = subprocess.Popen([build.weft, 'run', '--preload', 'lib=lib.wasm', 'main.wasm'], cwd=scratch, stdin=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env={**os.environ, **SANITIZER_ENV})
        waits = Path(f'/proc/{process.pid}/syscall')
        for _ in range(LONG * 1000):           # until it reads, or waits to be able to
            if process.poll() is not None or waiting(waits):
                break
            threading.Event().wait(0.001)
        for path in files:
            CHANGES[how](path)
        _, said = process.communicate(b'x', LONG)
    return Outcome.of(process.returncode == 42, f'exit status {process.returncode}, expected 42\n{said.decode(errors="replace")}')


def waiting(syscall):
    """In a call on standard input: read, readv, pread or poll, by what they are given first."""
    try:
        number, *given = syscall.read_text().split()
    except OSError:
        return False
    return number.isdigit() and int(given[0], 16) == 0 and number in ('0', '19') or number in ('7', '271')


COMMANDS = [['validate'], ['parse', '-o', '/dev/null'], ['print', '-o', '/dev/null'], ['inspect'], ['wast'], ['run', '--invoke', 'f']]
TIMES = 12


def while_it_is_read(build, words, times):
    """Two threads, one of which writes a module of 4.5 MB, half of it, or nothing, over and over."""
    module = nops(9, 1 << 19)
    text = b'(module (func' + b' nop' * 1000 + b'))\n'      # modules of one word each would take seconds to instantiate
    script = text * (len(module) // len(text))
    with tempfile.TemporaryDirectory(prefix='weft-changing-') as scratch:
        path, over, outcome = Path(scratch) / 'm', threading.Event(), Outcome()
        content = script if words[0] == 'wast' else module
        path.write_bytes(content)

        def change():
            with open(path, 'r+b', buffering=0) as f:
                while not over.is_set():
                    for size in 0, len(content), len(content) // 2, 1 << 16:
                        f.truncate(size)
                        f.seek(0)
                        f.write(content if size == len(content) else b'')
        thread = threading.Thread(target=change)
        thread.start()
        for _ in range(times):
            done = run_command([build.weft, *words, path], timeout=300)
            if done.status not in (0, 1) or sanitizer_report(done):
                outcome.fail(done.describe())
                break
        over.set()
        thread.join()
    outcome.passed += not outcome.failed
    return outcome


def endless(build):
    """Each is refused by what its first piece says, or its size; reading on would take a terabyte."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-changing-') as scratch:
        holes, near, module = (Path(scratch) / name for name in ('holes', 'near', 'module'))
        for path, start, size in (holes, b'', 1 << 40), (near, b'', 1 << 29), (module, HEADER + b'\0\xff\xff\xff\xff\x03\1x', 1 << 40):
            path.write_bytes(start)
            os.truncate(path, size)
        for path, words in ('/dev/zero', b'binary data'), (holes, b'binary data'), (near, b'binary data'), (module, b'1 GiB at most'):
            for command in ['validate'], ['parse', '-o', '/dev/null'], ['print'], ['inspect'], ['run']:
                done = run_command([build.weft, *command, path])
                if done.status != 1 or words not in done.stderr or sanitizer_report(done):
                    outcome.fail(done.describe())
        for path in '/dev/zero', holes:
            for command in ['snapshot'], ['run', '--resume']:
                done = run_command([build.weft, *command, path])
                if done.status != 1 or b'does not begin as a snapshot' not in done.stderr or sanitizer_report(done):
                    outcome.fail(done.describe())
        for stdin in '/dev/zero', holes:
            with open(stdin, 'rb') as file:
                done = subprocess.run([build.weft, 'validate', '-'], stdin=file, stderr=subprocess.PIPE, timeout=LONG)
            if done.returncode != 1 or b'binary data' not in done.stderr:
                outcome.fail(f'validate - < {stdin}: {done}')
    outcome.passed += not outcome.failed
    return outcome
