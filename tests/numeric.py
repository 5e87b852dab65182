"""numeric.py -- each numeric instruction against the oracle (oracle.py), on awkward values.

    numeric/complete     every row of the tables that computes has its place in the oracle
    numeric/lowered      every row that a compiler has instructions for is in a group, all of which run compiled
    numeric/wrong        a result that is off by one bit is noticed
    numeric/traps        what must trap does, for its own reason
    numeric/GROUP        all pairs of 40 values or more for each type, all 65,536 pairs for lanes of 8 bits, triples of fewer

A group is one module, a WASI command that applies each instruction to operands from memory and writes all results out.
It runs in every build there is, other machines included (of which make test takes a share), compiled if it has no
vectors, and again with --deterministic, where no bit is left open.

Hazards: R28.
"""
import itertools, random, re, shutil, subprocess, tempfile, threading
from array import array
from pathlib import Path

import golden, oracle
from oracle import CANONICAL, ARITHMETIC, FORMAT, mask
from outcome import Outcome, Test, in_share, kind_due, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
BITS = {'i': 32, 'l': 64, 'f': 32, 'd': 64, 'v': 128, 'm': 128}
TYPE = {'i': 'i32', 'l': 'i64', 'f': 'f32', 'd': 'f64', 'v': 'v128', 'm': 'v128'}
ARRAY = {8: 'B', 16: 'H', 32: 'I', 64: 'Q'}

# ---- awkward values

def around(n, *powers, more=()):
    """Powers of two, their neighbours, and all that with the other sign."""
    found = {0, 1, 2, 3, mask(n), mask(n) - 1, *more}
    for p in powers:
        for i in (1 << p, (1 << p) - 1, (1 << p) + 1):
            found |= {i & mask(n), -i & mask(n)}
    return sorted(found)


I8 = list(range(256))
I16 = around(16, 3, 7, 8, 12, 14, 15, more=[0x5555, 0xaaaa, 0x00ff, 0x1234, 0x5a82, 0xa57e, 6, 0xfffa, 10000, 0xd8f0])
I32 = around(32, 4, 5, 7, 8, 15, 16, 24, 31, more=[
    0x55555555, 0xaaaaaaaa, 0x00ff00ff, 0xff00ff00, 0x12345678, 0x7fffff80, 0x7fffffc0, 0x01000003, 1000000007, 0x80808080, 0x7f7f7f7f])
I64 = around(64, 5, 6, 7, 15, 31, 32, 53, 63, more=[
    0x5555555555555555, 0xaaaaaaaaaaaaaaaa, 0x123456789abcdef0, 0x0020000000000003, 0x7ffffffffffffc00, 0x7ffffffffffffdff,
    0x7ffffffffffffe00, 0x8000008000000001, 0x8000008000000000, 0xfffffffffffffbff, 0xfffffffffffffc00, 0x0000000100000001,
    0xffffff7fffffffff, 0xffffff8000000000, 0x4000004000000001, 0x00000000ffffff80])


def floats(n):
    """Zeros, subnormals and their limits, NaNs of all kinds, halves, limits of integers, ties; both signs of each."""
    f = FORMAT[n]
    one, ulp = (mask(f.n - f.p - 1) << (f.p - 1)), f.p - 1
    def power(e, m=0):                # (1 + m / 2^(p-1)) * 2^e
        return ((e + mask(f.n - f.p - 1)) << ulp) + m
    some = [0, 1, 2, 3, mask(ulp), 1 << ulp, (1 << ulp) + 1, 2 << ulp, f.inf - 1, f.inf, f.nan, f.nan + 1, f.inf + 1,
            f.inf + (1 << (ulp - 2)), f.inf | mask(ulp), one, one + 1, one - 1, power(-1), power(-1) - 1, power(-1) + 1,
            power(0, 1 << (ulp - 1)), power(1, 1 << (ulp - 2)), power(1), power(1, 1 << (ulp - 1)), power(-2, 0x155555),
            power(ulp), power(ulp) - 1, power(ulp) + 1, power(ulp - 1, 1), power(ulp - 1, 3), power(ulp + 1, 1)]
    for e in (7, 8, 15, 16, 31, 32, 63, 64):
        some += [power(e), power(e) - 1]
    if n == 64:                       # ties of f32, its limits and subnormals; more than an i32 or u32 by less than 1
        some += [power(0, 1 << 28), power(0, (1 << 28) + 1), power(0, 3 << 28), power(127, mask(24) << 28), power(127, (mask(24) << 28) - 1),
                 power(-150), power(-150, 1), power(-149, 1 << 51), power(-127, 1 << 29), power(-126) - 1, power(30, mask(31) << 21),
                 power(31, 1 << 20), power(31, (1 << 21) - 1), power(31, mask(31) << 21 | 1 << 20)]
    else:
        some += [power(-63), power(-75), power(63, 5), power(100), power(-100, 12345)]
    return sorted({z | s for z in some for s in (0, f.sign)})


F32, F64 = floats(32), floats(64)
VALUES = {8: I8, 16: I16, 32: I32, 64: I64}
SHIFTS = [0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 0x7fffffff, 0x80000000, 0xffffffff]


# ---- operands

class Column:
    """One operand of all cases: a letter, and its bytes one behind the other."""
    def __init__(self, letter, data):
        self.letter, self.data, self.read = letter, bytes(data), {}

    def lanes(self, bits):
        if bits not in self.read:
            self.read[bits] = array(ARRAY[bits], self.data).tolist()
        return self.read[bits]

    def count(self):
        return len(self.data) * 8 // BITS[self.letter]


def column(letter, bits, values):
    return Column(letter, array(ARRAY[bits], values).tobytes())


def columns(letters, bits, rows):
    """Rows of lanes, one from each operand. Vectors are filled up, in an order that meets each value in many lanes."""
    rows, count = list(rows), 128 // bits
    if 'v' in letters:
        random.Random(len(rows)).shuffle(rows)
        rows += rows[:-len(rows) % count]
    return [column(t, bits, values) for t, values in zip(letters, zip(*rows))]


def triples(values, size=14):
    few = values[::max(1, len(values) // size)]
    return itertools.product(few, few, few)


def vectors(seed, count=300):
    """Whole vectors: of zeros and ones, of few lanes that are not, and of anything."""
    r = random.Random(seed)
    data = bytes(16) + b'\xff' * 16
    for bits in (8, 16, 32, 64):
        for i in range(128 // bits):
            for lane in (1, mask(bits), 1 << (bits - 1), mask(bits - 1)):
                data += (lane << bits * i).to_bytes(16, 'little') + (mask(128) ^ lane << bits * i).to_bytes(16, 'little')
    for _ in range(count):
        values = VALUES[r.choice((16, 32, 64))]
        bits = 16 if values is I16 else 32 if values is I32 else 64
        data += array(ARRAY[bits], [r.choice(values) for _ in range(128 // bits)]).tobytes()
    for _ in range(count):
        data += r.randbytes(16)
    return data


ANY = vectors(1), vectors(2), vectors(3)
INDICES = b''.join(random.Random(k).randbytes(16) for k in range(60)) + bytes(range(256)) + bytes(range(15, -1, -1)) * 4
NUMBERS = {32: (I32, F32), 64: (I64, F64)}


def operands(params, bits, f):
    """The columns for an instruction that takes these. `f` of a lane: its values are floats."""
    if params[0] in 'fd' or f:
        values = {32: F32, 64: F64}[bits]
    else:
        values = VALUES[bits]
    if params in ('llll',):
        few = values[::2]
        rows = [(a, b, c, d) for a, b in itertools.product(few[::3], few[::3]) for c, d in itertools.product(few[1::4], few[::4])]
        return columns(params, 64, rows)
    if params == 'vi':
        data = array(ARRAY[bits], values + values[:-len(values) % (128 // bits)]).tobytes()
        return [Column('v', data * len(SHIFTS)), column('i', 32, [k for k in SHIFTS for _ in range(len(data) // 16)])]
    if len(params) == 1:
        return columns(params, bits, [(a,) for a in values] * (3 if params == 'v' else 1))
    if len(params) == 3:
        return columns(params, bits, triples(values))
    return columns(params, bits, itertools.product(values, values))


def whole_operands(params, bits):
    """For instructions on whole vectors and accesses: lanes as they come, and floats where such may stand."""
    made = []
    for k, (letter, n) in enumerate(zip(params, bits)):
        if letter in 'vm':
            data = ANY[k]
            for m in (32, 64):
                more = NUMBERS[m][1] * 4
                random.Random(k).shuffle(more)
                data += array(ARRAY[m], more).tobytes()
            made.append(Column(letter, data[:len(data) // 16 * 16]))
        else:
            values = {'i': I32, 'l': I64, 'f': F32, 'd': F64}[letter]
            made.append(column(letter, BITS[letter], (values * 50)[7 * k:]))
    count = min(c.count() for c in made) if len(made) > 1 else made[0].count()
    return [Column(c.letter, c.data[:count * BITS[c.letter] // 8]) for c in made]


# ---- instructions: what each is given and should give

class Work:
    def __init__(self, text, cols, result, bits, expected):
        self.text, self.cols, self.result, self.bits, self.expected = text, cols, result, bits, expected
        self.count = cols[0].count()
        self.fixed = [FORMAT[bits].nan if type(e) is str else e for e in expected]     # under --deterministic

    def size(self):
        return self.count * sum(BITS[t] // 8 for t in self.result)


KEPT = {}


def kept(make, *key):
    """Columns are shared between instructions, so that their bytes are in a module once."""
    if (make, key) not in KEPT:
        KEPT[make, key] = make(*key)
    return KEPT[make, key]


def scalar_work(text):
    params, results, f = oracle.SCALAR[text]
    cols = kept(operands, params, BITS[params[0]], False)
    rows, expected = [], []
    for row in zip(*(c.lanes(BITS[c.letter]) for c in cols)):
        try:
            got = f(*row)
        except oracle.Trap:
            continue
        rows.append(row)
        expected += got if len(results) > 1 else (got,)
    if len(rows) < cols[0].count():               # those that trap are left out, for numeric/traps
        cols = [column(t, BITS[t], values) for t, values in zip(params, zip(*rows))]
    return Work(text, cols, results, BITS[results[0]], expected)


def lane_work(text):
    params, bits, f = oracle.LANES[text]
    is_float = text[0] == 'f' and 'convert' not in text or '_f32x4' in text
    cols = kept(operands, params, bits, is_float)
    lanes = [c.lanes(bits) for c in cols]
    if params == 'vi':
        lanes[1] = [k for k in cols[1].lanes(32) for _ in range(128 // bits)]
    memo, expected = {}, []
    for row in zip(*lanes):
        if row not in memo:
            memo[row] = f(*row)
        expected.append(memo[row])
    return Work(text, cols, 'v', bits, expected)


def whole_work(text):
    params, bits, result, out, f = {**oracle.VECTOR, **oracle.ACCESS}[text]
    cols = kept(whole_operands, params, bits)
    if 'swizzle' in text:
        data = (INDICES * (cols[0].count() * 16 // len(INDICES) + 1))[:len(cols[0].data)]
        cols = [cols[0], Column('v', data)]
    if params == 'v' and bits == (8,):
        cols = [Column('v', cols[0].data + array('B', I8).tobytes())]
    if params == 'vv' and bits == (8, 8) and 'swizzle' not in text and 'shuffle' not in text:
        cols = kept(operands, 'vv', 8, False)
    lists = []
    for c, n in zip(cols, bits):
        flat, k = c.lanes(n), BITS[c.letter] // n
        lists.append([flat[i:i + k] for i in range(0, len(flat), k)])
    return Work(text, cols, result, out, [lane for case in zip(*lists) for lane in f(*case)])


def group_of(text):
    shape = text.split('.')[0]
    return 'access' if text in oracle.ACCESS else shape


def all_groups():
    groups = {}
    for table, make in ((oracle.SCALAR, scalar_work), (oracle.LANES, lane_work), (oracle.VECTOR, whole_work), (oracle.ACCESS, whole_work)):
        for text in table:
            groups.setdefault(group_of(text), []).append((text, make))
    return groups


# ---- modules

def quoted(data):
    return ''.join('\\' + data[i:i + 1].hex() for i in range(len(data)))


def function(work, inputs, out, name):
    """A loop over the cases. $0, $1 ... are where the operands are, $out is where the result goes."""
    step = lambda name, bits: f'(local.set ${name} (i32.add (local.get ${name}) (i32.const {bits // 8})))'
    push = [f'(local.get ${k})' if c.letter == 'm' else f'({TYPE[c.letter]}.load (local.get ${k}))' for k, c in enumerate(work.cols)]
    if work.result == 'm':
        body = f'(local.get $out) {" ".join(push)} {work.text}'
    elif len(work.result) == 1:
        body = f'(local.get $out) {" ".join(push)} {work.text} {TYPE[work.result]}.store'
    else:
        body = f'{" ".join(push)} {work.text} (local.set $high) (local.set $low) (i64.store (local.get $out) (local.get $low)) ' \
               f'(i64.store offset=8 (local.get $out) (local.get $high))'
    yield f'(func {name} (local $low i64) (local $high i64) (local $n i32) (local $out i32) {" ".join(f"(local ${k} i32)" for k in range(len(push)))}'
    yield f'  (local.set $n (i32.const {work.count})) (local.set $out (i32.const {out}))'
    yield '  ' + ' '.join(f'(local.set ${k} (i32.const {inputs[id(c)]}))' for k, c in enumerate(work.cols))
    yield f'  (loop $on {body}'
    yield '    ' + ' '.join(step(k, BITS[c.letter]) for k, c in enumerate(work.cols)) + step('out', sum(map(BITS.get, work.result)))
    yield '    (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))'


def module(works, function=function):
    inputs, data, at = {}, [], 64
    for c in (c for w in works for c in w.cols):
        if id(c) not in inputs:
            inputs[id(c)] = at
            data.append(f'(data (i32.const {at}) "{quoted(c.data)}")')
            at += -(-len(c.data) // 16) * 16
    first = at
    functions = []
    for k, work in enumerate(works):
        functions += function(work, inputs, at, f'$work{k}')
        at += work.size()
    calls = ' '.join(f'(call $work{k})' for k in range(len(works)))
    return '\n'.join([
        '(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))',
        f'(memory (export "memory") {at // 65536 + 1})', *functions,
        f'(func (export "_start") {calls} (i32.store (i32.const 0) (i32.const {first})) (i32.store (i32.const 4) (i32.const {at - first}))',
        '  (loop $on (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))',
        '    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 8))))',
        '    (i32.store (i32.const 4) (i32.sub (i32.load (i32.const 4)) (i32.load (i32.const 8))))',
        '    (br_if $on (i32.load (i32.const 4)))))',
        *data, ')'])


class Group:
    """Made when it is first asked for, by whichever build comes first."""
    def __init__(self, name, texts, function=function):
        self.name, self.texts, self.function, self.lock, self.works = name, texts, function, threading.Lock(), None

    def make(self):
        with self.lock:
            if self.works is None:
                self.works = [make(text) for text, make in self.texts]
                self.module = module(self.works, self.function).encode()
        return self.works


# ---- running and comparing

def allowed(expected, got, bits):
    if expected == CANONICAL:
        return got & mask(bits - 1) == FORMAT[bits].nan
    if expected == ARITHMETIC:
        return got & FORMAT[bits].nan == FORMAT[bits].nan
    return expected == got


def differences(work, data, deterministic):
    got = array(ARRAY[work.bits], data).tolist()
    if got == work.fixed:
        return
    for at, (open_, fixed, g) in enumerate(zip(work.expected, work.fixed, got)):
        if g != fixed if deterministic else not allowed(open_, g, work.bits):
            case = at * work.bits // sum(BITS[t] for t in work.result)
            given = ', '.join(c.data[case * (BITS[c.letter] // 8):(case + 1) * (BITS[c.letter] // 8)][::-1].hex() for c in work.cols)
            want = open_ if type(open_) is str and not deterministic else f'{fixed:#x}'
            yield f'{work.text} of {given}: lane of {work.bits} bits {at * work.bits % 128 // work.bits} is {g:#x}, should be {want}'


def compare(works, data, deterministic):
    """Counts operations, not lanes."""
    outcome, at = Outcome(), 0
    if len(data) != sum(w.size() for w in works):
        return Outcome(failed=1, text=f'{len(data)} bytes of results')
    for work in works:
        wrong = list(itertools.islice(differences(work, data[at:at + work.size()], deterministic), 3))
        at += work.size()
        if wrong:
            outcome.fail('\n'.join(wrong))
        outcome.passed += work.count if not wrong else 0
    return outcome


PARTS = {'': 4, '-baseline': 8, '-baseline@asan': 8, '@asan': 8, '@gcc': 8, '@a64': 8, '@arm': 8} # one of so many groups in make test


def machines(options):
    """(name, words that start weft) of each build."""
    for build in options.builds:
        yield build.suffix, [build.weft]
    if options.fast or options.weft:
        return
    for kind, emulator in (('gcc', None), ('a64', 'qemu-aarch64'), ('arm', 'qemu-arm')):
        weft = ROOT / 'build' / kind / 'weft'
        if weft.exists() and (not emulator or shutil.which(emulator)) and (options.full or options.k or kind_due(kind)):
            yield '@' + kind, [emulator, weft] if emulator else [weft]


def runs(options):
    """(name, words that start weft, options of each command)."""
    for suffix, weft in machines(options):
        yield suffix, weft, ['--tier=interp']
    for build in options.builds:
        yield f'-baseline{build.suffix}', [build.weft], ['--tier=baseline']


def run_group(group, weft, how):
    outcome = Outcome()
    works = group.make()
    with tempfile.TemporaryDirectory(prefix='weft-numeric-') as scratch:
        path = Path(scratch) / 'numeric.wat'
        path.write_bytes(group.module)
        for words in [], ['--deterministic']:
            done = run_command([*weft, 'run', *how, *words, path], timeout=300)
            part = compare(works, done.stdout, bool(words)) if done.status == 0 and not sanitizer_report(done) else \
                Outcome(failed=1, text=f'{done.command}: exit status {done.status}\n' + done.stderr.decode(errors='replace')[-2000:])
            outcome.passed += part.passed
            outcome.failed += part.failed
            outcome.text += part.text
    return outcome


# ---- traps

def literal(letter, value):
    if letter in 'fd':
        t = {'f': 'i32', 'd': 'i64'}[letter]
        return f'({TYPE[letter]}.reinterpret_{t} ({t}.const {value}))'
    return f'({TYPE[letter]}.const {value})'


def trap_script():
    """Each case a function of its own, so that its operands need no words of the script format."""
    funcs, asserts = [], []
    for text, (params, _, f) in oracle.SCALAR.items():
        if len(params) > 2:
            continue
        for row in zip(*(c.lanes(BITS[c.letter]) for c in kept(operands, params, BITS[params[0]], False))):
            try:
                f(*row)
            except oracle.Trap as why:
                name = f'{text} {row}'
                funcs.append(f'(func (export "{name}") {" ".join(map(literal, params, row))} {text} drop)')
                asserts.append(f'(assert_trap (invoke "{name}") "{why}")')
    return '\n'.join(['(module', *funcs, ')', *asserts]), len(asserts)


def run_traps(weft, how):
    script, count = trap_script()
    with tempfile.TemporaryDirectory(prefix='weft-numeric-') as scratch:
        path = Path(scratch) / 'traps.wast'
        path.write_text(script)
        done = run_command([*weft, 'wast', *how, '-k', '-v', path], timeout=300)
    good = done.status == 0 and f'{count + 1} passed, 0 failed'.encode() in done.stdout and b'expected the words' not in done.stdout
    if not good or count < 500 or sanitizer_report(done):
        return Outcome(failed=1, text=done.describe()[-3000:])
    return Outcome(passed=count)


# ---- the test of the tests

FAMILIES = re.compile(r'^(?:PURE2?|LOAD|STORE|VECTOR|LANE|VLOAD|VSTORE|LOAD_LANE|STORE_LANE)\(\w+, "([^"]+)"', re.M)
BY_HAND = {'i8x16.shuffle'}    # a row of HAND that computes


def complete():
    rows = {text for file in ('op.def', 'simd.def') for text in FAMILIES.findall((ROOT / 'src/op' / file).read_text())} | BY_HAND
    known = {text.split()[0] for table in (oracle.SCALAR, oracle.LANES, oracle.VECTOR, oracle.ACCESS) for text in table}
    few = [name for name, values in (('i16', I16), ('i32', I32), ('i64', I64), ('f32', F32), ('f64', F64)) if len(set(values)) < 40]
    text = f'not in the oracle: {sorted(rows - known)}; not in the tables: {sorted(known - rows)}; fewer than 40 values: {few}'
    return Outcome.of(rows == known and not few and len(rows) > 400, text)


def lowered():
    texts = {text for text, _ in golden.lowered()}
    compiled = {text.split()[0] for group in all_groups().values() for text, _ in group}
    missing = sorted(texts - compiled)
    return Outcome(passed=len(texts) - len(missing), failed=len(missing), text=f'not run in compiled code: {missing}' if missing else '')


def wrong():
    """One bit of a result changes, or a NaN becomes another than allowed."""
    outcome = Outcome()
    for text, make in (('f64.add', scalar_work), ('i16x8.add_sat_s', lane_work), ('v128.load8x8_s', whole_work)):
        work = make(text)
        right = bytearray(array(ARRAY[work.bits], work.fixed).tobytes())
        outcome.passed += compare([work], right, True).failed == 0 == compare([work], right, False).failed
        for at in random.Random(text).sample(range(len(right)), 20):
            right[at] ^= 1 << at % 8
            found = compare([work], right, True).failed
            right[at] ^= 1 << at % 8
            outcome.passed += found
            outcome.failed += not found
    nan = FORMAT[32].nan
    cases = [(CANONICAL, nan, True), (CANONICAL, nan | 1 << 31, True), (CANONICAL, nan + 1, False), (ARITHMETIC, nan + 1, True),
             (ARITHMETIC, nan - 1, False), (CANONICAL, 0x7f800000, False), (nan, nan | 1 << 31, False)]
    for expected, got, good in cases:
        right = allowed(expected, got, 32) == good
        outcome.passed += right
        outcome.failed += not right
    return outcome


def tests(options):
    yield Test('numeric/complete', complete, fast=True)
    yield Test('numeric/lowered', lowered, fast=True)
    yield Test('numeric/wrong', wrong, fast=True)
    groups = [Group(name, texts) for name, texts in all_groups().items()]
    for suffix, weft, how in runs(options):
        yield Test(f'numeric/traps{suffix}', lambda weft=weft, how=how: run_traps(weft, how))
        for n, group in enumerate(groups):
            yield Test(f'numeric/{group.name}{suffix}', lambda group=group, weft=weft, how=how: run_group(group, weft, how),
                       full=not in_share(n, PARTS.get(suffix, 1)), fast=not suffix and group.name in ('i32', 'f32'))
