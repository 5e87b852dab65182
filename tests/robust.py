"""robust.py -- damaged and absurd files: the answer is "no", never a sanitizer's report, a crash or a hang.

Every case is made from a fixed seed, so that a number names it for ever. Commands that take many files are
given many, and files that bring one down are then found one by one and kept in build/robust/. What has to
start a program for each file takes one of two in make test, one of four under an emulator; the commit says which.

Hazards: R16, R44, R52.
"""
import json, random, resource, signal, struct, subprocess, tempfile, time
from pathlib import Path

from outcome import Outcome, Test, in_share, leb, nops, run_command, sanitizer_report, share

ROOT = Path(__file__).resolve().parent.parent
KEEP = ROOT / 'build/robust'
BATCH = 200      # files in one process
ENOUGH = 25      # failures after which the rest is not tried
PARSE = ['parse', '%', '-o', '/dev/null']
LIMITS = [('--fuel', '300000'), ('--timeout', '5s'), ('--max-memory', '64M')]


def tests(options):
    for build in options.builds:
        yield Test(f'robust/words{build.suffix}', lambda build=build: words(build), fast=build.name == 'release')
        yield Test(f'robust/closed{build.suffix}', lambda build=build: closed(build), fast=build.name == 'release')
        if build.name == 'release':     # what sanitizers reserve is more than any of these limits
            yield Test('robust/addresses', lambda build=build: addresses(build))
        if build.name != 'asan' and not options.weft:
            continue
        parts = 1 if options.full else 2
        yield Test(f'robust/absurd{build.suffix}', lambda build=build: absurd(build, parts))
        yield Test(f'robust/not-there{build.suffix}', lambda build=build: not_there(build))
        yield Test(f'robust/ended{build.suffix}', lambda build=build: ended(build))
        for n, (name, command, count) in enumerate((('validate', ['validate'], None), ('inspect', ['inspect'], 250), ('json', ['inspect', '--json'], 120), ('types', ['inspect', '--types'], 100), ('doctor', ['doctor', '--json'], 120),
                                     ('run', None, 400), ('parse', PARSE, 250))):
            yield Test(f'robust/damaged-{name}{build.suffix}', slow=True, full=n % 2 != share() // 2 % 2, # of each a part, too
                       run=lambda build=build, name=name, command=command, count=count:
                       damaged(build, name, command, count, options.conformance, parts))


def run_limited(build):
    """`weft run` with those of LIMITS that it offers."""
    offered = run_command([build.weft, 'help', 'run']).stdout.decode()
    return ['run'] + [word for option, value in LIMITS if option in offered for word in (option, value)]


# ---- absurd --------------------------------------------------------------------------------------

MAGIC = b'\0asm\1\0\0\0'


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


def module_with_body(body):
    """One function of type () -> (), whose body (locals and instructions) is given."""
    return (MAGIC + section(1, b'\1\x60\0\0') + section(3, b'\1\0') +
            section(10, b'\1' + leb(len(body)) + body))


# Files that are wrong whatever the features: exit status 1, from every command.
WRONG = {
    'prose': b'It was a dark and stormy night.\n',
    'elf': b'\x7fELF\2\1\1' + bytes(9) + struct.pack('<HHI', 2, 62, 1) + bytes(40),
    'png': b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0',
    'gzip': b'\x1f\x8b\x08\0\0\0\0\0\0\3' + bytes(20),
    'zip': b'PK\3\4' + bytes(26),
    'shell': b'#!/bin/sh\necho hello\n',
    'nul': bytes(1),
    'zeros': bytes(4096),
    'ones': b'\xff' * 4096,
    'magic-only': b'\0asm',
    'magic-cut': b'\0as',
    'version-2': b'\0asm\2\0\0\0',
    'version-cut': b'\0asm\1\0\0',
    'version-huge': b'\0asm\xff\xff\xff\xff',
    'byte-order-mark': b'\xef\xbb\xbf\0asm\1\0\0\0',
    'utf-16': '(module)'.encode('utf-16'),
    'utf-16-be': '\ufeff(module)'.encode('utf-16-be'),
    'utf-16-unmarked': '(module)'.encode('utf-16-le'),
    'not-utf-8': b'(module (export "\xff\xfe" (func 0)) (func))',
    'unclosed': b'(module',
    'unclosed-string': b'(module (export "',
    'unclosed-comment': b'(module) (; (; ;)',
    'too-closed': b'(module))',
    'deep-parens': b'(' * 1000000,
    'deep-module': b'(module ' + b'(func ' * 100000,
    'deep-folded': b'(module (func ' + b'(drop ' * 200000 + b')' * 200002,
    'deep-blocks-open': b'(module (func ' + b'block ' * 200000,
    'deep-comments': b'(;' * 500000,
    'long-number': b'(module (func (drop (i32.const ' + b'9' * 1000000 + b'))))',
    'long-name': b'(module (func $' + b'a' * 1000000 + b' (call $b)))',
    'unknown-field': b'(module (frobnicate))',
    'section-too-long': MAGIC + b'\1\xff\xff\xff\xff\x0f',
    'section-cut': MAGIC + b'\1\x05\1',
    'section-unknown': MAGIC + b'\x7f\0',
    'section-order': MAGIC + section(3, b'\0') + section(1, b'\0'),
    'section-twice': MAGIC + section(1, b'\0') * 2,
    'leb-overlong': MAGIC + b'\1\x81\x80\x80\x80\x80\0\0',
    'types-4-billion': MAGIC + section(1, b'\xff\xff\xff\xff\x0f'),
    'imports-4-billion': MAGIC + section(2, b'\xff\xff\xff\xff\x0f'),
    'functions-4-billion': MAGIC + section(3, b'\xff\xff\xff\xff\x0f'),
    'table-huge': MAGIC + section(4, b'\1\x70\1\xff\xff\xff\xff\x0f\0'),
    'memory-huge': MAGIC + section(5, b'\1\0\xff\xff\xff\xff\x0f'),
    'memory-64-huge': MAGIC + section(5, b'\1\4' + b'\xff' * 9 + b'\1'),
    'globals-4-billion': MAGIC + section(6, b'\xff\xff\xff\xff\x0f'),
    'exports-4-billion': MAGIC + section(7, b'\xff\xff\xff\xff\x0f'),
    'start-nowhere': MAGIC + section(8, b'\0'),
    'elements-4-billion': MAGIC + section(9, b'\xff\xff\xff\xff\x0f'),
    'bodies-4-billion': MAGIC + section(10, b'\xff\xff\xff\xff\x0f'),
    'data-4-billion': MAGIC + section(11, b'\xff\xff\xff\xff\x0f'),
    'params-4-billion': MAGIC + section(1, b'\1\x60\xff\xff\xff\xff\x0f'),
    'locals-4-billion': module_with_body(b'\1\xff\xff\xff\xff\x0f\x7f\x0b'),
    'locals-sum-wraps': module_with_body(b'\2\xff\xff\xff\xff\x0f\x7f\xff\xff\xff\xff\x0f\x7f\x0b'),
    'body-empty': module_with_body(b''),
    'body-no-end': module_with_body(b'\0'),
    'body-open-blocks': module_with_body(b'\0' + b'\x02\x40' * 100000),
    'body-after-end': module_with_body(b'\0\x0b\x0b'),
    'br-table-4-billion': module_with_body(b'\0\x41\0\x0e\xff\xff\xff\xff\x0f\x0b'),
    'opcode-unknown': module_with_body(b'\0\xff\x0b'),
    'opcode-prefix-cut': module_with_body(b'\0\xfc\xff\xff\xff\xff\x0f\x0b'),
    'custom-name-long': MAGIC + section(0, b'\xff\xff\xff\xff\x0f'),
}
# Of these, files that have the right form and the wrong meaning, or are wrong in a body: only who validates,
# and reads bodies for that, must refuse them.
WELL_FORMED = {'start-nowhere', 'table-huge', 'memory-huge', 'memory-64-huge', 'deep-folded', 'locals-4-billion',
               'locals-sum-wraps', 'body-no-end', 'body-open-blocks', 'body-after-end', 'br-table-4-billion',
               'opcode-unknown', 'opcode-prefix-cut'}
# Files on which opinions may differ (0 or 1), and that must do no harm.
ODD = {
    'empty': b'',
    'blank': b' \n\t\r\n',
    'comment': b';; nothing\n',
    'component': b'\0asm\x0d\0\1\0',
    'component-text': b'(component)',
    'names-garbage': MAGIC + section(0, b'\4name' + b'\1\xff\xff\xff\xff\x0f'),
    'names-deep': MAGIC + section(0, b'\4name\2\x05\1\0\xff\xff\x7f'),
    'deep-blocks': module_with_body(b'\0' + b'\x02\x40' * 100000 + b'\x0b' * 100001),
    'deep-ifs': module_with_body(b'\0' + b'\x41\0\x04\x40' * 50000 + b'\x0b' * 50001),
    'many-locals': module_with_body(b'\1\xd0\x86\3\x7f\x0b'),
    'many-constants': module_with_body(b'\0' + b'\x41\0' * 50000 + b'\x1a' * 50000 + b'\x0b'),
    'many-types': MAGIC + section(1, leb(100000) + b'\x60\0\0' * 100000),
    'br-table-wide': module_with_body(b'\0\x41\0\x0e' + leb(100000) + bytes(100001) + b'\x0b'),
    'unreachable-garbage': module_with_body(b'\0\0' + b'\x6a' * 10000 + b'\x0b'),
    'memory-4-gib': MAGIC + section(5, b'\1\0\x80\x80\4'),
    'dwarf-garbage': MAGIC + section(0, b'\x0b.debug_info' + b'\xff' * 100),
}


def absurd(build, parts):
    outcome, run = Outcome(), run_limited(build)
    with tempfile.TemporaryDirectory(prefix='weft-absurd-') as scratch:
        for group, statuses in ((WRONG, (1,)), (ODD, (0, 1, 134, 124))):
            for name, content in [item for n, item in enumerate(group.items()) if in_share(n, parts)]:
                path = Path(scratch) / name
                path.write_bytes(content)
                for command in (['validate'], PARSE, run, ['inspect']):
                    allowed = statuses
                    if command == ['inspect'] or command == PARSE and name in WELL_FORMED:
                        allowed = (0, 1)       # it may show what it could read
                    done = run_command([build.weft, *fill(command, [path])], cwd=scratch, timeout=30)
                    judge(outcome, done, allowed)
    return outcome


def fill(command, paths):
    """The command with its files, where % stands or else at the end."""
    at = command.index('%') if '%' in command else len(command)
    return command[:at] + paths + command[at + 1:]


def judge(outcome, done, allowed):
    wrong = sanitizer_report(done)
    if allowed and done.status not in allowed:
        wrong += 'expected exit status ' + ' or '.join(map(str, allowed))
    if wrong:
        outcome.fail(done.describe()[:1500] + '\n' + wrong)
    else:
        outcome.passed += 1


# ESC, BEL, a line end, U+009B (one character that is ESC [), U+202E (text runs backwards), no UTF-8 at all.
WILD = '\x1b[31m\a\n\u009b1m\u202e'.encode() + b'\xff'
UNTAMED = ('\x1b', '\a', '\u009b', '\u202e', '\udcff')


def words(build):
    """Words of the command line come back in messages, and a terminal must find nothing in them that it obeys."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-words-') as scratch:
        folder = scratch.encode() + b'/'
        for name, content in ((b'bad', b'(module (func i33.add))'), (b'cut', MAGIC + b'\1'), (b'loop', b'(module (func unreachable) (start 0))'),
                              (b'none', b'(module)'), (b'wast', b'(module (func (export "f"))) (assert_return (invoke "f") (i32.const 1))'),
                              (b'link', b'(module (import "a" "b" (func)))')):
            (Path(scratch) / (WILD + name).decode(errors='surrogateescape')).write_bytes(content)
        files = [WILD + name for name in (b'bad', b'cut', b'loop', b'none', b'wast', b'link', b'missing')]
        tries = [[command, name] for command in (b'validate', b'inspect', b'parse', b'run', b'wast') for name in files]
        tries += [[b'wast', b'-k', b'-v', b'-j', b'2', *files], [WILD], [b'--' + WILD, b'run'], [b'explain', WILD], [b'help', WILD],
                  [b'parse', files[3], b'-o', WILD + b'/x'], [b'parse', files[3], files[3]], [b'inspect', b'--json', files[3]],
                  [b'run', b'--invoke', b'f', files[4], WILD], [b'run', b'--invoke', WILD, files[3]]]
        tries += [[b'run', option + WILD, files[3]] for option in
                  (b'--', b'--dir=', b'--env==', b'--preload=', b'--max-memory=', b'--fuel=', b'--timeout=', b'--tier=', b'--faults=',
                   b'--features=', b'-j', b'--dir=' + folder + b'::')]
        tries += [[command, b'--' + WILD, files[3]] for command in (b'parse', b'validate', b'inspect', b'wast')]
        for command in tries:
            done = run_command([str(build.weft), *command], cwd=scratch, timeout=30)
            said = (done.stdout + done.stderr).decode(errors='surrogateescape')
            if sanitizer_report(done) or done.note or any(c in said for c in UNTAMED):
                outcome.fail(f'{command}: exit status {done.status}, said {done.stdout + done.stderr!r}')
            else:
                outcome.passed += 1
    return outcome


def not_there(build):
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-absurd-') as scratch:
        for path in (f'{scratch}/missing.wasm', scratch, f'{scratch}/x/y'):
            for command in (['validate'], PARSE, ['run'], ['inspect'], ['wast']):
                judge(outcome, run_command([build.weft, *fill(command, [path])], timeout=30), (1, 2))
        for words in ([], ['frobnicate'], ['run'], ['run', '--frobnicate'], ['validate', '--frobnicate']):
            judge(outcome, run_command([build.weft, *words], timeout=30), (2,))
    return outcome


def ended(build):
    """A signal ends every command at once, and what was being written is not left behind in part."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-ended-') as scratch:
        scratch = Path(scratch)
        text = scratch / 'data.wat'
        text.write_text('(module (memory 1000) (data (i32.const 0) "' + 'x' * 100000 + '"))')
        (scratch / 'data.wasm').write_text('what was there before')
        # Beyond this size the system sends SIGXFSZ, in the middle of the output.
        run = subprocess.run([build.weft, 'parse', text], stderr=subprocess.DEVNULL,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000)))
        left = sorted(path.name for path in scratch.iterdir())
        good = (run.returncode == -signal.SIGXFSZ and left == ['data.wasm', 'data.wat'] and
                (scratch / 'data.wasm').read_text() == 'what was there before')
        outcome.passed, outcome.failed = outcome.passed + good, outcome.failed + (not good)
        outcome.text += '' if good else f'parse under a limit on files: {run.returncode}, left: {left}\n'
        loop = scratch / 'loop.wat'
        loop.write_text('(module (func (export "_start") (loop (br 0))))')
        for command, status in ((['run', loop], 130), (['validate', '-'], -signal.SIGINT), (['run', '-'], 130),
                                (['parse', '-'], -signal.SIGINT), (['inspect', '-'], -signal.SIGINT),
                                (['wast', '-'], -signal.SIGINT)):
            child = subprocess.Popen([build.weft, *command], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            while not started(child.pid, waits='-' in command):
                time.sleep(0.01)
            child.send_signal(signal.SIGINT)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            good = child.returncode == status
            outcome.passed, outcome.failed = outcome.passed + good, outcome.failed + (not good)
            outcome.text += '' if good else f'weft {command[0]} after SIGINT: status {child.returncode}\n'
    return outcome


def started(pid, waits):
    """Has the process done its set-up? Then it waits for input, or computes for a tenth of a second."""
    fields = Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return fields[0] == 'S' if waits else int(fields[11]) >= 10


# ---- damaged -------------------------------------------------------------------------------------

def good_module():
    """A module that has one of most things, for where no suite is at hand."""
    return (MAGIC + section(1, b'\2\x60\0\1\x7f\x60\2\x7f\x7e\1\x7e') + section(3, b'\2\0\1') +
            section(4, b'\1\x70\1\2\x0a') + section(5, b'\1\1\1\2') + section(6, b'\1\x7f\1\x41\x2a\x0b') +
            section(7, b'\2\1f\0\0\1m\2\0') + section(9, b'\1\0\x41\0\x0b\2\0\1') + section(12, b'\1') +
            section(10, b'\2' + b'\x0f\0\x02\x40\x41\0\x28\2\0\x0d\0\x0b\x41\7\x0f\x0b' +
                    b'\x08\0\x20\1\x20\0\xac\x7c\x0b') +
            section(11, b'\1\0\x41\0\x0b\3abc') + section(0, b'\4name\0\2\1m'))


def seeds(conformance, text):
    found = []
    if conformance:
        folders = ('wasm-c-api', 'wasmtime', 'wazero') if text else (
            'wamr/malformed', 'wazero', 'wasm3', 'wizard/wasi', 'wasi-testsuite/wasm32-wasip1/c')
        suffix = '*.wat' if text else '*.wasm'
        for folder in folders:
            files = sorted(p for p in (conformance / folder).rglob(suffix) if 8 < p.stat().st_size < 30000)
            found += files[:: max(1, len(files) // 16)][:16]
    ours = sorted((ROOT / 'tests').rglob('*.wat'))[:16] if text else []
    return [p.read_bytes() for p in found + ours] + ([b'(module (func (export "f") (result i32) (i32.const 7)))']
                                                     if text else [good_module()])


def damage(seed, chance):
    kind = chance.randrange(6)
    data = bytearray(seed)
    at = chance.randrange(len(data))
    if kind == 0:
        return bytes(data[:at])
    if kind == 1:                                       # a piece is lost
        del data[at:at + chance.randrange(1, 9)]
    elif kind == 2:                                     # a piece comes twice
        data[at:at] = data[at:at + chance.randrange(1, 40)]
    elif kind == 3:                                     # an extreme byte
        data[at] = chance.choice((0, 1, 0x7f, 0x80, 0xff, 0x40, 0x70, 0x0b))
    else:                                               # one to eight bits fall over
        for _ in range(chance.choice((1, 1, 2, 8))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cases(name, conformance, count):
    """(name, content): short seeds are cut at every length, long ones at 40; then as much random damage."""
    chance = random.Random(f'weft {name}')
    for text in ((True,) if name == 'parse' else (False,) if name == 'run' else (False, True)):
        pool = seeds(conformance, text)
        everything = []
        for n, seed in enumerate(pool):
            cuts = range(len(seed)) if len(seed) < 120 else sorted(chance.sample(range(len(seed)), 40))
            everything += [(f'{"text" if text else "binary"}-{n}-cut-{c}', seed[:c]) for c in cuts]
            everything += [(f'{"text" if text else "binary"}-{n}-damage-{d}', damage(seed, chance)) for d in range(60)]
        if count:
            everything = chance.sample(everything, min(count, len(everything)))
        yield from everything


def damaged(build, name, command, count, conformance, parts):
    outcome = Outcome()
    # Who runs a damaged program gets that program's exit status, so only reports and crashes count.
    allowed = range(0, 126) if name == 'run' else (0, 1)
    limit = 30
    if name == 'run':
        command = run_limited(build)
        if '--timeout' not in command:      # then an endless loop is the guest's right, and we end it
            allowed, limit = [*allowed, 137], 3
    batch = BATCH if name == 'validate' else 1
    with tempfile.TemporaryDirectory(prefix='weft-damaged-') as scratch:
        paths = []
        for label, content in [case for n, case in enumerate(cases(name, conformance, count)) if in_share(n, parts)]:
            path = Path(scratch) / label
            path.write_bytes(content)
            paths.append(path)
        while paths:
            if outcome.failed >= ENOUGH:
                outcome.fail(f'{len(paths)} more cases were not tried')
                break
            now, paths = paths[:batch], paths[batch:]
            if sound(run_command([build.weft, *fill(command, now)], cwd=scratch, timeout=4 * limit if batch > 1 else limit), allowed):
                outcome.passed += len(now)
                continue
            for path in now:
                done = run_command([build.weft, *fill(command, [path])], cwd=scratch, timeout=limit)
                if sound(done, allowed):
                    outcome.passed += 1
                    continue
                KEEP.mkdir(parents=True, exist_ok=True)
                (KEEP / path.name).write_bytes(path.read_bytes())
                outcome.fail(f'build/robust/{path.name}\n' + done.describe()[:1500])
    return outcome


def sound(done, allowed):
    if done.command[2:3] == ['--json']:
        try:
            json.loads(done.stdout)
        except ValueError:
            return False
    ended = done.status in allowed or done.status in (124, 134) and not done.note
    return ended and not sanitizer_report(done)


# ---- closed --------------------------------------------------------------------------------------

# Opens two files, and ends with the number of the first check that failed: what was closed at the start is closed,
# also when files are open; what is open is a stream; and the directory and the files come behind.
CLOSED = """(module
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $stat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "file") (data (i32.const 16) "\\40\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 64) "abc")
  (func $check (param $number i32) (param $good i32)
    (if (i32.eqz (local.get $good)) (then (call $exit (local.get $number)))))
  (func $file (param $number i32) (param $fd i32)
    (call $check (local.get $number) (i32.eqz (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4)
      (i32.const 1) (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 32))))
    (call $check (local.get $number) (i32.eq (i32.load (i32.const 32)) (local.get $fd))))
  (func $standard (param $number i32) (param $fd i32) (param $closed i32)
    (if (local.get $closed) (then
      (call $check (local.get $number) (i32.eq (call $stat (local.get $fd) (i32.const 128)) (i32.const 8)))
      (call $check (local.get $number)
        (i32.eq (call $read (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 32)) (i32.const 8)))
      (call $check (local.get $number)
        (i32.eq (call $write (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 32)) (i32.const 8)))
      (call $check (local.get $number) (i32.eq (call $close (local.get $fd)) (i32.const 8))))
    (else
      (call $check (local.get $number) (i32.eqz (call $stat (local.get $fd) (i32.const 128))))
      (call $check (local.get $number) (i32.ne (i32.load8_u (i32.const 128)) (i32.const 4))))))
  (func (export "_start")
    (call $file (i32.const 1) (i32.const 4))
    (call $file (i32.const 2) (i32.const 5))
    (call $standard (i32.const 3) (i32.const 0) (i32.const {0}))
    (call $standard (i32.const 4) (i32.const 1) (i32.const {1}))
    (call $standard (i32.const 5) (i32.const 2) (i32.const {2}))))
"""


def closed(build):
    """Any of the descriptors 0 to 2 closed at the start (hazard R87): nothing takes their place, for the guest or for us."""
    out = Outcome()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        file = scratch / 'file'
        for which in range(8):
            shut = [which >> n & 1 for n in range(3)]
            text = CLOSED
            for n in range(3):
                text = text.replace(f'{{{n}}}', str(shut[n]))
            (scratch / 'closed.wat').write_text(text)
            words = ''.join(f' {n}>&-' for n in range(3) if shut[n])
            for command, status in (('run --dir . closed.wat', 0), ('validate closed.wat', 0),
                                    ('parse closed.wat -o out.wasm', 0), ('validate -', 1), ('print closed.wat', shut[1]),
                                    ('parse closed.wat -o -', shut[1])):
                file.write_text('as it was')
                done = run_command(['bash', '-c', f'exec {build.weft} {command}{words}'], cwd=scratch)
                good = done.status == status and file.read_text() == 'as it was' and not sanitizer_report(done)
                out.passed += good
                if not good:
                    out.fail(done.describe())
    return out


# ---- addresses -----------------------------------------------------------------------------------

RESERVES = '''(module (memory 10) (table 10 funcref) (tag $t (param i32)) (func (export "f") (result i32)
  (block $h (result i32) (try_table (catch $t $h) (throw $t (i32.const 7))) (i32.const 0)) (drop)
  (memory.grow (i32.const 100))))'''
COMMANDS = [['validate', '%'], ['validate', '-j', '4', '%'], ['inspect', '%'], ['print', '%'], ['parse', '%', '-o', '/dev/null'],
            ['run', '--invoke', 'f', '%'], ['wast', '%']]


def barely(build):
    """KiB of address space with which the program just starts: a page less, and its libraries cannot be loaded."""
    low, high = 1000, 6000
    while high - low > 4:
        kib = (low + high) // 2
        starts = run_command(['sh', '-c', f'ulimit -v {kib} && exec "$0" --version', build.weft]).status == 0
        low, high = (low, kib) if starts else (kib, high)
    return high


def addresses(build):
    """However little address space there is (hazard R67): what was asked for, or words that say what is short; no signal."""
    outcome, answers = Outcome(), set()
    with tempfile.TemporaryDirectory(prefix='weft-addresses-') as scratch:
        files = {Path(scratch) / 'small.wat': RESERVES.encode(), Path(scratch) / 'large.wasm': nops(9, 2 << 20)}
        for path, content in files.items():
            path.write_bytes(content)
        for kib in barely(build), 6000, 8000, 20000, 50000, 200000, 2000000, 20000000, 40000000:
            for path in files:
                for command in COMMANDS:
                    words = [str(path) if word == '%' else word for word in command]
                    done = run_command(['sh', '-c', f'ulimit -v {kib} && exec "$0" "$@"', build.weft, *words])
                    judge(outcome, done, (0, 1, 134))
                    answers.add(done.status if path.suffix == '.wat' and 'run' in command else 0)
                    if done.status == 134 and b'memory' not in done.stderr:
                        outcome.fail(done.describe())
        plain = Path(scratch) / 'plain.wat'
        plain.write_text('(module (memory 10) (func (export "f") (result i32) (i32.load (i32.const 600000))))')
        for kib in (60000, 200000) if not build.suffix else ():    # which is enough: nobody takes all
            done = run_command(['sh', '-c', f'ulimit -v {kib} && exec "$0" "$@"', build.weft, 'run', '--invoke', 'f', plain])
            if done.status:
                outcome.fail(done.describe())
    if not {0, 134} <= answers:      # 1 where not even the file can be read
        outcome.fail(f'the limits are all too low, or all too high: exit status {answers}')
    return outcome
