#!/usr/bin/env python3
"""bombs.py -- modules made to be expensive: as large as the limits allow, one beyond them, or with claims that are not true.

    python3 tests/bombs.py [NAME...]        make and measure some or all, and print a table
    python3 tests/bombs.py --make NAME FILE

Each is made by a few lines of this file, the same bytes at any time. `weft validate` must give the verdict that
stands here, in time and memory linear in the module's size: 1 s for each 10 MB, of which three times as much is
allowed, and 10 times the size + 64 MB. The sanitizers' builds are held to the verdict only, emulated ones to that and
to memory, of which the emulator has some too. `make test` runs each of these in release, and of all that follows,
and under the sanitizers, one share of eight; make full runs all.

    python3 tests/bombs.py --growth [NAME...]

makes what grows in one size and in four times that: four times the processor's time is linear,
sixteen times quadratic, and more than TOO_MUCH is refused; caches that no longer hold it all cost a
linear one up to six times. The best of several runs counts, and the best of three trials.

    python3 tests/bombs.py --calls [NAME...]

calls functions that take long to translate or to run. With --timeout each must end in time, and translating must
be linear: a body twice as large takes twice as long; and so what the optimizer makes of it, which takes no more than
100 times as much memory. With --fuel no unit may take much longer than one of a
plain loop, on the formal machine no step.

Hazards: R16, R40, R41, R70, R82.
"""
import os, sys, tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from helper import ask, measure, serve
from outcome import Outcome, SHARES, Test, in_share, leb

ROOT = Path(__file__).resolve().parent.parent
MAGIC = b'\0asm\1\0\0\0'
MILLION = 1000000
MOST = 2**32 - 1
BODY = 7654321
I32, FUNCREF, VOID, END = b'\x7f', b'\x70', b'\x40', b'\x0b'


def sleb(n):
    """A type index, which is a signed number of 33 bits."""
    return leb(n) if leb(n)[-1] < 0x40 else leb(n)[:-1] + bytes([leb(n)[-1] | 0x80, 0])


def padded(n):
    """n in the five bytes that a u32 may have."""
    return bytes(n >> 7 * i & 0x7f | 0x80 for i in range(4)) + bytes([n >> 28])


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


def vector(number, items, count=None):
    """A section of items, the count said to be another one if given."""
    items = list(items)
    return section(number, leb(len(items) if count is None else count) + b''.join(items))


def func_type(params=b'', results=b''):
    return b'\x60' + leb(len(params)) + params + leb(len(results)) + results


EMPTY = func_type()
TYPE = vector(1, [EMPTY])


def code(*bodies):
    return vector(10, [leb(len(b)) + b for b in bodies])


def module(*sections):
    return MAGIC + b''.join(sections)


def with_body(instructions, locals=b'\0', types=(EMPTY,), before=b'', between=b''):
    """One function, of type 0, with this body."""
    return module(vector(1, types), vector(3, [b'\0']), before, code(locals + instructions + END), between)


def fill(unit, end=b'', room=BODY - 2, head=b''):
    """As many times unit ... end as a body holds, all units first."""
    n = (room - len(head)) // (len(unit) + len(end))
    return head + unit * n + end * n


BOMBS = {}       # name: (maker, None or the text of the error)
COMMANDS = {}    # name: the command, if it is not validate


def bomb(name, error=None):
    def add(maker):
        BOMBS[name] = (maker, error)
        return maker
    return add


def pair(name, count, make, error):
    """As many as may be, and one more."""
    BOMBS[name] = (lambda: make(count), None)
    BOMBS[name + '-and-one'] = (lambda: make(count + 1), error)


# ---- many things ---------------------------------------------------------------------------------

pair('types', MILLION, lambda n: module(vector(1, [EMPTY] * 1000 + [b'\x4e' + leb(n - 1000) + EMPTY * (n - 1000)])),
     'more than 1,000,000 types')
pair('single-types', MILLION, lambda n: module(vector(1, [EMPTY] * n)), 'more than 1,000,000')
pair('recursion-groups', MILLION, lambda n: module(vector(1, [b'\x4e\0'] * n)), 'more than 1,000,000 recursion groups')
pair('recursion-group', MILLION, lambda n: module(section(1, b'\1\x4e' + leb(n) + EMPTY * n)),
     'more than 1,000,000 types in a recursion group')
pair('functions', MILLION, lambda n: module(TYPE, vector(3, [b'\0'] * n), vector(10, [b'\2\0\x0b'] * n)),
     'more than 1,000,000 functions')
pair('imports', MILLION, lambda n: module(TYPE, vector(2, [bytes(4)] * n)), 'more than 1,000,000 imports')
pair('exports', MILLION, lambda n: module(TYPE, vector(3, [b'\0']), vector(7, (b'\x08%08x\0\0' % i for i in range(n))),
                                          code(b'\0' + END)), 'more than 1,000,000 exports')
pair('globals', MILLION, lambda n: module(vector(6, [I32 + b'\0\x41\0\x0b'] * n)), 'more than 1,000,000 globals')
pair('tags', MILLION, lambda n: module(TYPE, vector(13, [b'\0\0'] * n)), 'more than 1,000,000 tags')
pair('tables', 100000, lambda n: module(vector(4, [FUNCREF + b'\0\0'] * n)), 'more than 100,000 tables')
pair('memories', 100, lambda n: module(vector(5, [b'\0\0'] * n)), 'more than 100 memories')
pair('data-segments', 100000, lambda n: module(vector(11, [b'\1\0'] * n)), 'more than 100,000 data segments')
pair('element-segments', 10 * MILLION, lambda n: module(section(9, leb(n) + b'\1\0\0' * n)),
     'more than 10,000,000 element segments')
pair('element-entries', 10 * MILLION,
     lambda n: module(TYPE, vector(3, [b'\0']), section(9, b'\1\1\0' + leb(n) + bytes(n)), code(b'\0' + END)),
     'more than 10,000,000 entries in an element segment')
pair('parameters', 1000, lambda n: module(vector(1, [func_type(I32 * n)])), 'more than 1,000 parameters')
pair('results', 1000, lambda n: module(vector(1, [func_type(b'', I32 * n)])), 'more than 1,000 results')
pair('fields', 10000, lambda n: module(vector(1, [b'\x5f' + leb(n) + b'\x7f\0' * n])), 'more than 10,000 fields')
pair('body', BODY, lambda n: with_body(b'\x01' * (n - 2)), 'function body is larger')
pair('locals', 50000, lambda n: with_body(b'', b'\1' + leb(n) + I32), 'more than 50,000 locals')
pair('local-groups', 50000, lambda n: with_body(b'', leb(n) + b'\1\x7f' * n), 'more than 50,000 locals')
pair('br-table', 65520, lambda n: with_body(b'\x41\0\x0e' + leb(n) + bytes(n + 1)), 'more than 65,520 targets')
pair('catches', 10000, lambda n: with_body(b'\x1f\x40' + leb(n) + b'\2\0' * n + END), 'more than 10,000 catch clauses')
pair('array-operands', 10000, lambda n: with_body(b'\x41\0' * n + b'\xfb\x08\1' + leb(n) + b'\x1a',
                                                  types=(EMPTY, b'\x5e\x7f\0')), 'more than 10,000 operands')
pair('name', 100000, lambda n: module(TYPE, vector(2, [b'\0' + leb(n) + b'a' * n + b'\0\0'])), 'longer than 100,000 bytes')
pair('subtypes', 64, lambda n: module(vector(1, [b'\x50\0\x5f\0'] + [b'\x50\1' + leb(i) + b'\x5f\0' for i in range(n - 1)])),
     'subtyping is deeper')


@bomb('distinct-types')
def _():
    kinds = [b'\x7f', b'\x7e', b'\x7d', b'\x7c']
    return module(vector(1, (func_type(b''.join(kinds[i >> 2 * k & 3] for k in range(10))) for i in range(MILLION))))


STORAGE = [bytes([t, m]) for t in b'\x7f\x7e\x7d\x7c\x7b\x78\x77\x70\x6f\x6e\x6d\x6c\x6b\x6a\x69\x71\x72\x73\x74' for m in (0, 1)]


@bomb('small-types')
def _():
    """As many as there are of four fields, ten bytes each."""
    fields = [a + b for a in STORAGE for b in STORAGE]
    return module(vector(1, (b'\x5f\4' + fields[i % len(fields)] + fields[i // len(fields)] for i in range(MILLION))))


def deep_types(n):
    """A tree with a trunk of sixty types: most are 63 deep."""
    types = [b'\x50\0\x5f\0'] + [b'\x50\1' + leb(i) + b'\x5f\0' for i in range(59)]
    level = [(59, b'')]
    for depth in range(1, 5):
        above, level = level, []
        for parent, fields in above:
            for field in STORAGE[:n - len(types)]:
                level.append((len(types), fields + field))
                types.append(b'\x50\1' + leb(parent) + b'\x5f' + leb(depth) + fields + field)
    return module(vector(1, types))


def deep_chains(n):
    """One after the other, each 63 deep, of types as small as they can be."""
    types = []
    for base in range(0, n, 64):
        fields = b'\x5f\1\x63' + sleb(base - 1) + b'\0' if base else b'\x5f\0'
        types += [b'\x50\0' + fields] + [b'\x50\1' + leb(base + i) + fields for i in range(63)]
    return module(vector(1, types[:n]))


BOMBS['deep-types'] = (lambda: deep_types(MILLION), None)
BOMBS['deep-chains'] = (lambda: deep_chains(MILLION), None)


@bomb('struct-chain')
def _():
    """Each type a field of the next: nothing may recur along them."""
    return module(vector(1, [b'\x5f\0'] + [b'\x5f\1\x63' + sleb(i) + b'\0' for i in range(500000)]))


@bomb('recursion-ring')
def _():
    n = 300000
    return module(section(1, b'\1\x4e' + leb(n) + b''.join(b'\x5f\1\x63' + sleb((i + 1) % n) + b'\0' for i in range(n))))


@bomb('empty-sections')
def _():
    return module(b'\0\1\0' * 3 * MILLION)


@bomb('names')
def _():
    n = MILLION
    names = leb(n) + b''.join(leb(i) + b'\1a' for i in range(n))
    return module(section(0, b'\4name\1' + leb(len(names)) + names))


@bomb('long-names')
def _():
    name = leb(100000) + b'a' * 100000
    return module(TYPE, vector(2, [name + name + b'\0\0'] * 50))


@bomb('element-expressions')
def _():
    return module(section(9, b'\1\5\x70' + leb(2 * MILLION) + b'\xd0\x70\x0b' * (2 * MILLION)))


@bomb('element-expressions-apart')
def _():
    return module(section(9, leb(3 * MILLION) + b'\5\x70\1\xd0\x70\x0b' * (3 * MILLION)))


@bomb('element-functions-apart')
def _():
    return module(TYPE, vector(3, [b'\0']), section(9, leb(5 * MILLION) + b'\1\0\1\0' * (5 * MILLION)), code(b'\0' + END))


@bomb('element-steps')
def _():
    return module(section(9, b'\1\5\x6c' + leb(2 * MILLION) + b'\x41\0\xfb\x1c\x0b' * (2 * MILLION)))


@bomb('constant-expression-of-steps')
def _():
    return module(vector(6, [I32 + b'\0\x41\0' + END, I32 + b'\0\x23\0' + b'\x23\0\x6a' * (BODY // 3) + END]))


@bomb('constant-expression-deep-steps')
def _():
    n = BODY // 3
    return module(vector(6, [I32 + b'\0\x41\0' + END, I32 + b'\0\x23\0' + b'\x23\0' * n + b'\x6a' * n + END]))


@bomb('constant-expression-of-conversions')
def _():
    return module(vector(6, [b'\x6e\0\xd0\x6e' + b'\xfb\x1b\xfb\x1a' * (BODY // 4) + END]))


@bomb('constants-wide')
def _():
    return module(vector(6, [b'\x7d\0\x43\0\0\x80\x3f' + END] * MILLION))


@bomb('constant-expression')
def _():
    return module(vector(6, [I32 + b'\0\x41\0' + b'\x41\0\x6a' * (BODY // 3) + END]))


@bomb('constant-expression-deep')
def _():
    n = BODY // 3
    return module(vector(6, [I32 + b'\0\x41\0' + b'\x41\0' * n + b'\x6a' * n + END]))


@bomb('too-large', '1 GiB at most')
def _():
    return MAGIC, 2**30 + 1         # a file with a hole


# ---- bodies --------------------------------------------------------------------------------------

for name, unit in {'blocks': b'\2\x40', 'loops': b'\3\x40', 'ifs': b'\x41\0\4\x40', 'tries': b'\x06\x40',
                   'try-tables': b'\x1f\x40\0', 'dead-blocks': b'\2\x40'}.items():
    BOMBS['deep-' + name] = (lambda unit=unit, head=b'\0' if name == 'dead-blocks' else b'':
                             with_body(fill(unit, END, head=head)), None)
BOMBS['deep-open'] = (lambda: with_body(fill(b'\2\x40')), 'unexpected end')
BOMBS['deep-operands'] = (lambda: with_body(fill(b'\x41\0', b'\x1a')), None)
BOMBS['deep-calls'] = (lambda: with_body(fill(b'\x10\0')), None)
BOMBS['dead-code'] = (lambda: with_body(fill(b'\x6a', head=b'\0', room=BODY - 3) + b'\x1a'), None)
BOMBS['local-groups-empty'] = (lambda: with_body(b'', leb(100000) + b'\0\x7f' * 100000), None)
BOMBS['locals-2^32-1'] = (lambda: with_body(b'', b'\1' + leb(MOST) + I32), 'more than 50,000 locals')
BOMBS['br-table-7.6M'] = (lambda: with_body(b'\x41\0\x0e' + leb(7600000) + bytes(7600001)), 'more than 65,520 targets')
BOMBS['br-tables'] = (lambda: with_body((b'\x41\0\x0e' + leb(65520) + bytes(65521)) * 116), None)
BOMBS['padding'] = (lambda: module(
    b'\1' + padded(8) + padded(1) + EMPTY, b'\3' + padded(5 + 5 * 400000) + padded(400000) + padded(0) * 400000,
    b'\x0a' + padded(5 + 12 * 400000) + padded(400000) + (padded(7) + padded(0) + b'\1' + END) * 400000), None)

# A short instruction that stands for a thousand operands and more, as often as there is room.
WIDE = func_type(I32 * 1000, I32 * 1000)
THOUSAND = b'\x41\0' * 1000
DROPS = b'\x1a' * 1000
STRUCT = b'\x5f' + leb(10000) + b'\x7f\0' * 10000
ROOM = BODY - 4000
BOMBS['wide-blocks'] = (lambda: with_body(fill(b'\2\1', END, ROOM, THOUSAND) + DROPS, types=(EMPTY, WIDE)), None)
BOMBS['wide-dead-structs'] = (lambda: with_body(fill(b'\xfb\0\1\x1a', head=b'\0'), types=(EMPTY, STRUCT)), None)
BOMBS['wide-dead-arrays'] = (lambda: with_body(fill(b'\xfb\x08\1' + leb(10000) + b'\x1a', head=b'\0'),
                                               types=(EMPTY, b'\x5e\x7f\0')), None)
BOMBS['wide-functions'] = (lambda: module(
    vector(1, [func_type(I32 * 1000)]), vector(3, [b'\0'] * MILLION), vector(10, [b'\2\0\x0b'] * MILLION)), None)
BOMBS['locals-everywhere'] = (lambda: module(
    TYPE, vector(3, [b'\0'] * 500000), vector(10, [b'\6\1' + leb(50000) + I32 + END] * 500000)), None)
BOMBS['wide-imports'] = (lambda: module(vector(1, [func_type(I32 * 1000)]), vector(2, [bytes(4)] * MILLION)), None)


@bomb('wide-calls')
def _():
    return module(vector(1, [EMPTY, WIDE]), vector(2, [b'\0\0\0\1']), vector(3, [b'\0']),
                  code(b'\0' + fill(b'\x10\0', room=ROOM, head=THOUSAND) + DROPS + END))


@bomb('wide-br-tables')
def _():
    """Targets at many depths, each with a thousand operands."""
    depth = 100
    table = b'\x41\0\x0e' + leb(60000) + bytes(i % depth for i in range(60001))
    body = b'\2\2' * depth + (b'\2\2' + THOUSAND + table + END + DROPS) * 100 + THOUSAND + (END + DROPS + THOUSAND) * depth + DROPS
    return with_body(body, types=(EMPTY, WIDE, func_type(b'', I32 * 1000)))


@bomb('uninitialized-locals')
def _():
    """Locals that need a value, set in many blocks, each of which forgets them."""
    sets = b'\2\x40' + b''.join(b'\xd2\0\x21' + leb(i) for i in range(200)) + END
    return with_body(sets * (BODY // len(sets) - 1), b'\1' + leb(50000) + b'\x64\0', before=vector(7, [b'\1f\0\0']))


def names_of_one_hash(count):
    """ASCII names of eight bytes whose hash_bytes (src/base/map.c) agree in their lower 29 bits.

    A word becomes g = (word ^ start) * factor, then f = g ^ g >> 29 and h = f ^ f >> 32, whose lower half decides. That
    half is lo ^ hi ^ rotl(hi, 3) ^ lo >> 29, for the halves of g: given one half, the other solves a linear equation.
    """
    mask, start, factor = (1 << 64) - 1, 0xcbf29ce484222325 ^ 8, 0x9e3779b97f4a7c15
    undo = pow(factor, -1, 1 << 64)
    def solve(i):           # x ^ rotl(x, 3) = bit i and bit 0
        want, x, at = (1 << i) ^ 1, 0, 0
        for _ in range(31):
            after = (at + 3) % 32
            x |= ((x >> at & 1) ^ (want >> after & 1)) << after
            at = after
        return x
    table = []
    for k in range(4):
        row = [0]
        for b in range(1, 256):
            low = b & -b
            row.append(row[b ^ low] ^ solve(8 * k + low.bit_length() - 1))
        table.append(row)
    found, tried = [], 0
    while len(found) < count:
        low = 0x21212121 + (tried % 93) + (tried // 93 % 93 << 8) + (tried // 8649 % 93 << 16) + (tried // 804357 << 24)
        tried += 1
        lo = (low ^ start & 0xffffffff) * (factor & 0xffffffff) & 0xffffffff
        rest = 0x12345678 ^ lo ^ lo >> 29
        if bin(rest).count('1') & 1:
            continue
        hi = table[0][rest & 255] ^ table[1][rest >> 8 & 255] ^ table[2][rest >> 16 & 255] ^ table[3][rest >> 24]
        for half in (hi, hi ^ 0xffffffff):
            word = (half << 32 | lo) * undo & mask ^ start
            if not word & 0x8080808080808080:
                found.append(word.to_bytes(8, 'little'))
    return found[:count]


@bomb('names-of-one-hash')
def _():
    return module(TYPE, vector(3, [b'\0']), vector(7, (b'\x08' + name + b'\0\0' for name in names_of_one_hash(60000))),
                  code(b'\0' + END))


@bomb('too-many-operands', 'out of memory')
def _():
    """Calls of what gives a thousand results: 3.8e9 operands."""
    return module(vector(1, [EMPTY, func_type(b'', I32 * 1000)]), vector(2, [b'\0\0\0\1']), vector(3, [b'\0']),
                  code(b'\0' + fill(b'\x10\0', room=ROOM) + b'\0' + END))


@bomb('deep-and-too-many-operands', 'out of memory')
def _():
    """Both stacks as large as they get at a time."""
    return module(vector(1, [EMPTY, func_type(b'', I32 * 1000)]), vector(2, [b'\0\0\0\1']), vector(3, [b'\0']),
                  code(b'\0' + b'\2\x40' * 3 * MILLION + b'\x10\0' * 100000 + END))


@bomb('deep-of-types')
def _():
    """Blocks of many concrete types, which have to be kept somewhere."""
    n = 60
    units = b''.join(b'\2\x63' + bytes([i]) for i in range(n))
    tops = fill(units, (b'\0' + END) * n)
    return with_body(tops + b'\0', types=(EMPTY,) * n)


@bomb('br-tables-of-subtypes')
def _():
    """Targets in turn at two depths, whose thousand operands match only by subtyping."""
    table = b'\x41\0\x0e' + leb(65520) + b'\0\1' * 32760 + b'\0'
    once = b'\2\3\2\3' + b'\xd0\2' * 1000 + table + END + END + DROPS
    return with_body(once * 20, types=(EMPTY, b'\x50\0\x5f\0', b'\x50\1\1\x5f\0',
                                                  b'\x60\0' + leb(1000) + b'\x63\1' * 1000))


# ---- Components: what stands for much more than it is long. Parts are counted before they are made, and all steps of a component together.

COMPONENT = b'\0asm\x0d\0\1\0'
MANY_PARTS, MANY_STEPS = 'more than 1,000,000 parts', 'more steps to check than it may'
RESOURCE, U8 = b'\x3f\x7f\0', b'\x7d'
NAMED_R = b'\4\0\1r\3\1'                                 # declares an export, a resource


def component(*sections):
    return COMPONENT + b''.join(sections)


def nested(count, inside=COMPONENT):
    for _ in range(count):
        inside = COMPONENT + section(4, inside)
    return inside


def instance_type(*decls):
    return b'\x42' + leb(len(decls)) + b''.join(decls)


def named(prefix, i):
    text = b'%s%d' % (prefix, i)
    return b'\0' + leb(len(text)) + text


def twice(i):
    """A type of instances that have two of the type before."""
    return instance_type(b'\2\3\2\1' + leb(i), b'\4\0\1a\5\0', b'\4\0\1b\5\0')


def doubled(count):
    """Each component makes two of the one before, and gives both."""
    inside = component(vector(7, [RESOURCE]), vector(11, [b'\0\1r\3\0\0']))
    for _ in range(count):
        inside = component(section(4, inside), vector(5, [b'\0\0\0'] * 2), vector(11, [b'\0\1a\5\0\0', b'\0\1b\5\1\0']))
    return inside


def long_names(imports, instances):
    """A module whose imports have the longest names, made again and again."""
    name = [leb(100000) + b'%05d' % i + b'x' * 99995 for i in range(imports)]
    needs = module(TYPE, vector(2, [b'\1m' + n + b'\0\0' for n in name]))
    gives = module(TYPE, vector(3, [b'\0']), vector(7, [n + b'\0\0' for n in name]), code(b'\0' + END))
    return component(section(1, needs), section(1, gives), vector(2, [b'\0\1\0'] + [b'\0\0\1\1m\x12\0'] * instances))


def twice_each(count):
    """Each component imports functions by long names, and makes two of the one before."""
    names = [leb(12500) + b'f' * 12499 + b'%d' % i for i in range(8)]
    imports = vector(7, [b'\x40\0\1\0']), vector(10, [b'\0' + name + b'\1\0' for name in names])
    made = b'\0\0\x08' + b''.join(name + b'\1\0' for name in names)
    inside = component(*imports)
    for _ in range(count):
        inside = component(*imports, section(4, inside), vector(5, [made] * 2))
    return component(vector(7, [b'\x40\0\1\0']), section(1, module(TYPE, vector(3, [b'\0']), vector(7, [b'\1f\0\0']), code(b'\0' + END))),
                     vector(2, [b'\0\0\0']), vector(6, [b'\0\0\1\0\1f']), section(8, b'\1\0\0\0\0\0'), section(4, inside), vector(5, [made]))


BOMBS.update({
    'component-tuples': (lambda: component(vector(7, [U8] + [b'\x6f\2' + sleb(i) * 2 for i in range(60)])), MANY_PARTS),
    'component-tuples-below': (lambda: component(vector(7, [U8] + [b'\x6f\2' + sleb(i) * 2 for i in range(18)] * 5000)), None),
    'component-fields': (lambda: component(vector(7, [b'\x6f' + leb(10000) + U8 * 10000] + [b'\x6f' + leb(10000) + sleb(0) * 10000])), MANY_PARTS),
    'component-lists': (lambda: component(vector(7, [b'\x70' + U8] * (MILLION - 1))), None),
    'component-deep-list': (lambda: component(vector(7, [U8] + [b'\x70' + sleb(i) for i in range(200)])), 'nested deeper than 100'),
    'component-resources': (lambda: component(vector(7, [RESOURCE] * (MILLION - 1))), None),
    'component-instance-types': (lambda: component(vector(7, [instance_type()] * (MILLION - 1))), None),
    'component-too-many': (lambda: component(vector(7, [b'\x70' + U8] * MILLION + [U8])), 'more than 1,000,000 definitions'),
    'component-instances': (lambda: component(vector(7, [instance_type(NAMED_R)] + [twice(i) for i in range(60)])), MANY_STEPS),
    'component-instances-again': (lambda: component(vector(7, [instance_type(NAMED_R)] + [twice(i) for i in range(16)]),
                                                    vector(10, [named(b'i', i) + b'\5\x10' for i in range(4000)])), MANY_STEPS),
    'component-doubled': (lambda: doubled(60), MANY_STEPS),
    'component-aliases': (lambda: component(vector(7, [U8]), vector(6, [b'\3\2\0' + leb(i) for i in range(MILLION - 2)])), None),
    'component-imports': (lambda: component(vector(7, [b'\x40\0\1\0']), vector(10, [named(b'f', i) + b'\1\0' for i in range(300000)])), None),
    'component-instance-exports': (lambda: component(
        vector(7, [b'\x40\0\1\0', instance_type(b'\2\3\2\1\0', *[b'\4' + named(b'f', i) + b'\1\0' for i in range(100000)])]),
        vector(10, [b'\0\1i\5\1']), vector(6, [b'\1\0\0' + named(b'f', i)[1:] for i in range(100000)])), None),
    'component-core-imports': (lambda: component(
        section(1, module(TYPE, vector(2, [named(b'', i)[1:] + b'\1f\0\0' for i in range(20000)]))),
        section(2, leb(1001) + b'\1' + b'\0' + (b'\0\0' + leb(20000) + b''.join(named(b'', i)[1:] + b'\x12\0' for i in range(20000))))), 'missing argument'),
    'component-long-names': (lambda: long_names(70, 4000), MANY_STEPS),
    'component-plan-names': (lambda: twice_each(20), 'more than 1,000,000 steps'),
    'component-nested': (lambda: nested(200), 'nested deeper than 100'),
    'component-modules': (lambda: component(*[section(1, MAGIC)] * 1001), 'more than 1,000 modules and components'),
    'component-nested-types': (lambda: component(vector(7, [b'\x42\1\1' * MILLION + U8])), 'nested deeper than 100'),
    'component-module-type': (lambda: component(vector(3, [b'\x50' + leb(500001) + b'\1\x60\0\0' + b''.join(
        b'\0\1m' + named(b'', i)[1:] + b'\0\0' for i in range(500000))])), None),
})

COMMANDS['component-plan-names'] = ('run', '--invoke', 'g')
BOMBS.update({
    'component-text-lists': (lambda: b'(component (type ' + b'(list ' * MILLION + b'u8' + b')' * MILLION + b'))', 'nested deeper than 100'),
    'component-text-nested': (lambda: b'(component ' * MILLION + b')' * MILLION, 'nested deeper than 100'),
    'component-text-deep': (lambda: b'(component ' * 99 + b'(type (func (param "x" (list u8))))\n' * 200000 + b')' * 99, None),
    'component-text-types': (lambda: b'(component' + b'(type(instance))' * (MILLION - 1) + b')', None),
    'component-text-aliases': (lambda: b'(component' + b''.join(b'(type $t%d u8)' % i for i in range(20000)) + (
        b'(type (instance' + b''.join(b'(type (list $t%d))' % i for i in range(20000)) + b'))') * 10 + b')', None),
    'component-text-names': (lambda: b'(component (import "i" (instance $i (export "n" (instance (export "f" (func))))))' +
                             b'(core func (canon lower (func $i "n" "f")))\n' * 100000 + b')', None),
    'component-text-modules': (lambda: b'(component ' + b'(core module)' * 1000000 + b')', 'more than 1,000 modules and components'),
    'component-text-flags': (lambda: b'(component (type (enum' + b' "a"' * MILLION + b')))', 'more than 10,000 fields'),
})


# Short instructions that compare a thousand types, none of them the same: they match by subtyping only. Type 2 is
# below type 1; L is a list of the upper, X of the lower.
UPPER, LOWER = (lambda n: b'\x63\1' * n), (lambda n: b'\x63\2' * n)
L, X = leb(1000) + UPPER(1000), leb(1000) + LOWER(1000)
LISTS = (EMPTY, b'\x50\0\x5f\0', b'\x50\1\1\x5f\0',
         b'\x60' + L + X,              # 3, and function 0
         b'\x60\0' + X,               # 4, and function 1
         b'\x60' + L + b'\0',         # 5, and function 2, and tag 0
         b'\x60\0' + L,               # 6, and our own
         b'\x5f' + leb(10000) + b'\x63\1\0' * 10000,   # 7
         b'\x5e\x63\1\0',             # 8
         b'\x60' + X + b'\0',         # 9, and tag 1
         b'\x60\0' + leb(200) + LOWER(200),   # 10, and function 3
         b'\x60' + L + L)             # 11
LISTS_OF_CONTS = LISTS + (
    b'\x5d\3',                                                      # 12: of [L] -> [X]
    b'\x60' + X + L, b'\x5d\x0d',                                   # 14: of [X] -> [L]
    b'\x60' + leb(1000) + UPPER(999) + b'\x63\x0e' + X, b'\x5d\x0f',    # 16: takes one of type 14 last
    b'\x60\0' + leb(1000) + UPPER(999) + b'\x63\x0e',               # 17
    b'\x60' + leb(999) + LOWER(999) + L)                            # 18, and tag 3


def with_lists(unit, head=b'', end=b'', room=BODY - 20000, types=LISTS):
    tags = [b'\0\5', b'\0\x09', b'\0\3', b'\0\x12', b'\0\6']
    return module(vector(1, types), vector(2, [b'\0\0\0' + bytes([t]) for t in (3, 4, 5, 10)]), vector(3, [b'\6']),
                  vector(13, tags if types is not LISTS else tags[:2]),
                  code(b'\0' + head + unit * ((room - len(head) - len(end)) // len(unit)) + end + b'\0' + END))


for name, (unit, head) in {
    'calls': (b'\x10\0', b'\x10\1'),
    'tail-calls': (b'\x12\1', b''),
    'returns': (b'\2\x40\x10\1\x0f\x0b', b''),
    'throws': (b'\2\x40\x10\1\x08\0\x0b', b''),
    'blocks': (b'\2\3\0\x0b', b'\x10\1'),
    'loops': (b'\3\3\0\x0b', b'\x10\1'),
    'ends': (b'\2\6\x10\1\x0b\x10\2', b''),
    'ifs': (b'\x41\0\4\x0b\x10\0\x0b', b'\x10\1'),
    'trys': (b'\6\6\x10\1\x07\1\x0b\x10\2', b''),
    'brs': (b'\2\6\x10\1\x0c\0\x0b\x10\2', b''),
    'br-ifs': (b'\x41\0\x0d\0\x10\0', b'\x10\1'),
    'br-on-nulls': (b'\xd0\1\xd5\0\x1a\x10\0', b'\x10\1'),
    'br-on-non-nulls': (b'\xd0\2\xd6\0\xd0\2\x10\0', b'\x10\1\x1a'),
    'br-on-casts': (b'\xd0\1\xfb\x18\3\0\1\2\x1a\xd0\2\x10\0', b'\x10\1\x1a'),
    'structs': (b'\x10\1' * 10 + b'\xfb\0\7\x1a', b''),
    'arrays': (b'\x10\1' * 10 + b'\xfb\x08\x08' + leb(10000) + b'\x1a', b''),
    'small-parts': (b'\x10\3' * 5 + b'\x10\2', b''),
    'changed-on-top': (b'\x1a\xd0\2\x10\0', b'\x10\1'),
    'changed-in-the-middle': (b'\x1a' * 9 + b'\xd0\2' * 9 + b'\x10\0', b'\x10\1'),
    'across': (b'\x1a\x10\0', b'\x10\1' + b'\xd0\2' * (BODY // 4)),
    'dead': (b'\0\x10\0', b''),
    'under-others': (b'\x10\1\x10\1\x10\2\x10\2', b''),
}.items():
    BOMBS['lists-' + name] = (lambda unit=unit, head=head: with_lists(unit, head), None)
BOMBS['lists-catches'] = (lambda: with_lists(b'\x1f\x40' + leb(10000) + b'\0\1\0' * 10000 + END, b'\2\6', b'\0\x0b'), None)

for name, (unit, head) in {
    'suspends': (b'\xe2\2', b'\x10\1'),
    'resumes': (b'\xd0\x0c\xe3\x0c\0', b'\x10\1'),
    'resumes-that-throw': (b'\xd0\x0c\xe4\x0c\0\0', b'\x10\1'),
    'handlers': (b'\xe3\x0c' + leb(10000) + b'\0\3\0' * 10000 + b'\0', b'\2\x11\0'),
    'switches': (b'\xd0\x10\xe6\x10\4', b'\x10\1'),
    'binds': (b'\xd0\x0c\xe1\x0c\x0e\x1a', b''),
}.items():
    end = b'\0\x0b' if name == 'handlers' else b''
    BOMBS['lists-' + name] = (lambda unit=unit, head=head, end=end: with_lists(unit, head, end, types=LISTS_OF_CONTS), None)
    COMMANDS['lists-' + name] = ('validate', '--features=+stack-switching')


def lists_in_turn(kinds, most):
    """Lists that differ from each other, and calls that take each pair of them in turn; each makes `kinds` lists of
    either kind, of types that take one byte."""
    def some(n, which):     # a number in many digits, so that lists differ in many places
        return b''.join(which[n >> i % 12 & 1] for i in range(1000))
    below, above = (b'\x6c', b'\x6b'), (b'\x6d', b'\x6e')
    types = [b'\x60' + leb(1000) + some(i, above) + leb(1000) + some(i, below) for i in range(kinds)]
    types.append(b'\x60\0' + leb(1000) + some(0, below))
    calls, at = [], 0
    for far in range(kinds):
        for i in range(kinds):
            calls.append(b'\x10' + leb(at))
            at = (at + far) % kinds if i else at
        at = (at + 1) % kinds
    calls = (calls * (1 + most // len(calls)))[:most]
    bodies = [calls[i:i + 2500000] for i in range(0, len(calls), 2500000)]
    return module(vector(1, [EMPTY] + types), vector(2, (b'\0\0\0' + leb(i + 1) for i in range(kinds + 1))),
                  vector(3, [b'\0'] * len(bodies)),
                  code(*(b'\0\x10' + leb(kinds) + b''.join(b) + b'\0' + END for b in bodies)))


BOMBS['inspect-lists'] = (lambda: with_lists(b'\x12\1'), None)
COMMANDS['inspect-lists'] = ('inspect',)
BOMBS['lists-in-turn'] = (lambda: lists_in_turn(126, 3500000), None)
BOMBS['lists-always-others'] = (lambda: lists_in_turn(1000, 1000000), None)
BOMBS['lists-in-small-functions'] = (lambda: module(
    vector(1, LISTS), vector(2, [b'\0\0\0\4', b'\0\0\0\5']), vector(3, [b'\0'] * 900000),
    code(*[b'\0\x10\0\x10\1' + END] * 900000)), None)


@bomb('lists-of-labels')
def _():
    """br_table with targets that differ, again and again: each list is compared once for each table."""
    kinds = 100
    table = b'\x41\0\x0e' + leb(65520) + bytes(i * 37 % kinds for i in range(65521))
    once = b''.join(b'\2' + sleb(i + 3) for i in range(kinds)) + b'\xd0\2' * 1000 + table + (END + b'\0') * (kinds - 1) + END
    return with_body((once + DROPS) * 100, types=(EMPTY,) + LISTS[1:3] + tuple(
        b'\x60\0' + leb(1000) + UPPER(i) + b'\x6e' + UPPER(999 - i) for i in range(kinds)))


@bomb('branches-far')
def _():
    """Each to the outermost of a million labels."""
    return with_body(b'\2\x40' * MILLION + (b'\x41\0\x0d' + leb(MILLION)) * 500000 + END * MILLION)


# ---- text that is slow to read -------------------------------------------------------------------

HALF_OF_LEAST = str(5**1075) + 'e-1075'     # 752 digits, and exactly between two floats

for name, number in {'far': '9e307', 'least': '5e-324', 'greatest': '1.7976931348623157e308', 'halfway': HALF_OF_LEAST,
                     'almost-halfway': '9007199254740993.0000000000000001e-300', 'digits': '1.' + '7' * 5000 + 'e-100',
                     'zeros': '0.' + '0' * 300 + '1'}.items():
    BOMBS[f'decimals-{name}'] = (lambda number=number: b'(module (func unreachable ' + (
        f'f64.const {number} f32.const {number[:1]}e-45 '.encode()) * (7500000 // (len(number) + 28)) + b'unreachable))', None)


# ---- claims that are not true ----------------------------------------------------------------------

CLAIMS = {
    'types': section(1, leb(MOST)), 'group': section(1, b'\1\x4e' + leb(MOST)), 'imports': section(2, leb(MOST)),
    'parameters': section(1, b'\1\x60' + leb(MOST)), 'results': section(1, b'\1\x60\0' + leb(MOST)),
    'fields': section(1, b'\1\x5f' + leb(MOST)), 'functions': section(3, leb(MOST)), 'tables': section(4, leb(MOST)),
    'memories': section(5, leb(MOST)), 'globals': section(6, leb(MOST)), 'exports': section(7, leb(MOST)),
    'elements': section(9, leb(MOST)), 'entries': section(9, b'\1\1\0' + leb(MOST)),
    'entry-expressions': section(9, b'\1\5\x70' + leb(MOST)), 'bodies': section(10, leb(MOST)),
    'body': TYPE + section(3, b'\1\0') + section(10, b'\1' + leb(MOST)), 'data': section(11, leb(MOST)),
    'data-size': section(11, b'\1\1' + leb(MOST)), 'data-count': section(12, leb(MOST)), 'tags': section(13, leb(MOST)),
    'section': b'\1' + leb(MOST), 'custom': b'\0' + leb(MOST), 'custom-name': section(0, leb(MOST)),
    'import-name': section(2, b'\1' + leb(MOST)), 'export-name': section(7, b'\1' + leb(MOST)),
}
for name, sections in CLAIMS.items():
    BOMBS['claim-' + name] = (lambda sections=sections: module(sections), '')
for name, body in {'targets': b'\x41\0\x0e' + leb(MOST), 'catches': b'\x1f\x40' + leb(MOST), 'select': b'\x1c' + leb(MOST),
                   'array-operands': b'\xfb\x08\1' + leb(MOST), 'locals': b'', 'local-sum': b''}.items():
    locals = {'locals': leb(MOST), 'local-sum': b'\2' + (leb(MOST) + I32) * 2}.get(name, b'\0')
    BOMBS['claim-' + name] = (lambda body=body, locals=locals: with_body(body, locals, (EMPTY, b'\x5e\x7f\0')), '')
BOMBS['claim-names'] = (lambda: module(section(0, b'\4name\1\5' + leb(MOST))), None)      # names are only for people
BOMBS['claim-table-size'] = (lambda: module(section(4, b'\1\x70\0' + leb(MOST))), None)   # claimed, not allocated
BOMBS['claim-memory-size'] = (lambda: module(section(5, b'\1\0' + leb(65536))), None)
BOMBS['claim-memory64-size'] = (lambda: module(section(5, b'\1\4' + leb(2**37))), None)


# With the claims, what takes most of some kind of memory: a share for machines that are emulated.
EMULATED = {'recursion-group', 'element-segments', 'struct-chain', 'too-large', 'deep-blocks', 'deep-operands', 'deep-open',
         'too-many-operands', 'deep-and-too-many-operands', 'locals-2^32-1', 'name', 'parameters', 'fields'}

# ---- measuring -----------------------------------------------------------------------------------

def make(name, path):
    """Returns the size of the file."""
    content = BOMBS[name][0]()
    content, size = content if isinstance(content, tuple) else (content, len(content))
    with open(path, 'wb') as file:
        file.write(content)
        file.truncate(size)
    return size


EMULATOR = 20 << 20     # bytes; a small module under qemu takes 16 MB


def bounds(size):
    return 3 * max(1, size / 10e6), 10 * size + (64 << 20)


def trial(weft, name, timeout):
    with tempfile.TemporaryDirectory(prefix='weft-bombs-') as scratch:
        path = f'{scratch}/{name}.wasm'
        size = ask(__file__, name, path)
        return size, measure([weft, *COMMANDS.get(name, ('validate',)), path], timeout)


def complaints(name, size, got, timed, bounded):
    error = BOMBS[name][1]
    seconds, rss = bounds(size)
    if got['status'] != (0 if error is None else 1):
        yield f'exit status {got["status"]}, expected {0 if error is None else 1}'
    if error and error not in got['stderr']:
        yield f'no "{error}" in what it says'
    if timed and got['seconds'] > seconds:
        yield f'took {got["seconds"]:.1f} s, {seconds:.1f} are allowed'
    if bounded and got['rss'] > rss:
        yield f'took {got["rss"] >> 20} MB, {rss >> 20} are allowed'


def run(build, name):
    timed, bounded = build.name == 'release', build.name != 'asan'
    size, got = trial(build.weft, name, 60 if timed else 300)
    if build.name == 'arm':
        got['rss'] -= EMULATOR
    wrong = list(complaints(name, size, got, timed, bounded))
    return Outcome.of(not wrong, f'python3 tests/bombs.py {name}\n{got["stderr"]}\n' + '\n'.join(wrong))


def distinct_types(n):
    kinds = [b'\x7f', b'\x7e', b'\x7d', b'\x7c']
    return [func_type(b''.join(kinds[i >> 2 * k & 3] for k in range(10))) for i in range(n)]


def name_section(n, name=lambda i: b'a'):
    names = leb(n) + b''.join(leb(i) + leb(len(name(i))) + name(i) for i in range(n))
    return section(0, b'\4name\1' + leb(len(names)) + names)


def custom_section(title, content):
    return section(0, leb(len(title)) + title.encode() + content)


def part(number, items):
    content = leb(len(items)) + b''.join(items)
    return bytes([number]) + leb(len(content)) + content


def empty_functions(n):
    return vector(3, [b'\0'] * n), vector(10, [b'\2\0\x0b'] * n)


def text(field, n, before='', after=''):
    return ('(module ' + before + ''.join(field(i) for i in range(n)) + after + ')').encode()


# name: (command, n, what of size n). Half of it and twice it are measured, and anything quadratic
# takes long then.
GROWING = {}


PLACES = ('first', 'type', 'import', 'func', 'table', 'memory', 'global', 'export', 'start', 'elem', 'code', 'data', 'last')


def growing(name, n, make, command=('validate',)):
    GROWING[name] = (command, n, make)


growing('types', 60000, lambda n: module(vector(1, distinct_types(n))))
growing('type-chain', 60000, lambda n: module(vector(1, [b'\x5f\0'] + [
    b'\x5f\1\x63' + sleb(i) + b'\0' for i in range(n)])))
growing('type-ring', 150000, lambda n: module(section(1, b'\1\x4e' + leb(n) + b''.join(
    b'\x5f\1\x63' + sleb((i + 1) % n) + b'\0' for i in range(n)))))
growing('deep-types', 200000, lambda n: deep_types(n))
growing('deep-chains', 200000, lambda n: deep_chains(n))
growing('lists', 1500000, lambda n: with_lists(b'\x10\0', b'\x10\1', room=2 * n))
growing('lists-in-turn', 1000000, lambda n: lists_in_turn(100, n))
growing('lists-always-others', 400000, lambda n: lists_in_turn(600, n))
growing('imports', 200000, lambda n: module(TYPE, vector(
    2, (b'\1m\x08%08x\0\0' % i for i in range(n)))))
growing('formal-imports', 40000, lambda n: module(
    vector(1, [func_type(b''), func_type(b'', I32)]),
    vector(2, [b'\1m\1f\0\0'] * (n // 2) + [b'\x16wasi_snapshot_preview1\x0bsched_yield\0\1'] * (n // 2)),
    vector(3, [b'\0']), vector(7, [b'\6_start\0' + leb(n)]), code(b'\0' + END)), ('run', '--tier=spec', '--stub-imports'))
growing('formal-blocks', 10000, lambda n: module(TYPE, vector(3, [b'\0']), vector(7, [b'\6_start\0\0']),
                                               code(b'\0' + b'\2\x40' * n + END * n + END)), ('run', '--tier=spec', '--check'))
growing('exports', 300000, lambda n: module(TYPE, vector(3, [b'\0']), vector(
    7, (b'\x08%08x\0\0' % i for i in range(n))), code(b'\0' + END)))
growing('functions', 500000, lambda n: module(TYPE, *empty_functions(n)))
growing('globals', 300000, lambda n: module(vector(6, [I32 + b'\0\x41\0\x0b'] * n)))
growing('elements', 1000000, lambda n: module(section(
    9, b'\1\5\x70' + leb(n) + b'\xd0\x70\x0b' * n)))
growing('constant', 1200000, lambda n: module(vector(
    6, [I32 + b'\0\x41\0' + b'\x41\0\x6a' * n + END])))
growing('blocks', 1200000, lambda n: with_body(b'\2\x40' * n + END * n))
growing('calls', 1500000, lambda n: with_body(b'\x10\0' * n))
growing('operands', 1200000, lambda n: with_body(b'\x41\0' * n + b'\x1a' * n))
growing('branches', 700000, lambda n: with_body(
    b'\2\x40' * n + b'\x41\0\x0d' + leb(n) + END * n))
growing('local-groups', 25000, lambda n: with_body(
    b''.join(b'\x20' + leb(i) + b'\x1a' for i in range(n)) * 10, leb(n) + b'\1\x7f' * n))
growing('init-in-blocks', 25000, lambda n: with_body(
    b''.join(b'\2\x40\xd2\0\x21' + leb(i) + END for i in range(n)) * 10,
    b'\1' + leb(n) + b'\x64\0', before=vector(7, [b'\1f\0\0'])))
growing('names', 400000, lambda n: module(TYPE, *empty_functions(10), name_section(n)), ('inspect',))
growing('segments', 24000, lambda n: module(section(5, b'\1\0\1'), vector(11, [b'\0\x41\0\x0b\0'] * n)), ('inspect', '--json'))
growing('symbols', 200000, lambda n: module(TYPE, *empty_functions(10), custom_section('linking', b'\2' + part(8, [
    b'\0\0' + leb(i % 10) + b'\x08%08x' % i for i in range(n)]))), ('inspect',))
growing('relocations', 100000, lambda n: with_body(b'\x10\0' * n) + custom_section('linking', b'\2' + part(8, [b'\0\0\0\1f'])) +
        custom_section('reloc.CODE', b'\2' + leb(n) + b''.join(b'\0' + leb(2 * i + 5) + b'\0' for i in reversed(range(n)))), ('inspect', '--disassemble'))
growing('tree', 50000, lambda n: module(TYPE, *empty_functions(n), name_section(n, lambda i: b'a::%x::' % i + b'::'.join([b'%x' % (i + k) for k in range(20)]))),
        ('inspect', '--tree'))
growing('picture', 100000, lambda n: module(TYPE, *empty_functions(n), name_section(n, lambda i: b'%x.%x' % (i % 999, i))), ('inspect', '--svg', '-'))
growing('disassembly', 200000, lambda n: with_body(b'\2\x40' * n + END * n),
        ('inspect', '--disassemble'))
growing('functions', 200000, lambda n: module(TYPE, *empty_functions(n)), ('inspect', '--functions'))
growing('inspect-types', 60000, lambda n: module(vector(1, [b'\x50\0\x5f\0'] + [b'\x50\1' + sleb(i // 2) + b'\x5f\0' for i in range(n)])), ('inspect', '--types'))
growing('native', 200000, lambda n: with_body(b'\x10\0' * n), ('inspect', '--native', '0'))
growing('native-json', 100000, lambda n: with_body(b'\x10\0' * n), ('inspect', '--native', '0', '--json'))
growing('native-blocks', 100000, lambda n: with_body(b'\2\x40' * n + END * n), ('inspect', '--native', '0'))
growing('native-name', 200000, lambda n: module(TYPE, vector(3, [b'\0'] * n), vector(7, (b'\x08%08x\0' % i + leb(i) for i in range(n))),
                                                vector(10, [b'\2\0\x0b'] * n)), ('inspect', '--native', '000000ff'))
growing('json', 200000, lambda n: module(TYPE, *empty_functions(n)), ('inspect', '--json'))
growing('wit-of-component', 5000, lambda n: b'(component' + b''.join(
    b'(type $t%d (component (export "a:b/i%d" (instance)))) (export "i%d" (type $t%d))' % (i, i, i, i) for i in range(n)) + b')', ('wit', '-o', '/dev/null'))
growing('text-functions', 60000, lambda n: text(lambda i: f'(func $f{i} (call $f{i // 2}))', n))
growing('text-types', 30000, lambda n: text(
    lambda i: f'(func (param {"i32 i64 " * (i % 9)}) (result {"f32 " * (i % 7)}) unreachable)', n))
growing('text-folded', 200000, lambda n: text(lambda i: '(block ', n, '(func ', ')' * (n + 1)))
growing('text-labels', 60000, lambda n: text(
    lambda i: f'(block $l{i} (br $l{i // 2}) ', n, '(func ', ')' * (n + 1)))
growing('text-locals', 25000, lambda n: text(lambda i: f'(local $l{i} i32)', n, '(func ', ''.join(
    f'(local.set $l{i} (i32.const 0))' for i in range(n)) + ')'))
growing('text-lines', 400000, lambda n: text(
    lambda i: '\n;; a line', n, after='\n(func $x (call $y))'))
growing('text-comments', 2000000, lambda n: b'(;' * n + b';)' * n + b'(module)')
growing('text-strings', 200000, lambda n: text(
    lambda i: r'"\41\u{e9}" ', n, '(memory 1000) (data (i32.const 0) ', ')'))
growing('text-digits', 2000000, lambda n: text(
    lambda i: '1', n, '(func (drop (f64.const ', '.5)))'))
growing('text-decimals', 150000, lambda n: text(
    lambda i: f' f64.const {i}.{i}e{i % 600 - 310}', n, '(func unreachable', ' unreachable)'))
growing('text-string', 3000000, lambda n: text(lambda i: 'ab\\n', n, '(memory 1000) (data "', '")'))
growing('text-bytes', 500000, lambda n: b'(module binary "\\00asm\\01\\00\\00\\00\\00' + b''.join(
    b'\\%02x' % c for c in leb(n + 2)) + b'\\01a" ' + b'"a" ' * n + b')')
growing('text-customs', 150000, lambda n: text(lambda i: f'(@custom "c{i}" "x")', n))
growing('text-customs-placed', 100000, lambda n: text(
    lambda i: f'(@custom "c{i}" ({("before", "after")[i % 2]} {PLACES[i // 2 % len(PLACES)]}) "x")', n))
growing('text-custom-strings', 300000, lambda n: text(lambda i: '"ab\\n" ', n, '(@custom "c" ', ')'))
growing('text-annotations', 300000, lambda n: text(lambda i: '(@a "b" c)', n, '(func', ')'))
growing('text-annotations-nested', 500000, lambda n: text(lambda i: '(@a ', n, '(func', ')' * n + ')'))
growing('text-annotations-of-types', 100000, lambda n: text(lambda i: '(@custom "a")(type (@a) (func))(@custom "b")', n))
growing('text-annotations-misplaced', 200000, lambda n: text(lambda i: '(@name "a")', n, '(@name "b")'))
growing('text-names', 100000, lambda n: text(lambda i: f'(func (@name "f{i}") (param (@name "p") i32))', n))
growing('text-same-name', 100000, lambda n: text(lambda i: '(func (@name "f") (param (@name "p") i32))', n),
        ('print', '-o', '/dev/null'))
growing('text-hints', 60000, lambda n: text(
    lambda i: '(@metadata.code.branch_hint "\\00") (br_if 0 (i32.const 0))', n, '(func', ')'))
growing('text-operands', 200000, lambda n: text(
    lambda i: '(i32.add (i32.const 1) ', n, '(func (drop ', '(i32.const 2)' + ')' * n + '))'))
growing('text-ifs', 60000, lambda n: text(
    lambda i: '(if (i32.const 1) (then nop ', n, '(func ', '))' * n + ')'))
growing('text-tries', 60000, lambda n: text(
    lambda i: f'(try_table $l{i} (catch_all $l{i // 2}) ', n, '(func (block $l0 ', ')' * (n + 2)))
growing('text-same-label', 100000, lambda n: text(lambda i: '(block $l (br $l) ', n, '(func ', ')' * (n + 1)))
growing('text-targets', 60000, lambda n: text(lambda i: '0 ', min(n, 65000), '(func (br_table ', ' (i32.const 0)))'))
growing('text-long-names', 3000, lambda n: text(lambda i: f'(func $f{i:0500} (call $f{i // 2:0500}))', n))
growing('text-type-uses', 60000, lambda n: text(
    lambda i: f'(type $t{i} (func (param i32) (result {"i32 f32 " * (i % 5)})))', n // 3,
    after=''.join(f'(func (type $t{i}) (param i32) (result {"i32 f32 " * (i % 5)}) unreachable)' for i in range(n // 3))))
growing('text-block-types', 60000, lambda n: text(
    lambda i: f'(block (param {"i32 " * (i % 9)}) (result {"i64 " * (i % 8)}) unreachable) unreachable ', n, '(func unreachable ', ')'))
growing('text-groups', 30000, lambda n: text(
    lambda i: f'(rec (type $a{i} (sub (struct (field $x (ref null $b{i})) (field $y i32)))) (type $b{i} (array (ref $a{i}))))', n))
growing('text-group', 60000, lambda n: text(
    lambda i: f'(type $a{i} (struct (field $x (ref null $a{(i + 1) % n}))))', n, '(rec ', ')'))
growing('text-inline-exports', 100000, lambda n: text(lambda i: f'(export "e{i}")', n, '(func ', ')'))
growing('text-imports', 60000, lambda n: text(lambda i: f'(import "m{i}" "n" (func $f{i} (param i32)))', n))
growing('text-import-items', 100000, lambda n: text(lambda i: f'(item "n{i}")', n, '(import "m" ', '(func (param i32)))'))
growing('text-elements', 200000, lambda n: text(lambda i: '$f ', n, '(func $f) (elem func ', ')'))
growing('text-element-expressions', 100000, lambda n: text(lambda i: '(item ref.null func) ', n, '(elem funcref ', ')'))
growing('text-segments', 40000, lambda n: text(lambda i: f'(data $d{i} (i32.const 0) "a")', n, '(memory 1)'))
growing('text-tables', 30000, lambda n: text(lambda i: f'(table $t{i} funcref (elem $f))', n, '(func $f)'))
growing('text-locals-unnamed', 12000, lambda n: text(lambda i: '(local i32 i64) ', n, '(func ', ')'))
growing('text-duplicate', 100000, lambda n: text(lambda i: f'(func $f{i})', n, after='(func $f0)'))
for name, options in ('print', ()), ('print-fold', ('--fold',)), ('print-offsets', ('--offsets',)), ('print-check', ('--check',)):
    growing(f'{name}-blocks', 60000, lambda n: text(lambda i: '(block $l (br $l) ', n, '(func ', ')' * (n + 1)),
            ('print', *options))
    growing(f'{name}-operands', 100000, lambda n: text(
        lambda i: '(i32.add (i32.const 1) ', n, '(func (drop ', '(i32.const 2)' + ')' * n + '))'), ('print', *options))
    growing(f'{name}-mixed', 20000, lambda n: text(
        lambda i: f'(func $f (export "f{i}") (param $p i32) (local $p i64) (block $l (result i32) (if $l (local.get $p) (then (br $l (i32.const 1)))) (i32.const 2)) drop)'
        .replace('$f ', f'$f{i} ').replace('(local $p', '(local $q'), n), ('print', *options))
growing('print-decimals', 100000, lambda n: text(
    lambda i: f' f64.const {i}.{i}e{i % 600 - 310}', n, '(func unreachable', ' unreachable)'), ('print',))
growing('print-floats', 100000, lambda n: text(
    lambda i: f' f64.const 0x1.{i:013x}p{i % 2000 - 1000}', n, '(func unreachable', ' unreachable)'), ('print',))
growing('print-hints', 60000, lambda n: text(
    lambda i: '(@metadata.code.branch_hint "\\00") (br_if 0 (i32.const 0))', n, '(func', ')'), ('print',))
growing('print-customs', 60000, lambda n: text(lambda i: f'(@custom "c{i}" (after func) "x")', n), ('print',))
growing('print-odd-names', 60000, lambda n: text(lambda i: f'(func (@name "a b{i % 7}"))', n), ('print',))
growing('print-same-locals', 12000, lambda n: text(lambda i: '(local (@name "x") i32)', n, '(func ', ')'), ('print',))
growing('print-types', 30000, lambda n: text(lambda i: f'(type $t{i} (struct (field $x i32) (field $y (ref null $t{i // 2}))))', n),
        ('print',))
growing('print-data', 1000000, lambda n: text(lambda i: 'a\\00\\n', n, '(memory 1000) (data "', '")'), ('print',))
growing('text-large-type', 60000, lambda n: text(
    lambda i: '(call_indirect (type $t) (i32.const 0)) ', n, f'(type $t (func (param {"i32 " * 999}))) (table 1 funcref) (func unreachable ', ')'))
growing('text-large-type-funcs', 20000, lambda n: text(
    lambda i: '(func (type $t))', n, f'(type $t (func (param {"i32 " * 999})))'))
growing('text-catches', 4000, lambda n: text(lambda i: '(catch_all 0) ', n, '(func (try_table ', '))'))
growing('text-select', 60000, lambda n: text(lambda i: 'select (result i32) ', n, '(func unreachable ', ' drop)'))
growing('text-flat', 60000, lambda n: text(lambda i: 'i32.const 1 if $l else $l ', n, '(func ', 'end $l ' * n + ')'))
growing('text-fields', 4000, lambda n: text(
    lambda i: f'(struct.get $s $f{i} (ref.null $s)) drop ', n, '(type $s (struct ' + ''.join(
        f'(field $f{i} i32)' for i in range(n)) + ')) (func ', ')'))
growing('text-quoted-ids', 60000, lambda n: text(lambda i: f'(func $"\\u{{41}}{i}" (call $"\\41{i // 2}"))', n))
growing('script-failing', 10000, lambda n: b'(module (func (export "f") (result i32) (i32.const 1)))\n' +
        b'(assert_return (invoke "f") (i32.const 2))\n' * n, ('wast', '-k'))
growing('script-invalid', 5000, lambda n: b'(assert_invalid (module (func (result i32))) "type mismatch")\n' * n, ('wast', '-k'))
growing('script-malformed', 5000, lambda n: b'(assert_malformed (module quote "(func" "(oops))") "unknown operator")\n' * n, ('wast', '-k'))
growing('script-quoted', 60000, lambda n: b'(module quote ' + b'"(func)" ' * n + b')', ('wast',))
growing('script-invalid-modules', 5000, lambda n: b'(module (func (result i32)))\n' * n, ('wast', '-k'))
growing('script-instances', 10000, lambda n: b'(module definition $m (func (export "f")))' + b''.join(
    b'(module instance $i%d $m) (invoke $i%d "f")\n' % (i, i // 2) for i in range(n)), ('wast',))
growing('script-tables', 10000, lambda n: b'(module definition $m (table funcref (elem $g)) (func $g) (func (export "f") (call_indirect (i32.const 0))))' +
        b''.join(b'(module instance $i%d $m)' % i for i in range(n)) + b''.join(b'(invoke $i%d "f")' % i for i in range(n)), ('wast',))
growing('script-names', 10000, lambda n: b''.join(
    b'(module $m%d (func (export "f"))) (register "m%d" $m%d) (module (import "m%d" "f" (func)))\n' % (i, i, i, i // 2) for i in range(n // 4)), ('wast',))
growing('script', 20000, lambda n: b''.join(
    b'(module $m%d (func (export "f"))) (invoke "f")\n' % i for i in range(n // 10)) +
    b'(assert_return (invoke "f"))\n' * n, ('wast',))

OPT = ('opt', '-O3', '-o', '/dev/null')
GET, CALL, EXPORT = b'\x20\0', b'\x20\0\x10\0', vector(7, [b'\1f\0\0'])


def exported(instructions, before=b'', locals=b'\0'):
    """Of one parameter."""
    return with_body(instructions, locals, (func_type(I32),), before + EXPORT)


growing('opt-functions', 30000, lambda n: module(TYPE, vector(3, [b'\0'] * n), vector(7, (b'\x08%08x\0' % i + leb(i) for i in range(0, n, 2))),
                                               code(*[b'\0\x10' + leb(i // 2) + END for i in range(n)])), OPT)
growing('opt-ring', 60000, lambda n: module(section(1, b'\2' + func_type(b'') + b'\x4e' + leb(n) + b''.join(
    b'\x5f\1\x63' + sleb(1 + (i + 1) % n) + b'\0' for i in range(n))), vector(3, [b'\0']), EXPORT, code(b'\1\1\x63\1' + END)), OPT)
growing('opt-targets', 20000, lambda n: exported(b'\2\x40' * n + GET + b'\x0e' + leb(n - 1) + b''.join(map(leb, range(n))) + (END + CALL) * n), OPT)
growing('opt-phis', 300, lambda n: exported(b''.join(
    b'\2\x40' + GET + b'\x0d\0' + b''.join(b'\x41' + leb(i) + b'\x21' + leb(1 + k) for k in range(n)) + END for i in range(64)), locals=b'\1' + leb(n) + I32), OPT)
growing('opt-sums', 100000, lambda n: exported(GET + (GET + b'\x6a') * n + b'\x1a'), OPT)
growing('opt-ifs', 20000, lambda n: exported((GET + b'\4\x40') * n + CALL + END * n), OPT)
growing('opt-loops', 15000, lambda n: exported(b'\3\x40' * n + GET + b'\x0d\0' + (END + GET + b'\x0d\0') * (n - 1) + END), OPT)
growing('opt-reads', 60000, lambda n: exported(b''.join(GET + b'\x28\2' + leb(4 * i) + b'\x1a' for i in range(n)), vector(5, [b'\0\1'])), OPT)
growing('opt-hints', 30000, lambda n: text(
    lambda i: '(@metadata.code.branch_hint "\\00") (br_if 0 (local.get 0))', n, '(func (export "f") (param i32)', ')'), OPT)
growing('opt-notes', 20000, lambda n: module(TYPE, vector(3, [b'\0'] * n), EXPORT,
                                           code(*[b'\0\x10' + leb(i // 2) + END for i in range(n)])), ('opt', '--trace=opt', '-o', '/dev/null'))
growing('graph', 3000, lambda n: exported((GET + b'\4\x40' + CALL + END) * n), ('inspect', '--graph', '0'))
growing('graph-picture', 800, lambda n: exported((GET + b'\4\x40' + CALL + b'\5' + END) * n), ('inspect', '--graph', '0', '--svg', '-'))
growing('graph-wide', 800, lambda n: exported(b'\2\x40' * n + GET + b'\x0e' + leb(n - 1) + b''.join(map(leb, range(n))) + (END + CALL) * n),
        ('inspect', '--graph', '0', '--svg', '-'))

TOO_MUCH = 8.0
GROWTH_RUNS, GROWTH_TRIALS = 3, 3


def cpu_time(weft, command, content, runs):
    with tempfile.NamedTemporaryFile(prefix='weft-growth-') as file:
        file.write(content)
        file.flush()
        got = [measure([weft, *command, file.name], 120) for _ in range(runs)]
    return min(g['seconds'] for g in got), {g['status'] for g in got}


def growth(weft, name):
    """How often the time for a quarter of it goes into that for all, the two times, and the exit statuses."""
    command, n, make = GROWING[name]
    best = None
    for _ in range(GROWTH_TRIALS):
        once, said = cpu_time(weft, command, make(n // 2), GROWTH_RUNS)
        four, said_then = cpu_time(weft, command, make(2 * n), GROWTH_RUNS)
        now = (four / max(once, 0.001), once, four, said | said_then)
        best = min(best or now, now)
        if best[0] <= TOO_MUCH:
            break
    return best


def growth_run(build, name):
    ratio, once, four, said = growth(build.weft, name)
    return Outcome.of(ratio <= TOO_MUCH and said <= {0, 1},
                      f'python3 tests/bombs.py --growth {name}\n'
                      f'{once:.3f} s, four times as much {four:.3f} s, {said}')


# ---- functions that are called -----------------------------------------------------------------------

# name: what makes a module of a body, or constant expressions, of so many bytes, which exports f and is slow to get ready.
TRANSLATED = {}
# name: a module that exports f, of which a unit of fuel might take long.
DEAR = {}

V128, F = b'\x7b', vector(7, [b'\1f\0\0'])
SOME = 20000                                                   # operands below
READS, ZERO = b'\x20\0' * SOME, b'\x41\0'
WIDE_RESULTS, WIDE_PARAMS = func_type(b'', I32 * 1000), func_type(I32 * 1000)
WIDE_VECTORS = func_type(V128 * 1000, V128 * 1000)
TYPES = (EMPTY, WIDE, WIDE_RESULTS, WIDE_PARAMS, WIDE_VECTORS)


def translated(name, unit, head=b'', tail=b'', end=b'', types=TYPES, locals=b'\2\1\x7f\1\x7b', before=b''):
    """A function with head, units, their ends and tail; one of type 1 that it may call, another of type 4."""
    def make(size):
        body = locals + fill(unit, end, size - len(locals + tail + END), head) + tail + END
        return module(vector(1, types), vector(3, [b'\0', b'\1', b'\4']), before, F,
                      code(body, b'\0\0\x0b', b'\0\0\x0b'))
    TRANSLATED[name] = make


translated('calls', b'\x10\1', THOUSAND, DROPS)
translated('calls-of-vectors', b'\x10\2', b'\x20\1' * 1000, DROPS)
translated('calls-above-operands', b'\x10\1', READS + THOUSAND, b'\0')
translated('calls-indirect', b'\x41\0\x11\1\0', THOUSAND, DROPS, before=vector(4, [FUNCREF + b'\0\1']))
translated('calls-of-reads', b'\x20\0' * 1000 + b'\x10\1' + DROPS)
translated('blocks', b'\2\1' + END, THOUSAND, DROPS)
translated('blocks-nested', b'\2\1', THOUSAND, DROPS, END)
translated('blocks-of-vectors', b'\2\4' + END, b'\x20\1' * 1000, DROPS)
translated('blocks-above-operands', b'\2\x40' + END, READS, b'\0')
translated('loops', b'\3\1' + END, THOUSAND, DROPS)
translated('ifs', ZERO + b'\4\1\5' + END, THOUSAND, DROPS)
translated('ifs-above-operands', ZERO + b'\4\x40' + END, READS, b'\0')
translated('tries', b'\6\1' + END, THOUSAND, DROPS)
translated('catches-legacy', b'\6\2' + b'\0' + b'\7\0' * 50 + END + DROPS, before=vector(13, [b'\0\3']))
translated('delegates', b'\6\x40', end=b'\x18\0')
for where, head in {'': THOUSAND, '-moved': ZERO + THOUSAND, '-reads': ZERO + b'\x20\0' * 1000}.items():
    translated('branches' + where, ZERO + b'\x0d\0', b'\2\2' + head, b'\0' + END + DROPS)
translated('branches-each', b'\x20\0' * 1000 + b'\x20\0\x0d\0' + DROPS, b'\2\2', THOUSAND + END + DROPS)
translated('branches-above-operands', ZERO + b'\x0d\0', b'\2\x40' + READS, b'\0' + END)
translated('branches-of-one', b'\x20\0' + ZERO + b'\x0d\0\x1a', b'\2\x7f' + READS, b'\0' + END + b'\x1a')
translated('branches-of-the-same', ZERO + b'\x0d\0', b'\2\x7f' + READS, b'\0' + END + b'\x1a')
translated('branches-on-null', b'\xd0\x70\xd5\0\x1a', b'\2\2' + ZERO + THOUSAND, b'\0' + END + DROPS)
translated('returns', ZERO + b'\x0d\0', THOUSAND, b'\0', types=(WIDE_RESULTS,) + TYPES[1:])
translated('tables-in-blocks', b'\2\2' + ZERO + THOUSAND + ZERO + b'\x0e' + leb(2000) + b'\0\1' * 1000 + b'\0' + END + DROPS,
           b'\2\2', b'\0' + END + DROPS)
translated('sets-of-read', ZERO + b'\x21\0\x20\0\x1a', READS, b'\0')
translated('tees-of-read', b'\x20\0\x22\0\x1a', READS, b'\0')
translated('reads-and-sets', b'\x20\0' * 100 + ZERO + b'\x21\0' + b'\x1a' * 100)
translated('tees', b'\x22\0', ZERO, b'\x1a')
translated('constants', b'\x42\x80\x7f\x1a')
translated('selects', ZERO * 3 + b'\x1c\1\x7f\x1a')
translated('vectors', b'\x20\1\xfd\x51', b'\x20\1' * 9999, b'\0')
translated('operands', ZERO, b'', b'\0')
translated('memory-copies', ZERO * 3 + b'\xfc\x0a\0\0', READS, b'\0', before=vector(5, [b'\0\0']))
translated('structures', b'\xfb\0\5\x1a', READS, b'\0', types=TYPES + (b'\x5f\0',))
translated('fences', b'\xfe\3\0', READS, b'\0')
translated('dead-code', b'\x6a', b'\0', b'\x1a')
translated('try-tables', b'\x1f\x40\0', end=END)
translated('locals', b'\x20\x80\1\x1a', locals=b'\1' + leb(50000) + I32)
for name, label, clause in (('catches', b'\2\2', b'\0\0\0'), ('catches-that-return', b'', b'\0\0\0')):
    translated(name, b'\x1f\x40' + leb(10000) + clause * 10000 + END, label, b'\0' + (END + DROPS + b'\0' if label else b''),
               types=(WIDE_RESULTS if not label else EMPTY,) + TYPES[1:], before=vector(13, [b'\0\3']))
TRANSLATED['constant-expression'] = lambda size: module(
    TYPE, vector(3, [b'\0']), vector(6, [I32 + b'\0\x41\0' + END, I32 + b'\0\x41\0' + b'\x23\0\x6a' * (size // 3) + END]), F,
    code(b'\0' + END))
TRANSLATED['constants-many'] = lambda size: module(
    TYPE, vector(3, [b'\0']), vector(6, [I32 + b'\0\x41\0' + END] * min(size // 5, MILLION)), F, code(b'\0' + END))
TRANSLATED['items'] = lambda size: module(
    TYPE, vector(3, [b'\0']), vector(4, [FUNCREF + b'\0' + leb(size // 3)]), F,
    section(9, b'\1\4\x41\0\x0b' + leb(size // 3) + b'\xd2\0\x0b' * (size // 3)), code(b'\0' + END))


def dear(name, body, fields='', locals='(local i32 i64)'):
    DEAR[name] = (fields, body if body.startswith('(func') else f'(func (export "f") {locals} (loop $l {body} (br $l)))')


def times(what, n):
    return (what + ' ') * n


MANY = '(type $many (func (result ' + times('i64', 1000) + '))) (tag) (tag (param ' + times('i64', 1000) + '))'
ZEROS = times('(i64.const 0)', 1000)
COUNTED = ' '.join(f'(local.set {n} (i32.add (local.get {n}) (i32.const 1)))' for n in range(4))
PLAIN = f'(func (export "f") (local i32 i32 i32 i32) (loop {COUNTED} {COUNTED} (br 0)))'
dear('loop', '')
dear('calls', '(call $g)', '(func $g)')
dear('locals', '(call $g)', '(func $g (local ' + times('i64', 50000) + '))')
dear('locals-few', '(call $g)', '(func $g (local ' + times('i64', 7) + '))')
dear('returns', '(call $g) ' + times('(drop)', 1000), MANY + f'(func $g (type $many) (i64.const 1) {ZEROS} (return))')
dear('returns-often', f'(func (export "f") (result {times("i64", 1000)}) (i64.const 1) {ZEROS} (loop (call $g) (br 0)) unreachable)',
     MANY + f'(func $g (result {times("i64", 1000)}) (call $h) (return)) (func $h (result {times("i64", 1000)}) {ZEROS})')
dear('tail-calls', f'(func (export "f") {ZEROS} (return_call $g))',
     '(func $g (param ' + times('i64', 1000) + ') ' + ' '.join(f'(local.get {i})' for i in range(1000)) + '(return_call $g))')
dear('moves', f'(block $b (result {times("i64", 1000)}) (i64.const 1) {ZEROS} ' +
     times('(br_if $b (i32.const 0))', 1000) + ' (br $b)) ' + times('(drop)', 1000))
dear('moves-by-table', f'(block $b (result {times("i64", 1000)}) (i64.const 1) {ZEROS} (br_table $b $b (i32.const 0))) ' + times('(drop)', 1000))
dear('throws', '(block $h (try_table (catch_all $h) (throw 0)))', MANY)
dear('throws-of-many', f'(block $h (type $many) (try_table (catch 1 $h) {ZEROS} (throw 1)) (unreachable)) ' + times('(drop)', 1000), MANY)
dear('throws-far', '(block $h (try_table (catch_all $h) (call $g (i32.const 5000))))',
     MANY + '(func $g (param i32) (if (local.get 0) (then (call $g (i32.sub (local.get 0) (i32.const 1))))) (throw 0))')
dear('throws-through-clauses', '(block $h (try_table (catch_all $h) (block $i ' +
     times(f'(try_table {times("(catch 1 $i)", 2000)}', 200) + '(throw 0)' + ')' * 200 + ')))', '(tag) (tag)')
dear('throws-through-tries', '(block $h (try_table (catch_all $h) ' + times('(try_table', 50000) + '(throw 0)' + ')' * 50000 + '))', '(tag)')
dear('throws-behind-tries', '(block $h (try_table (catch_all $h) ' + times('(try_table', 50000) + '(nop)' + ')' * 50000 + '(throw 0)))', '(tag)')
dear('throws-through-delegates', '(try (do ' + times('(try (do', 2000) + '(throw 0)' + ') (delegate 0))' * 2000 + ') (catch_all))', '(tag)')
dear('throws-of-legacy', '(try (do (throw 0)) (catch_all))', '(tag)')
dear('calls-indirect', '(call_indirect (type $t0) (i32.const 0))',
     '(type $t0 (sub (func)))' + ''.join(f'(type $t{i + 1} (sub $t{i} (func)))' for i in range(62)) +
     '(func $g (type $t62)) (table funcref (elem $g))')
dear('grows-by-nothing', '(drop (memory.grow (i32.const 0)))', '(memory 1000)')
dear('grows-by-a-byte', '(drop (memory.grow (i32.const 1)))', '(memory 1 (pagesize 1))')
dear('grows-refused', '(drop (memory.grow (i32.const -1)))', '(memory 1000)')
dear('fills-small', '(memory.fill (i32.const 0) (i32.const 0) (i32.const 63))', '(memory 1)')
dear('fills', '(memory.fill (i32.const 0) (i32.const 0) (i32.const 8000000))', '(memory 1000)')
dear('copies', '(memory.copy (i32.const 0) (i32.const 1) (i32.const 8000000))', '(memory 1000)')
dear('discards-small', '(memory.discard (i32.const 1) (i32.const 1))', '(memory 1)')
dear('discards', '(memory.discard (i32.const 0) (i32.const 8000000))', '(memory 1000)')
dear('discards-written', '(memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (memory.discard (i32.const 0) (i32.const 1))', '(memory 1)')
dear('table-copies', '(table.copy (i32.const 0) (i32.const 1) (i32.const 15))', '(table 100 funcref)')
dear('table-inits', '(table.init 0 $e (i32.const 0) (i32.const 0) (i32.const 1000))',
     '(table 1000 funcref) (func $g) (elem $e func ' + times('$g', 1000) + ')')
dear('table-inits-small', '(table.init 0 $e (i32.const 0) (i32.const 0) (i32.const 1))',
     '(table 1000 funcref) (func $g) (elem $e func $g)')
dear('table-grows', '(drop (table.grow (ref.null func) (i32.const 1)))', '(table 100 funcref)')
dear('structures-large', times('struct.new_default 0 drop', 300000), '(type (struct' + times(' (field v128)', 10000) + '))')
dear('divisions', '(local.set 1 (i64.div_s (i64.const 0x7fffffffffffff) (i64.or (local.get 1) (i64.const 1))))')

DEADLINE, LATE = 0.3, 0.5               # seconds
GRAPH_BY = 1.0                          # likewise, by when a graph of such a body is being made
TWICE = 2.3                             # times as long for twice as much
DEAREST = 2 * 20                        # plain units: twenty are promised
FUEL = 30 * MILLION


def invoked(weft, path, *options):
    return measure([weft, 'run', '--features=+custom-page-sizes,+memory-control', *options, '--invoke', 'f', path], 120)


def held_to_deadline(weft, path, bounded, how=()):
    got = invoked(weft, path, *how, '--timeout', f'{DEADLINE * 1000:.0f}ms')
    if got['status'] not in (0, 124, 134):
        yield f'exit status {got["status"]}: {got["stderr"]}'
    if bounded and got['seconds'] > DEADLINE + LATE:
        yield f'took {got["seconds"]:.2f} s with a deadline of {DEADLINE} s'


def write(directory, name, content):
    path = f'{directory}/{name}'
    Path(path).write_bytes(content)
    return path


def compilation(weft, name, bounded):
    return translation(weft, name, bounded, ['--tier=baseline'])


def optimization_in_time(weft, name, bounded):
    """The thread beside the guest must heed the end too, and what graphs take is bounded, however large the body."""
    with tempfile.TemporaryDirectory(prefix='weft-bombs-') as scratch:
        got = invoked(weft, write(scratch, 'full.wasm', TRANSLATED[name](BODY)), '--tier=opt', '--timeout', f'{GRAPH_BY * 1000:.0f}ms')
    wrong = [] if got['status'] in (0, 124, 134) else [f'exit status {got["status"]}: {got["stderr"]}']
    if bounded and got['seconds'] > GRAPH_BY + LATE:
        wrong.append(f'took {got["seconds"]:.2f} s with a deadline of {GRAPH_BY} s')
    if bounded and got['rss'] > 768 << 20:
        wrong.append(f'took {got["rss"] >> 20} MB')
    return wrong, 0, got['seconds']


def translation(weft, name, bounded, how=()):
    """What is wrong, and how much longer twice as much takes."""
    with tempfile.TemporaryDirectory(prefix='weft-bombs-') as scratch:
        full = write(scratch, 'full.wasm', TRANSLATED[name](BODY))
        wrong = list(held_to_deadline(weft, full, bounded, how))
        if not bounded:
            return wrong, 0, 0
        half = write(scratch, 'half.wasm', TRANSLATED[name](BODY // 2))
        best = None
        for _ in range(GROWTH_TRIALS):
            one, two = (min(invoked(weft, path, *how, '--timeout', '60s')['seconds'] for _ in range(2))
                        for path in (half, full))
            best = min(best or (99, 0), (max(two - 0.05, 0) / one, two))
            if best[0] <= TWICE:
                break
    if best[0] > TWICE:
        wrong.append(f'twice as much takes {best[0]:.1f} times as long')
    if best[1] > (8 if how else 3):
        wrong.append(f'took {best[1]:.1f} s')
    return wrong, *best


def per_unit(weft, path, fuel, how=()):
    """Nanoseconds of a unit of fuel, and what was wrong."""
    least, most = (min((invoked(weft, path, *how, '--fuel', units, '--timeout', '20s') for _ in range(2)), key=lambda g: g['seconds'])
                   for units in (1, fuel))
    good = most['status'] == 134 and 'out of fuel' in most['stderr']
    return max(most['seconds'] - least['seconds'], 0) * 1e9 / fuel, [] if good else [f'status {most["status"]}: {most["stderr"]}']


def dear_unit(weft, name, bounded, how=(), fuel=FUEL):
    fields, function = DEAR[name]
    with tempfile.TemporaryDirectory(prefix='weft-bombs-') as scratch:
        path = write(scratch, 'dear.wat', f'(module {fields} {function})'.encode())
        wrong = list(held_to_deadline(weft, path, bounded, how))
        if not bounded:
            return wrong, 0, 0
        plain, _ = per_unit(weft, write(scratch, 'plain.wat', f'(module {PLAIN})'.encode()), 5 * fuel, how)
        unit, more = per_unit(weft, path, fuel, how)
    if unit > DEAREST * plain:
        wrong.append(f'a unit takes {unit:.1f} ns, {unit / plain:.1f} times as long as of a plain loop')
    return wrong + more, unit / plain, unit


def dear_step(weft, name, bounded):
    """Likewise on the formal machine, whose units are steps."""
    return dear_unit(weft, name, bounded, ['--tier=spec'], MILLION)


OPTIMIZED = 200000      # bytes of a body
GRAPH = 100             # times its size, at most
AROUND = 24 << 20       # what the command takes for nothing, and more than that


def optimized_by(weft, path, tier):
    how = [weft, 'run', '--tier=opt', '--timeout', '60s', '--invoke', 'f', path] if tier else [weft, 'opt', '-O3', '--only=bodies', path, '-o', '/dev/null']
    return measure([*how[:2], '--features=+custom-page-sizes,+memory-control', *how[2:]], 120)


def optimization(weft, name, bounded, tier=False):
    """The memory of a graph is linear in the body, and so is the time; a body that would take more stays as it is."""
    with tempfile.TemporaryDirectory(prefix='weft-bombs-') as scratch:
        half, full = (write(scratch, f'{size}.wasm', TRANSLATED[name](size)) for size in (OPTIMIZED // 2, OPTIMIZED))
        got = optimized_by(weft, full, tier)
        wrong = [] if got['status'] in (0, 134) else [f'exit status {got["status"]}: {got["stderr"]}']
        if not bounded:
            return wrong, 0, 0
        ratio, two, most = 99, got['seconds'], AROUND + (GRAPH + 10) * OPTIMIZED
        if got['rss'] > most:
            wrong.append(f'took {got["rss"] >> 20} MB, {most >> 20} are allowed')
        for _ in range(GROWTH_TRIALS):
            ratio = min(ratio, max(two - 0.05, 0) / max(optimized_by(weft, half, tier)['seconds'], 0.01))
            if ratio <= TWICE:
                break
            two = optimized_by(weft, full, tier)['seconds']
    if ratio > TWICE:
        wrong.append(f'twice as much takes {ratio:.1f} times as long')
    if two > 2:
        wrong.append(f'took {two:.1f} s')
    return wrong, got['rss'] / (1 << 20), two


def optimization_by_tier(weft, name, bounded):
    return optimization(weft, name, bounded, True)


def call_run(build, name, check):
    wrong, *_ = check(build.weft, name, build.name == 'release')
    return Outcome.of(not wrong, f'python3 tests/bombs.py --calls {name}\n' + '\n'.join(wrong))


CALLS = {**{f'translate-{name}': (translation, name) for name in TRANSLATED},
         **{f'fuel-{name}': (dear_unit, name) for name in DEAR},
         **{f'fuel-of-steps-{name}': (dear_step, name) for name in DEAR},
         **{f'compile-{name}': (compilation, name) for name in TRANSLATED},
         **{f'optimize-{name}': (optimization, name) for name in TRANSLATED},
         **{f'optimize-by-tier-{name}': (optimization_by_tier, name) for name in TRANSLATED},
         **{f'optimize-in-time-{name}': (optimization_in_time, name) for name in TRANSLATED}}


def tests(options):
    for build in options.builds:
        for n, (title, (check, name)) in enumerate(CALLS.items()):
            yield Test(f'bombs/{title}{build.suffix}', slow=True, full=check in (compilation, optimization_in_time, dear_step) or not in_share(n),
                       run=lambda build=build, name=name, check=check: call_run(build, name, check))
        for n, name in enumerate(GROWING if build.name == 'release' else ()):
            yield Test(f'bombs/growth-{name}', slow=True, full=not in_share(n),
                       run=lambda build=build, name=name: growth_run(build, name))
        for n, name in enumerate(BOMBS):
            yield Test(f'bombs/{name}{build.suffix}', lambda build=build, name=name: run(build, name),
                       full=not in_share(n, 4 if build.name == 'release' else SHARES))


def main(words):
    if words[:1] == ['--make']:
        print(make(words[1], words[2]))
    elif words[:1] == ['--growth']:
        for name in words[1:] or GROWING:
            ratio, once, four, said = growth(os.environ.get('WEFT', str(ROOT / 'build/release/weft')), name)
            print(f'{name:20}{ratio:6.2f}   {once:.3f} s, {four:.3f} s, {said}', flush=True)
    elif words[:1] == ['--calls']:
        for title in words[1:] or CALLS:
            check, name = CALLS[title]
            wrong, times_as_long, much = check(os.environ.get('WEFT', str(ROOT / 'build/release/weft')), name, True)
            unit = 'ns' if check in (dear_unit, dear_step) else 's'
            print(f'{title:36}{times_as_long:6.2f}{much:8.2f} {unit:2}  ' + (', '.join(wrong) or 'fine'), flush=True)
    elif words[:1] == ['--serve']:
        serve(make)
    else:
        weft = os.environ.get('WEFT', str(ROOT / 'build/release/weft'))
        for name in words or BOMBS:
            size, got = trial(weft, name, 120)
            print(f'{name:28}{size:12}{got["seconds"]:9.2f} s{got["rss"] >> 20:7} MB  '
                  + (', '.join(complaints(name, size, got, True, True)) or 'fine'), flush=True)


if __name__ == '__main__':
    main(sys.argv[1:])
