"""oracle.py -- what numeric instructions compute, from the specification alone (exec/numerics), in exact integers.

Numbers are bit patterns, as Python integers without sign. A float is taken apart into sign, integer and power of two; the
operation is exact, and round_to is the only place where anything is rounded. Where the specification allows more
than one NaN the result is CANONICAL (either sign) or ARITHMETIC (any with the top bit of the payload).

SCALAR, LANES and VECTOR say what there is, by the text of the instruction.
"""
from math import isqrt

CANONICAL, ARITHMETIC = 'a canonical NaN', 'an arithmetic NaN'


class Trap(Exception):
    """A partial operation has no result. The text is the script format's."""


# ---- integers ------------------------------------------------------------------------------------

def mask(n):
    return (1 << n) - 1


def signed(n, i):
    return i - (1 << n) if i >> (n - 1) else i


def extend(sx, m, n):
    return (lambda i: signed(m, i) & mask(n)) if sx == 's' else (lambda i: i)


def view(sx, n):
    return (lambda i: signed(n, i)) if sx == 's' else (lambda i: i)


def bounds(sx, n):
    return (-(1 << (n - 1)), (1 << (n - 1)) - 1) if sx == 's' else (0, mask(n))


def saturate(sx, n, i):
    low, high = bounds(sx, n)
    return min(max(i, low), high) & mask(n)


def divide(a, b):
    """Towards zero."""
    q = abs(a) // abs(b)
    return -q if (a < 0) != (b < 0) else q


def idiv(sx, n):
    def div(a, b):
        a, b = view(sx, n)(a), view(sx, n)(b)
        if b == 0:
            raise Trap('integer divide by zero')
        q = divide(a, b)
        if q > bounds(sx, n)[1]:
            raise Trap('integer overflow')
        return q & mask(n)
    return div


def irem(sx, n):
    def rem(a, b):
        a, b = view(sx, n)(a), view(sx, n)(b)
        if b == 0:
            raise Trap('integer divide by zero')
        return (a - b * divide(a, b)) & mask(n)
    return rem


def shl(n):
    return lambda a, k: (a << (k % n)) & mask(n)


def shr(sx, n):
    return lambda a, k: (view(sx, n)(a) >> (k % n)) & mask(n)


def rotl(n):
    return lambda a, k: ((a << (k % n)) | (a >> (n - k % n))) & mask(n)


def rotr(n):
    return lambda a, k: ((a >> (k % n)) | (a << (n - k % n))) & mask(n)


def clz(n):
    return lambda a: n - a.bit_length()


def ctz(n):
    return lambda a: (a & -a).bit_length() - 1 if a else n


def popcnt(a):
    return bin(a).count('1')


def integer_relations(n):
    yield 'eq', lambda a, b: int(a == b)
    yield 'ne', lambda a, b: int(a != b)
    for sx in 'su':
        v = view(sx, n)
        yield f'lt_{sx}', lambda a, b, v=v: int(v(a) < v(b))
        yield f'gt_{sx}', lambda a, b, v=v: int(v(a) > v(b))
        yield f'le_{sx}', lambda a, b, v=v: int(v(a) <= v(b))
        yield f'ge_{sx}', lambda a, b, v=v: int(v(a) >= v(b))


# ---- floats --------------------------------------------------------------------------------------

class Format:
    def __init__(self, n, p):
        self.n, self.p = n, p                     # bits, and those of the significand
        self.low = 3 - (1 << (n - p - 1)) - p     # the power of two of the smallest subnormal
        self.sign = 1 << (n - 1)
        self.inf = mask(n - p) << (p - 1)
        self.nan = self.inf | 1 << (p - 2)        # positive, canonical


FORMAT = {32: Format(32, 24), 64: Format(64, 53)}


def is_nan(f, z):
    return z & ~f.sign > f.inf


def is_inf(f, z):
    return z & ~f.sign == f.inf


def is_zero(f, z):
    return not z & ~f.sign


def parts(f, z):
    """(sign, m, e): the number is (-1)^sign * m * 2^e. For what is finite."""
    field, m = (z & ~f.sign) >> (f.p - 1), z & mask(f.p - 1)
    return z >> (f.n - 1), m | (1 << (f.p - 1)) if field else m, f.low + max(field - 1, 0)


def round_to(f, sign, m, e, sticky=False):
    """Of m * 2^e, and a bit more if sticky: the nearest float, ties to even. m is no shorter than p + 2 bits if sticky."""
    power = max(e + m.bit_length() - f.p, f.low)
    cut = power - e
    if cut <= 0:
        n = m << -cut
    else:
        n, rest, half = m >> cut, m & mask(cut), 1 << (cut - 1)
        if rest > half or (rest == half and (sticky or n & 1)):
            n += 1
    if n >> f.p:
        n, power = n >> 1, power + 1
    field = power - f.low + 1 if n >> (f.p - 1) else 0
    bits = f.inf if field >= mask(f.n - f.p) else field << (f.p - 1) | n & mask(f.p - 1)
    return bits | (f.sign if sign else 0)


def nan_of(f, *operands):
    odd = any(is_nan(f, z) and z & ~f.sign != f.nan for z in operands)
    return ARITHMETIC if odd else CANONICAL


def fadd(f):
    def add(a, b):
        if is_nan(f, a) or is_nan(f, b):
            return nan_of(f, a, b)
        if is_inf(f, a) and is_inf(f, b):
            return a if a == b else CANONICAL
        if is_inf(f, a) or is_inf(f, b):
            return a if is_inf(f, a) else b
        if is_zero(f, a) and is_zero(f, b):
            return a & b
        (sa, ma, ea), (sb, mb, eb) = parts(f, a), parts(f, b)
        e = min(ea, eb)
        total = (-1) ** sa * (ma << (ea - e)) + (-1) ** sb * (mb << (eb - e))
        return round_to(f, total < 0, abs(total), e) if total else 0
    return add


def fsub(f):
    add = fadd(f)
    return lambda a, b: nan_of(f, a, b) if is_nan(f, b) else add(a, b ^ f.sign)


def fmul(f):
    def mul(a, b):
        sign = (a ^ b) & f.sign
        if is_nan(f, a) or is_nan(f, b):
            return nan_of(f, a, b)
        if is_inf(f, a) or is_inf(f, b):
            return CANONICAL if is_zero(f, a) or is_zero(f, b) else sign | f.inf
        if is_zero(f, a) or is_zero(f, b):
            return sign
        (_, ma, ea), (_, mb, eb) = parts(f, a), parts(f, b)
        return round_to(f, sign, ma * mb, ea + eb)
    return mul


def fdiv(f):
    def div(a, b):
        sign = (a ^ b) & f.sign
        if is_nan(f, a) or is_nan(f, b):
            return nan_of(f, a, b)
        if is_inf(f, a) or is_zero(f, b):
            bad = is_inf(f, b) if is_inf(f, a) else is_zero(f, a)
            return CANONICAL if bad else sign | f.inf
        if is_inf(f, b) or is_zero(f, a):
            return sign
        (_, ma, ea), (_, mb, eb) = parts(f, a), parts(f, b)
        ma, ea = ma << (2 * f.p + 2), ea - (2 * f.p + 2)
        return round_to(f, sign, ma // mb, ea - eb, ma % mb != 0)
    return div


def fsqrt(f):
    def sqrt(a):
        if is_nan(f, a):
            return nan_of(f, a)
        if is_zero(f, a):
            return a
        if a & f.sign:
            return CANONICAL
        if is_inf(f, a):
            return a
        _, m, e = parts(f, a)
        more = 2 * f.p + 4 + (e & 1)              # the power must be even
        m, e = m << more, e - more
        root = isqrt(m)
        return round_to(f, 0, root, e // 2, root * root != m)
    return sqrt


def fmin(f):
    def least(a, b):
        if is_nan(f, a) or is_nan(f, b):
            return nan_of(f, a, b)
        if is_zero(f, a) and is_zero(f, b):
            return a | b
        return a if order(f, a) < order(f, b) else b
    return least


def fmax(f):
    def most(a, b):
        if is_nan(f, a) or is_nan(f, b):
            return nan_of(f, a, b)
        if is_zero(f, a) and is_zero(f, b):
            return a & b
        return a if order(f, a) > order(f, b) else b
    return most


def order(f, z):
    """Increases with the number; the zeros are equal."""
    return -(z ^ f.sign) if z & f.sign else z


def fpmin(f):
    lt = dict(float_relations(f))['lt']
    return lambda a, b: b if lt(b, a) else a


def fpmax(f):
    lt = dict(float_relations(f))['lt']
    return lambda a, b: b if lt(a, b) else a


def float_relations(f):
    def relation(holds, with_nan=0):
        return lambda a, b: with_nan if is_nan(f, a) or is_nan(f, b) else int(holds(order(f, a), order(f, b)))
    yield 'eq', relation(lambda a, b: a == b)
    yield 'ne', relation(lambda a, b: a != b, 1)
    yield 'lt', relation(lambda a, b: a < b)
    yield 'gt', relation(lambda a, b: a > b)
    yield 'le', relation(lambda a, b: a <= b)
    yield 'ge', relation(lambda a, b: a >= b)


def to_integer(m, e, sign, how):
    """Of m * 2^e with that sign: the integer next to it, without its sign."""
    if e >= 0:
        return m << e
    whole, rest, half = m >> -e, m & mask(-e), 1 << (-e - 1)
    up = {'trunc': False, 'ceil': rest and not sign, 'floor': rest and sign,
          'nearest': rest > half or (rest == half and whole & 1)}[how]
    return whole + bool(up)


def fround(f, how):
    def rounded(a):
        if is_nan(f, a):
            return nan_of(f, a)
        if is_inf(f, a) or is_zero(f, a):
            return a
        sign, m, e = parts(f, a)
        return round_to(f, sign, to_integer(m, e, sign, how), 0)
    return rounded


def fmadd(f):
    mul, add = fmul(f), fadd(f)
    def madd(a, b, c):
        product = mul(a, b)
        if product == CANONICAL:
            return nan_of(f, c)
        return ARITHMETIC if product == ARITHMETIC else add(product, c)
    return madd


# ---- conversions ---------------------------------------------------------------------------------

def trunc(sx, m, n):
    f = FORMAT[m]
    def truncated(a):
        if is_nan(f, a):
            raise Trap('invalid conversion to integer')
        if not is_inf(f, a):
            sign, whole, e = parts(f, a)
            i = (-1) ** sign * to_integer(whole, e, sign, 'trunc')
            low, high = bounds(sx, n)
            if low <= i <= high:
                return i & mask(n)
        raise Trap('integer overflow')
    return truncated


def trunc_sat(sx, m, n):
    f, exact = FORMAT[m], trunc(sx, m, n)
    def truncated(a):
        try:
            return exact(a)
        except Trap:
            low, high = bounds(sx, n)
            return 0 if is_nan(f, a) else (low if a & f.sign else high) & mask(n)
    return truncated


def convert(sx, m, n):
    v = view(sx, m)
    return lambda a: round_to(FORMAT[n], v(a) < 0, abs(v(a)), 0) if a else 0


def resize(m, n):
    """promote and demote"""
    f, g = FORMAT[m], FORMAT[n]
    def resized(a):
        sign = g.sign if a & f.sign else 0
        if is_nan(f, a):
            return nan_of(f, a)
        if is_inf(f, a) or is_zero(f, a):
            return sign | (g.inf if is_inf(f, a) else 0)
        return round_to(g, *parts(f, a))
    return resized


# ---- scalar instructions: text -> (parameters, results, function) --------------------------------
# Letters as in the table: i and l are integers, f and d floats of 32 and 64 bits, v is a vector.

def scalar():
    for n, t in ((32, 'i'), (64, 'l')):
        name, two = f'i{n}.', (t * 2, t)
        yield name + 'eqz', t, 'i', lambda a: int(a == 0)
        for what, f in integer_relations(n):
            yield name + what, t * 2, 'i', f
        yield name + 'clz', t, t, clz(n)
        yield name + 'ctz', t, t, ctz(n)
        yield name + 'popcnt', t, t, popcnt
        yield name + 'add', *two, lambda a, b, n=n: (a + b) & mask(n)
        yield name + 'sub', *two, lambda a, b, n=n: (a - b) & mask(n)
        yield name + 'mul', *two, lambda a, b, n=n: a * b & mask(n)
        yield name + 'and', *two, lambda a, b: a & b
        yield name + 'or', *two, lambda a, b: a | b
        yield name + 'xor', *two, lambda a, b: a ^ b
        yield name + 'shl', *two, shl(n)
        yield name + 'rotl', *two, rotl(n)
        yield name + 'rotr', *two, rotr(n)
        for sx in 'su':
            yield name + 'div_' + sx, *two, idiv(sx, n)
            yield name + 'rem_' + sx, *two, irem(sx, n)
            yield name + 'shr_' + sx, *two, shr(sx, n)
        for m in (8, 16, 32):
            if m < n:
                yield f'{name}extend{m}_s', t, t, lambda a, m=m, n=n: signed(m, a & mask(m)) & mask(n)
        for m, u in ((32, 'f'), (64, 'd')):
            for sx in 'su':
                yield f'{name}trunc_f{m}_{sx}', u, t, trunc(sx, m, n)
                yield f'{name}trunc_sat_f{m}_{sx}', u, t, trunc_sat(sx, m, n)
                yield f'f{m}.convert_i{n}_{sx}', t, u, convert(sx, n, m)
    yield 'i32.wrap_i64', 'l', 'i', lambda a: a & mask(32)
    for sx in 'su':
        yield f'i64.extend_i32_{sx}', 'i', 'l', extend(sx, 32, 64)
    for text, t, u in (('i32.reinterpret_f32', 'f', 'i'), ('f32.reinterpret_i32', 'i', 'f'),
                       ('i64.reinterpret_f64', 'd', 'l'), ('f64.reinterpret_i64', 'l', 'd')):
        yield text, t, u, lambda a: a
    for n, t in ((32, 'f'), (64, 'd')):
        name, f = f'f{n}.', FORMAT[n]
        for what, r in float_relations(f):
            yield name + what, t * 2, 'i', r
        for what, r in float_unary(f):
            yield name + what, t, t, r
        for what, r in float_binary(f):
            yield name + what, t * 2, t, r
        yield name + 'copysign', t * 2, t, lambda a, b, f=f: a & ~f.sign | b & f.sign
    yield 'f32.demote_f64', 'd', 'f', resize(64, 32)
    yield 'f64.promote_f32', 'f', 'd', resize(32, 64)
    wide = mask(128)
    yield 'i64.add128', 'llll', 'll', lambda a, b, c, d: halves(((b << 64 | a) + (d << 64 | c)) & wide)
    yield 'i64.sub128', 'llll', 'll', lambda a, b, c, d: halves(((b << 64 | a) - (d << 64 | c)) & wide)
    for sx in 'su':
        v = view(sx, 64)
        yield f'i64.mul_wide_{sx}', 'll', 'll', lambda a, b, v=v: halves(v(a) * v(b) & wide)


def halves(i):
    return i & mask(64), i >> 64


def float_unary(f):
    yield 'abs', lambda a: a & ~f.sign
    yield 'neg', lambda a: a ^ f.sign
    yield 'sqrt', fsqrt(f)
    for how in ('ceil', 'floor', 'trunc', 'nearest'):
        yield how, fround(f, how)


def float_binary(f):
    for what, r in (('add', fadd), ('sub', fsub), ('mul', fmul), ('div', fdiv), ('min', fmin), ('max', fmax)):
        yield what, r(f)


SCALAR = {text: (params, results, f) for text, params, results, f in scalar()}


# ---- instructions on lanes, one by one: text -> (parameters, bits of a lane, function) -----------

def all_ones(n, r):
    return lambda a, b: mask(n) if r(a, b) else 0


def lanes():
    for n in (8, 16, 32, 64):
        name = f'i{n}x{128 // n}.'
        v = view('s', n)
        yield name + 'neg', 'v', n, lambda a, n=n: -a & mask(n)
        yield name + 'abs', 'v', n, lambda a, n=n, v=v: abs(v(a)) & mask(n)
        yield name + 'add', 'vv', n, lambda a, b, n=n: (a + b) & mask(n)
        yield name + 'sub', 'vv', n, lambda a, b, n=n: (a - b) & mask(n)
        if n > 8:
            yield name + 'mul', 'vv', n, lambda a, b, n=n: a * b & mask(n)
        for what, r in integer_relations(n):
            if n < 64 or not what.endswith('_u'):
                yield name + what, 'vv', n, all_ones(n, r)
        yield name + 'shl', 'vi', n, shl(n)
        for sx in 'su':
            w = view(sx, n)
            yield name + f'shr_{sx}', 'vi', n, shr(sx, n)
            if n < 64:
                yield name + f'min_{sx}', 'vv', n, lambda a, b, w=w: min(a, b, key=w)
                yield name + f'max_{sx}', 'vv', n, lambda a, b, w=w: max(a, b, key=w)
            if n < 32:
                yield name + f'add_sat_{sx}', 'vv', n, lambda a, b, n=n, sx=sx, w=w: saturate(sx, n, w(a) + w(b))
                yield name + f'sub_sat_{sx}', 'vv', n, lambda a, b, n=n, sx=sx, w=w: saturate(sx, n, w(a) - w(b))
        if n < 32:
            yield name + 'avgr_u', 'vv', n, lambda a, b: (a + b + 1) // 2
        yield name + 'relaxed_laneselect', 'vvv', n, lambda a, b, c: a & c | b & ~c
    yield 'i8x16.popcnt', 'v', 8, popcnt
    for text in ('i16x8.q15mulr_sat_s', 'i16x8.relaxed_q15mulr_s'):
        yield text, 'vv', 16, lambda a, b: saturate('s', 16, (signed(16, a) * signed(16, b) + 0x4000) >> 15)
    for n in (32, 64):
        name, f = f'f{n}x{128 // n}.', FORMAT[n]
        for what, r in float_relations(f):
            yield name + what, 'vv', n, all_ones(n, r)
        for what, r in float_unary(f):
            yield name + what, 'v', n, r
        for what, r in float_binary(f):
            yield name + what, 'vv', n, r
        yield name + 'pmin', 'vv', n, fpmin(f)
        yield name + 'pmax', 'vv', n, fpmax(f)
        yield name + 'relaxed_min', 'vv', n, fmin(f)
        yield name + 'relaxed_max', 'vv', n, fmax(f)
        madd = fmadd(f)
        yield name + 'relaxed_madd', 'vvv', n, madd
        yield name + 'relaxed_nmadd', 'vvv', n, lambda a, b, c, f=f, madd=madd: madd(a ^ f.sign, b, c)
    for sx in 'su':
        yield f'f32x4.convert_i32x4_{sx}', 'v', 32, convert(sx, 32, 32)
        for what in ('trunc_sat', 'relaxed_trunc'):
            yield f'i32x4.{what}_f32x4_{sx}', 'v', 32, trunc_sat(sx, 32, 32)
    yield 'v128.not', 'v', 64, lambda a: a ^ mask(64)
    yield 'v128.and', 'vv', 64, lambda a, b: a & b
    yield 'v128.andnot', 'vv', 64, lambda a, b: a & ~b
    yield 'v128.or', 'vv', 64, lambda a, b: a | b
    yield 'v128.xor', 'vv', 64, lambda a, b: a ^ b
    yield 'v128.bitselect', 'vvv', 64, lambda a, b, c: a & c | b & ~c


LANES = {text: (params, n, f) for text, params, n, f in lanes()}


# ---- instructions on whole vectors ----------------------------------------------------------------
# text -> (parameters, bits of a lane by parameter, result, bits of its lanes, function of lists of lanes). A scalar is a list
# of one. Where an instruction has lanes as immediates the text holds them.

LETTER = {8: 'i', 16: 'i', 32: 'i', 64: 'l'}


def low(cs):
    return cs[:len(cs) // 2]


def high(cs):
    return cs[len(cs) // 2:]


def pairs(cs):
    return zip(cs[::2], cs[1::2])


def dot(n, sat, xs, ys):
    """Products of neighbours added up, in lanes of twice the width."""
    wide = 2 * n
    products = [signed(n, x) * signed(n, y) for x, y in zip(xs, ys)]
    return [saturate('s', wide, p + q) if sat else (p + q) & mask(wide) for p, q in pairs(products)]


def dot_add(a, b, c):
    sums = [signed(16, x) for x in dot(8, True, a, b)]
    return [(p + q + z) & mask(32) for (p, q), z in zip(pairs(sums), c)]


def put(i):
    return lambda a, b: a[:i] + b + a[i + 1:]


def by_lanes(*lanes_):
    """The bytes of lanes that are numbered through both operands."""
    size = 16 // len(lanes_)
    return tuple(lane * size + k for lane in lanes_ for k in range(size))


# Among them what processors have an instruction for, with either operand as the first.
SHUFFLES = [tuple(range(16)), tuple(range(31, 15, -1)), tuple(range(0, 32, 2)), (0,) * 16, (31,) * 16, (16,) * 16,
            (15, 0, 31, 16, 7, 8, 23, 24, 3, 28, 12, 19, 1, 30, 14, 17), tuple(range(5, 21)), (*range(29, 32), *range(13)),
            by_lanes(2, 0, 3, 1), by_lanes(7, 7, 4, 5), by_lanes(0, 3, 4, 7), by_lanes(5, 4, 2, 2), by_lanes(0, 9, 2, 3, 12, 13, 6, 15),
            by_lanes(0, 8, 1, 9, 2, 10, 3, 11), by_lanes(12, 4, 13, 5, 14, 6, 15, 7), by_lanes(2, 6, 3, 7), by_lanes(4, 0, 5, 1),
            by_lanes(0, 2), by_lanes(3, 1), by_lanes(1, 2), by_lanes(2, 1),
            *(tuple(k // 2 + half + (k + first) % 2 * 16 for k in range(16)) for half in (0, 8) for first in (0, 1))]


def vector():
    for n in (8, 16, 32, 64):
        count = 128 // n
        name, t = f'i{n}x{count}.', LETTER[n]
        width = 64 if n == 64 else 32
        yield name + 'splat', t, (width,), 'v', n, lambda a, n=n, count=count: [a[0] & mask(n)] * count
        yield name + 'all_true', 'v', (n,), 'i', 32, lambda a: [int(all(a))]
        yield name + 'bitmask', 'v', (n,), 'i', 32, lambda a, n=n: [sum((x >> (n - 1)) << i for i, x in enumerate(a))]
        for i in range(count):
            yield f'{name}replace_lane {i}', 'v' + t, (n, width), 'v', n, \
                lambda a, b, n=n, i=i: put(i)(a, [b[0] & mask(n)])
            for sx in 'su' if n < 32 else ('',):
                yield f'{name}extract_lane{sx and "_" + sx} {i}', 'v', (n,), t, width, \
                    lambda a, sx=sx, n=n, i=i, width=width: [extend(sx, n, width)(a[i])]
    for n, t in ((32, 'f'), (64, 'd')):
        count = 128 // n
        name = f'f{n}x{count}.'
        yield name + 'splat', t, (n,), 'v', n, lambda a, count=count: a * count
        for i in range(count):
            yield f'{name}replace_lane {i}', 'v' + t, (n, n), 'v', n, put(i)
            yield f'{name}extract_lane {i}', 'v', (n,), t, n, lambda a, i=i: [a[i]]
    yield 'v128.any_true', 'v', (64,), 'i', 32, lambda a: [int(any(a))]
    for text in ('i8x16.swizzle', 'i8x16.relaxed_swizzle'):
        yield text, 'vv', (8, 8), 'v', 8, lambda a, b: [a[j] if j < 16 else 0 for j in b]
    for lanes_ in SHUFFLES:
        yield 'i8x16.shuffle ' + ' '.join(map(str, lanes_)), 'vv', (8, 8), 'v', 8, \
            lambda a, b, lanes_=lanes_: [(a + b)[j] for j in lanes_]
    for n in (16, 32, 64):                        # of the result; operands are half as wide
        m = n // 2
        to, of = f'i{n}x{128 // n}.', f'i{m}x{128 // m}'
        for sx in 'su':
            wider, v = extend(sx, m, n), view(sx, m)
            for half, take in (('low', low), ('high', high)):
                yield f'{to}extend_{half}_{of}_{sx}', 'v', (m,), 'v', n, \
                    lambda a, take=take, wider=wider: [wider(x) for x in take(a)]
                yield f'{to}extmul_{half}_{of}_{sx}', 'vv', (m, m), 'v', n, \
                    lambda a, b, take=take, v=v, n=n: [v(x) * v(y) & mask(n) for x, y in zip(take(a), take(b))]
            if n < 64:
                yield f'{to}extadd_pairwise_{of}_{sx}', 'v', (m,), 'v', n, \
                    lambda a, v=v, n=n: [(v(x) + v(y)) & mask(n) for x, y in pairs(a)]
                yield f'{of}.narrow_i{n}x{128 // n}_{sx}', 'vv', (n, n), 'v', m, \
                    lambda a, b, sx=sx, n=n, m=m: [saturate(sx, m, signed(n, x)) for x in a + b]
    yield 'i32x4.dot_i16x8_s', 'vv', (16, 16), 'v', 32, lambda a, b: dot(16, False, a, b)
    yield 'i16x8.relaxed_dot_i8x16_i7x16_s', 'vv', (8, 8), 'v', 16, lambda a, b: dot(8, True, a, b)
    yield 'i32x4.relaxed_dot_i8x16_i7x16_add_s', 'vvv', (8, 8, 32), 'v', 32, dot_add
    for sx in 'su':
        wider = convert(sx, 32, 64)
        yield f'f64x2.convert_low_i32x4_{sx}', 'v', (32,), 'v', 64, lambda a, wider=wider: [wider(x) for x in low(a)]
        whole = trunc_sat(sx, 64, 32)
        for what in ('trunc_sat', 'relaxed_trunc'):
            yield f'i32x4.{what}_f64x2_{sx}_zero', 'v', (64,), 'v', 32, lambda a, whole=whole: [whole(x) for x in a] + [0, 0]
    narrower, wider = resize(64, 32), resize(32, 64)
    yield 'f32x4.demote_f64x2_zero', 'v', (64,), 'v', 32, lambda a: [narrower(x) for x in a] + [0, 0]
    yield 'f64x2.promote_low_f32x4', 'v', (32,), 'v', 64, lambda a: [wider(x) for x in low(a)]


VECTOR = {text: rest for text, *rest in vector()}


# ---- loads and stores -----------------------------------------------------------------------------
# text -> as VECTOR. What a load reads stands at the start of 16 bytes, an operand 'm'; what a store leaves, among zeros, is
# its result, 'm' too.

def accesses():
    for t, n in (('i32', 32), ('i64', 64), ('f32', 32), ('f64', 64), ('v128', 128)):
        letter = {'i32': 'i', 'i64': 'l', 'f32': 'f', 'f64': 'd', 'v128': 'v'}[t]
        k = min(n, 64)
        yield f'{t}.load', 'm', (k,), letter, k, lambda a, n=n, k=k: a[:n // k]
        yield f'{t}.store', letter, (k,), 'm', k, lambda a, k=k: (a + [0] * (128 // k))[:128 // k]
        if letter not in 'il':
            continue
        for m in (8, 16, 32):
            if m < n:
                yield f'{t}.store{m}', letter, (n,), 'm', m, lambda a, m=m: [a[0] & mask(m)] + [0] * (128 // m - 1)
                for sx in 'su':
                    yield f'{t}.load{m}_{sx}', 'm', (m,), letter, n, lambda a, sx=sx, m=m, n=n: [extend(sx, m, n)(a[0])]
    for m in (8, 16, 32):
        for sx in 'su':
            yield f'v128.load{m}x{64 // m}_{sx}', 'm', (m,), 'v', 2 * m, \
                lambda a, sx=sx, m=m: [extend(sx, m, 2 * m)(x) for x in low(a)]
    for m in (8, 16, 32, 64):
        count = 128 // m
        yield f'v128.load{m}_splat', 'm', (m,), 'v', m, lambda a, count=count: a[:1] * count
        if m > 16:
            yield f'v128.load{m}_zero', 'm', (m,), 'v', m, lambda a, count=count: a[:1] + [0] * (count - 1)
        for i in range(count):
            yield f'v128.load{m}_lane {i}', 'mv', (m, m), 'v', m, lambda a, b, i=i: put(i)(b, a[:1])
            yield f'v128.store{m}_lane {i}', 'v', (m,), 'm', m, lambda a, i=i, count=count: [a[i]] + [0] * (count - 1)


ACCESS = {text: rest for text, *rest in accesses()}
