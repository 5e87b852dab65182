"""under.py -- compiled code under programs that look at processes.

    under/perf-dump     what --perf writes: each function once, with its name and its code, none over another
    under/perf-names    names that would break a line or reach a terminal do not
    under/perf-links    a file that is there already is neither written nor taken away, nor what a link leads to
    under/perf-mapped   the file, which a guest may be able to write, is mapped by nobody while it runs
    under/perf          perf shows functions by their names
    under/gdb           stops in what compiled code calls, and goes on; a fault that is a trap passes through
    under/valgrind      computes the same under memcheck, which has nothing to say but what under/valgrind.supp explains

A program that is not here, or may not look, is a test that is skipped. Hazards: R22.
"""
import shutil, struct, subprocess, tempfile, time
from pathlib import Path

from outcome import Outcome, Test, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
PRIMES = ROOT / 'tests/under/primes.wat'
PRINTS, TRAPS = b'primes:   669\n', b'trap: out of bounds memory access\n'
TRAPPED = 134
HEADER, RECORD = struct.Struct('<6I2Q'), struct.Struct('<2IQ2I4Q')
MAGIC, X86_64 = 0x4a695444, 62
NAMED = r'(module $m (func $"a\nb" (export "f") (nop)) (func $"\1b[31m\u{2028}\u{e9}" (export "g")) (func (export "h") (call 3)) (func))'


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for name, run in (('perf-dump', perf_dump), ('perf-names', perf_names), ('perf-links', perf_links), ('perf-mapped', perf_mapped),
                          ('perf', perf), ('gdb', gdb)):
            if fast or run not in (perf, gdb):
                yield Test(f'under/{name}{build.suffix}', lambda run=run, build=build: in_scratch(run, build), fast=fast)
    yield Test('under/valgrind', lambda: in_scratch(valgrind, ROOT / 'build/release/tests/under/weft'), fast=True)


def in_scratch(run, build):
    with tempfile.TemporaryDirectory(prefix='weft-under-') as scratch:
        return run(build, Path(scratch))


def compiled(build, scratch, *words):
    return run_command([build.weft, 'run', '--tier=baseline', *words], cwd=scratch, timeout=120)


# ---- perf

def read_dump(scratch):
    """(name, address, code) of each record of the one dump that is there."""
    path, = scratch.glob('jit-*.dump')
    data = path.read_bytes()
    magic, version, at, machine, _, process, _, _ = HEADER.unpack_from(data)
    assert (magic, version, at, machine) == (MAGIC, 1, HEADER.size, X86_64) and path.name == f'jit-{process}.dump', data[:40]
    found = []
    while at < len(data):
        kind, size, _, of, _, address, same, code, number = RECORD.unpack_from(data, at)
        name = data[at + RECORD.size:at + size - code]
        assert (kind, of, same, number) == (0, process, address, len(found)) and name.endswith(b'\0'), data[at:at + 64]
        found.append((name[:-1].decode(), address, data[at + size - code:at + size]))
        at += size
    return found


def perf_dump(build, scratch):
    done = compiled(build, scratch, '--perf', PRIMES)
    outcome = Outcome.of(done.status == 0 and done.stdout == PRINTS and not sanitizer_report(done), done.describe())
    found = read_dump(scratch)
    places = sorted((address, address + len(code)) for _, address, code in found)
    apart = all(end <= start for (_, end), (start, _) in zip(places, places[1:]))
    starts = all(code.startswith(bytes.fromhex('4983ee08')) for _, _, code in found)     # sub r14, 8: how each begins
    if sorted(name for name, _, _ in found) != ['prog!main', 'prog!prime'] or not apart or not starts:
        outcome.fail(f'{found}')
    mode = next(scratch.glob('jit-*.dump')).stat().st_mode & 0o777
    if mode != 0o600:
        outcome.fail(f'{mode:o}')
    return outcome


def perf_names(build, scratch):
    (scratch / 'names.wat').write_text(NAMED)
    names = []
    for export in 'fgh':
        done = compiled(build, scratch, '--perf', '--invoke', export, 'names.wat')
        if done.status:
            return Outcome(failed=1, text=done.describe())
        names += [name for name, _, _ in read_dump(scratch)]
        next(scratch.glob('jit-*.dump')).unlink()
    return Outcome.of(names == ['m!a?b', 'm!?[31m?\u00e9', 'm!func[2]', 'm!func[3]'], f'{names}')


def perf_links(build, scratch):
    (scratch / 'victim').write_text('as it was')
    outcome = Outcome()
    for plant in 'ln -s victim', 'ln victim', 'cp victim':
        shell = f'{plant} jit-$$.dump && exec "$0" "$@"'
        done = run_command(['sh', '-c', shell, build.weft, 'run', '--perf', '--tier=baseline', PRIMES], cwd=scratch, timeout=120)
        planted, = scratch.glob('jit-*.dump')
        good = done.status == 1 and b'File exists' in done.stderr and not done.stdout
        good = good and {planted.read_text(), (scratch / 'victim').read_text()} == {'as it was'}
        planted.unlink()
        outcome.passed += good
        if not good:
            outcome.fail(f'{plant}: {done.describe()}')
    return outcome


def perf_mapped(build, scratch):
    (scratch / 'on.wat').write_text('(module (func (export "_start") (loop (br 0))))')
    run = subprocess.Popen([build.weft, 'run', '--perf', '--tier=baseline', '--dir=.', 'on.wat'], cwd=scratch)
    try:
        until = time.monotonic() + 60
        while run.poll() is None and time.monotonic() < until and not any(f.stat().st_size > HEADER.size for f in scratch.glob('jit-*')):
            time.sleep(0.01)
        maps = Path(f'/proc/{run.pid}/maps').read_text()
    finally:
        run.kill()
        run.wait()
    return Outcome.of(read_dump(scratch) and 'weft' in maps and 'jit-' not in maps, maps)


def perf(build, scratch):
    if not shutil.which('perf'):
        return Outcome.skip('no perf')
    (scratch / 'fib.wat').write_text('''(module $prog (func $fib (export "fib") (param i32) (result i32)
        (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0)) (else (i32.add
            (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))''')
    record = ['perf', 'record', '-q', '-k', 'CLOCK_MONOTONIC', '-e', 'cpu-clock', '-o', 'data']
    if run_command([*record, 'true'], cwd=scratch, timeout=60).status:
        return Outcome.skip('perf may not look at processes here')
    done = run_command([*record, build.weft, 'run', '--perf', '--tier=baseline', '--invoke', 'fib', 'fib.wat', '32'], cwd=scratch, timeout=300)
    text = done.describe()
    for words in ['inject', '--jit', '-i', 'data', '-o', 'more'], ['report', '--stdio', '-i', 'more']:
        done = run_command(['perf', *words], cwd=scratch, timeout=300)
        text += done.describe()
    return Outcome.of(b'prog!fib' in done.stdout, text)


# ---- debuggers

def gdb(build, scratch):
    words = ['gdb', '-batch', '-nx']
    if not shutil.which('gdb'):
        return Outcome.skip('no gdb')
    if b'exited normally' not in run_command([*words, '-ex', 'run', '--args', 'true'], timeout=60).stdout:
        return Outcome.skip('gdb may not look at processes here')
    start = ['--args', build.weft, 'run', '--tier=baseline']
    stop = run_command([*words, '-ex', 'break native_c_host', '-ex', 'run', '-ex', 'delete', '-ex', 'continue', *start, PRIMES], timeout=120)
    outcome = Outcome.of(b'native_c_host' in stop.stdout.partition(b'hit')[0] and PRINTS in stop.stdout and
                         b'exited normally' in stop.stdout, stop.describe())
    fault = run_command([*words, '-ex', 'handle SIGSEGV nostop noprint pass', '-ex', 'run', *start, '--invoke', 'beyond', PRIMES], timeout=120)
    good = TRAPS in fault.stdout + fault.stderr and f'exited with code {TRAPPED:04o}'.encode() in fault.stdout
    outcome.passed += good
    if not good:
        outcome.fail(fault.describe())
    return outcome


def valgrind(weft, scratch):
    if not shutil.which('valgrind') or not weft.exists():
        return Outcome.skip('no valgrind')
    outcome, told = Outcome(), 99
    words = ['valgrind', '-q', f'--error-exitcode={told}', '--leak-check=full', f'--suppressions={ROOT}/tests/under/valgrind.supp', weft, 'run']
    for how in ['--tier=baseline'], ['--tier=auto', '--hot', '1'], ['--tier=baseline', '--faults=off']:
        for more, status, out, err in ([], 0, PRINTS, b''), (['--invoke', 'beyond'], TRAPPED, b'', TRAPS):
            done = run_command([*words, *how, *more, PRIMES], timeout=300)
            good = done.status == status and done.stdout == out and err in done.stderr and b'==' not in done.stderr
            outcome.passed += good
            if not good:
                outcome.fail(done.describe())
    return outcome
