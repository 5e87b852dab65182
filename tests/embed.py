"""embed.py -- the library as somebody else's program meets it: installed, found by pkg-config, linked, run.

    embed/install      what `make install` puts where, with DESTDIR too, and that `make uninstall` takes it away
    embed/header/...   each header alone, as C99, C11, C++11 and C++17 (wasm.hh as the last two), without a warning
    embed/symbols/...  each library exports what the headers declare, and nothing else
    embed/examples     each function of the headers is used by one of examples/embed
    embed/unload       a program that unloads the library before the threads end that used it (embed/unload.c)
    embed/...          every program of examples/embed, linked in each way: its output is in tests/embed
    embed/capi/...     likewise those of examples/capi, over wasm.h in C and over wasm.hh in C++
    embed/standard...  each class and function of wasm.hh (embed/standard.cc)

Hazards: R27.
"""
import functools, re, shutil, tempfile, threading
from pathlib import Path

from outcome import Outcome, Test, diff_text, in_share, kind_due, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / 'examples/embed'
STANDARD = ROOT / 'examples/capi'
ARGUMENTS = {'wasi': ['greet.wat', 'one', 'two']}
STATUS = {'wasi': 3}
STRICT = ['-Wall', '-Wextra', '-pedantic', '-Werror']
ASAN = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
C, CXX = ['-std=c99'], ['-x', 'c++', '-std=c++11']
NEWER = {'-std=c99': '-std=c11', '-std=c++11': '-std=c++17'}
HEADERS = sorted(path.name for path in (ROOT / 'include').iterdir())
COMPILERS = [('gcc', C), ('clang-19', C), ('g++', CXX), ('clang++-19', CXX)]
WAYS = [  # name, compiler, its flags, what pkg-config is asked for, what is linked in the library's stead
    ('shared', 'gcc', C, [], None), ('static', 'gcc', [*C, '-static'], ['--static'], None),
    ('archive', 'clang-19', C, ['--static'], 'libweft.a'), ('c++', 'g++', CXX, [], None),
    ('clang++', 'clang++-19', [*CXX, '-Wno-deprecated'], [], None),
]
FILES = ['bin/weft', *(f'include/{name}' for name in HEADERS), 'lib/libweft.a', 'lib/libweft.so', 'lib/pkgconfig/weft.pc', 'share/man/man1/weft.1',
         'share/man/man1/weft-run.1', 'share/bash-completion/completions/weft', 'share/zsh/site-functions/_weft']
lock = threading.Lock()


class Missing(Exception):
    """Something that a test needs is not on this machine."""


@functools.lru_cache(None)
def install_once():
    prefix = ROOT / 'build/tests/embed/prefix'
    shutil.rmtree(prefix, ignore_errors=True)
    done = run_command(['make', '-s', 'install', f'PREFIX={prefix}'], cwd=ROOT, timeout=600)
    return prefix, done


def installed():
    with lock:
        prefix, done = install_once()
    if done.status != 0:
        raise RuntimeError(done.describe())
    return prefix


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Missing(f'there is no {program} (tools/setup.sh test)')


def guarded(test):
    def run():
        try:
            return test()
        except Missing as what:
            return Outcome.skip(str(what))
    return run


def tests(options):
    if options.weft:
        return
    def test(name, function, *arguments, share=True):
        # for the others all is compiled once more
        due = kind_due('pic') and share or function in (examples, example_asan, standard_asan)
        return Test(f'embed/{name}', guarded(functools.partial(function, *arguments)), full=not due)
    yield test('install', install)
    yield test('header/program', header_program)
    for compiler, flags in COMPILERS:
        yield test(f'header/{compiler}', header, compiler, flags)
    for library in 'libweft.a', 'libweft.so':
        yield test(f'symbols/{library}', symbols, library)
    yield test('examples', examples)
    yield test('unload', unload)
    yield test('standard', standard)
    if any(build.name == 'asan' for build in options.builds):
        yield test('standard@asan', standard_asan)
    ways = 0
    for source in sorted([*EXAMPLES.glob('*.c'), *STANDARD.glob('*.c'), *STANDARD.glob('*.cc')]):
        name = f'capi/{source.stem}' if source.parent == STANDARD else source.stem
        for way in WAYS:
            # macros of wasm.h for values are of C, and older C++ has not what they take
            if source.parent == EXAMPLES or (CXX[0] in way[2]) == (source.suffix == '.cc'):
                ways += 1
                yield test(f'{name}/{way[0]}', example, source, *way, share=in_share(ways, 3))
        if any(build.name == 'asan' for build in options.builds):
            yield test(f'{name}@asan', example_asan, source)


def files_below(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob('*') if not p.is_dir()}


def install():
    found = files_below(installed())
    outcome = Outcome.of(set(FILES) <= found, f'missing: {sorted(set(FILES) - found)}')
    with tempfile.TemporaryDirectory(prefix='weft-install-') as staging:
        how = ['make', '-s', f'DESTDIR={staging}', 'PREFIX=/opt/weft']
        steps = [run_command([*how, 'install'], cwd=ROOT, timeout=600)]
        staged = files_below(Path(staging) / 'opt/weft')
        config = (Path(staging) / 'opt/weft/lib/pkgconfig/weft.pc').read_text()
        steps.append(run_command([*how, 'uninstall'], cwd=ROOT))
        left = files_below(Path(staging))
    for done in steps:
        if done.status != 0:
            outcome.fail(done.describe())
    if staged != found:
        outcome.fail(f'with DESTDIR other files are installed: {sorted(staged ^ found)}')
    if left:
        outcome.fail(f'left behind by uninstall: {sorted(left)}')
    if staging in config or 'prefix=/opt/weft\n' not in config:
        outcome.fail('weft.pc has the wrong place:\n' + config)
    return outcome


def header_program():
    """The program that weft.h begins with is the one that is tested."""
    text = (ROOT / 'include/weft.h').read_text()
    shown = re.search(r'hello\.c\):\n//\n(.*?)//\n// What is what', text, re.S)[1]
    program = re.sub(r'^//(?:     )?', '', shown, flags=re.M)
    want = (EXAMPLES / 'hello.c').read_bytes()
    return Outcome.of(program.encode() == want, diff_text(want, program.encode(), 'the program in weft.h'))


def header(compiler, flags):
    need(compiler)
    with tempfile.TemporaryDirectory(prefix='weft-header-') as scratch:
        unit = Path(scratch) / 'unit.c'
        outcome = Outcome()
        for name in HEADERS:
            if name.endswith('.hh') and CXX[0] not in flags:
                continue
            unit.write_text(f'#include <{name}>\n#include <{name}>\nint main(void) {{ return 0; }}\n')
            for standard in [], [NEWER[flags[-1]]]:
                done = run_command([compiler, *flags, *standard, *STRICT, '-I', installed() / 'include', '-fsyntax-only', unit])
                if done.status != 0:
                    outcome.fail(done.describe())
                else:
                    outcome.passed += 1
        return outcome


def symbols(library):
    need('nm', 'gcc')
    dynamic = ['-D'] if library.endswith('.so') else []
    done = run_command(['nm', *dynamic, '--defined-only', '--extern-only', '--format=posix', installed() / 'lib' / library])
    found = set(re.findall(rb'^(\S+) [A-Zuvw] ', done.stdout, re.M))
    with tempfile.TemporaryDirectory(prefix='weft-symbols-') as scratch:
        unit = Path(scratch) / 'unit.c'
        unit.write_text(''.join(f'#include <{name}>\n' for name in HEADERS if name.endswith('.h')))
        seen = run_command(['gcc', '-E', '-P', '-I', installed() / 'include', unit])
    declared = set(re.findall(rb'__attribute__\(\(visibility\("default"\)\)\)[^(;]*?\b(\w+)\(', seen.stdout))
    outcome = Outcome.of(done.status == 0 and len(declared) > 400, done.describe())
    if found != declared:
        outcome.fail(f'exported and not declared: {sorted(found - declared)}; declared and not exported: '
                     f'{sorted(declared - found)}')
    return outcome


def code_of(path):
    """A C file without comments. Programs inside of strings may begin none."""
    return re.sub(r'//[^\n]*|/\*.*?\*/', ' ', path.read_text(), flags=re.S)


def examples():
    """Those programs are compiled and run (below): what none of them has nobody has seen at work."""
    headers = sorted((ROOT / 'include').glob('weft*.h'))
    declared = {name for path in headers for name in re.findall(r'WEFT_API\b[^(;]*?\b(weft_\w+)\(', code_of(path))}
    used = set(re.findall(r'\bweft_\w+(?=\()', ''.join(code_of(path) for path in EXAMPLES.glob('*.c'))))
    return Outcome.of(len(declared) > 200 and declared <= used,
                      f'of {len(declared)} functions these are in no program of examples/embed: {sorted(declared - used)}')


def unload():
    need('gcc')
    prefix = installed()
    with tempfile.TemporaryDirectory(prefix='weft-unload-') as scratch:
        program = Path(scratch) / 'unload'
        built = run_command(['gcc', '-std=gnu11', '-Wall', '-Wextra', '-Werror', '-I', prefix / 'include',
                             ROOT / 'tests/embed/unload.c', '-ldl', '-pthread', '-o', program])
        done = built if built.status else run_command([program, prefix / 'lib/libweft.so'])
    return Outcome.of(done.status == 0 and done.stdout == b'20 times loaded and unloaded\n', done.describe())


def standard():
    need('g++')
    prefix = installed()
    return run_standard(['g++', *CXX, '-O2', *STRICT, '-I', prefix / 'include'], ['-L', prefix / 'lib', '-lweft', f'-Wl,-rpath,{prefix}/lib'])


def standard_asan():
    need('clang++-19')
    return run_standard(['clang++-19', *ASAN, '-std=c++17', *STRICT, '-Iinclude'], ['build/asan/libweft.a', '-lpthread'])


def run_standard(compiler, library):
    with tempfile.TemporaryDirectory(prefix='weft-embed-') as scratch:
        program = Path(scratch) / 'standard'
        done = run_command([*compiler, ROOT / 'tests/embed/standard.cc', *library, '-o', program], cwd=ROOT)
        if done.status == 0:
            done = run_command([program])
    return Outcome.of(done.status == 0 and done.stdout == b'0 failed\n' and not done.stderr, done.describe())


def run_and_compare(outcome, program, source):
    name = f'capi-{source.stem}' if source.parent == STANDARD else source.stem
    done = run_command([program, *ARGUMENTS.get(name, [])], cwd=EXAMPLES)
    want = (ROOT / 'tests/embed' / f'{name}.out').read_bytes()
    if done.status != STATUS.get(name, 0) or done.stderr or sanitizer_report(done):
        outcome.fail(done.describe())
    elif done.stdout != want:
        outcome.fail(diff_text(want, done.stdout, name))
    else:
        outcome.passed += 1
    return outcome


def example(source, way, compiler, flags, asked, library):
    need(compiler, 'pkg-config')
    prefix = installed()
    config = {'PKG_CONFIG_PATH': str(prefix / 'lib/pkgconfig')}
    done = run_command(['pkg-config', *asked, '--cflags', '--libs', 'weft'], env=config)
    if done.status != 0:
        return Outcome.of(False, done.describe())
    words = done.stdout.decode().split()
    if library:
        words = [str(prefix / 'lib' / library) if word == '-lweft' else word for word in words]
    with tempfile.TemporaryDirectory(prefix='weft-embed-') as scratch:
        program = Path(scratch) / source.stem
        built = run_command([compiler, *flags, *STRICT, source, *words, '-pthread',
                             f'-Wl,-rpath,{prefix}/lib', '-o', program])
        if built.status != 0:
            return Outcome.of(False, built.describe())
        return run_and_compare(Outcome(), program, source)


def example_asan(source):
    compiler, flags = ('clang++-19', [CXX[-1]]) if source.suffix == '.cc' else ('clang-19', C)
    need(compiler)
    with tempfile.TemporaryDirectory(prefix='weft-embed-') as scratch:
        program = Path(scratch) / source.stem
        built = run_command([compiler, *ASAN, *flags, *STRICT, '-Iinclude', source, 'build/asan/libweft.a', '-lpthread', '-o', program],
                            cwd=ROOT)
        if built.status != 0:
            return Outcome.of(False, built.describe())
        return run_and_compare(Outcome(), program, source)
