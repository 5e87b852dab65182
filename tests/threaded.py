"""threaded.py -- programs that ask for threads (wasi.thread-spawn), compiled from C.

    threaded/pool        threaded/pool.c, which uses POSIX threads, says what it says natively, in each tier; with threaded/posix
                         for its threads, since the distribution's C library for WASI has none. In the thread sanitizer's build
                         it is a search for races
    threaded/libc        the same with a C library for WASI that has threads, where WEFT_THREADS_SYSROOT says there is one
                         (lib/wasm32-wasip1-threads/libc.a in it)
    threaded/ends        a program whose threads wait, each for something else, ends at once when one of them exits, when the
                         first returns, and by a signal, which is for all of them
"""
import os, shutil, signal, subprocess, tempfile, threading, time
from pathlib import Path

from outcome import Outcome, Test, run_command, diff_text
from signals import ended

HERE = Path(__file__).resolve().parent / 'threaded'
ROOT = HERE.parent.parent
BUILD = ROOT / 'build/threaded'
WASM = ['clang-19', '-O2', '-Wall', '-Werror']
SHARED = '-Wl,--shared-memory,--import-memory,--max-memory=33554432'
POSIX = [*WASM, '--target=wasm32-wasi', '--sysroot=/usr', '-nostartfiles', '-matomics', '-mbulk-memory', f'-I{HERE}/posix',
         # objects of the library know no atomics
         f'{SHARED},--no-check-features,--wrap=malloc,--wrap=free']
STATUS, SHORT = 17, 60
WAYS = ['--tier=interp'], ['--tier=baseline'], ['--tier=auto', '--hot', '1'], ['--tier=auto', '--max-threads', '12'], ['--tier=spec'], \
    ['--tier=auto', '--hot', '1', '--beside', '1', '--up-every', '3', '--down-every', '5']
making = threading.Lock()


def tests(options):
    builds = list(options.builds)
    tsan = type(builds[0])('tsan', ROOT / 'build/tsan/weft', '@tsan')
    if not options.weft and len(builds) > 1 and tsan.weft.exists():
        builds.append(tsan)
    for build in builds:
        fast = build.name == 'release'
        yield Test(f'threaded/pool{build.suffix}', lambda build=build: pool(build, posix), fast=fast)
        yield Test(f'threaded/ends{build.suffix}', lambda build=build: ends(build), fast=fast)
    yield Test('threaded/libc', lambda: pool(options.builds[0], libc))


def made(name, command, sources):
    """The program of that name, made of the sources if it is older."""
    with making:
        BUILD.mkdir(parents=True, exist_ok=True)
        out = BUILD / name
        newest = max(p.stat().st_mtime for p in [*HERE.rglob('*.*'), Path(__file__)])
        if not out.exists() or out.stat().st_mtime < newest:
            done = subprocess.run([*command, '-o', out, *sources], capture_output=True)
            if done.returncode:
                raise RuntimeError(done.stderr.decode(errors='replace'))
        return out


def posix():
    if not Path('/usr/lib/wasm32-wasi/crt1-command.o').exists():
        return 'no wasi-libc here'
    return made('pool.wasm', POSIX, [HERE / 'pool.c', HERE / 'posix/threads.c', HERE / 'posix/start.s'])


def libc():
    root = os.environ.get('WEFT_THREADS_SYSROOT')
    if not root:
        return 'no C library for WASI with threads (WEFT_THREADS_SYSROOT)'
    command = [*WASM, '--target=wasm32-wasip1-threads', f'--sysroot={root}', '-pthread', SHARED, '-nodefaultlibs']
    builtins = next(Path('/usr/lib/llvm-19').rglob('libclang_rt.builtins-wasm32.a'))
    return made('libc.wasm', command, [HERE / 'pool.c', '-lc', builtins])


def pool(build, make):
    if not shutil.which('clang-19'):
        return Outcome.skip('no clang-19 here')
    program = make()
    if isinstance(program, str):
        return Outcome.skip(program)
    native = made('pool', ['clang-19', '-O2', '-pthread'], [HERE / 'pool.c'])
    want, outcome = run_command([native, SHORT]), Outcome()
    for way in WAYS:
        done = run_command([build.weft, 'run', *way, program, SHORT])
        good = done.status == want.status == STATUS and done.stdout == want.stdout and not done.stderr
        outcome.passed += good
        if not good:
            outcome.fail(done.describe() + diff_text(want.stdout, done.stdout, 'printed'))
    return outcome


ENDS = '''(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (data "\\90\\01\\00\\00\\01\\00\\00\\00")
  (func $turn (loop $for_ever (br $for_ever)))
  (func $wait (drop (memory.atomic.wait32 (i32.const 1000) (i32.const 0) (i64.const -1))))
  (func $sleep
    (i32.store (i32.const 120) (i32.const 1)) (i64.store (i32.const 128) (i64.const -1))
    (drop (call $poll (i32.const 104) (i32.const 300) (i32.const 1) (i32.const 500))))
  (func $input (drop (call $read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 508))))
  (func $begun (if (i32.eq (i32.atomic.rmw.add (i32.const 16) (i32.const 1)) (i32.const 5))
    (then (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 8))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 512)))
          (i32.atomic.store (i32.const 20) (i32.const 1))))
    (drop (memory.atomic.notify (i32.const 20) (i32.const 1))))
  (func (export "wasi_thread_start") (param $id i32) (param $what i32)
    (call $begun)
    (block $4 (block $3 (block $2 (block $1 (block $0 (br_table $0 $1 $2 $3 $4 (local.get $what)))
      (return (call $turn))) (return (call $wait))) (return (call $sleep))) (return (call $input)))
    (loop $again (br_if $again (i32.eqz (i32.atomic.load (i32.const 20)))))
    (call $exit (i32.const 42)))
  (func $all (local $i i32)
    (i32.store (i32.const 8) (i32.const 408)) (i32.store (i32.const 12) (i32.const 1))
    (loop $next
      (drop (call $spawn (local.get $i)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4))))
    (drop (call $spawn (i32.const 3))))
  (func (export "exits") (call $all) (drop (call $spawn (i32.const 4))) (call $wait))
  (func (export "returns") (call $all) (call $begun)
    (loop $again (br_if $again (i32.eqz (i32.atomic.load (i32.const 20))))))
  (func (export "stays") (call $all) (call $begun) (call $input)))
'''
ENDINGS = [('exits', None, 42), ('returns', None, 0), ('stays', signal.SIGINT, 130), ('stays', signal.SIGTERM, 143)]


def ends(build):
    """How long it takes from when all are there (a byte of output) to the end, and the status."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-threaded-') as scratch:
        (Path(scratch) / 'a.wat').write_text(ENDS)
        for tier, export, sent, want in [(tier, *how) for tier in ('auto', 'spec') for how in ENDINGS]:
            reads, writes = os.pipe()
            process = subprocess.Popen([build.weft, 'run', f'--tier={tier}', '--invoke', export, 'a.wat'], cwd=scratch, stdin=reads,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
            os.close(reads)
            there = process.stdout.read(1)
            begun = time.monotonic()
            if sent:
                process.send_signal(sent)
            status, took = ended(process), time.monotonic() - begun
            os.close(writes)
            process.stdout.close()
            good = status == want and there and took < 5
            outcome.passed += good
            if not good:
                outcome.fail(f'{tier}: {export}: exit status {status} instead of {want}, {took:.2f} s, output {there}')
    return outcome
