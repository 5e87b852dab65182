"""stripping.py -- `weft strip`: what is left is what was there, without what was to go.

    strip/NAME      a module, options, and the custom sections that stay; it still runs
    strip/same      of the modules of the conformance suites: where nothing is to go the bytes are the same; where all is,
                    no custom section is left, the others are as they were, and the verdict is the same
    strip/wrong     what is malformed is refused, and no file appears
    strip/linked    of relocatable files it is said that they no longer are
    strip/printed   where the text of a module gives other bytes, it is said which sections are wrong then
"""
import tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, leb, run_command, sanitizer_report

MAGIC = b'\0asm\1\0\0\0'
# A type section whose size is padded: what stays is not encoded anew.
TYPE, FUNC = b'\1\x86\x80\0' + b'\1\x60\1\x7f\1\x7f', b'\3\2\1\0'
EXPORT, CODE = b'\7\5\1\1f\0\0', b'\x0a\6\1\4\0\x20\0\x0b'
NAMES = ['keep.me', '.debug_info', '.debug_line', 'sourceMappingURL', 'external_debug_info', 'name', 'producers',
         'metadata.code.x', '.debug', 'x.debug_info', '']


def custom(name, content=b'0123456789'):
    body = leb(len(name)) + name.encode() + content
    return b'\0' + leb(len(body)) + body


def module(names):
    """Some of the sections stand before, between and behind the others."""
    parts = [TYPE, FUNC, EXPORT, CODE]
    return MAGIC + b''.join(custom(n) + (parts.pop(0) if parts else b'') for n in names) + b''.join(parts)


DEBUG = NAMES[1:5]
CASES = {
    # options, and which go
    'default': ([], DEBUG),
    'debug': (['-g'], DEBUG),
    'all': (['--all'], NAMES),
    'all-short': (['-a'], NAMES),
    'all-but': (['--all', '--keep', 'name', '--keep=.debug*'],
                [n for n in NAMES if n != 'name' and not n.startswith('.debug')]),
    'name': (['--remove', 'name'], ['name']),
    'pattern': (['-R', '*debug*'], ['.debug_info', '.debug_line', 'external_debug_info', '.debug', 'x.debug_info']),
    'several': (['-R', 'name', '--remove=prod*s'], ['name', 'producers']),
    'both': (['--debug', '-R', 'producers'], DEBUG + ['producers']),
    'keep': (['--keep', 'sourceMappingURL'], [n for n in DEBUG if n != 'sourceMappingURL']),
    'empty': (['--remove', ''], ['']),
    'any': (['--remove', '**'], NAMES),
    'none': (['--remove', 'nam'], []),
}


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for name, (words, gone) in CASES.items():
            yield Test(f'strip/{name}{build.suffix}', lambda build=build, words=words, gone=gone:
                       case(build, words, gone), fast=fast)
        yield Test(f'strip/wrong{build.suffix}', lambda build=build: wrong(build), fast=fast)
        yield Test(f'strip/linked{build.suffix}', lambda build=build: linked(build), fast=fast)
        yield Test(f'strip/printed{build.suffix}', lambda build=build: printed(build), fast=fast)
        if options.conformance:
            yield Test(f'strip/same{build.suffix}', lambda build=build: same(build, options.conformance))


def case(build, words, gone):
    with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
        path, out = Path(scratch, 'in.wasm'), Path(scratch, 'in.stripped.wasm')
        path.write_bytes(module(NAMES))
        done = run_command([build.weft, 'strip', *words, path])
        parts = dict(zip(NAMES, [TYPE, FUNC, EXPORT, CODE]))
        want = MAGIC + b''.join((b'' if n in gone else custom(n)) + parts.get(n, b'') for n in NAMES)
        if done.status or done.stderr or done.stdout or out.read_bytes() != want:
            return Outcome(failed=1, text=done.describe())
        ran = run_command([build.weft, 'run', '--invoke', 'f', out, '7'])
        return Outcome.of(ran.stdout.strip() == b'7', ran.describe())


def wrong(build):
    outcome = Outcome()
    good = module(NAMES)
    for data in (good[:-1], good[:len(MAGIC) + 3], good + b'\0\5\4', MAGIC + b'\0\3\2\xff\xff', b'', b'(module (func'):
        with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
            path = Path(scratch, 'in.wasm')
            path.write_bytes(data)
            done = run_command([build.weft, 'strip', '--all', path])
            if done.status == 1 and done.stderr and len(list(Path(scratch).iterdir())) == 1 and not sanitizer_report(done):
                outcome.passed += 1
            else:
                outcome.fail(done.describe())
    return outcome


def linked(build):
    """Sections are counted from 0: what counts them is told of only where one in front of it is gone."""
    outcome = Outcome()
    for names, said in ((['.debug_info', 'linking', 'reloc.CODE'], b'"linking"'), (['.debug_info', 'reloc.CODE'], b'"reloc.CODE"'),
                        (['linking', '.debug_info'], b''), (['linking', 'name'], b'')):
        with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
            path = Path(scratch, 'o.wasm')
            path.write_bytes(module(names))
            done = run_command([build.weft, 'strip', path])
            good = done.status == 0 and said in done.stderr and done.stderr.count(b'warning:') == bool(said)
            if good:
                outcome.passed += 1
            else:
                outcome.fail(done.describe())
    return outcome


def printed(build):
    """A padded number alone is no reason, nor is such a section alone; nor what weft keeps itself."""
    outcome = Outcome()
    canonical = MAGIC + b'\1\6\1\x60\1\x7f\1\x7f' + FUNC + EXPORT + CODE
    padded = MAGIC + TYPE + FUNC + EXPORT + CODE
    hint = custom('metadata.code.branch_hint', b'\0')
    said = [n.encode() for n in ('linking', 'reloc.CODE', '.debug_line', 'sourceMappingURL', 'metadata.code.x')]
    placed = b''.join(custom(n.decode()) for n in said)
    for data, names in ((canonical + placed, []), (padded, []), (padded + hint + custom('producers'), []),
                        (padded + placed + custom('keep.me'), said), (padded + custom('linking') * 20, said[:1])):
        with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
            path = Path(scratch, 'o.wasm')
            path.write_bytes(data)
            done = run_command([build.weft, 'print', path, '-o', f'{path}.wat'])
            if (done.status == 0 and done.stderr.count(b'\n') == bool(names) and all(b'"%s"' % n in done.stderr for n in names) and
                    b'keep.me' not in done.stderr):
                outcome.passed += 1
            else:
                outcome.fail(done.describe())
    return outcome


def read_leb(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value, shift, at = value | (byte & 0x7f) << shift, shift + 7, at + 1
        if byte < 0x80:
            return value, at


def without_custom(data):
    out, at = data[:8], 8
    while at < len(data):
        size, content = read_leb(data, at + 1)
        if data[at]:
            out += data[at:content + size]
        at = content + size
    return out


def same(build, conformance):
    outcome = Outcome()
    for n, path in enumerate(sorted(conformance.rglob('*.wasm'))):
        data = path.read_bytes()
        if data[4:8] != MAGIC[4:] or (build.name != 'release' and not in_share(n, 4)):
            continue
        done = run_command([build.weft, 'strip', '--features=all', '--remove', 'no such section', path, '-o', '-'])
        if done.status == 1:
            continue        # malformed
        with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
            bare = Path(scratch, 'bare.wasm')
            rest = run_command([build.weft, 'strip', '--features=all', '--all', path, '-o', bare])
            verdicts = [run_command([build.weft, 'validate', '--features=all', p]).status for p in (path, bare)]
            if (done.status == 0 and done.stdout == data and not done.stderr and rest.status == 0 and
                    bare.read_bytes() == without_custom(data) and verdicts[0] == verdicts[1]):
                outcome.passed += 1
            else:
                outcome.fail(f'{path}: {verdicts}\n' + rest.describe() + done.stderr.decode(errors='replace'))
    if outcome.passed < (300 if build.name == 'release' else 60):
        outcome.fail(f'only {outcome.passed} modules')
    return outcome
