"""componentizing.py -- `weft component`: components from modules and WIT.

    componentizing/suite/NAME   modules of wit-component's suite, each with its world in it: a component whose own world is the one
                                that the suite has of it; or refused, where it says that it is to be
    componentizing/wasip1       programs of preview1, an eighth of them or all, with its adapter: valid components, which are the same when they are made again,
                                and of which `unbundle` gives the modules
    componentizing/fits/NAME    wit-component's components and worlds: which fits into which, and what is missing
    componentizing/dummy        modules that do nothing, for worlds of WASI and of the suites, in each way in which there are some: they become components that fit
    componentizing/targets      what fits into a world, and what is said of what does not

Libraries that are linked dynamically are not linked by weft yet.
"""
import json, re, shutil, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, run_command
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
        yield Test(f'componentizing/dummy{build.suffix}', lambda build=build: dummies(build, options.conformance, options.full))
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
    if not (folder / 'module.wat').exists() or folder.name.startswith('link') or any(folder.glob('lib-*.wat')):
        return Outcome.skip('libraries that are linked dynamically')
    wanted = (folder / 'error.txt').exists()
    with tempfile.TemporaryDirectory() as scratch:
        scratch, words = Path(scratch), []
        main = folder / 'module.wit'
        for module in [folder / 'module.wat', *sorted(folder.glob('adapt-*.wat'))]:
            wit = module.with_suffix('.wit')
            file, done = embedded(build, scratch, module, wit if wit.is_file() else folder, module.stem, main)
            if done.status == 1 and b'unknown package' in done.stderr and (folder / 'deps').is_dir():
                done = with_deps(build, scratch, folder, wit, module, file)
            if fault(done, 0):
                return Outcome.of(False, fault(done, 0))
            name = re.match(r';; module name: (.*)', module.read_text())
            words += [file] if module.stem == 'module' else ['--adapt', f'{name[1] if name else module.stem[6:]}={file}']
        out = scratch / 'component.wasm'
        done = weft(build, 'component', 'new', *words, '-o', out)
        if wanted:
            return Outcome.of(not fault(done, 1) and not out.exists(), done.describe())
        found = weft(build, 'wit', out)
        for each in (done, found):
            if fault(each, 0):
                return Outcome.of(False, fault(each, 0))
        here, there = world_lines(found.stdout.decode().split('\npackage ')[0]), world_lines((folder / 'component.wit.print').read_text())
        return Outcome.of(here == there, f'{folder.name}: another world\n{here}\n{there}')


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


# ---- modules that do nothing

WAYS = ['--dummy', '--dummy-names=standard32', '--async-callback', '--async-stackful']


def dummies(build, conformance, all_of_them):
    """Each world in one of the ways, or in all."""
    tools = conformance / 'wasm-tools'
    sources = [(path, wasi_deps(path)) for path in sorted([*(conformance / 'wasi-wit').glob('0.2.*/*/'), *(conformance / 'wasi-wit').glob('0.3.*/*.wit')])]
    sources += [(path, ()) for place in ('cli/*dummy*.wit', 'wit-component/interfaces/*.wit', 'wit-component/components/*/module.wit') for path in sorted(tools.glob(place))]
    wrong, count = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for n, (path, deps) in enumerate(sources):
            if not (all_of_them or deps or in_share(n)):
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
    return Outcome.of(not wrong and count > 20, f'{count} worlds\n' + '\n'.join(wrong))


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
