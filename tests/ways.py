"""ways.py -- each instruction on numbers, written in each way that a compiler may treat on its own.

    numeric/way-WAY   operands that are constants, loaded, locals in a loop, parameters, brought home; a result that goes into
                      one of them, is not used, or is a condition; all registers taken; and so on: WAYS

As in numeric.py, a way is one module, which gives what the oracle says, interpreted and compiled, and with --deterministic.
"""
import functools, itertools, random, struct

import numeric, oracle
from numeric import BITS, FORMAT, TYPE, Group, Test, Work, column, mask
from outcome import in_share

VALUES = {'i': numeric.I32, 'l': numeric.I64, 'f': numeric.F32, 'd': numeric.F64}
INTEGER = {'f': 'i32', 'd': 'i64'}

# ---- the code: operands are in $a and $b, the result comes into $r

# What takes all registers, where it is in memory, and that it is still what it was.
CROWD = [(f'$x{k}', 'dl'[k >= 18], f'(i32.const {64 + 8 * k})') for k in range(30)]
CROWD += [(f'$x{k}', 'v', f'(i32.const {16 * k})') for k in range(30, 48)]
CROWD_LOADS = [f'({TYPE[t]}.load {at})' for _, t, at in CROWD]
CROWD_INTO = ' '.join(f'(local.set {name} {load})' for (name, *_), load in zip(CROWD, CROWD_LOADS))


NAMES = ['$a', '$b', '$c']


def same(letter, a, b):
    if letter == 'v':
        return f'(if (v128.any_true (v128.xor {a} {b})) (then unreachable))'
    t = INTEGER.get(letter)
    a, b = (f'({t}.reinterpret_{TYPE[letter]} {x})' if t else x for x in (a, b))
    return f'(if ({t or TYPE[letter]}.ne {a} {b}) (then unreachable))'


def crowd_is(locals_set):
    checks = [same(t, f'(local.get {name})', load) for (name, t, _), load in zip(CROWD, CROWD_LOADS)]
    return ' '.join(checks if locals_set else [f'(local.set {name}) {check}' for (name, *_), check in zip(CROWD, checks)][::-1])


WAYS = {
    'loaded': '{load} {op} (local.set $r)',
    'locals': '{set} {get} {op} (local.set $r)',
    'tee': '{set} {get} {op} (local.tee $r) drop',
    'unused': '{set} {get} {op} drop {get} {op} (local.set $r)',
    'twice': '{set} {get} {op} {get} {op} drop (local.set $r)',
    'first': '{set} {get} {op} (local.set $a) (local.set $r (local.get $a))',
    'last': '{set} {get} {op} (local.set {last}) (local.set $r (local.get {last}))',
    'kept': '{set} (local.get $a) {get} {op} (local.set $a) (local.set $r (local.get $a)) (local.set $a) {as_it_was}',
    'same': '{set} (local.get $a) (local.get $a) {op} (local.set $r)',
    'home': '{homes} {op} (local.set $r)',
    'params': '(local.set $r (call {callee} {load}))',
    'copies': '(local.set $r (call {callee} {load}))',
    'crowd': f'{" ".join(CROWD_LOADS)} {{load}} {{op}} (local.set $r) {crowd_is(False)}',
    'residents': f'{CROWD_INTO} {{set}} {{get}} {{op}} (local.set $r) {crowd_is(True)}',
}
CONDITIONS = {
    'if': '{set} {get} {op} (if (result i32) (then (i32.const 1)) (else (i32.const 0))) (local.set $r)',
    'if-not': '{set} {get} {op} i32.eqz (if (result i32) (then (i32.const 0)) (else (i32.const 1))) (local.set $r)',
    'br_if': '(block $yes (result i32) (i32.const 1) {set} {get} {op} (br_if $yes) drop (i32.const 0)) (local.set $r)',
    'br_if-not': '(block $no (result i32) (i32.const 0) {set} {get} {op} i32.eqz (br_if $no) drop (i32.const 1)) (local.set $r)',
    'select': '{set} (i32.const 1) (i32.const 0) {get} {op} select (local.set $r)',
    'select-not': '{set} (i32.const 0) (i32.const 1) {get} {op} i32.eqz select (local.set $r)',
    'select-float': '{set} (local.set $x0 (f64.const 1)) (local.get $x0) (f64.const 0) {get} {op} select (local.set $x1) '
                    '(local.set $r (i32.wrap_i64 (i64.shr_u (i64.reinterpret_f64 (local.get $x1)) (i64.const 61))))',
    'eqz': '{set} {get} {op} i32.eqz i32.eqz (local.set $r)',
}
CALLEES = {'home': '', 'params': '{params} {op}', 'copies': '{copy} {get} {op} (local.set $r) (local.get $r)'}
ALL = {**WAYS, **CONDITIONS}
# With the first or the last operand a constant, and all of them.
CONSTANTS = {'constant-first': ('locals', 0), 'constant-last': ('locals', -1), 'constant-if': ('if', 0), 'constant-br_if': ('br_if', -1),
             'constant-home': ('loaded', 0), 'constant-crowd': ('crowd', -1)}
STRAIGHT = 'constants'


def constant(letter, bits):
    if letter == 'v':
        return f'(v128.const i64x2 {bits & mask(64)} {bits >> 64})'
    text = bits
    if letter in 'fd':
        f, rest = FORMAT[BITS[letter]], bits & mask(BITS[letter] - 1)
        form = '<If' if letter == 'f' else '<Qd'
        number = struct.unpack('<' + form[2], struct.pack(form[:2], rest))[0]
        text = '-' * (rest != bits) + (f'nan:{rest - f.inf:#x}' if rest > f.inf else 'inf' if rest == f.inf else number.hex())
    return f'({TYPE[letter]}.const {text})'


def values(column):
    size = BITS[column.letter] // 8
    return [int.from_bytes(column.data[at:at + size], 'little') for at in range(0, len(column.data), size)]


def parts(work, loads, constants, callee):
    letters = [c.letter for c in work.cols]
    names = NAMES[:len(letters)]
    get = [k if k else f'(local.get {name})' for name, k in zip(names, constants)]
    load = [k or here for here, k in zip(loads, constants)]
    return {'op': work.text, 'last': names[-1], 'callee': callee,
            'load': ' '.join(load), 'get': ' '.join(get),
            'set': ' '.join(f'(local.set {name} {here})' for name, here, k in zip(names, load, constants) if not k),
            'homes': ' '.join(f'{here} (call {callee})' for here in load),
            'params': ' '.join(f'(local.get {k})' for k in range(len(names))),
            'copy': ' '.join(f'(local.set {name} (local.get {k}))' for k, name in enumerate(names)),
            'as_it_was': same(letters[0], '(local.get $a)', load[0])}


def function(work, inputs, out, name):
    """A loop over the cases as in numeric.py; or one case behind the other, where all operands are constants."""
    letters, size = [c.letter for c in work.cols], BITS[work.result] // 8
    types = [TYPE[t] for t in letters]
    own = ' '.join(f'(local {n} {t})' for n, t in zip(NAMES, types)) + f' (local $r {TYPE[work.result]})'
    callee = f'$callee-{name[1:]}'
    loads = [f'({t}.load (local.get ${k}))' for k, t in enumerate(types)]
    constants = [constant(c.letter, values(c)[0]) if c in work.constant else None for c in work.cols]
    fields = parts(work, loads, constants, callee)
    if CALLEES.get(work.way):
        yield f'(func {callee} (param {" ".join(types)}) (result {TYPE[work.result]}) {own} {CALLEES[work.way].format(**fields)})'
    elif work.way in CALLEES:
        yield f'(func {callee})'
    crowd = ' '.join(f'(local {n} {TYPE[t]})' for n, t, _ in CROWD) if '$x' in ALL.get(work.way, '') else ''
    yield f'(func {name} (local $n i32) (local $out i32) {own} {crowd}'
    yield '  ' + ' '.join(f'(local ${k} i32)' for k in range(len(types)))
    if work.way == STRAIGHT:
        for k, row in enumerate(zip(*map(values, work.cols))):
            yield f'  ({TYPE[work.result]}.store (i32.const {out + k * size}) ({work.text} {" ".join(map(constant, letters, row))}))'
        yield ')'
        return
    yield f'  (local.set $n (i32.const {work.count})) (local.set $out (i32.const {out}))'
    yield '  ' + ' '.join(f'(local.set ${k} (i32.const {inputs[id(c)]}))' for k, c in enumerate(work.cols))
    yield f'  (loop $on {ALL[work.way].format(**fields)} ({TYPE[work.result]}.store (local.get $out) (local.get $r))'
    yield '    ' + ' '.join(f'(local.set ${n} (i32.add (local.get ${n}) (i32.const {by})))'
                            for n, by in [*enumerate(BITS[t] // 8 for t in letters), ('out', size)])
    yield '    (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))'


# ---- the work

@functools.cache
def some(letter):
    """Some of the values, of each kind."""
    n, r = BITS[letter], random.Random(letter)
    always = {0, 1, mask(n), 1 << (n - 1), mask(n - 1)}
    if letter in 'fd':
        f = FORMAT[n]
        of = lambda x: int.from_bytes(struct.pack('<' + letter, x), 'little')
        always = {x | sign for sign in (0, f.sign)
                  for x in (0, 1, f.inf, f.nan, f.nan + 5, f.inf + 9, of(0.5), of(1), of(2.5), of(2.0**31), of(2.0**63))}
    return sorted(always | set(r.sample(VALUES[letter], 12)))


@functools.cache
def cases(text):
    """(operands, result), where there is one."""
    params, _, f = oracle.SCALAR[text]
    found = []
    for row in itertools.product(*([VALUES[params]] if len(params) == 1 else map(some, params))):
        try:
            found.append((row, f(*row)))
        except oracle.Trap:
            pass
    return found


def make(text, way, found, constant_at=None):
    params, result, _ = oracle.SCALAR[text]
    rows, expected = zip(*found)
    cols = [column(t, BITS[t], values) for t, values in zip(params, zip(*rows))]
    if way in CONDITIONS:
        expected = [int(e != 0) for e in expected]
    work = Work(text, cols, result, BITS[result], expected)
    work.way, work.constant = way, [] if constant_at is None else [cols[constant_at]]
    return work


def lane_cases(text):
    """The same of vectors: some of what numeric.py has, as numbers of 128 bits, and the lanes of the result."""
    work = (numeric.lane_work if text in oracle.LANES else numeric.whole_work)(text)
    lanes = len(work.expected) // work.count
    rows = list(zip(*map(values, work.cols)))
    some = random.Random(text).sample(range(len(rows)), min(len(rows), 40))
    return [(rows[k], work.expected[k * lanes:(k + 1) * lanes]) for k in some]


def of_same(text, value):
    """The lanes of the result where both operands are this."""
    if text in oracle.LANES:
        _, bits, f = oracle.LANES[text]
        lanes = [value >> at & mask(bits) for at in range(0, 128, bits)]
        return [f(lane, lane) for lane in lanes]
    _, (bits, other), _, _, f = oracle.VECTOR[text]
    lanes = [[value >> at & mask(n) for at in range(0, 128, n)] for n in (bits, other)]
    return f(*lanes)


def make_lanes(text, way, found, constant_at=None):
    params, _, result, bits = shape_of(text)
    rows, expected = zip(*found)
    cols = [numeric.Column(t, b''.join(v.to_bytes(BITS[t] // 8, 'little') for v in each)) for t, each in zip(params, zip(*rows))]
    expected = [int(any(lanes)) for lanes in expected] if way in CONDITIONS else [lane for lanes in expected for lane in lanes]
    work = Work(text, cols, result, bits, expected)
    work.way, work.constant = way, [] if constant_at is None else [cols[constant_at]]
    return work


def shape_of(text):
    """(parameters, bits of their lanes, result, bits of its lanes)"""
    if text in oracle.LANES:
        params, bits, _ = oracle.LANES[text]
        return params, (bits,) * len(params), 'v', bits
    return oracle.VECTOR[text][:4]


def lane_works(name):
    way, at = CONSTANTS.get(name, (name, None))
    for text in (*oracle.LANES, *oracle.VECTOR):
        params, _, result, _ = shape_of(text)
        if not written(way, at, params, result):
            continue
        found = lane_cases(text)
        if way == 'same':
            found = [((row[0], row[0]), of_same(text, row[0])) for row, _ in found]
        for k in [None] if at is None else range(8):
            these = found if at is None else found[k:k + 1]
            yield text, lambda text, these=these: make_lanes(text, way, these, at)


def written(way, at, params, result):
    fits = {'first': result == params[0], 'kept': result == params[0], 'last': result == params[-1],
            'same': len(params) == 2 and params[0] == params[1]}
    return len(result) == 1 and fits.get(way, True) and (way not in CONDITIONS or result == 'i') and (at is None or len(params) > 1)


def works(name):
    """Of all instructions that can be written like this: what makes the work."""
    way, at = CONSTANTS.get(name, (name, None))
    for text, (params, result, _) in oracle.SCALAR.items():
        if not written(way, at, params, result):
            continue
        found = cases(text)
        if way == 'same':
            found = [case for case in found if case[0][0] == case[0][1]]
        for value in [None] if at is None else some(params[at])[::2]:
            these = found if at is None else [case for case in found if case[0][at] == value]
            if these:
                yield text, lambda text, these=these: make(text, way, these, at)


def tests(options):
    names = (*ALL, *CONSTANTS, STRAIGHT)
    groups = [Group(name, works(name), function) for name in names] + \
        [Group(f'{name}-lanes', lane_works(name), function) for name in names]
    for build in options.builds:
        for tier in '', '-baseline':
            for n, group in enumerate(groups):
                yield Test(f'numeric/way-{group.name}{tier}{build.suffix}', fast=not build.suffix and group.name == 'locals',
                           full=not in_share(n),
                           run=lambda group=group, build=build, tier=tier: numeric.run_group(
                               group, [build.weft], ['--tier=baseline'] if tier else ['--tier=interp']))
