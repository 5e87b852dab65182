"""stripping.py -- `weft strip`: what is left is what was there, without what was to go.

    strip/NAME      a module, options, and the custom sections that stay; it still runs
    strip/same      of the modules of the conformance suites: where nothing is to go the bytes are the same; where all is,
                    no custom section is left, the others are as they were, and the verdict is the same
    strip/wrong     what is malformed is refused, and no file appears
    strip/unread    what goes is passed where it is large, and all else is as if it had been read
    strip/linked    in relocatable files what counts sections counts those that are left, or it is said that they no longer link
    strip/objects   what clang made with -g links without its debug information
    strip/parsed    so it is when that text is parsed, or was changed
    strip/printed   where the text of a module gives other bytes, it is said which sections are wrong then
"""
import re, shutil, tempfile
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
    'spelled': (['--all', '-k', 'name', '--keep-section=.debug*'],
                [n for n in NAMES if n != 'name' and not n.startswith('.debug')]),
    'spelled-too': (['--remove-section', 'name'], ['name']),
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
        yield Test(f'strip/unread{build.suffix}', lambda build=build: unread(build), fast=fast)
        yield Test(f'strip/linked{build.suffix}', lambda build=build: linked(build), fast=fast)
        yield Test(f'strip/objects{build.suffix}', lambda build=build: objects(build), fast=fast)
        yield Test(f'strip/printed{build.suffix}', lambda build=build: printed(build), fast=fast)
        yield Test(f'strip/parsed{build.suffix}', lambda build=build: parsed(build), fast=fast)
        if options.conformance:
            yield Test(f'strip/same{build.suffix}', lambda build=build: same(build, options.conformance),
                       full=build.name != 'release' and not in_share(0, 2))


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


def unread(build):
    """What goes is passed where it is large, in a file and in what standard input is: the rest stays, and what is wrong is found
    where it is, as if all had been read."""
    outcome = Outcome()
    everything = ['--all', '--keep', '*']
    for size in (4060, 4070, 4080, 4090, 4100, 8192, 300000):
        big = lambda name: custom(name, bytes(range(251)) * (size // 251) + b'x' * (size % 251))
        parts = [TYPE, big('.debug_info'), FUNC, EXPORT, big('keep'), CODE, big('.debug_line'), custom('last')]
        with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
            path, out = Path(scratch, 'in.wasm'), Path(scratch, 'out.wasm')
            path.write_bytes(MAGIC + b''.join(parts))
            want = MAGIC + b''.join(p for p in parts if b'.debug' not in p[:20])
            for words in ([path], ['-']):
                done = run_command(['sh', '-c', 'exec "$@" < in.wasm', 'sh', build.weft, 'strip', *words, '-o', out], cwd=scratch)
                good = not done.status and not done.stderr and out.read_bytes() == want
                outcome.passed += good
                if not good: outcome.fail(done.describe())
                out.unlink(missing_ok=True)
            front = MAGIC + b''.join(parts[:-1])
            for data in (front[:-1], front[:-size], front + b'\0', front + b'\0\5\4', front + CODE, front + b'\x20\0'):
                path.write_bytes(data)
                said = [run_command([build.weft, 'strip', *words, path, '-o', out]) for words in ([], everything)]
                good = said[0].stderr and said[0].stderr == said[1].stderr and said[0].status == said[1].status == 1 and not out.exists()
                good = bool(good and not sanitizer_report(said[0]))
                outcome.passed += good
                if not good: outcome.fail(said[0].describe() + said[1].describe())
    return outcome


SYMBOLS = 8
OBJECT = '''
extern int put(const char *);
extern int table[];
int offset = 3;
inline __attribute__((noinline)) int twice(int x) { return 2 * x; }
int sum(int x) { return put("hello") + table[x] + offset + twice(x); }
'''


def linking(*symbols, comdat=None):
    """Its symbol table, and of a group a section; a symbol is a section's number."""
    content = leb(len(symbols)) + b''.join(b'\3\2' + leb(n) for n in symbols)
    more = b'' if comdat is None else b'\7' + leb(7) + b'\1\1g\0\1\5' + leb(comdat)
    return custom('linking', b'\2' + bytes([SYMBOLS]) + leb(len(content)) + content + more)


def linked(build):
    """What counts sections counts those that are left: symbols, groups, and relocations, which go with what they are of. A word is
    said only where that is not enough."""
    outcome = Outcome()
    debug, info, keep = custom('.debug_info'), custom('.debug_line'), custom('keep')
    code = TYPE + FUNC + EXPORT + CODE      # 0 to 3
    reloc = lambda name, of: custom(f'reloc.{name}', of + b'\0')
    cases = [
        # what is in front and behind, options, and what is left
        (debug + code + keep + linking(5) + reloc('CODE', b'\4'), [], code + keep + linking(4) + reloc('CODE', b'\3'), b''),
        (code + debug + keep + linking(4, 5) + reloc('CODE', b'\x83\0') + reloc('.debug_info', b'\4'), [],
         code + keep + linking(5, 4) + reloc('CODE', b'\x83\0'), b''),
        (debug + code + linking(1) + reloc('CODE', b'\x84\x80\0'), [], code + linking(0) + reloc('CODE', b'\x83\x80\0'), b''),
        (code + debug + keep + linking(comdat=5), [], code + keep + linking(comdat=4), b''),
        (code + debug + linking(comdat=4), [], None, b'"linking"'),
        (debug + code + custom('linking', b'\2\x08\x7f'), [], None, b'"linking"'),
        (debug + code + linking(99), [], None, b'"linking"'),
        (debug + code + reloc('CODE', b'\xff'), [], None, b'"reloc.CODE"'),
        (code + debug + info + linking(4, 5) + reloc('.debug_line', b'\5'), ['-R', '.debug_info'], None, b'"reloc..debug_line"'),
        (code + debug + reloc('.debug_info', b'\4'), ['--keep', 'reloc*'], None, b'"reloc..debug_info"'),
        (code + linking(1) + debug, [], code + linking(1), b''),
        (code + custom('linking', b'?') + keep, [], code + custom('linking', b'?') + keep, b''),
    ]
    for data, words, want, said in cases:
        with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
            path = Path(scratch, 'o.wasm')
            path.write_bytes(MAGIC + data)
            done = run_command([build.weft, 'strip', *words, path])
            left = Path(scratch, 'o.stripped.wasm').read_bytes()
            good = done.status == 0 and said in done.stderr and done.stderr.count(b'warning:') == bool(said)
            if good and (want is None or left == MAGIC + want):
                outcome.passed += 1
            else:
                outcome.fail(f'{done.describe()}{left}')
    return outcome


def objects(build):
    """What clang made with -g links without its debug information, and does the same."""
    if not shutil.which('clang-19') or not shutil.which('wasm-ld-19'):
        return Outcome.skip('no clang-19 or wasm-ld-19')
    other = 'int put(const char *s) { return s[0]; } int table[4] = {1, 2, 3, 4};'
    with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
        for language, options in ('c', []), ('c++', ['-fdebug-types-section', '-ffunction-sections']):
            head = 'extern "C" {' if language == 'c++' else ''
            for name, text in ('o', OBJECT), ('p', other):
                Path(scratch, f'{name}.src').write_text(head + text.replace('inline ', 'inline ' if head else 'static inline ') + '}' * bool(head))
                made = run_command(['clang-19', '--target=wasm32', '-x', language, '-g', '-O1', *options, '-c', f'{name}.src', '-o', f'{name}.o'], cwd=scratch)
                strip = run_command([build.weft, 'strip', f'{name}.o', '-o', f'{name}.s.o'], cwd=scratch)
                if made.status or strip.status or strip.stderr:
                    return Outcome(failed=1, text=made.describe() + strip.describe())
            link = run_command(['wasm-ld-19', '--no-entry', '--export=sum', 'o.s.o', 'p.s.o', '-o', 'out.wasm'], cwd=scratch)
            ran = run_command([build.weft, 'run', '--invoke', 'sum', 'out.wasm', '2'], cwd=scratch)
            if link.status or link.stderr or ran.stdout != b'114\n' or b'.debug' in Path(scratch, 'out.wasm').read_bytes():
                return Outcome(failed=1, text=link.describe() + ran.describe())
    return Outcome(passed=2)


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


def parsed(build):
    """It is said again when the text is parsed, and where it was changed; --drop-stale leaves such sections out of either."""
    outcome = Outcome()
    canonical, padded = MAGIC + b'\1\6\1\x60\1\x7f\1\x7f' + FUNC + EXPORT + CODE, MAGIC + TYPE + FUNC + EXPORT + CODE
    placed, keep = custom('.debug_line') + custom('reloc.CODE'), custom('keep.me')
    change = lambda text: text.replace('local.get 0', 'local.get 0 nop')
    same = lambda text: text
    foreign = lambda text: re.sub(r'\(@weft.layout "\w+"\)', '', text)
    for data, printing, edit, parsing, said, left in (
            (canonical + placed + keep, [], same, [], False, canonical + placed + keep), (canonical + keep, [], change, [], False, None),
            (canonical + placed + keep, [], change, [], True, None), (padded + placed + keep, [], same, [], True, canonical + placed + keep),
            (padded + placed + keep, [], same, ['--drop-stale'], False, canonical + keep),
            (canonical + placed + keep, [], same, ['--drop-stale'], False, canonical + placed + keep),
            (padded + placed + keep, ['--drop-stale'], same, [], False, canonical + keep),
            (canonical + placed + keep, ['--drop-stale'], same, [], False, canonical + placed + keep),
            # texts of other tools
            (canonical + placed + keep, [], foreign, [], True, canonical + placed + keep), (canonical + keep, [], foreign, [], False, canonical + keep),
            (canonical + placed + keep, [], foreign, ['--quiet'], False, canonical + placed + keep),
            (canonical + placed + keep, [], foreign, ['--drop-stale'], False, canonical + keep)):
        with tempfile.TemporaryDirectory(prefix='weft-strip-') as scratch:
            path, text = Path(scratch, 'o.wasm'), Path(scratch, 'o.wat')
            path.write_bytes(data)
            run_command([build.weft, 'print', *printing, path, '-o', text])
            text.write_text(edit(text.read_text()))
            done = run_command([build.weft, 'parse', *parsing, text, '-o', path])
            warned = b'".debug_line", "reloc.CODE"; --drop-stale' in done.stderr
            if done.status == 0 and warned == said == bool(done.stderr) and left in (None, path.read_bytes()):
                outcome.passed += 1
            else:
                outcome.fail(f'{done.describe()}{text.read_text()}{path.read_bytes()}')
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
