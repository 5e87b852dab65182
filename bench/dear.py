"""dear.py -- modules in which a unit of fuel might buy much: rows of bench/fuel.py, beside those of tests/bombs.py.

Each exports f, which does the same again and again. `rows()` gives names and texts.
"""
import random, re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
N = 32                  # of the same in one round, where a round is short
ROWS, WAITS = {}, {}    # name: text; WAITS: what stalls the processor, which no price is for


def times(what, n=N):
    return (what + ' ') * n


def dear(name, body, fields='', locals='i32 i32 i64', before='', rows=ROWS):
    """`before` is done once; `body` may begin with a loop's own step."""
    rows[name] = f'(module {fields} (func (export "f") (local {locals}) {before} (loop $l {body} (br $l))))'


STEP = '(local.set 0 (i32.and (i32.add (local.get 0) (i32.const 97)) (i32.const 0xbfff)))'


# ---- calls, control

dear('call', times('(call $g)'), '(func $g)')
dear('call, with values', times('(local.set 1 (call $g (local.get 0) (local.get 0) (local.get 0)))'),
     '(func $g (param i32 i32 i32) (result i32) (local.get 0))')
dear('call, a chain', '(call $g0)', ' '.join(f'(func $g{i} (call $g{i + 1}))' for i in range(200)) + '(func $g200)')
dear('call_indirect', times('(call_indirect (type $t) (i32.const 0))'), '(type $t (func)) (table funcref (elem $g)) (func $g)')
dear('call_ref', times('(call_ref $t (ref.func $g))'), '(type $t (func)) (elem declare func $g) (func $g (type $t))')
for kind, how in (('', '$g'), ('_indirect', '(type $t) (i32.const 0)'), ('_ref', '$t (ref.func $g)')):
    ROWS[f'return_call{kind}'] = (f'(module (type $t (func)) (table funcref (elem $g)) (func $g (type $t) (return_call{kind} {how})) '
                                  '(func (export "f") (call $g)))')
dear('ref.func', times('(drop (ref.func $g))'), '(func $g) (elem declare func $g)')
for name, body in {'block': '(block)', 'loop': '(loop)', 'if': '(if (local.get 1) (then))', 'try_table': '(try_table)',
                   'if, else': '(if (local.get 1) (then) (else))', 'br': '(block (br 0))', 'br_if': '(br_if 0 (local.get 1))',
                   'br_table': '(block (br_table 0 0 (local.get 1)))', 'memory.size': '(drop (memory.size))',
                   'table.get': '(drop (table.get (i32.const 1)))', 'table.set': '(table.set (i32.const 1) (ref.null func))',
                   'global.set': '(global.set 0 (i64.add (global.get 0) (i64.const 1)))', 'data.drop': '(data.drop 0)',
                   'elem.drop': '(elem.drop 0)'}.items():
    dear(name, STEP + times(body), '(memory 1) (table 10 funcref) (global (mut i64) (i64.const 0)) (data "a") (elem funcref)')


# ---- exceptions

THROWN = '(block $h (try_table (catch_all $h) {}))'
dear('throw_ref', THROWN.format('(throw_ref (local.get 3))'), '(tag)', 'i32 i32 i64 exnref',
     '(local.set 3 (block $q (result exnref) (try_table (catch_all_ref $q) (throw 0)) (unreachable)))')
dear('throw, catch_all_ref', '(drop (block $h (result exnref) (try_table (catch_all_ref $h) (throw 0)) (unreachable)))', '(tag)')
dear('rethrow', '(try (do (try (do (throw 0)) (catch_all (rethrow 0)))) (catch_all))', '(tag)')


def nest(clauses, depth, inside):
    return THROWN.format('(block $i ' + times(f'(try_table {times("(catch 1 $i)", clauses)}', depth) + inside + ')' * depth + ')')


dear('throw, a nest of 1,999,800 clauses', nest(9999, 200, '(throw 0)'), '(tag) (tag)')
dear('throw, clauses of the caller', nest(2000, 20, '(call $g)'), '(tag) (tag) (func $g (throw 0))')


# ---- memories, tables

for name, where, fields in (('memory.grow, a page', '(i32.const 1)', '(memory 1)'), ('memory.grow, a page of 64 bits', '(i64.const 1)', '(memory i64 1)'),
                            ('memory.grow, shared', '(i32.const 1)', '(memory 1 65536 shared)'),
                            ('memory.grow, bytes', '(i32.const 1)', '(memory 1 (pagesize 1))')):
    dear(name, f'(drop (memory.grow {where}))', fields)
BULK = '(i32.const 0) (i32.const {}) (i32.const {})'
for size in 0, 1, 60000, 0x2000000:
    dear(f'memory.fill, {size}', times(f'(memory.fill {BULK.format(0, size)})', 4), '(memory 1024)')
    dear(f'memory.copy, {size}', times(f'(memory.copy {BULK.format(min(size, 0x1000000), size)})', 4), '(memory 1024)')
    if size <= 60000:
        dear(f'memory.init, {size}', times(f'(memory.init 0 {BULK.format(0, size)})', 4), f'(memory 1) (data "{"a" * size}")')
dear('memory.discard, nothing', times('(memory.discard (i32.const 0) (i32.const 0))'), '(memory 1)')
dear('memory.discard, a page', '(memory.discard (i32.const 0) (i32.const 65536))', '(memory 1)')
dear('memory.discard, written here and there', times('(i32.store (local.tee 0 (i32.and (i32.add (local.get 0) (i32.const 4096)) '
     '(i32.const 0xfffff))) (i32.const 1))', 256) + '(memory.discard (i32.const 0) (i32.const 0x100000))', '(memory 16)')
for size in 0, 1, 1000:
    dear(f'table.grow, {size}', f'(drop (table.grow (ref.null func) (i32.const {size})))', '(table 1 funcref)')
dear('table.grow, refused', times('(drop (table.grow (ref.null func) (i32.const 1)))'), '(table 1 1 funcref)')
for size in 1, 100000:
    dear(f'table.fill, {size}', times(f'(table.fill (i32.const 0) (ref.null func) (i32.const {size}))', 4), '(table 100001 funcref)')
    dear(f'table.copy, {size}', times(f'(table.copy (i32.const 0) (i32.const 1) (i32.const {size}))', 4), '(table 100001 funcref)')


# ---- objects

TYPES = '''(type $e (struct)) (type $s (struct (field (mut i64)) (field (mut i64)))) (type $a8 (array (mut i8)))
    (type $a64 (array (mut i64))) (type $ar (array (mut anyref))) (type $af (array (mut funcref)))
    (type $wide (struct ''' + times('(field i64)', 1000) + '''))
    (memory 1) (data $d "''' + 'a' * 1000 + '''") (func $g) (elem $i func ''' + times('$g', 1000) + ')'


def makes(name, body, n=N):
    dear(name, times(f'(drop ({name.partition(",")[0]} {body}))', n), TYPES)


makes('struct.new, no fields', '$e')
makes('struct.new, two', '$s (i64.const 1) (i64.const 2)')
makes('struct.new, a thousand', '$wide ' + times('(i64.const 0)', 1000), 1)
makes('struct.new_default, two', '$s')
makes('struct.new_default, a thousand', '$wide')
for size in 0, 1, 7, 20, 1000, 100000, 2000000:
    makes(f'array.new_default, {size}', f'$a64 (i32.const {size})')
for size in 1, 100, 100000:
    makes(f'array.new, {size}', f'$a64 (i64.const 5) (i32.const {size})')
makes('array.new_default, of a length that nobody knows', '$a64 (local.get 1)')
makes('array.new_fixed, one', '$a64 1 (i64.const 0)')
makes('array.new_fixed, ten thousand', '$a64 10000 ' + times('(i64.const 0)', 10000), 1)
for size in 1, 1000:
    makes(f'array.new_data, {size}', f'$a8 $d (i32.const 0) (i32.const {size})')
    makes(f'array.new_elem, {size}', f'$af $i (i32.const 0) (i32.const {size})')


def array(name, body, type='$a64', n=4):
    dear(name, times(body, n), TYPES, f'i32 i32 i64 (ref null {type})', f'(local.set 3 (array.new_default {type} (i32.const 100000)))')


for size in 1, 90000:
    array(f'array.fill, {size}', f'(array.fill $a64 (local.get 3) (i32.const 0) (i64.const 1) (i32.const {size}))')
    array(f'array.fill of references, {size}', f'(array.fill $ar (local.get 3) (i32.const 0) (local.get 3) (i32.const {size}))', '$ar')
    array(f'array.copy, {size}', f'(array.copy $a64 $a64 (local.get 3) (i32.const 0) (local.get 3) (i32.const 1) (i32.const {size}))')
    array(f'array.copy of references, {size}', f'(array.copy $ar $ar (local.get 3) (i32.const 0) (local.get 3) (i32.const 1) (i32.const {size})) '
          '(array.set $ar (local.get 3) (i32.const 7) (struct.new $e))', '$ar')
for size in 1, 1000:
    array(f'array.init_data, {size}', f'(array.init_data $a8 $d (local.get 3) (i32.const 0) (i32.const 0) (i32.const {size}))', '$a8')
    array(f'array.init_elem, {size}', f'(array.init_elem $af $i (local.get 3) (i32.const 0) (i32.const 0) (i32.const {size}))', '$af')
array('array.set, a reference', '(array.set $ar (local.get 3) (i32.const 7) (local.get 3))', '$ar', N)
dear('struct.set, a new object in an old one', times('(struct.set $n 0 (local.get 3) (struct.new_default $n))'),
     '(type $n (struct (field (mut anyref))))', 'i32 i32 i64 (ref null $n)', '(local.set 3 (struct.new_default $n))')

CHAIN = '(type $t0 (sub (struct)))' + ''.join(f'(type $t{i + 1} (sub $t{i} (struct)))' for i in range(62))
CAST = '(local.set 3 (struct.new $t62))'
for name, body in {'ref.cast, deep': '(drop (ref.cast (ref $t61) (local.get 3)))', 'ref.cast, exact': '(drop (ref.cast (ref $t62) (local.get 3)))',
                   'ref.test, deep': '(drop (ref.test (ref $t61) (local.get 3)))', 'ref.test, kind': '(drop (ref.test (ref array) (local.get 3)))',
                   'br_on_cast, deep': '(block $b (result anyref) (br_on_cast $b anyref (ref $t61) (local.get 3))) (drop)',
                   'i31.get_s': '(drop (i31.get_s (ref.i31 (local.get 0))))',
                   'any.convert_extern': '(drop (any.convert_extern (extern.convert_any (local.get 3))))'}.items():
    dear(name, times(body), CHAIN, 'i32 i32 i64 anyref', CAST)
dear('ref.cast, of functions', times('(drop (ref.cast (ref $t61) (local.get 3)))'),
     CHAIN.replace('(struct)', '(func)') + '(func $g (type $t62)) (elem declare func $g)', 'i32 i32 i64 funcref', '(local.set 3 (ref.func $g))')
dear('ref.test, without types of objects', times('(drop (ref.test (ref array) (local.get 3)))'), '', 'i32 i32 i64 anyref')


# ---- continuations

CONT = '(type $f (func)) (type $c (cont $f)) (tag $t) (tag $u) '
BEGUN = '(local.set 3 (cont.new $c (ref.func $g)))'
TURN = '(block $h (result (ref $c)) (resume $c {}(on $t $h) (local.get 3)) (unreachable)) (local.set 3)'


def suspended(name, body, turn=TURN.format(''), fields=''):
    dear(name, times(turn, 4), f'{CONT} {fields} (func $g {body}) (elem declare func $g)', 'i32 i32 i64 (ref null $c)', BEGUN)


EVER = '(loop (suspend $t) (br 0))'
dear('cont.new', times('(drop (cont.new $c (ref.func $g)))'), CONT + '(func $g) (elem declare func $g)')
dear('cont.bind', times('(drop (cont.bind $c1 $c0 (i32.const 1) (cont.new $c1 (ref.func $g))))'),
     '(type $f1 (func (param i32))) (type $f0 (func)) (type $c1 (cont $f1)) (type $c0 (cont $f0)) (func $g (param i32)) (elem declare func $g)')
dear('resume', times('(resume $c (cont.new $c (ref.func $g)))'), CONT + '(func $g) (elem declare func $g)')
dear('resume_throw', times('(block $h (try_table (catch_all $h) (resume_throw $c $t (cont.new $c (ref.func $g)))))'),
     CONT + '(func $g) (elem declare func $g)')
suspended('suspend', EVER)
suspended('suspend, a thousand frames', '(call $r (i32.const 1000))', fields='(func $r (param i32) (if (local.get 0) '
          f'(then (call $r (i32.sub (local.get 0) (i32.const 1)))) (else {EVER})))')
suspended('suspend, a large frame', f'(local {times("i64", 10000)}) {EVER}')
suspended('suspend, many clauses', EVER, '(block $k (result (ref $c)) ' + TURN.format(times('(on $u $k)', 2000)) + ' (br $l)) (local.set 3)')
suspended('suspend, through resumptions', '(call $d (i32.const 500))', fields='''(type $fi (func (param i32))) (type $ci (cont $fi))
    (func $d (param i32) (if (local.get 0) (then (resume $ci (local.get 0) (cont.new $ci (ref.func $dd)))) (else ''' + EVER + '''))) (elem declare func $dd)
    (func $dd (param i32) (call $d (i32.sub (local.get 0) (i32.const 1))))''')
ROWS['switch'] = '''(module (rec (type $f (func (param (ref null $c)))) (type $c (cont $f))) (tag $y) (elem declare func $g $h)
    (func $g (type $f) (loop (local.set 0 (switch $c $y (local.get 0))) (br 0)))
    (func $h (type $f) (local (ref null $c)) (local.set 1 (cont.new $c (ref.func $g))) (loop (local.set 1 (switch $c $y (local.get 1))) (br 0)))
    (func (export "f") (resume $c (on $y switch) (ref.null $c) (cont.new $c (ref.func $h)))))'''


# ---- threads

SHARED = '(memory 1 1 shared)'
dear('atomic.fence', times('(atomic.fence)'))
dear('memory.atomic.notify', times('(drop (memory.atomic.notify (i32.const 0) (i32.const 1)))'), SHARED)
dear('memory.atomic.wait32, another value', times('(drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1)))'), SHARED)
dear('memory.atomic.wait32, no time', times('(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))'), SHARED)
dear('memory.atomic.wait32, a nanosecond', times('(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1)))'), SHARED)
ROWS['wasi thread-spawn'] = '''(module (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32))) (import "env" "memory" (memory 1 1 shared))
    (func (export "wasi_thread_start") (param i32 i32) (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))) (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
    (func (export "f") (local i32) (loop (if (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0)) (then
      (drop (memory.atomic.wait32 (i32.const 0) (local.get 0) (i64.const -1))) (local.set 0 (i32.add (local.get 0) (i32.const 1))))) (br 0))))'''
# 216 is in the queue that 0 is in, see queue_of in src/run/shared.c.
ROWS['memory.atomic.notify, with many that wait'] = '''(module (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32))) (import "env" "memory" (memory 1 1 shared))
    (func (export "wasi_thread_start") (param i32 i32) (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
    (func (export "f") (local i32) (loop (drop (call $spawn (i32.const 0))) (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 200))))
      (loop (drop (memory.atomic.notify (i32.const 216) (i32.const 1))) (br 0))))'''


# ---- numbers: each row of the tables, as one chain where its result can be its operand

TYPE = {'i': 'i32', 'l': 'i64', 'f': 'f32', 'd': 'f64', 'v': 'v128'}
FAMILIES = 'PURE|PURE2|VECTOR|LANE|LOAD|STORE|ATOMIC|VLOAD|VSTORE|LOAD_LANE|STORE_LANE'
FIRST = {'i': '0x7ffffff0', 'l': '0x7ffffffffffffff0', 'f': '1.7', 'd': '1.7', 'v': '{} {}'}
SMALL = FIRST | {'f': '0x1p-140', 'd': '0x1.1p-1060'}
ONE = {'i': '1', 'l': '1', 'f': '1', 'd': '1', 'v': '{} {}'}


def constant(letter, values, lanes):
    if letter != 'v':
        return f'({TYPE[letter]}.const {values[letter]})'
    kind, count, value = ('f32x4', 4, values['f']) if 'f32' in lanes else ('f64x2', 2, values['d'])
    return f'(v128.const {kind} {times(value, count)})'


def number(family, name, text, sig, first, count=100):
    """First operands are of `first`, in locals 6 to 10; the others 1, in locals 1 to 5."""
    params, results = sig.split('_')
    immediate = ' 0' if 'LANE' in family else times(' 0', 16) if 'shuffle' in name else ''
    at = {letter: i + 1 for i, letter in enumerate('ilfdv')}
    memory = family in ('LOAD', 'STORE', 'ATOMIC', 'VLOAD', 'VSTORE', 'LOAD_LANE', 'STORE_LANE')
    gets = [f'(local.get {0 if memory and not i else at[letter] + 5 * (not i)})' for i, letter in enumerate(params)]
    inits = ' '.join(f'(local.set {at[c] + 5 * n} {constant(c, values, text)})' for c in 'ilfdv' for n, values in enumerate((ONE, first)))
    if params and params[0] == results and not memory:
        body = f'{gets[0]} {times(" ".join(gets[1:]) + f" {text}{immediate}", count)} (drop)'
    else:
        body = times(f'{" ".join(gets)} {text}{immediate} {times("drop", len(results))}', count)
    return f'(module (memory 1) (func (export "f") (local i32 {times("i32 i64 f32 f64 v128", 2)}) {inits} (loop {body} (br 0))))'


def numbers():
    for file in 'op.def', 'simd.def', 'atomics.def':
        for family, name, text, sig in re.findall(rf'^({FAMILIES})\((\w+), "([^"]+)", 0x\w+, (\w+)', (ROOT / 'src/op' / file).read_text(), re.M):
            if sig != '_0':
                yield text, number(family, name, text, sig, FIRST)


# ---- what stalls the processor

def filled(values):
    made = random.Random(1)
    return '(memory 32) (data (i32.const 0) "' + ''.join(f'\\{made.randrange(values):02x}' for _ in range(65536)) + '")'


def guess(n):
    return f'(i32.load8_u offset={n * 7} (local.get 0))'


dear('a branch that cannot be guessed', STEP + ' '.join(f'(if {guess(n)} (then))' for n in range(N)), filled(2), rows=WAITS)
for kind in 'indirect (type $t)', 'ref $t':
    dear(f'call_{kind.split()[0]} that cannot be guessed', STEP + ' '.join(
         f'(call_{kind} {guess(n) if "type" in kind else f"(table.get $r {guess(n)})"})' for n in range(N)),
         '(type $t (func)) (table $r 16 (ref null $t)) (elem (table $r) (i32.const 0) (ref null $t) ' + ' '.join(f'(ref.func $g{i})' for i in range(16)) +
         ')' + ' '.join(f'(func $g{i} (type $t))' for i in range(16)) + filled(16), rows=WAITS)
dear('a load of a word that was stored in part', times('(i32.store8 (i32.const 0) (i32.load (i32.const 0)))'), '(memory 1)', rows=WAITS)
dear('an access that crosses pages', times('(i64.store (i32.const 4092) (i64.load (i32.const 4092)))'), '(memory 1)', rows=WAITS)
dear('loads that miss the caches', '''(local.set 0 (i32.load (i32.and (i32.mul (i32.xor (local.get 0) (local.tee 1 (i32.add (local.get 1) (i32.const 1))))
    (i32.const 0x9e3779b1)) (i32.const 0x1ffffffc))))''', '(memory 8192)', before='''(loop (i32.store (local.get 0) (i32.const 0))
    (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 4096))) (i32.const 0x20000000))))''', rows=WAITS)
WAITS['f64.mul of numbers next to zero'] = number('PURE', 'f64_mul', 'f64.mul', 'dd_d', SMALL)
WAITS['f64.div of numbers next to zero'] = number('PURE', 'f64_div', 'f64.div', 'dd_d', SMALL)
dear('objects that stay', '''(loop $k (local.set 3 (struct.new $n (local.get 3) (i64.const 1)))
    (br_if $k (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 1000000)))) (local.set 3 (ref.null $n)) (local.set 0 (i32.const 0))''',
     '(type $n (struct (field (ref null $n)) (field i64)))', 'i32 i32 i64 (ref null $n)', rows=WAITS)
