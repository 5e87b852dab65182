"""inspecting.py -- what `weft inspect` says of files that golden tests cannot hold.

    inspect/NAME     a damaged module: what is in front of the damage, and the error, in text and in JSON
    inspect/object   a relocatable file: the same relocations of the same symbols as another tool finds
    inspect/picture  --svg of a module with hostile names: XML, and nothing but rectangles, names and a style in it
    inspect/long     a module of few bytes whose text would be very long: what is written ends with why, unless it is the shape alone
    inspect/cuts     a module that ends at each of its bytes: JSON is a document, and says how far it could be read
"""
import json, re, shutil, tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

from outcome import Outcome, Test, leb, run_command, sanitizer_report

MAGIC = b'\0asm\1\0\0\0'


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


def name(text):
    encoded = text.encode()
    return leb(len(encoded)) + encoded


TYPE, FUNC, MEMORY = section(1, b'\1\x60\0\1\x7f'), section(3, b'\2\0\0'), section(5, b'\1\0\1')
EXPORT = section(7, b'\1' + name('f') + b'\0\0')
CODE = section(10, b'\2\4\0\x41\1\x0b\6\0\x41\x80\x80\1\x0b')
DATA = section(11, b'\1\0\x41\0\x0b' + name('0123456789'))
NAMES = section(0, name('name') + b'\1\4\1\1' + name('g'))
WHOLE = MAGIC + TYPE + FUNC + MEMORY + EXPORT + CODE + DATA + NAMES
AT_CODE = WHOLE.index(CODE)
AT_DATA = AT_CODE + len(CODE)
AT_NAMES = AT_DATA + len(DATA)

# What is read of the sections of each: (name, offset, declared size, read, bytes present of one that is cut).
BEFORE_CODE = [('type', 8, 7, True, None), ('function', 15, 5, True, None), ('memory', 20, 5, True, None),
               ('export', 25, 7, True, None)]
ALL = BEFORE_CODE + [('code', AT_CODE, 15, True, None), ('data', AT_DATA, 18, True, None), ('name', AT_NAMES, 13, True, None)]
DAMAGED = {
    # the file, its sections, up to where it can be read, where the error is and how it begins, lines of the text
    'cut-data': (WHOLE[:AT_DATA + 9], ALL[:5] + [('data', AT_DATA, 18, False, 9)], AT_DATA, AT_DATA, 'length out of bounds',
                 [f'  data           {AT_DATA:#4x}          18       -  cut after 9 bytes', 'exports: 1', '  0 (memory 1)',
                  'code: 10 bytes in 2 functions, 0 more imported']),
    'cut-head': (WHOLE[:AT_DATA + 1], ALL[:5] + [('data', AT_DATA, None, False, 1)], AT_DATA, AT_DATA + 1, 'unexpected end',
                 [f'  data           {AT_DATA:#4x}           ?       -  cut after 1 bytes']),
    'cut-body': (WHOLE[:AT_CODE + 10], BEFORE_CODE + [('code', AT_CODE, 15, False, 10)], AT_CODE + 8, AT_CODE, 'length out of bounds',
                 [f'  code           {AT_CODE:#4x}          15       1  cut after 10 bytes',
                  'code: 4 bytes in 1 functions, 1 more without their bodies, 0 more imported']),
    'order': (WHOLE + TYPE + DATA, ALL + [('type', len(WHOLE), 7, False, None), ('data', len(WHOLE) + 7, 18, False, None)],
              len(WHOLE), len(WHOLE), 'unexpected content after last section',
              [f'  type           {len(WHOLE):#4x}           7       -  damaged',
               f'  data           {len(WHOLE) + 7:#4x}          18       -  not read', '        6  func 1 "g"']),
    'unknown': (WHOLE + section(99, b'ab') + section(0, name('x')), ALL + [(None, len(WHOLE), 4, False, None), ('x', len(WHOLE) + 4, 4, False, None)],
                len(WHOLE), len(WHOLE), 'malformed section id: 99',
                [f'  id 99          {len(WHOLE):#4x}           4       -  damaged',
                 f'  custom         {len(WHOLE) + 4:#4x}           4         "x"  not read']),
    'name-length': (MAGIC + section(0, b'\x7fab') + TYPE, [(None, 8, 5, False, None), ('type', 13, 7, False, None)], 8, 10,
                    'length out of bounds: a name of 127 bytes',
                    ['  custom          0x8           5       -  damaged', '  type            0xd           7       -  not read']),
    'type-unknown': (MAGIC + TYPE + section(3, b'\1\7') + section(10, b'\1\2\0\x0b'),
                     [BEFORE_CODE[0], ('function', 15, 4, False, None), ('code', 19, 6, False, None)], 15, 18, 'unknown type',
                     ['  function        0xf           4       -  damaged', '  0 (func (result i32))']),
    'announced': (MAGIC + section(12, b'\xff\xff\xff\xff\x0f'), [('data count', 8, 7, True, None)], 15, 15, 'data count and data section',
                  ['  data count      0x8           7       1']),
    'no-bodies': (MAGIC + TYPE + FUNC, BEFORE_CODE[:2], 20, 20, 'function and code section have inconsistent lengths',
                  ['code: 0 bytes in 0 functions, 2 more without their bodies, 0 more imported']),
    'left-over': (MAGIC + TYPE + section(3, b'\1\0') + section(10, b'\1\4\0\x41\1\x0bab'),
                  [BEFORE_CODE[0], ('function', 15, 4, True, None), ('code', 19, 10, False, None)], 27, 27, 'section size mismatch',
                  ['  code           0x13          10       1  damaged', 'code: 4 bytes in 1 functions, 0 more imported']),
    'header': (MAGIC[:4] + b'\2\0\0\0' + TYPE, [], 0, 4, 'unknown binary version', None),
    'short': (MAGIC[:6], [], 0, 6, 'unexpected end', None),
    'empty': (b'', [], 0, 0, 'magic header not detected: this is empty', None),
    'other': (b'\x7fELF' + bytes(100), [], 0, 0, 'magic header not detected: this is an ELF', None),
    'text': (b'(module (fun))', [], 0, None, 'unknown operator: "fun"', None),
}


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for case in DAMAGED:
            yield Test(f'inspect/{case}{build.suffix}', lambda build=build, case=case: damaged(build, *DAMAGED[case]), fast=fast)
        yield Test(f'inspect/many{build.suffix}', lambda build=build: many(build), fast=fast)
        yield Test(f'inspect/object{build.suffix}', lambda build=build: relocatable(build), fast=fast)
        yield Test(f'inspect/picture{build.suffix}', lambda build=build: picture(build), fast=fast)
        if fast:
            yield Test('inspect/long', lambda build=build: long(build), fast=True)
        yield Test(f'inspect/cuts{build.suffix}', lambda build=build: cuts(build), fast=fast)


def inspect(build, content, *words):
    with tempfile.TemporaryDirectory(prefix='weft-inspect-') as scratch:
        path = Path(scratch) / 'm.wasm'
        path.write_bytes(content)
        return run_command([build.weft, 'inspect', *words, path], timeout=60)


def document(done):
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


def damaged(build, content, sections, readable, at, error, lines):
    text, other = inspect(build, content), inspect(build, content, '--json')
    said = document(other) or {}
    found = [(s['name'], s['offset'], s['size'], s['read'], s.get('present')) for s in said.get('sections', ())]
    wrong = sanitizer_report(text) + sanitizer_report(other)
    if text.status != 1 or other.status != 1:
        wrong += f'exit status {text.status}, {other.status}\n'
    if found != sections:
        wrong += f'sections {found}, expected {sections}\n'
    if said.get('valid') is not False or not (said.get('error') or '').startswith(error):
        wrong += f'valid: {said.get("valid")}, error: {said.get("error")}\n'
    if (said.get('readable'), said.get('offset')) != (readable, at):
        wrong += f'readable up to {said.get("readable")}, error at {said.get("offset")}\n'
    if error.encode() not in text.stderr or bool(text.stdout) != bool(lines):
        wrong += 'the text is not what was expected\n'
    for line in lines or ():
        if line.encode() not in text.stdout:
            wrong += f'no line: {line}\n'
    return Outcome.of(not wrong, text.describe() + other.describe() + wrong)


def many(build):
    """What follows damage may be anything, so of it no more than so much is listed."""
    done = inspect(build, MAGIC + section(99, b'') + section(0, name('x')) * 5000)
    good = done.status == 1 and done.stdout.count(b'"x"') == 99 and b'and more from 0x196' in done.stdout
    return Outcome.of(good, done.describe())


OBJECT = """
struct A { A(); int x; }; A::A() : x(1) {}
static A a;
inline int twice(int x) { return 2 * x; }
template <class T> T thrice(T x) { return 3 * x; }
extern "C" int put(int (*)(int));
__attribute__((weak)) int w = 3;
int (*table[2])(int) = {twice, thrice<int>};
int f(int x) { return put(twice) + table[x](x) + a.x + (&w)[3]; }
"""
RELOC = re.compile(r'(?m)^    (0x\w+) (R_WASM_\w+) (\S+)(?: (-?\d+))?$')


def relocatable(build):
    compiler, reader = shutil.which('clang++-19'), shutil.which('llvm-readobj-19')
    if not compiler or not reader:
        return Outcome.skip('no clang++-19 or llvm-readobj-19')
    with tempfile.TemporaryDirectory(prefix='weft-inspect-') as scratch:
        source, made = Path(scratch) / 'a.cpp', Path(scratch) / 'a.o'
        source.write_text(OBJECT)
        compiled = run_command([compiler, '--target=wasm32', '-O1', '-g', '-c', source, '-o', made])
        listed = run_command([reader, '--relocs', made])
        done, shown = (run_command([build.weft, 'inspect', word, made]) for word in ('--json', '--disassemble'))
    said = document(done)
    if compiled.status or not said:
        return Outcome(failed=1, text=compiled.describe() + done.describe())
    want = [[(int(at, 16), kind, who, int(addend or 0)) for at, kind, who, addend in RELOC.findall(part)]
            for part in listed.stdout.decode().split('  Section (')[1:]]
    # offsets there are in the section's content
    got = [[(e['offset'] - part['entries'][0]['offset'] + first[0][0], e['type'].replace('TAG_INDEX', 'EVENT_INDEX'),
             e.get('name') or str(e.get('index')), e.get('addend', 0)) for e in part['entries']]
           for part, first in zip(said['relocations'], want)]
    code = len(re.findall(rb'(?m)^  0x\w+          R_WASM_', shown.stdout))
    good = want == got and want and not said['malformed'] and code == len(want[0]) and b'call $put' in shown.stdout
    return Outcome.of(good, f'{want}\n{got}\n' + done.describe() + shown.describe())


HOSTILE = ['</title></g></svg><script>', '"onload="', '&amp;&#0;', ']]>', '\x00\x1b[31m', '\ufffe\uffff', '\u202e::\u2028::x', 'x' * 99999,
           '::' * 40000, '<' * 50000 + '>' * 50000, '(' * 99999, 'a/' * 40000, 'a.' * 40000, '<' + 'a::' * 30000 + 'b as c>::d', ' ' * 99999]


def picture(build):
    """Titles hold names as they are shown; of other elements there are none."""
    names = b''.join(leb(i) + name(text) for i, text in enumerate(HOSTILE))
    content = (MAGIC + section(1, b'\1\x60\0\0') + section(3, leb(len(HOSTILE)) + bytes(len(HOSTILE))) +
               section(10, leb(len(HOSTILE)) + (leb(500) + b'\0' + b'\1' * 498 + b'\x0b') * len(HOSTILE)) +
               section(0, name('name') + b'\1' + leb(len(leb(len(HOSTILE))) + len(names)) + leb(len(HOSTILE)) + names))
    done, whole = inspect(build, content, '--svg', '-', '--percent', '0'), inspect(build, content, '--tree', '--json')
    try:
        root = xml.fromstring(done.stdout)
        tags = {element.tag.split('}')[1] for element in root.iter()}
        wrong = '' if tags == {'svg', 'style', 'g', 'title', 'rect', 'text'} else f'elements {tags}'
    except xml.ParseError as error:
        wrong = str(error)
    if not document(whole) or document(whole)['tree']['size'] != len(content):
        wrong += 'the tree is not all of it'
    return Outcome.of(not wrong and done.status == 0 and not sanitizer_report(done), wrong + done.describe()[:2000])


def long(build):
    n, body = 400, b'\1\xcf\x86\3\x7f\x0b'
    content = (MAGIC + section(1, b'\1\x60\1\x7e\0') + section(3, leb(n) + bytes(n)) + section(10, leb(n) + (leb(len(body)) + body) * n))
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-inspect-') as scratch:
        path = Path(scratch) / 'm.wasm'
        path.write_bytes(content)
        for words in ['inspect', '--disassemble'], ['print'], ['print', '--name-unnamed'], ['print', '--check']:
            done = run_command([build.weft, *words, path], timeout=60)
            good = done.status == 1 and re.search(rb':0x\w+: func \d+: text would be too long: so many ', done.stderr)
            note(outcome, good, f'{words} {done.status} {done.stderr}')
        done = run_command([build.weft, 'print', '--skeleton', '--name-unnamed', path], timeout=60)
        note(outcome, done.status == 0 and done.stdout.count(b'(param $local0 i64)') == n, done.describe()[-2000:])
    return outcome


def note(outcome, good, text):
    if good:
        outcome.passed += 1
    else:
        outcome.fail(text)


def cuts(build):
    outcome = Outcome()
    whole = document(inspect(build, WHOLE, '--json'))
    ends = [s['offset'] + s['size'] for s in whole['sections']]
    for length in range(len(WHOLE)):
        done = inspect(build, WHOLE[:length], '--json')
        said = document(done)
        read = [s for s in said['sections'] if s['read']] if said else None
        good = (said and done.status == (0 if length in (8, 15, *ends[4:]) and said['valid'] else 1) and not sanitizer_report(done) and
                said['valid'] == (done.status == 0) and said['readable'] <= length and
                read == [s for s, end in zip(whole['sections'], ends) if end <= length])
        note(outcome, good, f'cut after {length} bytes\n' + done.describe())
    return outcome
