"""reducing.py -- `weft reduce`: what is left is what the failure needs, and valid; and whatever happens, nothing else is.

    reducing/NAME        a module and what is kept of it, against how large it may be; the same for any number of jobs
    reducing/broken-NAME what is not valid, or no module; of both under the sanitizers one of four in make test
    reducing/signal-NAME Ctrl-C and its kin: the smallest so far is in the output, no process and no file stays
    reducing/each        each time the command is run there is a file; what it puts beside that goes, too
    reducing/ignored     who started us ignores signals, or does not read what is written
    reducing/working     what never ends is ended by what it works, and not after ten times as long as it slept at first
    reducing/refused     commands that do not fail, cannot be run, never end; outputs that cannot be written
"""
import os, shlex, signal, subprocess, tempfile, time
from pathlib import Path

from outcome import Outcome, Test, in_share, SANITIZER_ENV

MODULE = '''(module $m
  (type $t (func (param i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (import "env" "base" (global $base i32))
  (memory (export "mem") 1 4)
  (table $tab 8 funcref)
  (tag $e (param i64))
  (global $g (mut i64) (i64.const 7))
  (elem (i32.const 0) $a $b $c)
  (elem declare func $div)
  (data (i32.const 16) "hello world, this is some data that nobody needs")
  (data (i32.const 600) "\\01\\02\\03\\04")
  (func $a (type $t) (i32.add (local.get 0) (i32.const 1)))
  (func $b (type $t) (local i64 f32 v128)
    (drop (ref.func $div))
    (call $div (local.get 0) (call $a (i32.const 5))))
  (func $c (type $t) (local $x i64)
    (block $caught
      (try_table (catch_all $caught)
        (block $out
          (loop $again
            (local.set $x (i64.add (local.get $x) (i64.rotl (global.get $g) (i64.const 3))))
            (br_if $out (i64.gt_u (local.get $x) (i64.const 100)))
            (br $again)))
        (memory.fill (i32.const 0) (i32.const 1) (i32.const 8))
        (throw $e (local.get $x))))
    (i32.load offset=600 (i32.const 0)))
  (func $div (param $x i32) (param $y i32) (result i32) (local $i i32)
    (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (i32.const 10))))
    (if (result i32) (local.get $y)
      (then (i32.div_s (local.get $x) (i32.sub (local.get $y) (i32.const 6))))
      (else (i32.const 7))))
  (func $main (export "main") (param i32) (result i32) (local i32 i32)
    (local.set 1 (call_indirect (type $t) (local.get 0) (i32.const 1)))
    (i32.store8 (i32.const 3) (local.get 1))
    (local.get 1))
  (func $copy (export "copy") (param i32 i32) (memory.copy (local.get 0) (local.get 1) (i32.const 9)))
  (func (export "tail") (param i32) (result i32) (return_call $a (local.get 0))))
'''
RUNS = MODULE.replace('(import "env" "log" (func $log (param i32)))', '').replace('(import "env" "base" (global $base i32))', '')
HAS = '"$WEFT" print {} | grep -q %s'

# what is kept, the module, the options, the command, the most bytes that may be left
CASES = {
    'rotl': (MODULE, '--exit 0', ['sh', '-c', HAS % 'i64.rotl'], 30),
    'copy': (MODULE, '--exit 0', ['sh', '-c', HAS % 'memory.copy'], 40),
    'throw': (MODULE, '--exit 0', ['sh', '-c', HAS % "'throw '"], 37),
    'data': (MODULE, '--exit 0', ['sh', '-c', HAS % "'that nobody'"], 64),
    'import': (MODULE, '--exit 0', ['sh', '-c', HAS % '\'"log"\''], 28),
    'global': (MODULE, '--exit 0', ['sh', '-c', HAS % "'global.set\\|global.get'"], 40),
    'tail': (MODULE, '--exit 0', ['sh', '-c', HAS % 'return_call'], 32),
    'crash': (MODULE, '--exit crash', ['sh', '-c', HAS % 'ref.func' + ' && kill -SEGV $$'], 40),
    'trap': (RUNS, "--match 'divide by zero'", ['$WEFT', 'run', '--invoke', 'main', '{}', '3'], 100),
    'any-failure': (RUNS, '--exit fail', ['sh', '-c', f'! {HAS % "i32.load"}'], 50),
    'missing': (MODULE, '', ['$WEFT', 'run', '--invoke', 'main', '{}', '3'], 30),
}


BROKEN = {
    # the file, what `weft validate` must go on to say, options, the most bytes that may be left
    'invalid': (MODULE.replace('(else (i32.const 7))', '(else (i64.const 7))').encode(), 'type mismatch', [], 40),
    'malformed': (MODULE.encode(), 'illegal opcode', [], 30),
    'text': (MODULE.replace('i32.div_s', 'i32.div').encode(), 'unknown operator', [], 2),
    'as-bytes': (MODULE.encode(), 'illegal opcode', ['--bytes'], 120),
}


def broken(build, data, text, options, most):
    """What is not valid, or is no module: then it may be anything that gives the same error."""
    with Place(build) as place:
        (place.root / 'in').write_bytes(data)
        if text == 'illegal opcode':
            place.run(['parse', 'in', '-o', 'in'])
            data = (place.root / 'in').read_bytes()
            assert data.count(b'\x6b\x6d') == 1     # i32.sub, i32.div_s
            (place.root / 'in').write_bytes(data.replace(b'\x6b\x6d', b'\x6b\xff'))
        done = place.run(['reduce', 'in', '-o', 'out', '--match', text, *options, '--', judge(build), 'validate', '{}'])
        size = (place.root / 'out').stat().st_size if done.returncode == 0 else 0
        if (place.root / 'out').exists() and (place.root / 'out').read_bytes()[:1] == b'(' and text != 'unknown operator':
            place.run(['parse', 'out', '-o', 'out'])
            size = (place.root / 'out').stat().st_size
        again = place.run(['validate', 'out'])
        return Outcome.of(done.returncode == 0 and 0 < size <= most and text.encode() in again.stderr and not place.left(),
                          f'exit status {done.returncode}, {size} bytes, at most {most} expected; left {place.left()}\n'
                          f'{done.stderr.decode()}{again.stderr.decode()}')


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for n, name in enumerate(CASES):
            yield Test(f'reducing/{name}{build.suffix}', lambda build=build, name=name: case(build, *CASES[name]),
                       fast=fast and name == 'rotl', full=not in_share(n, 2 if fast else 4))
        for n, name in enumerate(BROKEN):
            yield Test(f'reducing/broken-{name}{build.suffix}', lambda build=build, name=name: broken(build, *BROKEN[name]),
                       fast=fast and name == 'malformed', full=build.name != 'release' and not in_share(n, 4))
        for sig in signal.SIGINT, signal.SIGTERM:
            yield Test(f'reducing/signal-{sig.name.lower()}{build.suffix}', lambda build=build, sig=sig: stopped(build, sig), fast=fast)
        yield Test(f'reducing/each{build.suffix}', lambda build=build: each(build), fast=fast)
        yield Test(f'reducing/ignored{build.suffix}', lambda build=build: ignored(build), fast=fast)
        yield Test(f'reducing/refused{build.suffix}', lambda build=build: refused(build), fast=fast)
        yield Test(f'reducing/timeout{build.suffix}', lambda build=build: late(build), fast=fast)
        yield Test(f'reducing/working{build.suffix}', lambda build=build: working(build), full=not fast)


def judge(build):
    """Who says what is interesting need not be what is tested: the release build is faster."""
    release = build.weft.parent.parent / 'release/weft'
    return release if release.exists() else build.weft


class Place:
    """A folder to work in, and one for temporary files, which must be empty in the end."""
    def __init__(self, build):
        self.build = build
        self.scratch = tempfile.TemporaryDirectory(prefix='weft-reducing-')
        self.root = Path(self.scratch.name)
        (self.root / 'tmp').mkdir()
        self.env = {**os.environ, **SANITIZER_ENV, 'TMPDIR': str(self.root / 'tmp'), 'WEFT': str(judge(build))}

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.scratch.cleanup()

    def run(self, words, timeout=300):
        return subprocess.run([self.build.weft, *words], cwd=self.root, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)

    def write(self, name, text):
        (self.root / name).write_text(text)

    def left(self):
        return sorted(os.listdir(self.root / 'tmp'))


def expand(build, words):
    return [str(judge(build)) if word == '$WEFT' else word for word in words]


def case(build, text, options, command, most):
    outcome, results = Outcome(), []
    with Place(build) as place:
        place.write('in.wat', text)
        place.run(['parse', 'in.wat', '-o', 'in.wasm'])
        for jobs in '1', '3':
            done = place.run(['reduce', 'in.wasm', '-o', 'out.wasm', '-j', jobs, *shlex.split(options), '--', *expand(build, command)])
            if done.returncode:
                outcome.fail(f'exit status {done.returncode}\n{done.stderr.decode()}')
                return outcome
            results.append((place.root / 'out.wasm').read_bytes())
        valid = place.run(['validate', 'out.wasm'])
        printed = place.run(['print', 'out.wasm']).stdout.decode()
        size = len(results[0])
        if size > most or valid.returncode or results[0] != results[1] or place.left():
            outcome.fail(f'{size} bytes, at most {most} expected; left in TMPDIR: {place.left()}\n'
                         f'{"" if results[0] == results[1] else "with more jobs it is another"}\n{valid.stderr.decode()}{printed}')
    outcome.passed += not outcome.failed
    return outcome


def start(place, *command):
    return subprocess.Popen([place.build.weft, 'reduce', 'in.wat', '-o', 'out.wat', '--exit', '0', '-j', '2', '--', *command],
                            cwd=place.root, env=place.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, start_new_session=True, restore_signals=True)


def stopped(build, sig):
    """While the command runs for the first time, with a process beside it; and in the middle."""
    outcome, long = Outcome(), 10 ** 6 + time.monotonic_ns() % 10 ** 6
    def asleep():
        return [p for p in Path('/proc').glob('[0-9]*/cmdline') if f'sleep\0{long}'.encode() in read(p)]
    with Place(build) as place:
        place.write('in.wat', MODULE)
        process = start(place, 'sh', '-c', f'sleep {long} & wait $!')
        end = time.monotonic() + 60
        while not asleep() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.2)
        process.send_signal(sig)
        first = process.wait(60)
        process = start(place, 'sh', '-c', 'sleep 0.02; ' + HAS % 'i64.rotl')
        end = time.monotonic() + 60
        while not (place.root / 'out.wat').exists() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.7)
        process.send_signal(sig)
        second = process.wait(60)
        kept = place.run(['validate', 'out.wat'])
        has = 'i64.rotl' in (place.root / 'out.wat').read_text()
        running = asleep()
        if (first, second) != (128 + sig, 128 + sig) or kept.returncode or not has or place.left() or running:
            outcome.fail(f'exit status {first}, {second}, valid {kept.returncode}, kept {has}, '
                         f'left in TMPDIR: {place.left()}, running: {running}')
    outcome.passed += not outcome.failed
    return outcome


def each(build):
    """What is no module any more cannot be text, and what is empty is a file all the same."""
    outcome = Outcome()
    cases = [
        ('(module (func (export "f") (result i32) (i64.const 1)))', []),
        ('(module)', ['--bytes']),
    ]
    with Place(build) as place:
        for text, options in cases:
            place.write('in.wat', text)
            done = place.run(['reduce', 'in.wat', '-o', 'out.wat', *options, '--exit', '3', '--', 'sh', '-c',
                              'test -f "$1" || echo "$1" >>missing; mkdir -p "$1.d/e"; ln -sf "$PWD" "$1.d/l"; echo >"$1.d/e/f"; exit 3', 'sh', '{}'])
            missing = place.root / 'missing'
            if done.returncode or missing.exists() or place.left() or not (place.root / 'in.wat').exists():
                outcome.fail(f'{text}: exit status {done.returncode}, left {place.left()}, run without a file: '
                             f'{missing.exists() and missing.read_text()}\n{done.stderr.decode()}')
            else:
                outcome.passed += 1
    return outcome


def ignored(build):
    """Ends of processes are told, a hang-up that is ignored ends nothing, and a reader that is gone leaves no file."""
    outcome = Outcome()
    cases = [
        (0, 'trap "" HUP; exec "$0" reduce in.wat -o - -- sh -c "kill -HUP $PPID; false"'),
        (0, 'trap "" CHLD; exec "$0" reduce in.wat -o - -- false'),
        (141, 'trap "" HUP; { sleep 0.5; "$0" reduce in.wat -o - -- false; echo $? >status; } | true; exit $(cat status)'),
    ]
    with Place(build) as place:
        place.write('in.wat', '(module (func))')
        for status, script in cases:
            script = script.replace('$PPID', '\\$PPID')
            done = subprocess.run(['timeout', '-s', 'KILL', '60', 'bash', '-c', script, build.weft], cwd=place.root, env=place.env,
                                  stdin=subprocess.DEVNULL, capture_output=True)
            if done.returncode != status or place.left():
                outcome.fail(f'{script}: exit status {done.returncode}, left {place.left()}\n{done.stderr.decode()}')
            else:
                outcome.passed += 1
    return outcome


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b''


def refused(build):
    outcome = Outcome()
    cases = [
        (1, b'nothing to keep', ['in.wat', '--', 'true']),
        (1, b'exits with status 1', ['in.wat', '--exit', '3', '--', 'false']),
        (1, b'or prints no such text', ['in.wat', '--match', 'x', '--', 'false']),
        (1, b'takes longer', ['in.wat', '--timeout', '100ms', '--', 'sh', '-c', 'sleep 60']),
        (1, b'cannot read', ['none.wat', '--', 'false']),
        (1, b'cannot write', ['in.wat', '-o', 'none/out', '--', 'false']),
        (2, b'cannot run no-such-command', ['in.wat', '--', 'no-such-command']),
        (2, b'the command behind -- is missing', ['in.wat']),
        (2, b'FILE is missing', ['--', 'false']),
        (2, b'--exit wants', ['in.wat', '--exit', 'x', '--', 'false']),
        (2, b'wants --timeout', ['in.wat', '--exit', 'timeout', '--', 'false']),
    ]
    with Place(build) as place:
        place.write('in.wat', MODULE)
        for status, text, words in cases:
            done = place.run(['reduce', *words])
            if done.returncode != status or text not in done.stderr or done.stdout or place.left():
                outcome.fail(f'reduce {shlex.join(words)}: exit status {done.returncode}, left {place.left()}\n{done.stderr.decode()}')
            else:
                outcome.passed += 1
    return outcome


def late(build):
    """Some candidates never end; and that may be what is asked for."""
    outcome = Outcome()
    with Place(build) as place:
        place.write('in.wat', '(module (func) (func (export "f") (local i32) (loop $l (br_if 1 (local.get 0)) (br $l))))')
        done = place.run(['reduce', 'in.wat', '-o', '-', '--exit', 'timeout', '--timeout', '300ms', '--', judge(build), 'run', '--invoke', 'f', '{}'])
        if done.returncode or b'loop' not in done.stdout or done.stdout.count(b'\n') > 8:
            outcome.fail(f'exit status {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}')
    outcome.passed += not outcome.failed
    return outcome


def working(build):
    """What sleeps at first may take long after that, but not work for as long: else each try would take 80 s."""
    outcome = Outcome()
    with Place(build) as place:
        place.write('in.wat', '(module (memory 1) (func) (func (export "f") (local i32) (nop) (drop (i32.const 1))))')
        slow = 'test -e slept || { touch slept; sleep 8; }; grep -q export "$1" || while :; do :; done; exit 3'
        done = place.run(['reduce', 'in.wat', '-o', '-', '-j', '1', '--', 'sh', '-c', slow, 'sh', '{}'], timeout=120)
        if done.returncode or b'export' not in done.stdout or len(done.stdout) > 200 or place.left():
            outcome.fail(f'exit status {done.returncode}, left {place.left()}\n{done.stdout.decode()}{done.stderr.decode()}')
    outcome.passed += not outcome.failed
    return outcome
