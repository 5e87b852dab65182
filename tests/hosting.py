"""hosting.py -- examples that are hosts: built as their Makefiles do, run in what the distribution has, given what is hostile.

    hosts/sqlite/...    the extension in SQLite's shell, and in a program of many threads and connections (hosts/many.c)
    hosts/nginx/...     the module in nginx, which listens at a socket in a folder of its own, as nobody where we are root
    hosts/plugins/...   the host of plug-ins, while those are replaced

`@asan` is Weft's and the example's code under sanitizers, within a program that is not: it is preloaded there. `@installed`
is what a stranger has: the library that `make install` puts there. It is due in turn, as all of embed.py is.
"""
import contextlib, functools, http.client, os, random, re, select, shutil, signal, socket, subprocess, tempfile, threading, time
from pathlib import Path

import embed
from outcome import Outcome, Test, kind_due, run_command, SANITIZER_ENV, SANITIZER_TEXT

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / 'build/tests/hosts'
NGINX = ROOT / 'build/hosts/root/usr'
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
    out, nginx = OUT / way / host, f'NGINX={OUT / "nginx"}'      # nginx is configured once for all ways
    shutil.rmtree(out, ignore_errors=True)
    if way == 'installed':      # as a stranger does it
        out.mkdir(parents=True)
        library = next(NGINX.glob('lib/*-linux-gnu*'), '')
        where = [nginx, f'NGINX_SRC={NGINX}/share/nginx/src', f'CC_OPT=-I{NGINX}/include', f'LD_OPT=-L{library}'] if host == 'nginx' else []
        return run_command(['make', '-s', '-C', f'examples/{host}', f'OUT={out}', 'CC=gcc', *where], cwd=ROOT, timeout=300,
                           env={'PKG_CONFIG_PATH': str(embed.installed() / 'lib/pkgconfig')})
    words = {'asan': ['CC=clang-19', f'HOST_FLAGS={SANITIZE}' + (' -shared-libasan' if host != 'plugins' else '')],
             'tsan': ['CC=clang-19', 'HOST_FLAGS=-g -O1 -fsanitize=thread'], 'release': ['CC=gcc']}[way]
    return run_command(['make', '-s', f'host-{host}', f'HOST_OUT={OUT / way}', f'HOST_LIB={ROOT / "build" / way / "libweft.a"}', nginx, *words],
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
    if way == 'tsan':
        need('library of the thread sanitizer', (ROOT / 'build/tsan/libweft.a').exists(), 'build')
    if host == 'nginx':
        need('nginx', (NGINX / 'sbin/nginx').exists(), 'hosts')
    with building:
        done = build_once(host, way)
    if done.status:
        raise RuntimeError(done.describe())
    return OUT / way / host


def environment(way, leaks=True):
    own = {'LD_PRELOAD': preload()} if way == 'asan' else {}
    if not leaks:
        own['ASAN_OPTIONS'] = SANITIZER_ENV['ASAN_OPTIONS'] + ':detect_leaks=0'
    return {**os.environ, **SANITIZER_ENV, **own}


def tests(options):
    if options.weft:
        return
    asan = any(build.name == 'asan' for build in options.builds)
    def ways(host):
        if asan:
            yield 'asan', '@asan', False
        if host == 'plugins':
            yield 'release', '', False
            yield 'tsan', '@tsan', not kind_due('tsan')
        yield 'installed', '@installed', not kind_due('pic')
    for host, cases in ('sqlite', SQLITE), ('nginx', NGINX_TESTS), ('plugins', PLUGINS):
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


# ---- nginx -----------------------------------------------------------------------------------------

class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('weft', timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Nginx:
    """A server with these locations in a folder of its own, in which modules are: files as name -> bytes or text."""
    def __init__(self, way, locations, files=(), more=''):
        built_in = built('nginx', way)
        self.way, self.folder = way, Path(tempfile.mkdtemp(prefix='weft-nginx-'))
        # As nobody it may not see the rest.
        for name in ('ngx_http_weft_module.so', 'hello.wasm'):
            shutil.copy(built_in / name, self.folder)
        # By another process: who forks in another thread now would hold it open for writing, and it could not be started.
        subprocess.run(['cp', NGINX / 'sbin/nginx', self.folder], check=True)
        for name, content in dict(files).items():
            self.write(name, content)
        temporary = ''.join(f'{what}_temp_path {self.folder}/temp;' for what in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        blocks = '\n'.join(f'location {path} {{ {text} }}' for path, text in dict(locations).items())
        self.write('nginx.conf', f"""
            load_module {self.folder}/ngx_http_weft_module.so; pid {self.folder}/pid; daemon off; worker_processes 2;
            error_log {self.folder}/error.log notice; events {{ worker_connections 200; }}
            http {{ {temporary} log_format fuel '$status $weft_fuel $uri'; access_log {self.folder}/access.log fuel;
            server {{ listen unix:{self.folder}/socket; {more} {blocks} }} }}""")
        self.user = {'user': 65534, 'group': 65534, 'extra_groups': []} if os.getuid() == 0 else {}
        if self.user:
            for path in [self.folder, *self.folder.iterdir()]:
                os.chown(path, 65534, 65534)
        self.master = None

    def write(self, name, content):
        """In the place of what was there, all at once."""
        path = self.folder / name
        path.with_suffix('.new').write_bytes(content if isinstance(content, bytes) else content.encode())
        os.chmod(path.with_suffix('.new'), 0o644)
        path.with_suffix('.new').rename(path)

    def environment(self):
        return environment(self.way, leaks=False)       # it leaves to the system what it has when it ends

    def command(self, *words):
        return [self.folder / 'nginx', '-p', self.folder, '-c', self.folder / 'nginx.conf', *words]

    def test(self):
        return subprocess.run(self.command('-t'), capture_output=True, text=True, env=self.environment(), timeout=60, **self.user)

    def __enter__(self):
        self.master = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                       env=self.environment(), **self.user)
        self.wait(lambda: (self.folder / 'socket').exists() and len(self.workers()) == 2, 'it has no workers')
        return self

    def wait(self, condition, otherwise, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            if self.master.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f'nginx: {otherwise}\n{self.log()}\n' + (self.master.stderr.read().decode() if self.master.poll() else ''))
            time.sleep(0.01)

    def log(self, name='error.log'):
        path = self.folder / name
        return path.read_text(errors='replace') if path.exists() else ''

    def workers(self):
        return set(Path(f'/proc/{self.master.pid}/task/{self.master.pid}/children').read_text().split())

    def get(self, path, body=None, method=None, headers=()):
        """Status, headers and body."""
        with contextlib.closing(Connection(self.folder / 'socket')) as c:
            c.request(method or ('GET' if body is None else 'POST'), path, body, dict(headers))
            answer = c.getresponse()
            return answer.status, answer.headers, answer.read()

    def status(self, path, **how):
        return self.get(path, **how)[0]

    def fuel(self, path):
        """What the last request of this path has used, by the access log."""
        self.wait(lambda: f' {path}\n' in self.log('access.log'), 'nothing is logged')     # behind the answer
        return int(re.findall(rf'^\d+ (\d+) {path}$', self.log('access.log'), re.M)[-1])

    def __exit__(self, kind, problem, trace):
        try:
            self.master.send_signal(signal.SIGQUIT)
            self.master.wait(30)
            text = self.log() + self.master.stderr.read().decode(errors='replace')
            if problem is None and (self.master.returncode or 'exited on signal' in text or SANITIZER_TEXT.search(text.encode())):
                raise RuntimeError(f'nginx ended with {self.master.returncode}:\n{text}')
        finally:
            if self.master.poll() is None:
                self.master.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def drop(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def handlers(*names, more=''):
    return {f'/{name}': f'weft_handler {name}; {more}' for name in names}


IMPORTS = """(import "http" "request" (func $request (param i32 i32 i32 i32) (result i32)))
    (import "http" "header" (func $header (param i32 i32 i32 i32) (result i32)))
    (import "http" "header_at" (func $header_at (param i32 i32 i32) (result i32)))
    (import "http" "status" (func $status (param i32))) (import "http" "add_header" (func $add_header (param i32 i32 i32 i32)))
    (import "http" "write" (func $write (param i32 i32))) (import "http" "log" (func $log (param i32 i32)))"""
HOSTILE = {     # name: body, status, what the log says
    'unreachable': ('unreachable', 500, 'unreachable (unreachable)'),
    'load': ('(drop (i32.load (i32.const -4)))', 500, 'out_of_bounds_memory_access'),
    'deep': ('(call $h_deep) (call $h_deep)', 500, 'call_stack_exhausted'),
    'write': ('(call $write (i32.const 65530) (i32.const 7))', 500, "guest's memory"),
    'wrap': ('(call $write (i32.const -1) (i32.const 2))', 500, "guest's memory"),
    'all': ('(call $write (i32.const 0) (i32.const -1))', 500, "guest's memory"),
    'part': ('(drop (call $request (i32.const 99) (i32.const 0) (i32.const 0) (i32.const 1)))', 500, 'no such part'),
    'into': ('(drop (call $request (i32.const 1) (i32.const 0) (i32.const 65530) (i32.const 7)))', 500, "guest's memory"),
    'behind': ('(call $write (i32.const 0) (call $request (i32.const 1) (i32.const -1) (i32.const 0) (i32.const 10)))', 200, ''),
    'name': ('(drop (call $header (i32.const 65535) (i32.const 2) (i32.const 0) (i32.const 1)))', 500, "guest's memory"),
    'value': ('(drop (call $header (i32.const 0) (i32.const 2) (i32.const -5) (i32.const 10)))', 500, "guest's memory"),
    'at': ('(drop (call $header_at (i32.const 0) (i32.const 65535) (i32.const 2)))', 500, "guest's memory"),
    'line': ('(call $add_header (i32.const 100) (i32.const 1) (i32.const 100) (i32.const 4))', 500, 'bytes that no header has'),
    'colon': ('(call $add_header (i32.const 106) (i32.const 2) (i32.const 100) (i32.const 1))', 500, 'bytes that no header has'),
    'nameless': ('(call $add_header (i32.const 106) (i32.const 0) (i32.const 100) (i32.const 1))', 500, 'bytes that no header has'),
    'nul': ('(call $add_header (i32.const 0) (i32.const 1) (i32.const 100) (i32.const 1))', 500, 'bytes that no header has'),
    'length': ('(call $add_header (i32.const 110) (i32.const 14) (i32.const 100) (i32.const 1))', 500, "nginx's to say"),
    'headers': ('(loop (call $add_header (i32.const 100) (i32.const 1) (i32.const 100) (i32.const 0)) (br 0))', 500, '16 KiB'),
    'long': ('(call $add_header (i32.const 100) (i32.const 1) (i32.const 1000) (i32.const 16384))', 500, '16 KiB'),
    'informal': ('(call $status (i32.const 199))', 500, 'from 200 to 599'), 'no': ('(call $status (i32.const 600))', 500, 'from 200 to 599'),
    'much': ('(loop (call $write (i32.const 0) (i32.const 65536)) (br 0))', 500, 'weft_response'),
    'loop': ('(loop (br 0))', 504, 'weft_timeout'), 'call': ('(loop (call $status (i32.const 200)) (br 0))', 504, 'weft_timeout'),
    'again': ('(loop (drop (call $request (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 65536))) (br 0))', 504, 'weft_timeout'),
    'seek': ('(loop (drop (call $header_at (i32.const -1) (i32.const 0) (i32.const 0))) (br 0))', 504, 'weft_timeout'),
    'logs': ('(loop (call $log (i32.const 0) (i32.const 65536)) (br 0))', 504, 'weft_timeout'),
    'grow': ('(i32.store8 (i32.const 0) (i32.add (i32.const 65) (memory.grow (i32.const 1000)))) (call $write (i32.const 0) (i32.const 1))', 200, ''),
    'half': ('(call $status (i32.const 201)) (call $write (i32.const 100) (i32.const 1)) unreachable', 500, 'unreachable'),
    'mebi': ('(drop (memory.grow (i32.const 17))) (drop (call $request (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0x100001)))', 500, 'more than 1 MiB'),
    'copy': ('(drop (call $request (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 65536)))', 200, ''),
    'nothing': ('', 200, ''), 'teapot': ('(call $status (i32.const 418)) (call $write (i32.const 100) (i32.const 1))', 418, ''),
}


def hostile_module():
    """Each handler spoils what it may: nothing of that is met by others."""
    functions = ' '.join(f'(func $h_{name} (export "{name}") {body})' for name, (body, _, _) in HOSTILE.items())
    return f'(module {IMPORTS} (memory 1 20) (data (i32.const 100) "a\\r\\nb\\7f\\00a:xxcontent-length") {functions})'


def nginx_answers(way):
    checks = Checks()
    locations = {**handlers('hello', 'echo'), '/fresh': 'weft_handler count;', '/pool': 'weft_handler count; weft_pool 1;',
                 '/text': 'weft_module text.wat; weft_handler f; types {} default_type text/x-mine;',
                 # asked by nginx itself: beside a page, before one, and in the place of one
                 '/page': """ssi on; default_type text/html; return 200 '<<!--#include virtual="/hello?a" --><!--#include virtual="/echo" -->>';""",
                 '/guarded': 'auth_request /text; ssi on; default_type text/html; return 200 yes;',
                 '/missing': 'error_page 404 = /hello/missing; return 404;', '/broken': 'error_page 504 /text; weft_handler spin; weft_fuel 10000;'}
    text = f'(module {IMPORTS} (memory 1) (data (i32.const 0) "hi") (func (export "f") (call $write (i32.const 0) (i32.const 2))))'
    with Nginx(way, locations, {'text.wat': text}, 'weft_module hello.wasm; client_max_body_size 2m; weft_response 2m;') as nginx:
        status, headers, body = nginx.get('/hello/a%20b?c=%20d', headers={'User-Agent': 'tester'})
        checks.same((status, headers['content-type'], headers['content-length']), (200, 'text/plain; charset=utf-8', str(len(body))), 'hello')
        checks.same(body, b'Hello, tester!\nYou asked to GET /hello/a b?c=%20d from unix:\n', 'hello')
        checks.same(nginx.get('/hello', method='HEAD')[2], b'', 'HEAD')
        checks.same(nginx.get('/hello', method='OPTIONS')[2][:36], b'Hello!\nYou asked to OPTIONS /hello? ', 'OPTIONS')
        for size in 2, 1000, 16384, 200000, 1 << 20:     # larger ones are in a file
            data = os.urandom(size)
            checks.true(nginx.get('/echo', data)[2] == data, f'echo of {size} bytes')
            checks.true(nginx.get('/echo', iter([data[:size // 2], data[size // 2:]]))[2] == data, f'echo of {size} bytes in chunks')
        checks.same(nginx.status('/echo', body=b'x' * ((2 << 20) + 1)), 413, 'client_max_body_size')
        status, headers, body = nginx.get('/echo', headers={'X-Some': 'thing', 'Y': ''})
        checks.same((status, body), (204, b''), 'echo of nothing')
        checks.same(sorted(headers.get_all('x-echo')), ['Accept-Encoding: identity', 'Host: weft', 'X-Some: thing', 'Y: '], 'headers')
        checks.same(nginx.get('/text')[1:][1], b'hi', 'text')
        checks.same(nginx.get('/text')[1]['content-type'], 'text/x-mine', 'default_type')
        checks.same({nginx.get('/fresh')[2] for _ in range(5)}, {b'1\n'}, 'fresh instances')
        counts = [int(nginx.get('/pool')[2]) for _ in range(20)]    # each of two workers has its own
        most = max(counts)
        checks.same(sorted(counts), sorted([*range(1, most + 1), *range(1, 21 - most)]), 'kept instances')
        checks.same(nginx.get('/page')[2], b'<Hello!\nYou asked to GET /hello?a from unix:\n>', 'subrequests')
        checks.same(nginx.get('/guarded')[::2], (200, b'yes'), 'auth_request')
        checks.same(nginx.get('/missing')[::2], (200, b'Hello!\nYou asked to GET /hello/missing? from unix:\n'), 'error_page by a handler')
        checks.same(nginx.get('/broken')[::2], (504, b'hi'), 'error_page of a handler')
        with contextlib.closing(Connection(nginx.folder / 'socket')) as c:
            for n in range(3):
                c.request('POST', '/echo', b'%d' % n)
                checks.same(c.getresponse().read(), b'%d' % n, 'one connection')
        checks.true(0 < nginx.fuel('/fresh') < 10000, 'fuel is logged')
    return checks


def nginx_hostile(way):
    checks = Checks()
    with Nginx(way, {**handlers(*HOSTILE), '/fine': 'weft_module hello.wasm; weft_handler hello;'}, {'bad.wat': hostile_module()},
               'weft_module bad.wat; weft_memory 2m; weft_timeout 200ms; client_max_body_size 1m;') as nginx:
        workers = nginx.workers()
        for name, (_, want, said) in HOSTILE.items():
            before = len(nginx.log())
            status, headers, body = nginx.get(f'/{name}', body=b'x' * 100000 if name == 'again' else None)
            checks.same(status, want, name)
            lines = [line for line in nginx.log()[before:].splitlines() if f'handler "{name}"' in line]
            checks.true(any(said in line for line in lines) if said else not lines, f'{name}: {lines}')
            if want == 500:
                checks.true(b'nginx' in body and headers['content-type'] == 'text/html', f'{name}: nothing is half said')
            checks.same(nginx.status('/fine'), 200, f'after {name}')
        checks.same(nginx.get('/grow')[2], b'@', 'memory.grow gives -1')
        checks.same([nginx.fuel(f'/{name}') // 100 for name in ('nothing', 'copy', 'teapot')], [0, 343, 30], 'calls cost fuel')
        logged = [line for line in nginx.log().splitlines() if 'weft: guest: ' in line]
        checks.same((len(logged), logged[0].count('?') > 1000, '\0' in logged[0]), (100, True, False), 'the log')
        # many at once, of all kinds
        with concurrent(8, lambda n: [nginx.status(f'/{name}') for name, (_, want, _) in HOSTILE.items() if want != 504]) as results:
            checks.true(all(got == [want for _, want, _ in HOSTILE.values() if want != 504] for got in results), 'at once')
        checks.same(nginx.workers(), workers, 'workers stay alive')
    return checks


@contextlib.contextmanager
def concurrent(count, work):
    """What each of so many threads gave."""
    results, threads = [None] * count, []
    def run(n):
        results[n] = work(n)
    for n in range(count):
        threads.append(threading.Thread(target=run, args=(n,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    yield results


def nginx_abuse(way):
    """Clients that go away in the middle of anything, and say anything."""
    checks, draw = Checks(), random.Random(1)
    with Nginx(way, {**handlers('hello', 'echo', 'count', more='weft_pool 2;'), '/spin': 'weft_handler spin; weft_timeout 100ms; weft_slice 20000;',
                     '/page': """ssi on; default_type text/html; return 200 '<!--#include virtual="/spin" --><!--#include virtual="/hello" -->';"""},
               more='weft_module hello.wasm; weft_running 20;') as nginx:
        workers, open_ones = nginx.workers(), []
        for _ in range(400):
            c = socket.socket(socket.AF_UNIX)
            c.connect(str(nginx.folder / 'socket'))
            c.setblocking(False)
            path = draw.choice(['/hello', '/echo', '/count', '/spin', '/page'])
            length = draw.choice([0, 10, 100000])
            text = f'{draw.choice(["GET", "POST", "HEAD"])} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n'.encode() + b'x' * length
            text = (text * draw.choice([1, 1, 3]))[:draw.choice([20, 100, 60000, 1000000])]
            with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
                c.send(text)
            open_ones.append(c)
            while len(open_ones) > 30 or (open_ones and draw.random() < 0.5):
                open_ones.pop(draw.randrange(len(open_ones))).close()
        for c in open_ones:
            c.close()
        checks.same({nginx.status('/hello') for _ in range(10)}, {200}, 'afterwards')
        nginx.wait(lambda: {nginx.status('/spin') for _ in range(2)} == {504}, 'there is no room again')
        checks.same(nginx.workers(), workers, 'workers stay alive')
    return checks


def nginx_limits(way):
    checks = Checks()
    spin = 'weft_handler spin; weft_timeout'
    with Nginx(way, {**handlers('hello'), '/fuel': 'weft_handler spin; weft_fuel 3000000;', '/spin': f'{spin} 1s;', '/long': f'{spin} 20s;',
                     '/one': f'{spin} 20s; weft_running 1;', '/late': f'weft_module late.wat; weft_handler f;'},
               {'late.wat': '(module (func $f (export "f") (loop (br 0))) (start $f))'}, 'weft_module hello.wasm;') as nginx:
        checks.same(nginx.status('/fuel'), 504, 'weft_fuel')
        checks.true(2900000 < nginx.fuel('/fuel') <= 3000000, 'weft_fuel')
        checks.same(nginx.status('/late'), 500, 'a start function that never ends')
        checks.true('out of fuel (out_of_fuel)' in nginx.log(), 'a start function that never ends')
        def work(n):
            start = time.monotonic()
            return nginx.status('/spin' if n < 6 else '/hello'), time.monotonic() - start
        with concurrent(12, work) as results:
            checks.same([status for status, _ in results], [504] * 6 + [200] * 6, 'others are served beside loops')
            took = {wanted: [seconds for status, seconds in results if status == wanted] for wanted in (504, 200)}
            checks.true(0.9 <= min(took[504]) and max(took[200]) < min(took[504]), f'others are served beside loops: {results}')
        # A client that goes away frees what it had. Which of two workers has it is not known, so there are enough for both.
        def begin():
            c = Connection(nginx.folder / 'socket')
            c.request('GET', '/one')
            return c
        held = [begin() for _ in range(12)]
        nginx.wait(lambda: nginx.log('access.log').count('/one') >= 10, 'one at a time for each worker')
        checks.same(set(re.findall(r'^(\d+) .* /one$', nginx.log('access.log'), re.M)), {'503'}, 'weft_running')
        for c in held:
            c.close()
        nginx.wait(lambda: nginx.log('access.log').count('/one') == len(held), 'who went away is not let go')
        checks.true(re.search('^499 .* /one$', nginx.log('access.log'), re.M), 'who went away is let go')
        last = begin()
        time.sleep(0.3)
        checks.same(nginx.log('access.log').count('/one'), len(held), 'there is room again')
        last.close()
    return checks


def nginx_reload(way):
    def module(word):
        return f'(module {IMPORTS} (memory 1) (data (i32.const 0) "{word}") (func (export "f") (call $write (i32.const 0) (i32.const 3))))'
    checks = Checks()
    with Nginx(way, {'/f': 'weft_module f.wat; weft_handler f; weft_pool 4;', '/spin': 'weft_module hello.wasm; weft_handler spin; weft_timeout 600ms;'},
               {'f.wat': module('one')}) as nginx:
        checks.same(nginx.get('/f')[2], b'one', 'before')
        workers, answers = nginx.workers(), []
        waiting = threading.Thread(target=lambda: answers.append(nginx.status('/spin')))
        waiting.start()
        time.sleep(0.1)
        nginx.write('f.wat', module('two'))
        checks.same(nginx.get('/f')[2], b'one', 'a file that is written changes nothing')
        nginx.master.send_signal(signal.SIGHUP)
        nginx.wait(lambda: nginx.get('/f')[2] == b'two', 'the new module is not used')
        waiting.join()
        checks.same(answers, [504], 'who was being answered still is')
        nginx.wait(lambda: not workers & nginx.workers(), 'old workers do not end')
        workers = nginx.workers()
        nginx.write('f.wat', module('two')[:-1])
        nginx.master.send_signal(signal.SIGHUP)
        nginx.wait(lambda: '[emerg]' in nginx.log(), 'a bad module was not refused')
        checks.true(re.search(r'\[emerg\].*weft: .*f\.wat: \d+:\d+: ', nginx.log()), 'why it was refused')
        checks.same((nginx.get('/f')[2], nginx.workers()), (b'two', workers), 'after a bad module')
        for _ in range(3):
            nginx.write('f.wat', module('six'))
            nginx.master.send_signal(signal.SIGHUP)
            nginx.wait(lambda: nginx.get('/f')[2] == b'six' and len(nginx.workers()) == 2 and not workers & nginx.workers(), 'one more time')
            workers = nginx.workers()
    return checks


def nginx_configuration(way):
    """What nginx -t says of mistakes."""
    ok = 'weft_module ok.wat; weft_handler f;'
    cases = [
        ('weft_module gone.wasm; weft_handler f;', 'gone.wasm" failed'), ('weft_module .; weft_handler f;', 'is no file'),
        ('weft_module bad.wasm; weft_handler f;', 'bad.wasm: '), ('weft_module ok.wat; weft_handler g;', 'exports no function "g"'),
        ('weft_module ok.wat; weft_handler n;', 'exports no function "n"'), ('weft_module ok.wat; weft_handler m;', 'exports no function "m"'),
        ('weft_handler f;', 'weft_handler without weft_module'), ('weft_module import.wat; weft_handler f;', 'import 0 of the module'),
        ('weft_module type.wat; weft_handler f;', 'import 1 of the module'), (ok + ' weft_slice 10;', 'weft_slice of less'),
        (ok + ' weft_memory x;', 'invalid value'), (ok + ' weft_module ok.wat;', 'is duplicate'), (ok, 'test is successful'),
    ]
    files = {'ok.wat': f'(module {IMPORTS} (memory (export "m") 1) (func (export "f")) (func (export "n") (param i32)))', 'bad.wasm': b'\0asm\2\0\0\0',
             'import.wat': '(module (import "http" "open" (func)) (func (export "f")))',
             'type.wat': '(module (import "http" "status" (func (param i32))) (import "http" "write" (func (param i32 i64))) (func (export "f")))'}
    checks = Checks()
    for text, want in cases:
        nginx = Nginx(way, {'/f': text}, files)
        done = nginx.test()
        checks.same((done.returncode != 0, want in done.stderr), ('successful' not in want, True), f'{text}: {done.stderr}')
        nginx.drop()
    nginx = Nginx(way, {})
    nginx.write('nginx.conf', (ROOT / 'examples/nginx/try.conf').read_text().replace('localhost:8080', f'unix:{nginx.folder}/socket'))
    done = nginx.test()
    checks.same(done.returncode, 0, f'try.conf: {done.stderr}')
    nginx.drop()
    return checks


NGINX_TESTS = [nginx_answers, nginx_hostile, nginx_abuse, nginx_limits, nginx_reload, nginx_configuration]


# ---- plug-ins --------------------------------------------------------------------------------------

class PluginHost:
    """The host with a plug-in, of a file that can be replaced."""
    def __init__(self, way, module, threads=1):
        self.built = built('plugins', way)
        self.folder = Path(tempfile.mkdtemp(prefix='weft-plugins-'))
        self.errors = self.folder / 'stderr'
        self.replace(module)
        self.process = subprocess.Popen([self.built / 'plugin_host', self.folder / 'plugin.wasm', str(threads)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors.open('wb'), env={**os.environ, **SANITIZER_ENV}, bufsize=0)

    def replace(self, module):
        """Puts a module there: bytes or text of one, or the name of one that was built; all at once."""
        new = self.folder / 'new'
        new.write_bytes((self.built / module).read_bytes() if isinstance(module, str) and module.endswith('.wasm') else
                        module if isinstance(module, bytes) else module.encode())
        new.rename(self.folder / 'plugin.wasm')

    def said(self):
        return self.errors.read_text().splitlines()

    def swap(self, module):
        """Replaces it, and waits for what the host says."""
        before = len(self.said())
        self.replace(module)
        return self.wait(before)

    def wait(self, before):
        end = time.monotonic() + 30
        while len(self.said()) == before:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f'the host says nothing: {self.said()}')
            time.sleep(0.005)
        return self.said()[before]

    def ask(self, line):
        """Its answer, or `!` and why there is none."""
        before = len(self.said())
        self.process.stdin.write(line.encode() + b'\n')
        while not select.select([self.process.stdout], [], [], 0.02)[0]:
            if len(self.said()) > before:
                return '!' + self.said()[before]
        return self.process.stdout.readline().decode().rstrip('\n')

    def __enter__(self):
        return self

    def __exit__(self, kind, problem, trace):
        self.process.stdin.close()
        try:
            status = self.process.wait(60)
            if problem is None and (status or SANITIZER_TEXT.search(self.errors.read_bytes())):
                raise RuntimeError(f'the host ended with {status}: {self.said()}')
        finally:
            self.process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)


def plugin(handle='', save='', load='(i32.const 0)', version=9, more=''):
    """A plug-in's text, by the bodies of its functions."""
    return f"""(module (import "plugin" "read" (func $read (param i32 i32) (result i32))) (import "plugin" "write" (func $write (param i32 i32)))
        (memory (export "memory") 1) {more} (func (export "handle") (param i32) {handle}) (func (export "save") {save})
        (func (export "load") (param i32 i32) (result i32) {load}) (func (export "version") (result i32) (i32.const {version})))"""


def plugins_swap(way):
    """State goes from version to version; who refuses it is refused."""
    checks = Checks()
    with PluginHost(way, 'tally1.wasm') as host:
        checks.same([host.ask('a b'), host.ask(''), host.ask('  c  d e ')], ['line 1: 2 words', 'line 2: 2 words', 'line 3: 5 words'], 'version 1')
        checks.same(host.swap('tally2.wasm'), 'swapped: version 2, 16 bytes of state', 'to version 2')
        checks.same([host.ask('f g'), host.ask('x ' * 1000)], ['line 4: 7 words, at most 2', 'line 5: 1007 words, at most 1000'], 'version 2')
        checks.same(host.swap('tally1.wasm'), 'the old one stays: it does not take the state of version 2 (1)', 'back to version 1')
        checks.same(host.ask('h'), 'line 6: 1008 words, at most 1000', 'version 2 still')
        checks.same(host.swap('tally2.wasm'), 'swapped: version 2, 24 bytes of state', 'to version 2 again')
        checks.same(host.ask('i'), 'line 7: 1009 words, at most 1000', 'version 2 again')
        (host.folder / 'plugin.wasm').unlink()
        checks.same(host.ask('j'), 'line 8: 1010 words, at most 1000', 'without its file')
    return checks


def plugins_hostile(way):
    checks, stays = Checks(), 'the old one stays: '
    loop, module = '(loop (br 0))', (built('plugins', way) / 'tally1.wasm').read_bytes()
    bad = {
        'empty': (b'', ''), 'half': (module[:len(module) // 2], ''), 'none': (b'#!/bin/sh', ''), 'no exports': ('(module)', 'handle: unknown export'),
        'other type': (plugin().replace('(func (export "save")', '(func (export "save") (param i32)'), 'save: function of another type'),
        'import': (plugin(more='').replace('"read"', '"open"'), 'unknown import'), 'large': (plugin().replace(' 1)', ' 2000)', 1), 'memory is larger'),
        'start': (plugin(more=f'(func $s {loop}) (start $s)'), 'out of fuel'), 'start traps': (plugin(more='(func $s unreachable) (start $s)'), 'unreachable'),
        'load traps': (plugin(load='unreachable'), 'load: unreachable'), 'load loops': (plugin(load=f'{loop} (i32.const 0)'), 'load: out of fuel'),
        'load reads anywhere': (plugin(load='(call $read (i32.const 65530) (i32.const 16))'), "load: host function failed: read: not all of that is in the plug-in's memory"),
        'load writes': (plugin(load='(call $write (i32.const 0) (i32.const 1)) (i32.const 0)'), 'load: host function failed: write: that is too much'),
        'load refuses': (plugin(load='(i32.const -7)'), 'it does not take the state of version 1 (-7)'),
        'text': ('(module (func (export "handle") unknown))', '1:'),
    }
    with PluginHost(way, 'tally1.wasm') as host:
        for n, (name, (content, want)) in enumerate(bad.items(), 1):
            checks.same(host.ask('word'), f'line {n}: {n} words', f'before {name}')
            said = host.swap(content)
            checks.true(said.startswith(stays + want), f'{name}: {said}')
        checks.same(host.ask('word'), f'line {n + 1}: {n + 1} words', 'after all')
        # one that works, until it does not: it begins again with what it was given
        work = """(i32.store8 (i32.const 1) (i32.add (i32.load8_u (i32.const 1)) (i32.const 1))) (drop (call $read (i32.const 0) (i32.const 1)))
            (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 33)) (then unreachable)) (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 63)) (then (loop (br 0))))
            (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 36)) (then (call $write (i32.const 65535) (i32.const 2))))
            (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 37)) (then (loop (call $write (i32.const 0) (i32.const 65536)) (br 0))))
            (call $write (i32.const 1) (i32.const 1))"""
        kept = plugin(work, '(call $write (i32.const 1) (i32.const 1))', '(i32.store8 (i32.const 1) (i32.const 64)) (i32.const 0)', 1)
        checks.same(host.swap(kept), 'swapped: version 1, 16 bytes of state', 'swapped')
        checks.same([host.ask('x'), host.ask('x')], ['A', 'B'], 'it works')
        for line, want in ('!', 'unreachable'), ('?', 'out of fuel'), ('$', 'write: not all'), ('%', 'write: that is too much'):
            said = host.ask(line)
            checks.true(said.startswith('!no answer: ') and want in said, f'{line} traps: {said}')
            checks.same([host.ask('x'), host.ask('x')], ['A', 'B'], 'it goes on from what was kept')
        checks.true(host.ask('y' * ((1 << 20) + 1)).startswith('!no answer: the message is too long'), 'a long message')
        checks.same(host.ask('x'), 'C', 'which was nothing')
        # one whose save traps is not left: what it knows would be lost
        stuck = plugin('(call $write (i32.const 0) (i32.const 1))', 'unreachable')
        checks.true(host.swap(stuck).startswith('swapped'), 'one that cannot save')
        checks.same(host.swap('tally1.wasm'), stays + 'save: unreachable', 'it cannot save')
        checks.same(host.ask(''), '\0', 'it goes on')
    return checks


def plugins_checkpoint(way):
    """The host keeps the state each thousand lines; who traps goes on from there."""
    work = """(drop (call $read (i32.const 0) (i32.const 1))) (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 33)) (then unreachable))
        (i32.store8 (i32.const 1) (i32.or (i32.const 64) (i32.and (i32.const 15) (i32.add (i32.load8_u (i32.const 1)) (i32.const 1)))))
        (call $write (i32.const 1) (i32.const 1))"""
    save, load, checks = '(call $write (i32.const 1) (i32.const 1))', '(drop (call $read (i32.const 1) (i32.const 1))) (i32.const 0)', Checks()
    with PluginHost(way, plugin(work, save, load)) as host:
        checks.same([host.ask('x'), host.ask('!'), host.ask('x')], ['A', '!no answer: unreachable', 'A'], 'nothing is kept yet')
        checks.same([host.ask('x') for _ in range(997)][-1], 'F', 'a thousand lines')
        for _ in range(3):
            checks.same([host.ask('x'), host.ask('x'), host.ask('!')], ['G', 'H', '!no answer: unreachable'], 'that is kept')
        host.replace('(module)')
        while len(host.said()) < 5:
            time.sleep(0.005)
        checks.same(host.ask('x'), 'G', 'after a bad version too')
    # one that does not take what it has saved itself ends when it traps; the next version does
    with PluginHost(way, plugin(work, save, '(i32.const 1)')) as host:
        checks.same([host.ask('x') for _ in range(1000)][-1], 'H', 'a thousand lines')
        checks.same(host.ask('!'), '!no answer: unreachable', 'it traps')
        checks.same(host.ask('x'), '!no answer: it trapped, and could not be started again', 'it is gone')
        checks.same(host.swap(plugin(work, save, load)), 'swapped: version 9, 1 bytes of state', 'another one')
        checks.same(host.ask('x'), 'I', 'goes on from what was kept')
    return checks


def plugins_load(way):
    """Four threads, and a swap every few milliseconds: each line is counted once, and none is without an answer."""
    lines, swaps = 20001, 0
    with PluginHost(way, 'tally1.wasm', threads=4) as host:
        answers = [host.ask('one two three')]       # so that it has begun
        def feed():
            for n in range(1, lines, 100):
                host.process.stdin.write(b'one two three\n' * 100)
                time.sleep(0.001)
            host.process.stdin.close()
        feeder = threading.Thread(target=feed)
        reader = threading.Thread(target=lambda: answers.extend(host.process.stdout.read().decode().splitlines()))
        feeder.start()
        reader.start()
        while feeder.is_alive():
            swaps += host.swap(['tally2.wasm', b'\0asm'][swaps % 3 == 2]) != ''
        reader.join()
        host.process.wait(60)
        said = host.said()
    checks = Checks()
    found = [re.fullmatch(r'line (\d+): (\d+) words(, at most 3)?', answer) for answer in answers]
    checks.true(all(found), 'answers')
    checks.same(sorted(int(f[1]) for f in found), [*range(1, lines + 1)], 'each line is counted once')
    checks.true(all(int(f[2]) == 3 * int(f[1]) for f in found), 'words')
    tally = re.fullmatch(r'(\d+) calls, 0 traps, (\d+) swaps, (\d+) refused, ([\d.]+) ms the longest pause', said[-1])
    checks.true(tally and int(tally[1]) == lines and int(tally[2]) >= 3 and int(tally[3]) >= 1, f'the tally: {said[-1]}')
    return checks


PLUGINS = [plugins_swap, plugins_hostile, plugins_checkpoint, plugins_load]
