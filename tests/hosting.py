"""hosting.py -- examples that are hosts: built as their Makefiles do, run in what the distribution has, given what is hostile.

    hosts/sqlite/...    the extension in SQLite's shell, and in a program of many threads and connections (hosts/many.c)

`@asan` is Weft's and the example's code under sanitizers, within a program that is not: it is preloaded there. `@installed`
is what a stranger has: the library that `make install` puts there. It is due in turn, as all of embed.py is.
"""
import functools, os, re, shutil, subprocess, tempfile, threading
from pathlib import Path

import embed
from outcome import Outcome, Test, kind_due, run_command, SANITIZER_ENV, SANITIZER_TEXT

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / 'build/tests/hosts'
SANITIZE = '-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all'
building = threading.Lock()


def need(what, there, group):
    if not there:
        raise embed.Missing(f'there is no {what} (tools/setup.sh {group})')


@functools.lru_cache(None)
def preload():
    """The sanitizers' library, for programs that load what needs it."""
    return run_command(['clang-19', '-print-file-name=libclang_rt.asan-x86_64.so']).stdout.decode().strip()


@functools.lru_cache(None)
def build_once(host, way):
    out = OUT / way / host
    shutil.rmtree(out, ignore_errors=True)
    if way == 'installed':      # as a stranger does it
        out.mkdir(parents=True)
        return run_command(['make', '-s', '-C', f'examples/{host}', f'OUT={out}', 'CC=gcc'], cwd=ROOT, timeout=300,
                           env={'PKG_CONFIG_PATH': str(embed.installed() / 'lib/pkgconfig')})
    words = {'asan': ['CC=clang-19', f'HOST_FLAGS={SANITIZE} -shared-libasan']}[way]
    return run_command(['make', '-s', f'host-{host}', f'HOST_OUT={OUT / way}', f'HOST_LIB={ROOT / "build" / way / "libweft.a"}', *words],
                       cwd=ROOT, timeout=300)


def built(host, way):
    need('compiler for wasm', shutil.which('clang-19') and shutil.which('wasm-ld-19'), 'wasm')
    if host == 'sqlite':
        need('SQLite', shutil.which('sqlite3') and Path('/usr/include/sqlite3ext.h').exists(), 'hosts')
        need('library for WASI', Path('/usr/lib/wasm32-wasi/crt1-reactor.o').exists(), 'wasm')
    if way == 'installed':
        embed.need('gcc', 'pkg-config')
    if way == 'asan':
        need('library of the sanitizers to be loaded', Path(preload()).exists(), 'build')
    with building:
        done = build_once(host, way)
    if done.status:
        raise RuntimeError(done.describe())
    return OUT / way / host


def environment(way):
    return {**os.environ, **SANITIZER_ENV, **({'LD_PRELOAD': preload()} if way == 'asan' else {})}


def tests(options):
    if options.weft:
        return
    asan = any(build.name == 'asan' for build in options.builds)
    def ways(host):
        if asan:
            yield 'asan', '@asan', False
        yield 'installed', '@installed', not kind_due('pic')
    for host, cases in ('sqlite', SQLITE),:
        for way, suffix, full in ways(host):
            for case in cases:
                run = functools.partial(case, way)
                yield Test(f'hosts/{host}/{case.__name__.removeprefix(host + "_")}{suffix}', embed.guarded(run), full=full)


class Checks(Outcome):
    """An outcome that is added to, one check at a time."""
    def same(self, got, want, label):
        if got == want:
            self.passed += 1
        else:
            self.fail(f'{label}: {got!r}, not {want!r}')

    def true(self, good, label):
        self.same(bool(good), True, label)


# ---- SQLite ----------------------------------------------------------------------------------------

def made(name, body, options='', export='f', what='function'):
    """The statement that makes a function of a module's text."""
    text = ' '.join(body.split()).replace("'", "''")
    return f"select create_wasm_{what}('{name}', '(module {text})', '{export}', '{options}')"


def sqlite(way, statements, database=':memory:'):
    """What each statement prints, or `!` and its error, in one session."""
    folder = built('sqlite', way)
    lines = [f'.load {folder / "weft_sqlite"}', f'.cd {folder}', '.nullvalue NULL']
    first = len(lines) + 1
    for statement in statements:
        assert '\n' not in statement
        lines += [statement + ';', '.print ;;']
    done = subprocess.run(['sqlite3', '-batch', database], input='\n'.join(lines).encode(), capture_output=True,
                          env=environment(way), timeout=120)
    errors = dict(re.findall(r'(?:Runtime|Parse) error near line (\d+): (.*)', done.stderr.decode()))
    if SANITIZER_TEXT.search(done.stderr) or done.returncode not in (0, 1):
        raise RuntimeError(f'status {done.returncode}: {done.stderr.decode()}')
    printed = done.stdout.decode().split(';;\n')
    return [('!' + errors[line] if (line := str(first + 2 * n)) in errors else printed[n].strip()) for n in range(len(statements))]


def sqlite_check(way, cases, database=':memory:'):
    """Cases are (statement, what comes of it), in which `...` is anything; None: it must succeed."""
    checks = Checks()
    for (statement, want), got in zip(cases, sqlite(way, [statement for statement, _ in cases], database)):
        if want is None:
            checks.true(not got.startswith('!'), f'{statement[:200]}: {got}')
        else:
            pattern = '.*'.join(re.escape(piece) for piece in want.split('...'))
            checks.true(re.fullmatch(pattern, got, re.S), f'{statement[:200]}: {got!r}, not {want!r}')
    return checks


# Values go through: the result is the argument. malloc gives the same block each time.
ECHO = '''(memory (export "memory") 300)
          (func (export "malloc") (param i32) (result i32) (if (i32.gt_u (local.get 0) (i32.const 19000000))
            (then (return (i32.const 0)))) (i32.const 64))'''
def values(body):
    return ECHO + f'(func (export "f") (param $argc i32) (param $argv i32) (param $result i32) {body})'
COPY = '(memory.copy (local.get $result) (local.get $argv) (i32.const 16))'
def result(kind, length, at):
    return values(f'(i32.store (local.get $result) (i32.const {kind})) (i32.store offset=4 (local.get $result) (i32.const {length}))'
                  f'(i32.store offset=8 (local.get $result) (i32.const {at}))')
COUNT = '(global $n (mut i64) (i64.const 0)) (func (export "f") (result i64) (global.set $n (i64.add (global.get $n) (i64.const 1))) (global.get $n))'
COUNT_OR_TRAP = COUNT.replace('(result i64)', '(param i64) (result i64) (if (i64.eqz (local.get 0)) (then unreachable))', 1)


def sqlite_numbers(way):
    def two(name, t, instruction):
        return made(name, f'(func (export "f") (param {t} {t}) (result {t}) ({instruction} (local.get 0) (local.get 1)))'), None
    return sqlite_check(way, [
        ("select create_wasm_function('gcd', 'words.wasm', 'gcd', 'deterministic')", None),
        ("select create_wasm_function('hyp', readfile('words.wasm'), 'hypotenuse')", None),
        two('addl', 'i64', 'i64.add'), two('addi', 'i32', 'i32.add'), two('addf', 'f32', 'f32.add'), two('divd', 'f64', 'f64.div'),
        ('select gcd(1071, 462), gcd(-4, 6), hyp(3, 4), hyp(0.5, 0)', '21|2|5.0|0.5'),
        ('select addl(9223372036854775807, 1), addi(2147483647, 1), addf(1, 0.5)', '-9223372036854775808|-2147483648|1.5'),
        ('select divd(1, 0), divd(0, 0), typeof(divd(4, 2))', 'Inf|NULL|real'),
        ('select gcd(null, 1), gcd(1, null), divd(null, null)', 'NULL|NULL|NULL'),
        ("select gcd('12', 3)", '!gcd: argument 1 is text, where it takes an integer'),
        ('select gcd(12, 1.5)', '!gcd: argument 2 is a real, where it takes an integer'),
        ("select hyp(1, x'00')", '!hyp: argument 2 is a blob, where it takes a number'),
        ('select addi(2147483648, 0)', '!addi: argument 1 does not fit into 32 bits'),
        ('select gcd(1)', '!wrong number of arguments to function gcd()...'),
        (made('noth', '(func (export "f") (param i64))'), None), ('select noth(1)', 'NULL'),
        (made('none', '(func (export "f") (result i32) (i32.const 5))'), None), ('select none() + 1', '6'),
        ('select sum(gcd(value, 12)) from generate_series(1, 1200)', '4000'),
    ])


def sqlite_values(way):
    words = [(f"select create_wasm_function('{name}', 'words.wasm', '{name}', 'values args={args} deterministic')", None)
             for name, args in (('slug', 1), ('distance', 2))]
    cases = [
        *words, (made('e', values(COPY), 'values args=1'), None), (made('count', values(
            '(i32.store (local.get $result) (i32.const 1)) (i32.store offset=8 (local.get $result) (local.get $argc))'), 'values'), None),
        ("select slug('Hello, World!  A b'), slug('ÄÖ!ü'), slug('--'), slug(null)", 'hello-world-a-b|ÄÖ-ü||NULL'),
        ("select distance('kitten', 'sitting'), distance('', 'abc'), distance('', '')", '3|3|0'),
        ("select slug(5)", '!slug: slug takes one text'),
        ("select e(1), e(-9223372036854775808), e(1.5), e('x'), hex(e(x'00ff')), e(null), e(''), typeof(e(x''))",
         '1|-9223372036854775808|1.5|x|00FF|NULL||blob'),
        ("select typeof(e(1)), typeof(e(1.0)), typeof(e('1')), typeof(e(x'31')), typeof(e(null))", 'integer|real|text|blob|null'),
        ("select length(e(zeroblob(18000000))), hex(e(zeroblob(3)))", '18000000|000000'),
        ("select e(zeroblob(20000000))", '!e: its malloc has no 20000033 bytes for the arguments'),
        ('select count(), count(1), count(1, 2, 3)', '0|1|3'),
        ("select e(printf('%.*c', 100000, 'y')) = printf('%.*c', 100000, 'y')", '1'),
        ("select max(distance(x, 'b')) from (select 'abc' as x union all select 'b' union all select 'xxxxxx')", '6'),
    ]
    checks = sqlite_check(way, cases)
    wide = [('pragma encoding = "UTF-16le"', None), ('create table t(a); insert into t values (\'Grüße, Ä\')', None), *words,
            ("select slug(a), typeof(slug(a)) from t", 'grüße-Ä|text'), ("select distance(a, 'x') from t", '11')]
    more = sqlite_check(way, wide)
    checks.passed, checks.failed, checks.text = checks.passed + more.passed, checks.failed + more.failed, checks.text + more.text
    return checks


def sqlite_state(way):
    """What a function knows of the calls before: an instance is kept, but not of deterministic ones, nor of those that trapped."""
    index = "create index i on t(dist(a, 'b'))"
    return sqlite_check(way, [
        (made('kept', COUNT), None), (made('fresh', COUNT, 'deterministic'), None), (made('trapping', COUNT_OR_TRAP), None),
        ('select kept(), kept(), kept()', '1|2|3'), ('select kept()', '4'),
        ("select fresh() + value * 0 from generate_series(1, 3)", '1\n1\n1'),
        ('select trapping(1), trapping(1)', '1|2'), ('select trapping(0)', '!trapping: unreachable, at 0x2d of the module'),
        ('select trapping(1)', '1'),
        ("select create_wasm_function('dist', 'words.wasm', 'distance', 'values args=2 deterministic innocuous')", None),
        ("select create_wasm_function('dist2', 'words.wasm', 'distance', 'values args=2')", None),
        ('create table t(a)', None), (index, None), ("insert into t values ('abc'), ('b'), ('bcd')", None),
        ("create index j on t(dist2(a, 'b'))", '!non-deterministic functions prohibited in index expressions...'),
        ("explain query plan select * from t where dist(a, 'b') = 2", 'QUERY PLAN\n`--SEARCH t USING INDEX i (<expr>=?)'),
        ("select a from t where dist(a, 'b') = 2 order by a", 'abc\nbcd'), ('pragma integrity_check', 'ok'),
    ])


def sqlite_aggregates(way):
    trap = '(func (export "f") (param i64) (if (i64.gt_s (local.get 0) (i64.const 2)) (then unreachable))) (func (export "g") (result i64) (i64.const 7))'
    def aggregate(name, module, step, final, options=''):
        module = "'(module " + module.replace("'", "''") + ")'" if '(' in module else f"'{module}'"
        return f"select create_wasm_aggregate('{name}', {module}, '{step}', '{final}', '{options}')"
    adding = '''(global $sum (mut f64) (f64.const 0)) (func (export "f") (param f64) (global.set $sum (f64.add (global.get $sum) (local.get 0))))
                (func (export "g") (result f64) (global.get $sum))'''
    return sqlite_check(way, [
        (aggregate('median', 'words.wasm', 'median_step', 'median_final', 'values args=1'), None),
        (aggregate('adding', ' '.join(adding.split()), 'f', 'g'), None), (aggregate('trap', trap, 'f', 'g'), None),
        ('select median(value), adding(value), adding(value / 2.0) from generate_series(1, 100)', '50.5|5050.0|2525.0'),
        ('select value % 3, median(value), adding(value) from generate_series(1, 8) group by 1', '0|4.5|9.0\n1|4.0|12.0\n2|5.0|15.0'),
        ('select median(1), adding(1) where 0', 'NULL|0.0'), ('select adding(null), median(null)', '0.0|NULL'),
        ("select adding('x')", '!adding: argument 1 is text, where it takes a number'),
        ('select trap(value) from generate_series(1, 5)', '!trap: unreachable, at ...'),
        ('select trap(value) from generate_series(1, 2)', '7'),
        ('select value % 3, trap(value) from generate_series(1, 5) group by 1', '!trap: unreachable, at ...'),
        ('select adding(value) from generate_series(1, 10) group by value limit 1', '1.0'),
        (aggregate('bad', trap, 'g', 'f'), '!bad: a step gives nothing, and a final takes nothing and gives a number'),
        (aggregate('bad', trap, 'f', 'f'), '!bad: a step gives nothing, and a final takes nothing and gives a number'),
        (aggregate('bad', 'words.wasm', 'median_step', 'gone', 'values'), '!bad: ...'),
        ('select count(*) from (select median(value) from generate_series(1, 300) group by value)', '300'),
    ])


def sqlite_hostile(way):
    loop, deep = '(func (export "f") (loop (br 0)))', '(func $f (export "f") (call $f) (call $f))'
    def bad(text, want, options='', export='f'):
        return made('bad', text, options, export), f'!bad: {want}'
    def runs(name, text, want, options='', call='()'):
        return [(made(name, text, options), None), (f'select {name}{call}', f'!{name}: {want[1:]}' if want[0] == '!' else want)]
    outside = '!its result is not in its memory'
    cases = [
        *runs('spin', loop, '!out of fuel...', 'fuel=1M'), *runs('deep', deep, '!call stack exhausted...', 'stack=64K'),
        *runs('grow', '(memory 1) (func (export "f") (result i32) (memory.grow (i32.const 100)))', '-1', 'memory=1M'),
        *runs('grown', '(memory 1) (func (export "f") (result i32) (memory.grow (i32.const 10)))', '1', 'memory=1M'),
        *runs('far', result(3, 100, 300 * 65536 - 50), outside, 'values'), *runs('wrap', result(4, -1, 100), outside, 'values'),
        *runs('huge', result(3, 300 * 65536, 0).replace('(i32.const 3)', '(i32.const 6)', 1), '!...', 'values'),
        *runs('kind', result(77, 0, 0), '!its result is of no type that there is: 77', 'values'),
        *runs('empty', values(''), 'NULL', 'values'),
        *runs('gone', values('(i32.store (i32.const -4) (i32.const 0))'), '!out of bounds memory access...', 'values'),
    ]
    for n, block in enumerate(('(i32.const 0)', '(i32.const -1)', '(i32.const 19660799)', '(unreachable)', '(loop (br 0)) (i32.const 1)')):
        text = values(COPY).replace('(i32.const 64)', block)
        cases += runs(f'block{n}', text, '!...', 'values fuel=1M', '(1)')
    text = values(COPY) + '(func (export "free") (param i32) unreachable)'
    cases += runs('free', text, '!unreachable...', 'values', '(1)')
    cases += [
        bad('(import "env" "f" (func $f)) (export "f" (func $f))', 'unknown import...'), bad('(func (export "g"))', 'unknown export...'),
        bad('(memory (export "f") 1)', '...'), bad('(func (export "f") (result i32 i32) (i32.const 1) (i32.const 2))', 'its result is not one number, or none'),
        bad('(func (export "f") (param externref))', 'parameter 1 is no number'), bad('(func (export "f") (param ' + 'i32 ' * 101 + '))', 'more than 100 parameters'),
        bad('(func (export "f"))', '...', 'values'), bad(ECHO + '(func (export "f") (param i32 i32 i32) (result i32) (i32.const 0))', '...', 'values'),
        bad('(func unreachable) (start 0) (func (export "f"))', 'unreachable, at ...'),
        bad('(func (loop (br 0))) (start 0) (func (export "f"))', 'out of fuel...', 'fuel=1M'),
        bad('(func (loop (br 0))) (export "_initialize" (func 0)) (func (export "f"))', 'out of fuel...', 'fuel=1M'),
        bad('(memory 100) (func (export "f"))', '...', 'memory=1M'), bad('(table 100000000 funcref) (func (export "f"))', '...'),
        ("select create_wasm_function('bad', x'0061736d02000000', 'f')", '!bad: ...'), ("select create_wasm_function('bad', x'', 'f')", '!bad: ...'),
        ("select create_wasm_function('bad', 5, 'f')", '!bad: its module is no blob, and no text'),
        ("select create_wasm_function('bad', null, 'f')", '!bad: its module is no blob, and no text'),
        ("select create_wasm_function(null, '(module)', 'f')", '!create_wasm_function: without a name, or an export'),
        ("select create_wasm_function('bad', 'no/such.wasm', 'f')", '!bad: cannot read no/such.wasm'),
        ("select create_wasm_function('bad', '/', 'f')", '!bad: cannot read /'),
        ("select create_wasm_function('bad', '(module', 'f')", '!bad: 1:...'),
        ("select create_wasm_function(printf('%.*c', 300, 'n'), '(module (func (export \"f\")))', 'f')", '!nnn...'),
    ]
    for option in ('fuel', 'fuel=', 'fuel=0', 'fuel=-1', 'fuel=1T', 'memory=99999999999999999999', 'memory=18446744073709551615G', 'args=101',
                   'quick', 'x' * 100, 'values=1'):
        cases.append((made('bad', '(func (export "f"))', option), '!bad: ...'))
    cases += [
        (made('wasi', '(import "wasi_snapshot_preview1" "random_get" (func $r (param i32 i32) (result i32))) (memory (export "memory") 1) '
              '(func (export "f") (result i32) (call $r (i32.const 0) (i32.const 4)))', 'wasi'), None), ('select wasi()', '0'),
        (made('bad', '(import "wasi_snapshot_preview1" "proc_exit" (func $r (param i32))) (func (export "f"))', 'wasi deterministic'),
         '!bad: with imports it is neither deterministic nor innocuous'),
        (made('ends', '(import "wasi_snapshot_preview1" "proc_exit" (func $r (param i32))) (memory (export "memory") 1) (func (export "f") (call $r (i32.const 3)))', 'wasi'), None),
        ('select ends()', '!ends: it ended itself with status 3'),
        (made('spin', loop), '!spin: this connection has a function of this name and as many arguments'),
        # a file that somebody sent cannot make functions, nor use those that are to be asked for by name only
        ("create view v as select create_wasm_function('x', '(module)', 'f')", None), ('select * from v', '!...unsafe use of create_wasm_function()...'),
        (made('direct', '(func (export "f") (result i32) (i32.const 1))', 'directonly'), None), ('create view w as select direct()', None),
        ('select direct()', '1'), ('select * from w', '!...unsafe use of direct()...'), ('pragma trusted_schema = off', None),
        (made('plain', '(func (export "f") (result i32) (i32.const 1))'), None), ('create view p as select plain()', None),
        ('select * from p', '!...unsafe use of plain()...'), (made('inno', '(func (export "f") (result i32) (i32.const 1))', 'innocuous'), None),
        ('create view i as select inno()', None), ('select * from i', '1'),
        (made('e', values(COPY), 'values'), None), ('pragma hard_heap_limit = 4000000', '4000000'), ('select length(e(zeroblob(10000000)))', '!...out of memory...'),
        ('select spin()', '!spin: out of fuel...'), ('select empty()', 'NULL'),
    ]
    return sqlite_check(way, cases)


def sqlite_many(way):
    """Connections in threads, which come and go; the engine is theirs together."""
    folder = built('sqlite', way)
    with tempfile.TemporaryDirectory(prefix='weft-many-') as scratch:
        program = Path(scratch) / 'many'
        done = run_command(['gcc', '-std=gnu11', '-Wall', '-Wextra', '-Werror', ROOT / 'tests/hosts/many.c', '-lsqlite3', '-pthread', '-o', program])
        if done.status == 0:
            done = run_command([program, folder / 'weft_sqlite.so', folder / 'words.wasm'],
                               env={'LD_PRELOAD': preload()} if way == 'asan' else {})
    return Outcome.of(done.status == 0 and done.stdout == b'160 connections, 8000 calls\n' and not done.stderr, done.describe())


SQLITE = [sqlite_numbers, sqlite_values, sqlite_state, sqlite_aggregates, sqlite_hostile, sqlite_many]
