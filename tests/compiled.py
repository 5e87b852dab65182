"""compiled.py -- `weft compile`, what it writes, and `weft run --cache`.

    compiled/runs         what was compiled does what the module does: results, traps with their places, in every mode; it is
                          written whole or not at all
    compiled/refused      what is cut, damaged or another's is told by its name, by every command, with what to do
    compiled/damaged      a function whose code was damaged is made anew, and that is said
    compiled/cache        a run keeps code for the next; what is damaged there is as if it was not there; and where nothing can
                          be kept the program runs
    compiled/together     many runs at once keep one entry, and all are right
    compiled/bounded      what was not used for longest goes

Hazards: R39.
"""
import os, platform, resource, struct, subprocess
from pathlib import Path

from command import all_of, in_scratch, told, weft
from outcome import Outcome, SANITIZER_ENV, Test

PROGRAM = '''(module (memory 1) (table 2 funcref) (elem (i32.const 0) $fib $div)
  (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $div (export "div") (param i32) (result i32) (i32.store (local.get 0) (i32.const 3)) (i32.div_u (i32.const 100) (i32.load (local.get 0))))
  (func (export "init") (i32.store (i32.const 64) (i32.const 99)))
  (func (export "held") (result i32) (i32.load (i32.const 64)))
  (func (export "by") (param i32 i32) (result i32) (call_indirect (param i32) (result i32) (local.get 1) (local.get 0)))
  (func (export "nan") (result i32) (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (i32.const 0x7fc12345)) (f32.const 1)))))'''
HEAD = 8 + 4 + 4 + 16 + 16 + 8 + 4 + 4   # magic, format, size, names, maker, mode, tier
SIZE, MODULE_AT, INDEX_AT = HEAD, HEAD + 8, HEAD + 32


def tests(options):
    if platform.machine() != 'x86_64':
        return
    for build in options.builds:
        for make in runs, refused, damaged, cache, together, bounded:
            yield Test(f'compiled/{make.__name__}{build.suffix}', lambda build=build, make=make: in_scratch(make, build),
                       fast=build.name == 'release')


def compile_it(scratch, build, *words):
    (scratch / 'p.wat').write_text(PROGRAM)
    return told(done := weft(build, ['compile', *words, 'p.wat'], scratch), done.returncode == 0)


def run(build, scratch, words, file='p.weft'):
    name, *args = words.split()
    return weft(build, ['run', *[w for w in args if w.startswith('--')], '--invoke', name, file,
                        *[w for w in args if not w.startswith('--')]], scratch)


def same(build, scratch, words):
    """The same of both files, but for their names."""
    a, b = run(build, scratch, words, 'p.wat'), run(build, scratch, words)
    return told(b, (a.returncode, a.stdout, a.stderr) == (b.returncode, b.stdout, b.stderr.replace(b'p.weft', b'p.wat')), a)


def runs(scratch, build):
    parts = [compile_it(scratch, build)]
    words = ['fib 10', 'div 4', 'div 70000', 'by 9 0', 'by 0 1', 'by 1 5', 'nan', 'nan --deterministic', 'fib 15 --fuel=100000',
             'fib 15 --fuel=10', 'fib 12 --tier=interp', 'fib 12 --faults=off', 'fib 5 --tier=spec', 'fib 12 --bare', 'nothing',
             'fib 12 --stop-every=3', 'fib 12 --down-every=2']
    parts += [same(build, scratch, w) for w in words]
    parts += [compile_it(scratch, build, '--tier=opt'), *(same(build, scratch, w) for w in words), same(build, scratch, 'fib 12 --tier=opt')]
    done = weft(build, ['inspect', 'p.weft'], scratch)
    parts.append(told(done, b'optimized on,' in done.stdout and b'refused      none\n' in done.stdout))
    for how, words in ('--fueled', 'fib 15 --fuel=10'), ('--deterministic', 'nan --deterministic'), ('--faults=off', 'div 70000 --faults=off'):
        parts += [compile_it(scratch, build, how), same(build, scratch, words)]
    parts.append(told(done := run(build, scratch, 'fib 60 --timeout=100ms'), done.returncode == 124))
    done = weft(build, ['inspect', 'p.weft'], scratch)
    parts.append(told(done, done.returncode == 0 and b'refused      none\n' in done.stdout))
    # Imported from another, and to standard output.
    (scratch / 'user.wat').write_text('(module (import "p" "fib" (func $f (param i32) (result i32))) (func (export "g") (result i32) (call $f (i32.const 10))))')
    done = weft(build, ['run', '--preload', 'p=p.weft', '--invoke', 'g', 'user.wat'], scratch)
    parts.append(told(done, done.stdout == b'55\n'))
    done = weft(build, ['compile', 'p.wat', '-o', '-'], scratch)
    parts.append(told(done, done.stdout == (scratch / 'p.weft').read_bytes() or b'faults' not in done.stdout))
    # What takes all of the module's bytes, of which most were not read.
    done = weft(build, ['run', '--snapshot-at', '1000', '-o', 'half', '--invoke', 'fib', 'p.weft', '20'], scratch)
    again = weft(build, ['run', '--resume', 'half'], scratch)
    parts.append(told(again, done.returncode == 0 and again.stdout == b'6765\n', done))
    done = weft(build, ['run', '--init', 'init', '-o', 'made.wasm', 'p.weft'], scratch)
    again = weft(build, ['run', '--invoke', 'held', 'made.wasm'], scratch)
    parts.append(told(again, done.returncode == 0 and again.stdout == b'99\n', done))
    # What cannot be compiled leaves what was there.
    (scratch / 'bad.wat').write_text('(module (func (result i32) (f32.const 1)))')
    (scratch / 'bad.weft').write_text('before')
    done = weft(build, ['compile', 'bad.wat'], scratch)
    parts.append(told(done, done.returncode == 1 and b'type mismatch' in done.stderr and (scratch / 'bad.weft').read_text() == 'before'))
    return all_of(*parts)


def refused(scratch, build):
    parts = [compile_it(scratch, build)]
    good = (scratch / 'p.weft').read_bytes()

    def says(bytes, words, command=('run', '--invoke', 'fib')):
        (scratch / 'q.weft').write_bytes(bytes)
        done = weft(build, [*command, 'q.weft', *(['5'] if command[0] == 'run' else [])], scratch)
        return told(done, done.returncode == 1 and done.stderr.startswith(b'q.weft: ') and words in done.stderr and done.stderr.count(b'\n') == 1 and not done.stdout)

    for length in range(8, len(good), 37):
        parts.append(says(good[:length], b'malformed compiled module: '))
    for at in range(8, HEAD, 3):
        parts.append(says(good[:at] + bytes([good[at] ^ 4]) + good[at + 1:], b'compile' if at < 12 else b'its head is damaged; compile the module again'))
    module_at, = struct.unpack_from('<Q', good, MODULE_AT)
    parts.append(says(good[:module_at + 9] + b'\xff' + good[module_at + 10:], b'its module is damaged; compile the module again'))
    parts.append(says(good + b'x', b'malformed compiled module'))
    for command in ['validate'], ['print'], ['doctor'], ['inspect', '--tree']:
        done = weft(build, [*command, 'p.weft'], scratch)
        parts.append(told(done, (command[0] == 'inspect') == (done.returncode == 0) and (b'ahead of time' in done.stdout + done.stderr or command[0] == 'inspect')))
    return all_of(*parts)


def damage(path, function, body=False):
    """Changes a byte in the middle of a function's record, or of its body."""
    bytes = bytearray(path.read_bytes())
    module, = struct.unpack_from('<Q', bytes, MODULE_AT)
    index, = struct.unpack_from('<Q', bytes, INDEX_AT)
    at, size, _, start, length = struct.unpack_from('<QIIII', bytes, index + 32 * function)
    bytes[module + start + length // 2 if body else at + size // 2] ^= 1
    path.write_bytes(bytes)


def damaged(scratch, build):
    parts = [compile_it(scratch, build)]
    damage(scratch / 'p.weft', 0)
    done = run(build, scratch, 'fib 10')
    parts.append(told(done, done.stdout == b'55\n' and done.stderr == b'warning: p.weft: its code of function 0 is not run, but made anew: it is damaged; compile the module again\n'))
    done = run(build, scratch, 'div 4')
    parts.append(told(done, done.stdout == b'33\n' and not done.stderr))
    done = weft(build, ['inspect', 'p.weft'], scratch)
    parts.append(told(done, done.returncode == 1 and b'1 functions, function 0 the first: it is damaged' in done.stdout))
    # A body is a trap where it is called.
    damage(scratch / 'p.weft', 1, body=True)
    done = run(build, scratch, 'div 4')
    parts.append(told(done, done.returncode == 134 and b'trap: ' in done.stderr and b'malformed compiled module' in done.stderr))
    done = run(build, scratch, 'fib 10')
    parts.append(told(done, done.stdout == b'55\n'))
    for command in ['inspect'], ['run', '--tier=spec', '--invoke', 'fib'], ['run', '--snapshot-at', '10', '-o', 'half', '--invoke', 'fib']:
        done = weft(build, [*command, 'p.weft', *(['10'] if command[0] == 'run' else [])], scratch)
        parts.append(told(done, done.returncode == 1 and (b'its body is damaged, or cannot be read' in done.stderr or b'a module that cannot be read' in done.stderr)))
    return all_of(*parts)


def cache(scratch, build):
    (scratch / 'p.wat').write_text(PROGRAM)
    kept = scratch / 'kept'

    def fib(*how, **more):
        done = weft(build, ['run', *how, '--invoke', 'fib', 'p.wat', '10'], scratch, **more)
        return done, done.stdout == b'55\n'

    def entries():
        return sorted(kept.glob('*.weft')) if kept.exists() else []

    done, good = fib('--cache=kept')
    parts = [told(done, good and not done.stderr and len(entries()) == 1 and kept.stat().st_mode & 0o777 == 0o700)]
    entry = entries()[0]
    was = entry.stat().st_ino
    parts.append(told((again := fib('--cache=kept'))[0], again[1] and entry.stat().st_ino == was))
    # Another mode, another entry; without what makes code, none.
    parts.append(told((other := fib('--cache=kept', '--fuel=100000'))[0], other[1] and len(entries()) == 2))
    for tier in 'interp', 'opt':
        parts.append(told((other := fib('--cache=kept', f'--tier={tier}', '--deterministic'))[0], other[1] and len(entries()) == 2))
    # What is damaged is written again, if it is seen to be when it is opened; else a function is made anew.
    bytes = entry.read_bytes()
    entry.write_bytes(bytes[:20] + b'x' + bytes[21:])
    parts.append(told((again := fib('--cache=kept'))[0], again[1] and not again[0].stderr and entry.read_bytes() == bytes))
    damage(entry, 0)
    parts.append(told((again := fib('--cache=kept'))[0], again[1] and not again[0].stderr and not entry.exists()))
    parts.append(told((again := fib('--cache=kept'))[0], again[1] and entry.read_bytes() == bytes))
    # Of another module that has the same name.
    whole = entry.read_bytes()
    at, size = struct.unpack_from('<QQ', whole, MODULE_AT)
    (scratch / 'q.wat').write_text(PROGRAM.replace('i32.const 2)) (then', 'i32.const 1)) (then'))
    weft(build, ['run', '--cache=kept', '--invoke', 'fib', 'q.wat', '1'], scratch)
    stranger = next(e for e in entries() if e != entry and e.read_bytes()[at:at + size] != whole[at:at + size] and len(e.read_bytes()) == len(whole))
    entry.write_bytes(stranger.read_bytes())
    parts.append(told((again := fib('--cache=kept'))[0], again[1]))
    # It cannot be written, is another's to write, is a file, or nobody says where it is.
    small = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
    for e in entries():
        e.unlink()
    parts.append(told((again := fib('--cache=kept', '--faults=off', preexec_fn=small))[0], again[1] and not entries() and not list(kept.iterdir())))
    (open_to_all := scratch / 'open').mkdir()
    open_to_all.chmod(0o777)
    parts.append(told((again := fib('--cache=open'))[0], again[1] and b'others may write there' in again[0].stderr and not list(open_to_all.iterdir())))
    parts.append(told((again := fib('--cache=p.wat'))[0], again[1] and again[0].stderr.startswith(b'warning: nothing is kept in p.wat: ')))
    bare = {k: v for k, v in {**os.environ, **SANITIZER_ENV}.items() if k not in ('HOME', 'XDG_CACHE_HOME')}
    for more, where in ({}, None), ({'HOME': str(scratch / 'home')}, 'home/.cache/weft'), ({'XDG_CACHE_HOME': str(scratch / 'xdg'), 'HOME': 'x'}, 'xdg/weft'):
        done = subprocess.run([build.weft, 'run', '--cache', '--invoke', 'fib', 'p.wat', '10'], cwd=scratch, env={**bare, **more}, capture_output=True, timeout=60)
        parts.append(told(done, done.stdout == b'55\n' and (bool(done.stderr) if where is None else len(list((scratch / where).glob('*.weft'))) == 1)))
    return all_of(*parts)


def together(scratch, build):
    (scratch / 'p.wat').write_text(PROGRAM)
    command = [build.weft, 'run', '--cache=kept', '--invoke', 'fib', 'p.wat', '12']
    running = [subprocess.Popen(command, cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **SANITIZER_ENV}) for _ in range(8)]
    said = [p.communicate(timeout=120) for p in running]
    left = sorted(p.name for p in (scratch / 'kept').iterdir())
    return Outcome.of(all(s == (b'144\n', b'') for s in said) and len(left) == 1, f'{said} {left}')


def bounded(scratch, build):
    parts, sizes = [], []
    for n in range(6):
        (scratch / 'p.wat').write_text(PROGRAM.replace('100', str(100 + n)))
        done = weft(build, ['run', '--cache=kept', '--cache-size', '5K', '--invoke', 'fib', 'p.wat', '10'], scratch)
        entries = list((scratch / 'kept').iterdir())
        sizes.append(sum(e.stat().st_size for e in entries))
        parts.append(told(done, done.stdout == b'55\n' and sizes[-1] <= 5 * 1024))
    parts.append(Outcome.of(sizes[0] > 0 and len(entries) > 1, f'{sizes}'))
    return all_of(*parts)
