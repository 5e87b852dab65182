"""packaged.py -- the Python package, as it is installed and as it is used.

    python/wheel         `make python` leaves a wheel: what is in it, that it is of the stable ABI, and that it needs nothing but libc
    python/install       pip installs the repository's folder into a new environment, without a network and what others have
                         installed, and takes it away again
    python/tests         python/tests, with what that wheel has; docs/python.md is run there too
    python/tests@asan    the same under the sanitizers, in a Python that has the extension built in: random calls among others

What is installed takes turns with the library (embed.py), since all is compiled once more for it.
"""
import functools, re, shutil, subprocess, sys, sysconfig, tempfile, threading, zipfile
from pathlib import Path

from outcome import Outcome, Test, in_share, kind_due, run_command

ROOT = Path(__file__).resolve().parent.parent
WHEELS, RUN = ROOT / 'build/python', ROOT / 'python/tests/run.py'
DEBIAN = '/usr/bin/python3'          # which has a library to be built into
# Leaks are not looked for: Python keeps much until its end. It is to ask malloc for each object, so that they are watched.
WATCHED = {'ASAN_OPTIONS': 'exitcode=99:allocator_may_return_null=1:detect_leaks=0', 'PYTHONMALLOC': 'malloc'}
LIBRARIES = {'libc.so.6', 'libm.so.6', 'libpthread.so.0', 'ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1'}
# Of names with an underscore these are part of the stable ABI, and what macros for sizes stand for, ..._SizeT.
STABLE = {'_Py_Dealloc', '_Py_NoneStruct', '_Py_TrueStruct', '_Py_FalseStruct', '_Py_NotImplementedStruct'}
lock = threading.Lock()


def tests(options, tally):
    if options.weft:
        return
    for name, run in ('wheel', wheel), ('install', install), ('tests', functools.partial(of_wheel, tally)):
        yield Test(f'python/{name}', functools.partial(guarded, run), full=not kind_due('pic'))
    if any(build.name == 'asan' for build in options.builds):
        yield Test('python/tests@asan', functools.partial(sanitized, tally), full=not in_share(0, 4))


def lacks():
    """Why there can be no package here, or ''."""
    if sys.version_info < (3, 11) or sys.implementation.name != 'cpython':
        return f'the package is for CPython from 3.11 on, and this is {sys.version.split()[0]}'
    if not (Path(sysconfig.get_paths()['include']) / 'Python.h').exists():
        return 'no headers of Python (tools/setup.sh test)'
    return ''


@functools.lru_cache(None)
def make_once():
    return run_command(['make', '-s', 'python'], cwd=ROOT, timeout=600)


def guarded(run):
    if lacks():
        return Outcome.skip(lacks())
    with lock:
        done = make_once()
        if done.status:
            return Outcome.of(False, done.describe())
        return run(max(WHEELS.glob('*.whl'), key=lambda path: path.stat().st_mtime))


def wheel(path):
    outcome = Outcome()
    def check(good, text):
        outcome.passed += bool(good)
        if not good:
            outcome.fail(text)
    platform = re.sub(r'\W', '_', sysconfig.get_platform())
    check(re.fullmatch(rf'weft-[\d.]+-cp311-abi3-{platform}\.whl', path.name), path.name)
    with zipfile.ZipFile(path) as file, tempfile.TemporaryDirectory(prefix='weft-wheel-') as folder:
        names = file.namelist()
        sources = {f'weft/{p.name}' for p in (ROOT / 'python/weft').iterdir() if p.is_file()}
        found = {name for name in names if '.dist-info/' not in name}
        check(found == sources | {'weft/_weft.abi3.so'}, f'{sorted(found)}, not {sorted(sources)} and the extension')
        check({name.split('/')[1] for name in names if '.dist-info/' in name} == {'METADATA', 'WHEEL', 'RECORD', 'LICENSE'}, str(names))
        extension = Path(file.extract('weft/_weft.abi3.so', folder))
        if not shutil.which('readelf'):
            return outcome
        dynamic = run_command(['readelf', '--dynamic', extension]).stdout.decode()
        needed = set(re.findall(r'NEEDED.*\[(.*)\]', dynamic))
        check(needed <= LIBRARIES, f'it needs {needed - LIBRARIES}')
        symbols = run_command(['readelf', '--dyn-syms', '--wide', extension]).stdout.decode()
        defined = set(re.findall(r'(?:GLOBAL|WEAK) +\w+ +(?!UND)\w+ (\w+)', symbols))
        check(defined == {'PyInit__weft'}, f'it exports {defined}')
        private = set(re.findall(r'UND (_Py\w+)', symbols)) - STABLE
        check(all(name.endswith('_SizeT') for name in private), f'no part of the stable ABI: {private}')
    return outcome


def install(path):
    with tempfile.TemporaryDirectory(prefix='weft-env-') as folder:
        made = run_command([sys.executable, '-m', 'venv', folder], timeout=120)
        if made.status:
            return Outcome.skip('no environments of Python (tools/setup.sh test)')
        pip = [f'{folder}/bin/python', '-m', 'pip', '--disable-pip-version-check', '-q']
        outcome = Outcome()
        say = 'import weft; print(weft.Instance(weft.Store(e := weft.Engine()), ' \
              'weft.Module(e, \'(module (func (export "f") (result i32) (i32.const 42)))\')).exports.f())'
        for what, answer in (['install', '--no-index', ROOT], b''), (['show', '-f', 'weft'], None), (['uninstall', '-y', 'weft'], b''):
            done = run_command([*pip, *what], cwd=folder, timeout=300)
            if done.status or (answer is not None and done.stdout != answer):
                outcome.fail(done.describe())
            else:
                outcome.passed += 1
            used = run_command([f'{folder}/bin/python', '-c', say], cwd=folder)
            good = used.stdout == b'42\n' if what[0] != 'uninstall' else b'No module named' in used.stderr
            if good:
                outcome.passed += 1
            else:
                outcome.fail(used.describe())
        return outcome


def of_wheel(tally, path):
    with tempfile.TemporaryDirectory(prefix='weft-wheel-') as folder:
        with zipfile.ZipFile(path) as file:
            file.extractall(folder)
        return tally(run_command([sys.executable, '-X', 'faulthandler', '-X', 'dev', RUN], cwd=folder, env={'PYTHONPATH': folder},
                                 timeout=120), skips=True)


def sanitized(tally):
    config = shutil.which('python3-config', path='/usr/bin')
    embed = config and subprocess.run([config, '--embed', '--ldflags'], capture_output=True).returncode == 0
    if not embed or not shutil.which('make'):
        return Outcome.skip('no Python to build the extension into (tools/setup.sh test)')
    include = run_command([DEBIAN, '-c', 'import sysconfig; print(sysconfig.get_paths()["include"])']).stdout.decode().strip()
    program = 'build/asan/python/python'
    with lock:
        built = run_command(['make', '-s', 'KIND=asan', f'PYTHON_INCLUDE={include}', program], cwd=ROOT, timeout=600)
    if built.status:
        return Outcome.of(False, built.describe())
    return tally(run_command([ROOT / program, '-X', 'faulthandler', RUN], cwd=ROOT, timeout=300,
                             env={'PYTHONPATH': str(ROOT / 'python'), **WATCHED}), skips=True)
