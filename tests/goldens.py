"""goldens.py -- what wasm-tools' commands about components say, and ours.

    goldens/NAME    a file of its suite of commands, with what each of them gives: `component wit|embed|new|unbundle`, `metadata`, `strip`
                    and `print` of components, through pipes too. Ours are called otherwise and lay out otherwise what they print, so what is
                    compared is what it means: WIT by what all names in it stand for, modules and components by their bytes or
                    worlds; help and tables are not. What is to fail is refused, by whichever command of a pipe
    goldens/folder  `weft wit --out-dir`: what is there is left as it is, and nothing half written
    goldens/apart   components of the suites without their modules, and with them again: valid, of the same world, and what they say is
                    the same when they are run
    goldens/labels  `weft label`: what it says is shown by `inspect`, all else stays, and what is malformed is refused; and `strip` of components
    goldens/worlds  what of worlds is refused that are to become others
"""
import json, re, shlex, tempfile
from pathlib import Path

from outcome import Outcome, Test, leb, run_command, sanitizer_report
from wabt import comparable
from wit import Meaning, difference, due

# What is not offered here, by a word of the command.
NOT_HERE = {'--generate-nominal-type-ids': 'numbers of types that bindings of theirs are made by',
            '--merge-imports-based-on-semver=false': 'imports of one version are what `weft component new` makes always',
            '--reject-legacy-names': 'names of both kinds are taken, whoever gives them',
            'wit-dylib': 'a library that does what a host asks of it, by types that are data'}
# What comes out otherwise here, by the file, and why.
OTHERWISE = {'component-wit-reexport-imported-resource.wat': 'an interface that exports what another one has is WIT here: it uses its types',
             'dummy-async.wit': '`--dummy` stands for the names that have ways of async',
             'semver-check-different-packages.wit': 'worlds may replace each other whatever their packages are',
             'semver-check-bump-version.wat': '`targets` wants the versions that the component has',
             'semver-check-bump-version-add-function.wat': '`targets` wants the versions that the component has',
             'wit-deep-list.wit': 'values of 256 MiB are of no component here'}
WORDS = r'\b(component|metadata|strip)\b'


def tests(options):
    folder = options.conformance and options.conformance / 'wasm-tools/cli'
    for build in options.builds:
        yield Test(f'goldens/folder{build.suffix}', lambda build=build: folders(build))
        yield Test(f'goldens/worlds{build.suffix}', lambda build=build: worlds(build))
        yield Test(f'goldens/labels{build.suffix}', lambda build=build: labels(build))
        yield Test(f'goldens/apart{build.suffix}', lambda build=build: apart(build, options.conformance))
        if not folder or not folder.is_dir():
            continue
        names = [p for p in sorted(folder.glob('*.wit')) + sorted(folder.glob('*.wat')) if any(re.search(WORDS, c.command) for c in cases(p))]
        for n, path in enumerate(names):
            yield Test(f'goldens/{path.name}{build.suffix}', lambda path=path, build=build: golden(build, path), full=not due(build, n))
    if not folder or not folder.is_dir():
        yield Test('goldens', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))


class Case:
    def __init__(self, path, kind, name, command):
        self.fails, self.command = kind == 'FAIL', command
        self.wanted = path.with_name(path.name + (f'.{name}' if name else '') + '.stdout')


def cases(path):
    text = re.sub(r'\\\n(//|;;)', ' ', path.read_text(errors='replace'))
    return [Case(path, *found) for found in re.findall(r'^(?://|;;) (RUN|FAIL)(?:\[([^]]*)\])?: (.*)$', text, re.M)
            if not found[2].lstrip().startswith(('wast', 'dump', 'help')) and '--help' not in found[2] and not found[2].endswith(' -h')]


def golden(build, path):
    outcome, done = Outcome(), []
    with tempfile.TemporaryDirectory(prefix='weft-goldens-') as scratch:
        for case in cases(path):
            missing = [why for word, why in NOT_HERE.items() if word in case.command] + [why for name, why in OTHERWISE.items() if name == path.name]
            if missing:
                outcome.skipped[missing[0]] += 1
                continue
            pipe = Pipe(build, path, Path(scratch))
            wrong = pipe.judge(case)
            outcome.passed += not wrong
            if wrong:
                outcome.fail(f'{path.name}: {case.command}\n{wrong}\n{pipe.told()}')
    return outcome


class Pipe:
    """One command, or several with `|` between them; `held` is what the last one wrote."""
    def __init__(self, build, path, scratch):
        self.build, self.path, self.scratch = build, path, scratch
        self.held, self.done, self.kind, self.module = None, [], None, False

    def told(self):
        return '\n'.join(done.describe() for done in self.done)

    def weft(self, *words):
        done = run_command([self.build.weft, *words], cwd=self.scratch)
        self.done.append(done)
        return done.status == 0

    def new_file(self):
        return self.scratch / f'{len(list(self.scratch.iterdir()))}.out'

    def judge(self, case):
        good = True
        for command in case.command.split('|'):
            words = shlex.split(command)
            good = good and self.stage(words)
        bad = [done for done in self.done if sanitizer_report(done) or done.status not in (0, 1, 2 * case.fails)]
        if bad:
            return 'neither done nor refused'
        if case.fails or not good:
            return '' if case.fails and not good else 'refused' if not good else 'not refused'
        return compare(self, case.wanted) if case.wanted.exists() else ''

    def stage(self, words):
        deed = words.pop(0)
        if deed in ('component', 'metadata'):
            deed += ' ' + words.pop(0)
        options, files = self.options(words)
        if deed not in STAGES:
            raise LookupError(deed)
        self.kind, self.module = deed, deed == 'component wit' and self.kind == 'component embed'
        into = self.new_file()
        good = STAGES[deed](self, options, files or [self.held], into)
        self.held = into
        return good

    def options(self, words):
        """Those with a value by name, the others too, and files."""
        options, files, words = {}, [], list(words)
        while words:
            word = words.pop(0)
            if word[0] != '-':
                files.append(self.scratch / word.replace('%tmpdir', 'tmpdir') if '%tmpdir' in word else self.path if word == '%' else word)
            elif '=' in word:
                name, _, options[name] = word.partition('=')
            elif word in VALUES:
                options.setdefault(word, []).append(words.pop(0))
            else:
                options[word] = True
        return {name: value if isinstance(value, (list, bool)) else [value] for name, value in options.items()}, files


VALUES = ['-o', '--out-dir', '--world', '-w', '--dummy-names', '--importize-world', '--importize-out-world-name', '--exportize-world',
          '--exportize-out-world-name', '--exportize-import', '--merge-world-imports-based-on-semver', '--features', '-f', '--module-dir',
          '--threshold', '--prev', '--new', '--name', '--language', '--processed-by', '--sdk', '--version', '--description']
OURS = {'--importize-world': '--importize', '--exportize-world': '--exportize', '--importize-out-world-name': '--as', '--exportize-out-world-name': '--as',
        '--exportize-import': '--only', '--merge-world-imports-based-on-semver': '--merge-versions', '-w': '--world'}


def ours(options, *left_out):
    """The options of theirs that ours has too, as words."""
    words = []
    for name, value in options.items():
        if name in ('-t', '--wat', '--wasm', '-o', *left_out):
            continue
        for one in value if isinstance(value, list) else [None]:
            words += [OURS.get(name, name)] + ([one] if one is not None else [])
    return words


def wit(pipe, options, files, into):
    if '--out-dir' in options:
        options['--out-dir'] = [pipe.scratch / 'tmpdir']
        return pipe.weft('wit', *ours(options), *files)
    if options.pop('--importize', None):
        options['--importize'] = ['root']
    binary = ['--binary'] if '--wasm' in options or '-t' in options else []
    return pipe.weft('wit', *binary, *ours(options), *files, '-o', into)


def embed(pipe, options, files, into):
    module = [pipe.held] if pipe.held and '--dummy' not in options and '--dummy-names' not in options else []
    return pipe.weft('component', 'embed', *ours(options), pipe.path, *module, '-o', into)


def new(pipe, options, files, into):
    return pipe.weft('component', 'new', *ours(options, '--merge-imports-based-on-semver', '--reject-legacy-names'), *files, '-o', into)


def unbundled(pipe, options, files, into):
    (pipe.scratch / 'tmpdir').mkdir(exist_ok=True)
    return pipe.weft('component', 'unbundle', *ours(options, '--module-dir'), *files, '--rest', into, '-o', pipe.scratch / 'tmpdir/unbundled-module')


def stripped(pipe, options, files, into):
    words = ['--all', '--keep', 'name', '--keep', 'component-name'] if '-a' not in options else ['--all']
    return pipe.weft('strip', *words, *files, '-o', into)


def labelled(pipe, options, files, into):
    words = []
    for name, value in options.items():
        name, value = ('--clear', [name[8:]]) if name.startswith('--clear-') else (name, value)
        words += [word for one in value for word in (name, one)]
    pipe.cleared = any(name.startswith('--clear-') for name in options)
    return pipe.weft('label', *words, *files, '-o', into)


def shown(pipe, options, files, into):
    good = pipe.weft('inspect', '--json', *files)
    into.write_bytes(pipe.done[-1].stdout)
    return good


def printed(pipe, options, files, into):
    return pipe.weft('parse', *files, '-o', into) if str(files[0]).endswith('.wat') else pipe.weft('print', *files, '-o', into)


def validated(pipe, options, files, into):
    return pipe.weft('validate', '--features=all', *files)


def replaces(pipe, options, files, into):
    """Whoever fits into the one world fits into the other: a component that does nothing does."""
    module, component = pipe.new_file(), pipe.scratch / 'previous.wasm'
    return (pipe.weft('component', 'embed', '--dummy', '--world', *options['--prev'], *files, '-o', module) and
            pipe.weft('component', 'new', module, '-o', component) and
            pipe.weft('component', 'targets', '--world', *options['--new'], *files, component))


STAGES = {'component wit': wit, 'component embed': embed, 'component new': new, 'strip': stripped, 'print': printed, 'validate': validated, 'component unbundle': unbundled, 'component semver-check': replaces,
          'metadata add': labelled, 'metadata show': shown}


# ---- what it means

def compare(pipe, wanted):
    if pipe.kind == 'component wit' and (pipe.scratch / 'tmpdir').exists() and wanted.read_text().startswith('Writing: '):
        listed = sorted(line.split('%tmpdir/')[1] for line in wanted.read_text().splitlines())
        there = sorted(str(p.relative_to(pipe.scratch / 'tmpdir')) for p in (pipe.scratch / 'tmpdir').rglob('*.wit'))
        return '' if listed == there else f'{there} instead of {listed}'
    if pipe.kind == 'component wit':
        return same_wit(pipe, pipe.held, wanted)
    if pipe.kind == 'metadata show':
        return same_metadata(pipe, wanted)
    if pipe.kind == 'component unbundle':
        return same_rest(pipe, wanted)
    if pipe.kind == 'print' and b'(component' in wanted.read_bytes():
        text = pipe.scratch / 'wanted.wat'
        text.write_bytes(wanted.read_bytes())
        return same_wit(pipe, pipe.held, text)
    return same_bytes(pipe, wanted)


def same_wit(pipe, own, theirs):
    if own.read_bytes()[:1] == b'{':
        return '' if json.loads(own.read_bytes()) == json.loads(theirs.read_bytes()) else 'another JSON'
    meant = []
    for path in (own, theirs):
        text = path.read_bytes()
        if not text.startswith((b'\0asm', b'(')):     # what stands in front of the package: the commands themselves
            text = re.sub(rb'\A(///[^\n]*\n)*', b'', text)
        copy = pipe.new_file()
        copy.write_bytes(text)
        if not pipe.weft('wit', '--all-features', '--json', copy):
            return 'no WIT'
        meant.append(list(Meaning(json.loads(pipe.done[-1].stdout)).whole()))
    if not any(meant[0][:2]) and any(meant[1][:2]):
        return 'there is nothing in it'
    if pipe.module:     # theirs keeps all of the package in a module, ours what its world is of
        meant[1] = [{key: value for key, value in part.items() if key in own} for own, part in zip(meant[0], meant[1])]
    return '' if meant[0] == meant[1] else 'it means something else\n' + difference(*meant)


def same_bytes(pipe, wanted):
    text, theirs = pipe.scratch / 'wanted.wat', pipe.scratch / 'wanted.wasm'
    text.write_bytes(wanted.read_bytes())
    if not pipe.weft('parse', text, '-o', theirs):
        return 'the text that is expected is none'
    own = pipe.held.read_bytes()
    if not own.startswith(b'\0asm'):
        if not pipe.weft('parse', pipe.held, '-o', pipe.scratch / 'own.wasm'):
            return 'no module'
        own = (pipe.scratch / 'own.wasm').read_bytes()
    return '' if own == theirs.read_bytes() or comparable(own, False) == comparable(theirs.read_bytes(), False) else 'other bytes'


def same_rest(pipe, wanted):
    """Theirs has types of functions beside those of modules, and so other numbers of types; the types of modules are the same."""
    if not wanted.read_bytes().startswith(b'('):
        wanted = pipe.held                            # in binary, as far as that is text
    texts = []
    for path in (pipe.held, wanted):
        copy, binary = pipe.new_file(), pipe.scratch / 'rest.wasm'
        copy.write_bytes(path.read_bytes())
        if not pipe.weft('parse', copy, '-o', binary) and not copy.read_bytes().startswith(b'\0asm'):
            return 'no text of a component'
        if copy.read_bytes().startswith(b'\0asm'):
            pipe.done.pop()
            binary = copy
        if not pipe.weft('validate', binary) or not pipe.weft('print', binary):
            return 'no component'
        text = re.sub(r'^ *\((core type \(;\d+;\) \(func\)|type \(;\d+;\) \(func\)|alias outer 1 \d+ \(type \(;0;\)\))\)\n', '',
                      pipe.done[-1].stdout.decode(), flags=re.M)
        texts.append(re.sub(r'\(core module (\(;\d+;\)) \(type \d+\)\)|(\(core type .*)\(;\d+;\)|outer 1 \d+ (\(core type)', r'\1\2\3', text))
    return '' if texts[0] == texts[1] else f'{texts[0]}\ninstead of\n{texts[1]}'


def same_metadata(pipe, wanted):
    """What their tables say of each part. Its size is the same if nothing was taken out, of which theirs leaves a section without anything,
    and if its name is in itself."""
    tables = [[[cell.strip() for cell in line.strip('│').split('┆')] for line in table.splitlines() if line.startswith('│')]
              for table in wanted.read_text().split('╭') if table]
    document = json.loads(pipe.held.read_bytes())
    if document.get('kind') != 'component':
        document = {**document, 'name': document['names']['module'], 'kind': 'module', 'parts': []}
    parts = [document, *document['parts']]
    rows, details = tables[0][1:], tables[1:]
    if len(rows) != len(parts) or len(details) != len(parts):
        return f'{len(parts)} parts instead of {len(rows)}'
    for part, (kind, name, size, _, languages, outer), detail in zip(parts, rows, details):
        says = {(p['field'], f'{p["name"]} [{p["version"]}]') for p in part['producers']} | set(part['about'].items())
        theirs = {(key, value) for key, value in detail[1:] if key not in ('name', 'kind', 'range', 'child')}
        spoken = ', '.join(p['name'] for p in part['producers'] if p['field'] == 'language')
        same_size = f'{part["size"]}B' == size or getattr(pipe, 'cleared', False) or len(parts) > 1
        own = None if name.startswith('unknown(') else name
        around = '<root>' if part is parts[0] else parts[0]['name'] if part['in'] is None else parts[1 + part['in']]['name']
        if (kind, own, languages, outer, theirs) != (part['kind'], part['name'], spoken or '-', around, says) or not same_size:
            return f'{part}\ninstead of\n{kind} {name} {size} {languages} {outer} {theirs}'
    return ''


# ---- taken apart

APART = """(component $outer
  (core type $f (func (result i32))) MANY
  (core rec (type $list (sub (struct (field (ref null $list))))))
  (core type $sub (sub $list (struct (field (ref null $list)))))
  (core type $wants (module (alias outer $outer $f (type)) (import "a" "f" (func (type 0))) (export "g" (func (type 0)))))
  (core module $a (type $t (func (result i32))) (rec (type $r (struct)) (type (array (ref $r))))
    (func (export "f") (type $t) i32.const 40) (global (export "n") (ref null $r) (ref.null $r)) (tag (export "e") (param i32))
    (memory (export "m") 1 2) (table (export "t") 1 funcref))
  (component $inner
    (alias outer $outer $a (core module $again))
    (core module $b (import "a" "f" (func $f (result i32))) (func (export "g") (result i32) (i32.add (call $f) (i32.const 2))))
    (core instance $x (instantiate $again))
    (core instance $y (instantiate $b (with "a" (instance $x))))
    (func (export "answer") (result u32) (canon lift (core func $y "g"))))
  (instance $i (instantiate $inner))
  (export "answer" (func $i "answer")))""".replace('MANY', '(core type (func))' * 70)     # numbers of two bytes


def apart(build, conformance):
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-goldens-') as scratch:
        scratch = Path(scratch)
        own = scratch / 'own.wat'
        own.write_text(APART)
        suite = sorted(conformance.glob('wasm-tools/wit-component/components/*/component.wat')) if conformance else []
        for n, path in enumerate([own, *suite]):
            if n and not due(build, n):
                continue
            wrong = take_apart(build, path, scratch, 'answer' if path == own else None)
            outcome.passed += not wrong
            if wrong:
                outcome.fail(f'{path}: {wrong}')
        said = refused(build, scratch)
        outcome.passed += not said
        if said:
            outcome.fail(said)
    return outcome


def take_apart(build, path, scratch, invoked):
    """What is wrong with it."""
    def weft(*words):
        done = run_command([build.weft, *words], cwd=scratch)
        if sanitizer_report(done) or done.status:
            raise ValueError(done.describe())
        return done

    for old in scratch.glob('part*.wasm'):
        old.unlink()
    try:
        listed = weft('component', 'unbundle', path, '--threshold', '0', '--rest', 'rest.wasm', '-o', 'part').stdout.decode()
        files = re.findall(r'^(part(\d+)\.wasm) ', listed, re.M)
        words = [f'--module=unbundled-module{n}={name}' for name, n in files]
        weft('component', 'bundle', 'rest.wasm', *words, '-o', 'whole.wasm')
        weft('validate', '--features=all', 'rest.wasm', 'whole.wasm', *(name for name, _ in files))
        worlds = [weft('wit', p).stdout for p in (path, 'whole.wasm')]
        again = weft('component', 'unbundle', 'whole.wasm', '--threshold', '0', '-o', 'part-again-').stdout.decode()
        sizes = [re.findall(r' (\d+) bytes', text) for text in (listed, again)]
        modules = sorted(p.read_bytes() for p in scratch.glob('part[0-9]*.wasm')), sorted(p.read_bytes() for p in scratch.glob('part-again-*.wasm'))
        if worlds[0] != worlds[1] or modules[0] != modules[1] or not files:
            return f'{sizes}, another world, other modules, or none\n{listed}'
        if invoked and [weft('run', '--invoke', f'{invoked}()', p).stdout for p in (path, 'whole.wasm')] != [b'42\n'] * 2:
            return 'it answers otherwise'
    except ValueError as error:
        return str(error)
    return ''


def refused(build, scratch):
    """Of the rest of our own."""
    (scratch / 'other.wat').write_text('(module (func (export "f") (param i32)))')
    for words, said in [(['component', 'bundle', 'rest.wasm', '--module', 'none=part0.wasm'], b'imports no module "none"'),
                        (['component', 'bundle', 'rest.wasm', '--module', 'none'], b'NAME=FILE'),
                        (['component', 'unbundle', 'own.wat', '--threshold', 'x'], b'--threshold wants'),
                        (['component', 'bundle', 'own-rest.wasm', '--module', 'unbundled-module0=other.wat', '-o', 'bad.wasm'], b'the component:')]:
        if 'own-rest.wasm' in words:
            run_command([build.weft, 'component', 'unbundle', 'own.wat', '--threshold', '0', '--rest', 'own-rest.wasm', '-o', 'own'], cwd=scratch)
        done = run_command([build.weft, *words], cwd=scratch)
        if done.status not in (1, 2) or said not in done.stderr or (scratch / 'bad.wasm').exists():
            return done.describe()
    kept = run_command([build.weft, 'component', 'unbundle', 'own.wat', '--rest', 'all.wasm', '-o', 'none'], cwd=scratch)
    run_command([build.weft, 'parse', 'own.wat', '-o', 'own.wasm'], cwd=scratch)
    same = (scratch / 'all.wasm').exists() and (scratch / 'all.wasm').read_bytes() == (scratch / 'own.wasm').read_bytes()
    return '' if same and not kept.stdout else f'modules below the threshold do not stay\n{kept.describe()}'


# ---- folders

def folders(build):
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-goldens-') as scratch:
        scratch = Path(scratch)
        source = scratch / 'source.wit'
        source.write_text('package a:main; interface i { use c:io/x@1.0.0.{t}; use b:io/x.{t as u}; use c:io/x@1.1.0.{t as v}; }\n'
                          'package c:io@1.0.0 { interface x { type t = u8; } }\npackage c:io@1.1.0 { interface x { type t = u8; } }\n'
                          'package b:io { interface x { type t = u8; } }\npackage b:only@2.0.0 { interface y { } }')
        files = ['deps/b_io.wit', 'deps/c_io@1.0.0.wit', 'deps/c_io@1.1.0.wit', 'deps/only.wit', 'main.wit']

        def check(what, good, done):
            outcome.passed += good
            if not good:
                outcome.fail(f'{what}: {done.describe()}\n{sorted(scratch.rglob("*"))}')

        def write(folder, status, said=b''):
            done = run_command([build.weft, 'wit', source, '--out-dir', folder], cwd=scratch)
            check(folder, done.status == status and said in done.stderr and not sanitizer_report(done), done)
            check(f'{folder}: nothing beside it', not list(scratch.glob('*.[a-zA-Z0-9]' + '?' * 5)), done)
            return done

        done = write('out', 0)
        there = sorted(str(p.relative_to(scratch / 'out')) for p in (scratch / 'out').rglob('*') if p.is_file())
        check('its files', there == files, done)
        check('what is printed', sorted(done.stdout.decode().split()) == sorted('out/' + f for f in files), done)
        read = [run_command([build.weft, 'wit', path]) for path in (source, scratch / 'out')]
        check('it reads as before', read[0].stdout == read[1].stdout != b'', read[1])
        (scratch / 'out/main.wit').write_text('mine')
        check('what is there stays', (scratch / 'out/main.wit').read_text() == 'mine', write('out', 1, b'has files in it'))
        (scratch / 'empty').mkdir()
        write('empty/', 0)
        (scratch / 'file').write_text('mine')
        check('a file stays', (scratch / 'file').read_text() == 'mine', write('file', 1, b'cannot write'))
        (scratch / 'away').mkdir()
        (scratch / 'link').symlink_to('away')
        check('a link is not followed', not list((scratch / 'away').iterdir()), write('link', 1, b'cannot write'))
        write('none/of/this', 1, b'cannot write')
        source.write_text('package a:main; interface i { use b:io/x@1.0.0-' + 'a' * 250 + '.{t}; }\npackage b:io { interface x { type t = u8; } }\n'
                          'package b:io@1.0.0-' + 'a' * 250 + ' { interface x { type t = u8; } }')
        write('long', 1, b'cannot write')
        check('nor any of a name that is too long', not (scratch / 'long').exists(), done)
    return outcome


# ---- worlds

def worlds(build):
    outcome = Outcome()
    text = b'''package a:b; interface i { resource r; } interface j { use i.{r}; }
world w { import i; import f: func(); export g: func(); export i; } world v { export j; }
world old { import c:d/x@1.0.0; import c:d/x@1.1.0; import c:d/y@1.0.0; } world two { import c:d/z@1.0.0; import c:d/z@2.0.0-rc; }
package c:d@1.0.0 { interface x { type gone = u8; } interface y { use x.{gone}; } interface z { } }
package c:d@1.1.0 { interface x { } } package c:d@2.0.0-rc { interface z { } }'''
    for words, status, said in [
            (['--importize', 'none'], 1, 'there is no world'), (['--importize', 'w', '--as', 'x {} world y'], 1, 'malformed'),
            (['--importize', 'w', '--as', 'v'], 1, 'duplicate name'), (['--importize', 'w', '--as', 'i'], 1, 'duplicate name'),
            (['--exportize', 'w', '--only', 'h'], 1, 'imports no "h"'), (['--importize', 'w', '--exportize', 'v'], 2, 'not both'),
            (['--as', 'x'], 2, '--as'), (['--importize', 'w', '--only', 'f'], 2, '--only'), (['--merge-versions', 'old'], 1, 'no type "gone"'),
            (['--merge-versions', 'two'], 0, 'import c:d/z@1.0.0'), (['--importize', 'w'], 0, 'import i;\n  import g: func();\n}'),
            (['--exportize', 'w', '--as', 'world'], 0, 'world %world {\n  export f: func();\n  export i;\n}'),
            (['--exportize', 'w', '--only', 'f', '--only', 'a:b/i'], 0, 'export f: func();'),
            (['--merge-versions', 'w', '--importize', 'w'], 0, 'world w-importized')]:
        done = run_command([build.weft, 'wit', '-', *words], stdin=text)
        good = done.status == status and said in (done.stderr if status else done.stdout).decode() and not sanitizer_report(done)
        outcome.passed += good
        if not good:
            outcome.fail(done.describe())
    return outcome


# ---- labels

def section(code, content):
    return bytes([code]) + leb(len(content)) + content


def text(word):
    return leb(len(word)) + word.encode()


def custom(name, content):
    return section(0, text(name) + content)


HEADERS = {'module': b'\0asm\1\0\0\0', 'component': b'\0asm\x0d\0\1\0'}
# A size that is longer than it need be: what stays is not written anew.
PADDED = b'\1\x85\x80\0\1\x60\0\1\x7f'


def labels(build):
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-goldens-') as scratch:
        at = Path(scratch) / 'in.wasm'

        def run(kind, parts, *words):
            at.write_bytes(HEADERS[kind] + b''.join(parts))
            return run_command([build.weft, *words, at, '-o', '-'])

        def check(done, status, wanted):
            good = done.status == status and not sanitizer_report(done) and (wanted in done.stderr if status else done.stdout == wanted)
            outcome.passed += good
            if not good:
                outcome.fail(f'{done.describe()}\n{done.stdout}\ninstead of\n{wanted}')

        producers = leb(2) + text('sdk') + leb(1) + text('kit') + text('1') + text('language') + leb(1) + text('C') + text('11')
        more = (leb(3) + text('sdk') + leb(2) + text('kit') + text('2') + text('tool') + text('') + text('language') + leb(1) + text('C') + text('11') +
                text('processed-by') + leb(1) + text('ld') + text('a=b'))
        for kind, names in (('module', 'name'), ('component', 'component-name')):
            body = [PADDED] if kind == 'module' else [section(1, HEADERS['module'] + PADDED)]
            inner = section(1, b'\0\0')                   # names of what is in it, whatever those are
            check(run(kind, [*body, custom('producers', producers), custom('x', b'y')], 'label', '--sdk', 'kit=2', '--sdk=tool', '--processed-by', 'ld=a=b'),
                  0, HEADERS[kind] + b''.join([*body, custom('producers', more), custom('x', b'y')]))
            check(run(kind, [*body, custom(names, section(0, text('old')) + inner)], 'label', '--name', 'new'),
                  0, HEADERS[kind] + b''.join([*body, custom(names, section(0, text('new')) + inner)]))
            check(run(kind, [custom(names, section(0, text('old'))), *body, custom('version', b'1')], 'label', '--clear', 'name', '--clear', 'version'),
                  0, HEADERS[kind] + b''.join(body))
            check(run(kind, [*body, custom('version', b'1'), custom('version', b'2')], 'label', '--version', '3', '--authors', 'a'),
                  0, HEADERS[kind] + b''.join([*body, custom('version', b'3'), custom('version', b'2'), custom('authors', b'a')]))
            for broken in (b'\1', b'\x7f', leb(1) + text('sdk') + leb(1 << 30), producers + b'\0', producers[:-1]):
                check(run(kind, [custom('producers', broken)], 'label', '--sdk', 'x'), 1, b'in.wasm:0x')
            check(run(kind, [custom(names, b'\0\x7f')], 'label', '--name', 'x'), 1, b'in.wasm:0x')
            check(run(kind, [b'\0\x7f'], 'label', '--name', 'x'), 1, b'in.wasm:0x')
        check(run('module', [], 'label'), 2, b'nothing is to be said')
        check(run('module', [], 'label', '--clear', 'sdk'), 2, b'--clear wants')
        check(run('module', [], 'label', '--sdk', '=1'), 2, b'--sdk wants')
        check(run('module', [], 'label', '--name', b'\xff'), 2, b'UTF-8')
        debug = custom('.debug_info', b'0123')
        inside = section(1, HEADERS['module'] + debug + PADDED + custom('x', b'y'))
        stays = section(1, HEADERS['module'] + PADDED + custom('x', b'y'))
        deep, cut = (section(4, HEADERS['component'] + section(4, HEADERS['component'] + part)) for part in (debug + inside, stays))
        check(run('component', [inside, deep, debug], 'strip'), 0, HEADERS['component'] + stays + cut)
        check(run('component', [inside, deep, custom('x', b'z')], 'strip', '-R', 'x', '-k', 'x'), 0, HEADERS['component'] + inside + deep + custom('x', b'z'))
    return outcome
