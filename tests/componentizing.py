"""componentizing.py -- `weft component`: components from modules and WIT.

    componentizing/suite/NAME   modules of wit-component's suite, each with its world in it: a component whose own world is the one
                                that the suite has of it; or refused, where it says that it is to be. Libraries are linked
    componentizing/linked       libraries of ours, whose core modules then run as the component puts them together: what they share, call
                                and find is right; and what is said of those that cannot be linked
    componentizing/wasip1       programs of preview1, an eighth of them or all, with its adapter: valid components, which are the same when they are made again,
                                and of which `unbundle` gives the modules
    componentizing/fits/NAME    wit-component's components and worlds: which fits into which, and what is missing
    componentizing/dummy        modules that do nothing, for worlds of WASI and of the suites, in each way in which there are some: they become components that fit
    componentizing/cut          a module that is cut off is refused, wherever that is, and nothing is written
    componentizing/targets      what fits into a world, and what is said of what does not
"""
import json, re, shutil, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, run_command
from wabt import leb
from wit import due, fault, wasi_deps, with_deps as with_packages


def tests(options):
    if not options.conformance:
        yield Test('componentizing', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    suite = options.conformance / 'wasm-tools/wit-component/components'
    for build in options.builds:
        for n, path in enumerate(sorted(suite.iterdir())):
            yield Test(f'componentizing/suite/{path.name}{build.suffix}', lambda path=path, build=build: made(build, path), full=not due(build, n))
        yield Test(f'componentizing/wasip1{build.suffix}', lambda build=build: programs(build, options.conformance, options.full))
        for path in sorted((suite.parent / 'targets').iterdir()):
            yield Test(f'componentizing/fits/{path.name}{build.suffix}', lambda path=path, build=build: fits(build, path))
        yield Test(f'componentizing/linked{build.suffix}', lambda build=build: linked(build))
        yield Test(f'componentizing/dummy{build.suffix}', lambda build=build: dummies(build, options.conformance, options.full))
        yield Test(f'componentizing/cut{build.suffix}', lambda build=build: cut_off(build))
        yield Test(f'componentizing/targets{build.suffix}', lambda build=build: targets(build))


def weft(build, *words):
    return run_command([build.weft, *words])


def embedded(build, scratch, module, wit, name, main):
    """The module with its world; or what went wrong."""
    out = scratch / f'{name}.wasm'
    if wit.is_file() and 'package ' not in wit.read_text():    # it goes on where the main one's ends
        whole = scratch / f'{name}.wit'
        whole.write_text((main.read_text() if main.is_file() else 'package foo:foo;') + '\n' + wit.read_text())
        wit = whole
    return out, weft(build, 'component', 'embed', '--all-features', '--world', name, wit, module, '-o', out)


def made(build, folder):
    if not (folder / 'module.wat').exists() and not any(folder.glob('lib-*.wat')):
        return Outcome.skip('there is nothing but WIT in it: the suite links no library at all')
    wanted = (folder / 'error.txt').exists()
    with tempfile.TemporaryDirectory() as scratch:
        words = link_words(build, Path(scratch), folder) if any(folder.glob('lib-*.wat')) else new_words(build, Path(scratch), folder)
        if isinstance(words, Outcome):
            return words
        out = Path(scratch) / 'component.wasm'
        done = weft(build, 'component', *words, '-o', out)
        if wanted:
            return Outcome.of(not fault(done, 1) and not out.exists(), done.describe())
        found = weft(build, 'wit', out)
        for each in (done, found):
            if fault(each, 0):
                return Outcome.of(False, fault(each, 0))
        here, there = world_lines(found.stdout.decode().split('\npackage ')[0]), world_lines((folder / 'component.wit.print').read_text())
        return Outcome.of(here == there, f'{folder.name}: another world\n{here}\n{there}')


def new_words(build, scratch, folder):
    """What makes a component of a module and its adapters; or what went wrong."""
    words, main = ['new'], folder / 'module.wit'
    for module in [folder / 'module.wat', *sorted(folder.glob('adapt-*.wat'))]:
        wit = module.with_suffix('.wit')
        file, done = embedded(build, scratch, module, wit if wit.is_file() else folder, module.stem, main)
        if done.status == 1 and b'unknown package' in done.stderr and (folder / 'deps').is_dir():
            done = with_deps(build, scratch, folder, wit, module, file)
        if fault(done, 0):
            return Outcome.of(False, fault(done, 0))
        name = re.match(r';; module name: (.*)', module.read_text())
        words += [file] if module.stem == 'module' else ['--adapt', f'{name[1] if name else module.stem[6:]}={file}']
    return words


def link_words(build, scratch, folder):
    """The same of libraries, whose options stand in front of them."""
    words, whole = ['link'], scratch / 'whole'
    shutil.copytree(folder, whole, ignore=shutil.ignore_patterns('*.wat', '*.print'))
    if not any('package ' in wit.read_text() for wit in whole.glob('*.wit')):
        (whole / 'package.wit').write_text('package foo:foo;')
    for module in [*sorted(folder.glob('*lib-*.wat')), *sorted(folder.glob('adapt-*.wat'))]:
        text = module.read_text()
        kind, rest = re.match('(dlopen-lib-|lib-|adapt-)(.*)', module.stem).groups()
        name = re.search('^;; module name: (.*)', text, re.M)
        words += [f'--{option}' for option in ('stub-missing-functions', 'use-built-in-libdl') if f';;! {option} = true' in text]
        words += {'dlopen-lib-': ['--dl-openable'], 'lib-': [], 'adapt-': ['--adapt']}[kind]
        words.append(f'{name[1] if name else rest}={scratch / module.stem}.wasm')
        done = weft(build, 'component', 'embed', '--all-features', '--world', module.stem, whole, module, '-o', scratch / f'{module.stem}.wasm')
        if fault(done, 0):
            return Outcome.of(False, fault(done, 0))
    return words


def world_lines(text):
    """What stands in a world, in whatever order; the suite has nothing of other packages."""
    return sorted(line for line in re.sub(r'\{\s*\}', '{}', text).splitlines() if line.strip())


def with_deps(build, scratch, folder, wit, module, file):
    whole = scratch / f'whole-{module.stem}'
    whole.mkdir()
    (whole / 'main.wit').write_text(('' if 'package ' in wit.read_text() else 'package foo:foo;\n') + wit.read_text())
    shutil.copytree(folder / 'deps', whole / 'deps')
    return weft(build, 'component', 'embed', '--all-features', '--world', module.stem, whole, module, '-o', file)


def programs(build, conformance, all_of_them):
    adapter = conformance / 'components/wasi_snapshot_preview1.command.wasm'
    with tempfile.TemporaryDirectory() as scratch:
        once, twice, front = (Path(scratch) / name for name in ('once.wasm', 'twice.wasm', 'part'))
        programs = sorted((conformance / 'wasi-testsuite/wasm32-wasip1').rglob('*.wasm'))
        for program in [program for n, program in enumerate(programs) if all_of_them or in_share(n)]:
            for out in (once, twice):
                done = weft(build, 'component', 'new', program, '--adapt', adapter, '-o', out)
                if fault(done, 0):
                    return Outcome.of(False, fault(done, 0))
            parts = weft(build, 'component', 'unbundle', once, '-o', front)
            if fault(parts, 0) or once.read_bytes() != twice.read_bytes() or not (Path(scratch) / 'part3.wasm').exists():
                return Outcome.of(False, f'{program}: {parts.describe()}')
        return Outcome.of(len(programs) > 60, f'{len(programs)} programs only')


def cut_off(build):
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as scratch:
        wit, module, out = (Path(scratch) / name for name in ('w.wit', 'm.wasm', 'out.wasm'))
        wit.write_text('package a:b; world w { }')
        whole = weft(build, 'component', 'embed', '--dummy', wit, '-o', '-').stdout
        ends = [8]      # a section ends there, and so may the module
        while ends[-1] < len(whole):
            size, behind = leb(whole, ends[-1] + 1)
            ends.append(behind + size)
        for size in range(len(whole)):
            module.write_bytes(whole[:size])
            done = weft(build, 'component', 'embed', '--world', 'w', wit, module, '-o', out)
            wanted = 0 if size in ends else 1
            outcome.passed += not fault(done, wanted) and out.exists() == (not wanted)
            if fault(done, wanted) or out.exists() == bool(wanted):
                outcome.fail(f'{size} bytes of it: {done.describe()}')
            out.unlink(missing_ok=True)
    return outcome


# ---- libraries

BASE = '''(module (@dylink.0 (mem-info (memory 16 4) (table 1 0)))
  (import "env" "memory" (memory 1)) (import "env" "__indirect_function_table" (table 0 funcref))
  (import "env" "__memory_base" (global $data i32)) (import "env" "__table_base" (global $table i32))
  (import "GOT.mem" "__heap_base" (global $heap (mut i32)))
  (import "env" "later" (func $later (param i32) (result i32)))
  (global (export "log") i32 (i32.const 0)) (global (export "counter") i32 (i32.const 4))
  (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.load offset=4 (global.get $data))))
  (func (export "through") (param i32) (result i32) (call $later (local.get 0)))
  (func (export "relocated") (result i32) (call_indirect (result i32) (i32.load offset=8 (global.get $data))))
  (func (export "heap") (result i32) (global.get $heap))
  (func $own (result i32) (i32.const 33)) (elem (global.get $table) func $own)
  (func (export "__wasm_apply_data_relocs") (i32.store offset=8 (global.get $data) (global.get $table)))
  (func (export "__wasm_call_ctors") (i32.store (global.get $data) (i32.add (i32.mul (i32.load (global.get $data)) (i32.const 10)) (i32.const 1))))
  (data (global.get $data) "\\00\\00\\00\\00\\07\\00\\00\\00"))'''
APP = '''(module (@dylink.0 (mem-info (memory 32 2)) (needed "base") (needed "libdl.so") (import-info "env" "none" binding-weak)
    (import-info "GOT.mem" "nothing" binding-weak))
  (import "env" "memory" (memory 1)) (import "env" "__indirect_function_table" (table 0 funcref))
  (import "env" "__memory_base" (global $data i32)) (import "env" "__stack_pointer" (global $stack (mut i32)))
  (import "GOT.mem" "log" (global $log (mut i32))) (import "GOT.mem" "counter" (global $counter (mut i32)))
  (import "GOT.mem" "nothing" (global $nothing (mut i32)))
  (import "GOT.func" "add" (global $add (mut i32))) (import "GOT.func" "none" (global $none (mut i32)))
  (import "env" "through" (func $through (param i32) (result i32))) (import "env" "relocated" (func $relocated (result i32)))
  (import "env" "none" (func $nobody (result i32))) (import "env" "heap" (func $heap (result i32)))
  (import "env" "dlopen" (func $dlopen (param i32 i32) (result i32))) (import "env" "dlsym" (func $dlsym (param i32 i32) (result i32)))
  (import "env" "dlerror" (func $dlerror (result i32)))
  (type $one (func (param i32) (result i32)))
  (func (export "later") (param i32) (result i32) (i32.add (local.get 0) (i32.const 100)))
  (func (export "log") (result i32) (i32.load (global.get $log)))
  (func (export "count") (result i32) (i32.load (global.get $counter)))
  (func (export "pointer") (result i32) (call_indirect (type $one) (i32.const 5) (global.get $add)))
  (func (export "cycle") (result i32) (call $through (i32.const 5)))
  (func (export "relocs") (result i32) (call $relocated))
  (func (export "weak") (result i32) (i32.or (global.get $none) (global.get $nothing)))
  (func (export "missing") (result i32) (call $nobody))
  (func (export "heap-of") (result i32) (i32.rem_u (call $heap) (i32.const 16)))
  (func (export "stack") (result i32) (global.get $stack))
  (func $symbol (param i32) (result i32) (call $dlsym (call $dlopen (global.get $data) (i32.const 0)) (i32.add (global.get $data) (local.get 0))))
  (func (export "dl-call") (result i32) (call_indirect (result i32) (call $symbol (i32.const 5))))
  (func (export "dl-data") (result i32) (i32.load (call $symbol (i32.const 12))))
  (func (export "dl-none") (result i32) (i32.or (call $symbol (i32.const 1)) (call $dlopen (i32.add (global.get $data) (i32.const 5)) (i32.const 0))))
  (func (export "dl-error") (result i32) (i32.load8_u (call $dlerror)))
  (func (export "dl-fine") (result i32) (call $dlerror))
  (func (export "__wasm_call_ctors") (i32.store (global.get $log) (i32.add (i32.mul (i32.load (global.get $log)) (i32.const 10)) (i32.const 2))))
  (data (global.get $data) "plug\\00answer\\00value\\00"))'''
PLUG = '''(module (@dylink.0 (mem-info (memory 4 2))) (import "env" "memory" (memory 1)) (import "env" "__memory_base" (global $data i32))
  (func (export "answer") (result i32) (i32.const 42)) (func (export "b") (result i32) (i32.const 1)) (global (export "value") i32 (i32.const 0))
  (data (global.get $data) "\\09\\00\\00\\00"))'''
SAID = {'log': 12, 'count': 7, 'pointer': 12, 'cycle': 105, 'relocs': 33, 'weak': 0, 'heap-of': 0, 'stack': 65536, 'dl-call': 42, 'dl-data': 9, 'dl-none': 0,
        'dl-error': ord('n'), 'dl-fine': 0}
LIBRARY = '(module (@dylink.0 %s) (func (export "run")) %s)'
REFUSED = [
    ({'app': LIBRARY % ('(needed "gone")', '')}, 'libraries are missing: app needs gone'),
    ({'app': '(module (func (export "run")))'}, 'app is no library'),
    ({'app': LIBRARY % ('(mem-info (memory 0 32))', '')}, 'more memory than 32-bit addresses have'),
    ({'app': LIBRARY % ('(mem-info (memory 0xffffffff 31))', '')}, 'more memory than 32-bit addresses have'),
    ({'app': LIBRARY % ('(mem-info (memory 0 0) (table 0xffffffff 0))', '')}, 'more of the table than 32-bit addresses have'),
    ({'app': '(module (@dylink.0) (import "env" "f" (func (param i64))) (func (export "run")))', 'other': '(module (@dylink.0) (func (export "f")))'},
     'app needs the function f, which other exports as one of another type'),
    ({'app': '(module (@dylink.0) (import "GOT.mem" "d" (global (mut i32))) (func (export "run")))'}, 'app needs data d'),
    ({'app': '(module (@dylink.0) (import "GOT.func" "f" (global (mut i32))) (func (export "run")))'}, 'app needs the address of the function f'),
    ({'app': '(module (@dylink.0) (import "env" "x" (global i32)) (func (export "run")))'}, 'library app: import "env" "x": there is no such global'),
    ({'app': '(module (@dylink.0) (import "env" "memory" (memory i64 1)) (func (export "run")))'}, 'libraries have 32-bit memories'),
    ({'app': '(module (@dylink.0) (import "env" "memory" (memory 1 2)) (func (export "run")))'}, 'libraries need a memory of 17, but one of them allows 2'),
    ({'app': '(module (@dylink.0 (needed "b")) (import "env" "t" (tag)) (func (export "run")) (func (export "f")))',
      'b': '(module (@dylink.0 (needed "app")) (import "env" "f" (func)) (tag (export "t")))'}, ''),
    ({'app': '(module (@dylink.0) (func (export "run")) (func (export "f")) (tag (export "t")))',
      'b': '(module (@dylink.0 (needed "app")) (import "env" "f" (func)))'}, ''),
    ({'app': LIBRARY % ('(needed "app") (needed "b")', ''), 'b': LIBRARY % ('(needed "b") (needed "app")', '')}, ''),
    ({'app': '(module (@dylink.0) (func (export "other")))'}, 'the world exports "run", but no library has an export "run"'),
]


def linked(build):
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        wit, apart, out = scratch / 'w.wit', scratch / 'apart', scratch / 'out.wasm'
        apart.mkdir()
        wit.write_text('package a:b; world w { export log: func() -> u32; } world r { export run: func(); }')
        for name, text in (('app', APP), ('plug', PLUG)):
            (scratch / f'{name}.wat').write_text(text)
        (apart / 'base.wat').write_text(BASE)
        steps = [weft(build, 'component', 'embed', '--world', 'w', wit, scratch / 'app.wat', '-o', scratch / 'app.wasm'),
                 weft(build, 'component', 'link', scratch / 'app.wasm', '--dl-openable', scratch / 'plug.wat', '-L', apart, '--use-built-in-libdl', '--stack-size=64K', '-o', out)]
        bad = [step.describe() for step in steps if fault(step, 0)]
        wrong += bad or runs(build, scratch, out)
        for libraries, said in REFUSED:
            words = []
            for name, text in libraries.items():
                (scratch / f'{name}.wat').write_text(text)
                words.append(scratch / f'{name}.wat')
            weft(build, 'component', 'embed', '--world', 'r', wit, words[0], '-o', scratch / 'app.wasm')
            done = weft(build, 'component', 'link', *[scratch / 'app.wasm', *words[1:]], '-o', out)
            if fault(done, 1 if said else 0) or said.encode() not in done.stderr:
                wrong.append(f'{libraries}: {done.describe()}')
    return Outcome.of(not wrong, '\n'.join(wrong))


def runs(build, scratch, component):
    """The core modules of a component that imports nothing, as a script that puts them together likewise, and asks the one that has `later`."""
    weft(build, 'component', 'unbundle', component, '-o', scratch / 'part')
    text = weft(build, 'print', component).stdout.decode()
    aliases = {(sort, number): (instance, name) for instance, name, sort, number in re.findall(r'\(alias core export (\d+) "([^"]*)" \(core (\w+) \(;(\d+);\)', text)}
    bags, script, app = {}, '', None
    for number, body in re.findall(r'^  \(core instance \(;(\d+);\)(.*?)(?=^  \()', text, re.M | re.S):
        module = re.match(r' \(instantiate (\d+)', body)
        if not module:
            bags[number] = {name: entry for name, *entry in re.findall(r'\(export "([^"]*)" \((\w+) (\d+)\)', body)}
            continue
        given = dict(re.findall(r'\(with "([^"]*)" \(instance (\d+)\)', body))

        def place(found):
            instance, name = aliases[tuple(bags[given[found[1]]][found[2]])]
            return f'(import "{instance}" "{name}"'
        core = re.sub(r'\(import "([^"]*)" "([^"]*)"', place, weft(build, 'print', scratch / f'part{module[1]}.wasm').stdout.decode())
        app = number if '(export "later")' in core and '(export "cycle")' in core else app
        script += core.replace('(module', f'(module $i{number}', 1) + f'\n(register "{number}")\n'
    script += '\n'.join(f'(assert_return (invoke $i{app} "{name}") (i32.const {value}))' for name, value in SAID.items())
    script += f'\n(assert_trap (invoke $i{app} "missing") "unreachable")'
    (scratch / 'run.wast').write_text(script)
    done = weft(build, 'wast', scratch / 'run.wast')
    return [done.describe() + script] if fault(done, 0) or app is None else []


# ---- modules that do nothing

WAYS = ['--dummy', '--dummy-names=standard32', '--async-callback', '--async-stackful']


def dummies(build, conformance, all_of_them):
    """Each world in one of the ways, or in all; under the sanitizers an eighth of them."""
    tools = conformance / 'wasm-tools'
    sources = [(path, wasi_deps(path)) for path in sorted([*(conformance / 'wasi-wit').glob('0.2.*/*/'), *(conformance / 'wasi-wit').glob('0.3.*/*.wit')])]
    sources += [(path, ()) for place in ('cli/*dummy*.wit', 'wit-component/interfaces/*.wit', 'wit-component/components/*/module.wit') for path in sorted(tools.glob(place))]
    wrong, count = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for n, (path, deps) in enumerate(sources):
            if not (all_of_them or (deps and build.name == 'release') or in_share(n)):
                continue
            path = with_packages(Path(scratch) / f'whole{n}', path, deps) if deps else path
            found = weft(build, 'wit', '--all-features', '--json', path)
            document = json.loads(found.stdout) if found.status == 0 else {'worlds': []}    # what goes on in another file
            for world in document['worlds']:
                name = document['packages'][world['package']]['name'].replace('@', f'/{world["name"]}@') if '@' in document['packages'][world['package']]['name'] else f'{document["packages"][world["package"]]["name"]}/{world["name"]}'
                for way in WAYS if all_of_them else [WAYS[count % len(WAYS)]]:
                    wrong += dummy_fits(build, Path(scratch), path, name, way)
                count += 1
        for names in ('legacy', 'standard32'):
            wit = tools / 'cli/embed-dummy.wit'
            weft(build, 'component', 'embed', f'--dummy-names={names}', wit, '-o', Path(scratch) / 'd.wasm')
            here = weft(build, 'print', Path(scratch) / 'd.wasm').stdout.decode()
            there = wit.with_name(f'{wit.name}.{names}.stdout').read_text()
            if outside(here) != outside(there):
                wrong.append(f'{names}: {outside(here)}')
    return Outcome.of(not wrong and count > (20 if build.name == 'release' else 2), f'{count} worlds\n' + '\n'.join(wrong))


def outside(text):
    """What a printed module imports and exports."""
    return sorted(re.findall(r'\(import "[^"]*" "[^"]*"|\(export "[^"]*"', text))


def dummy_fits(build, scratch, wit, world, way):
    core, made = scratch / 'd.wasm', scratch / 'c.wasm'
    ways = ['--dummy', way] if way.startswith('--async') else [way]
    steps = [weft(build, 'component', 'embed', '--all-features', *ways, '--world', world, wit, '-o', core),
             weft(build, 'component', 'new', core, '-o', made),
             weft(build, 'component', 'targets', '--all-features', '--world', world, wit, made)]
    return [f'{wit} {world} {way}: {step.describe()}' for step in steps if fault(step, 0)][:1]


# ---- worlds that fit

WORLDS = '''package a:b;
interface log { put: func(text: string); }
interface calc { type number = u32; add: func(a: number, b: number) -> number; }
interface other { add: func(a: u32, b: u64) -> u32; }
world mine { import log; export calc; }
world more { import log; import f: func(); export calc; }
world less { export calc; }
world wants { import log; export calc; export g: func(); }
world versions { import c:d/e@0.2.0; }
world newer { import c:d/e@0.2.1; }
package c:d@0.2.0 { interface e { f: func(); } }
package c:d@0.2.1 { interface e { f: func(); } }
'''
MODULE = '''(module (import "a:b/log" "put" (func (param i32 i32))) (memory (export "memory") 1)
  (func (export "a:b/calc#add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))'''
OTHER = WORLDS.replace('add: func(a: number, b: number) -> number', 'add: func(a: number) -> number')
FITS = [
    ('mine', WORLDS, MODULE, 'mine', ''),
    ('mine', WORLDS, MODULE, 'more', ''),
    ('mine', WORLDS, MODULE, 'less', 'the world does not import a:b/log'),
    ('mine', WORLDS, MODULE, 'wants', 'the component does not export g'),
    ('mine', OTHER, MODULE, 'mine', '  component  add: func(a: number, b: number) -> number;\n  world      add: func(a: number) -> number;\n'),
    ('versions', WORLDS, '(module (import "c:d/e@0.2.0" "f" (func)))', 'newer', 'does not import c:d/e@0.2.0, but c:d/e@0.2.1'),
]


def targets(build):
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        wit, other, core, module, made = (Path(scratch) / name for name in ('a.wit', 'b.wit', 'm.wat', 'm.wasm', 'c.wasm'))
        for own, against, text, world, said in FITS:
            wit.write_text(WORLDS)
            other.write_text(against)
            core.write_text(text)
            steps = [weft(build, 'component', 'embed', '--world', own, wit, core, '-o', module),
                     weft(build, 'component', 'new', module, '-o', made)]
            last = weft(build, 'component', 'targets', '--world', world, other, made)
            if any(fault(step, 0) for step in steps) or fault(last, 1 if said else 0) or said.encode() not in last.stderr:
                wrong.append(f'{own} against {world}: ' + '\n'.join(step.describe() for step in (*steps, last)))
    return Outcome.of(not wrong, '\n'.join(wrong))


def fits(build, folder):
    error = folder / 'error.txt'
    missing = re.search(r'missing (?:im|ex)port named `(.*?)`', error.read_text()) if error.exists() else None
    done = weft(build, 'component', 'targets', '--world', 'foobar', folder / 'test.wit', folder / 'test.wat')
    wrong = fault(done, 1 if error.exists() else 0)
    return Outcome.of(not wrong and (not missing or missing[1].encode() in done.stderr), wrong or done.describe())
