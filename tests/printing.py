"""printing.py -- what is printed parses back to the same module.

    suites  every module of the conformance suites, valid or not, flat and folded: how many come back to the
            same bytes is known, so that none is lost and none becomes different without a word
    files   the same for modules that are files
    real    programs that nobody here wrote; what their text gives is canonical, and comes back byte for byte
    bombs   modules made to be expensive (see bombs.py): the text's time and memory are linear in them

Of real programs and bombs make test takes one of two.
"""
import re, tempfile
from pathlib import Path

import bombs
from helper import ask, measure
from outcome import Outcome, Test, in_share, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / 'build/real'

# Modules that come back to the same bytes, and those whose encoding is not canonical: padded numbers, empty
# sections, data counts nobody needs.
SUITES = {
    'spec': (5162, 57), 'proposals': (757, 33), 'wasmtime': (764, 0), 'wizard': (1332, 1339), 'binaryen': (1693, 13),
    'wasm-tools': (1422, 6), 'wamr': (10, 0),
}
COUNTS = re.compile(rb'^round trips: (\d+) the same bytes, (\d+) the same text$', re.M)
BOMBS = ('body', 'br-table', 'branches-far', 'catches', 'constant-expression', 'constant-expression-deep', 'data-segments',
         'element-expressions', 'fields', 'functions', 'globals', 'imports', 'local-groups', 'locals', 'long-names', 'names')


def tests(options):
    if not options.conformance:
        yield Test('print', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
    for build in options.builds:
        for suite, counts in SUITES.items() if options.conformance else ():
            if build.name == 'release' or suite in ('spec', 'proposals'):
                yield Test(f'print/{suite}{build.suffix}', lambda build=build, suite=suite, counts=counts:
                           suite_run(build, options.conformance / suite, counts))
        if options.conformance and build.name == 'release':
            yield Test('print/files', lambda build=build: files_run(build, options.conformance))
        if build.name == 'release':
            for name, make in HOSTILE.items():
                yield Test(f'print/{name}', lambda build=build, make=make: hostile_run(build, *make()))
            for n, name in enumerate(n for n in bombs.BOMBS if not bombs.BOMBS[n][1] and (n in BOMBS or n.startswith('deep'))):
                yield Test(f'print/bomb/{name}', lambda build=build, name=name: bomb_run(build, name), full=not in_share(n, 4))
            for n, path in enumerate(sorted(REAL.rglob('*.wasm'))):
                yield Test(f'print/real/{path.name}', lambda build=build, path=path: real_run(build, path), slow=True,
                           full=not in_share(n))


def suite_run(build, folder, counts):
    files = sorted(folder.rglob('*.wast'))
    done = run_command([build.weft, 'wast', '-k', '--features=all', '--round-trip', *files], timeout=300)
    found = COUNTS.search(done.stdout)
    got = tuple(int(n) for n in found.groups()) if found else None
    wrong = b'round trip:' in done.stdout or b'round trip,' in done.stdout
    text = done.stdout.decode(errors='replace')[-3000:] + f'\n{folder.name}: {got}, expected {counts}'
    if got != counts or wrong or done.status != 0 or sanitizer_report(done):
        return Outcome(failed=1, text=text)
    return Outcome(passed=sum(counts))


def files_run(build, conformance):
    """What is refused must be refused by `weft validate` too."""
    outcome = Outcome()
    for path in sorted(conformance.rglob('*.wasm')):
        for fold in ([], ['--fold']):
            done = run_command([build.weft, 'print', '--check', '--features=all', *fold, path])
            if done.status == 1 and not fold:
                valid = run_command([build.weft, 'validate', '--features=all', path])
                if valid.status == 1:
                    break
            if done.status != 0:
                outcome.fail(done.describe())
                break
            outcome.passed += 1
    if outcome.passed < 600:
        outcome.fail(f'only {outcome.passed} came back')
    return outcome


def real_run(build, path):
    with tempfile.TemporaryDirectory(prefix='weft-print-') as scratch:
        text, again = f'{scratch}/text.wat', f'{scratch}/again.wasm'
        for command in (['print', path, '-o', text], ['parse', text, '-o', again]):
            done = run_command([build.weft, *command], timeout=120)
            if done.status != 0:
                return Outcome(failed=1, text=done.describe())
        Path(text).unlink()
        done = run_command([build.weft, 'print', '--check', '--fold', again], timeout=120)
        return Outcome.of(b'byte for byte' in done.stdout, done.describe())


def bomb_run(build, name):
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-print-') as scratch:
        path = f'{scratch}/{name}.wasm'
        size = ask(bombs.__file__, name, path)
        for fold in ([], ['--fold']):
            got = measure([build.weft, 'print', *fold, '--features=all', path, '-o', '/dev/null'], 60)
            # A node of a folded body or a constant expression takes 16 bytes, and the text of its instruction.
            seconds, rss = 3 * max(1, size / 10e6), 30 * size + (96 << 20)
            good = got['status'] == 0 and got['seconds'] <= seconds and got['rss'] <= rss
            if good:
                outcome.passed += 1
            else:
                outcome.fail(f'{name} {fold}: {size} bytes, {got}, allowed {seconds:.1f} s and {rss} bytes')
    return outcome


# ---- text without end: what takes a module some bytes takes its text thousands ----------------------------

def many_locals():
    """A million bodies, each with 50,000 locals: 200 GB of text."""
    n = 1000000
    return bombs.module(bombs.TYPE, bombs.vector(3, [b'\0'] * n),
                        bombs.vector(10, [b'\x07\1' + bombs.leb(50000) + b'\x7f\1\x0b'] * n)), 'text would be too long: so many locals'


def many_calls():
    """Of a function with a name of 100,000 bytes."""
    names = bombs.section(0, b'\4name\1' + bombs.leb(100006 - 1) + b'\1\0' + bombs.leb(100000) + b'a' * 100000)
    return bombs.module(bombs.TYPE, bombs.vector(3, [b'\0']), bombs.code(b'\0' + b'\x10\0' * 1000000 + b'\x0b'), names), None


HOSTILE = {'many-locals': many_locals, 'many-calls': many_calls}


def hostile_run(build, content, error):
    with tempfile.TemporaryDirectory(prefix='weft-print-') as scratch:
        path, out = Path(scratch) / 'x.wasm', Path(scratch) / 'x.wat'
        path.write_bytes(content)
        done = run_command([build.weft, 'print', path, '-o', out], timeout=120)
        if error:
            good = done.status == 1 and error.encode() in done.stderr and not out.exists()
        else:
            good = done.status == 0 and out.stat().st_size < 300 * len(content)
        return Outcome.of(good and not sanitizer_report(done), done.describe())
