#!/usr/bin/env python3
"""seeds.py -- what fuzzing starts from: build/fuzz/corpus/TARGET, made from the conformance suites and our tests.

    python3 fuzz/seeds.py WEFT [--share]      the suites are found as tests/run.py finds them

Scripts are taken apart: each text module is a seed for `text` and `doctor`, its binary one for `decoder`, `interp`, `roundtrip` and
the commands, and a module with the commands behind it one for `wast` and `wast_json`. Files of WIT are seeds for `wit`; in binary, or with a module, for `wit_binary` and `componentize`; what tests/composing.py has in the wac language, for `compose`. `program`, `api`, `exceptions`, `wasm_c`, `snapshot` and `values` start from bytes drawn by lot.
With --share of one of eight files, which make test is content with: a target runs some hundred seeds there.
What has been made is not made again: `made/all`, and a file for each share, say what there is.
Names are hashes, so that the same seed is there once, and the same files give the same corpus everywhere.
"""
import hashlib, random, re, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / 'build/fuzz/corpus'
MOST = 4096      # bytes of a seed: what is longer is slow to run, and says little more
COMMANDS = 8     # of a script
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|;;[^\n]*|[()]|[^"();]+|;', re.S)
sys.path[:0] = [str(ROOT / 'tests')]
import composing
from outcome import in_share, share
from run import find_conformance

KINDS = {'binary': ('decoder', 'interp', 'inspect', 'roundtrip', 'doctor', 'strip', 'opt', 'addr2line'), 'component': ('component', 'wit_binary'), 'world': ('componentize',), 'component_text': ('component_text',), 'text': ('text', 'doctor'), 'script': ('wast', 'wast_json'), 'choices': ('program', 'api', 'exceptions', 'wasm_c', 'snapshot', 'values'), 'wit': ('wit',), 'wac': ('compose',)}
CHOSEN = {'strip': b'\0', 'opt': b'\3', 'wit': b'\1', 'addr2line': b'\x2c\0\0\0'}     # stands in front: see there


def forms(source):
    """The outermost forms of a text; block comments are left out."""
    source, depth, start = without_comments(source), 0, 0
    for token in TOKEN.finditer(source):
        if token[0] == b'(':
            depth += 1
            if depth == 1:
                start = token.start()
        elif token[0] == b')':
            depth -= 1
            if depth == 0:
                yield source[start:token.end()]


def without_comments(source):
    """Without (; ;), which nest, but not within strings."""
    out, depth = [], 0
    for piece in re.findall(rb'"(?:[^"\\\n]|\\.)*"|;;[^\n]*|\(;|;\)|.', source, re.S):
        if piece == b'(;' or (piece == b';)' and depth):
            depth += 1 if piece == b'(;' else -1
        elif not depth:
            out.append(piece)
    return b''.join(out)


def add(kind, data):
    if 0 < len(data) <= MOST:
        for target in KINDS[kind]:
            data_of = CHOSEN.get(target, b'') + data
            (CORPUS / target / hashlib.sha1(data_of).hexdigest()[:16]).write_bytes(data_of)


def add_component(form):
    """One that a script has as bytes, in strings."""
    strings = re.findall(rb'"((?:[^"\\]|\\.)*)"', form)
    text = b''.join(strings)
    data = re.sub(rb'\\([0-9a-fA-F]{2})', lambda found: bytes([int(found[1], 16)]), text)
    if data.startswith(b'\0asm\x0d'):
        add('component', data)


def add_script(source):
    script = []
    for form in forms(source):
        if re.match(rb'\((assert_\w+\s+\()?component\s+(\$\w+\s+)?binary', form):
            add_component(form)
        if form.startswith(b'(component') and not re.match(rb'\(component\s+(instance|quote)', form):
            add('component_text', form)
        if form.startswith(b'(module'):
            if not re.match(rb'\(module\s+(definition|instance|quote|binary)', form):
                add('text', form)
            script = [form]
        elif script and len(script) <= COMMANDS:
            script.append(form)
            if len(script) == COMMANDS:
                add('script', b'\n'.join(script))
    if script:
        add('script', b'\n'.join(script))


def assemble(weft):
    """Binaries of all texts that we have."""
    with tempfile.TemporaryDirectory(prefix='weft-seeds-') as scratch:
        out = Path(scratch) / 'out.wasm'
        for path in sorted((CORPUS / 'text').iterdir()):
            done = subprocess.run([weft, 'parse', '--features=all', path, '-o', out], capture_output=True)
            if done.returncode == 0:
                add('binary', out.read_bytes())


def add_worlds(weft, conformance):
    """Modules with the worlds that they are made for, and WIT in binary."""
    suite = conformance / 'wasm-tools/wit-component'
    with tempfile.TemporaryDirectory(prefix='weft-seeds-') as scratch:
        out = Path(scratch) / 'out.wasm'
        for module in sorted((suite / 'components').glob('*/module.wat')):
            if subprocess.run([weft, 'component', 'embed', '--world', 'module', module.with_suffix('.wit'), module, '-o', out], capture_output=True).returncode == 0:
                add('world', out.read_bytes())
        for module in sorted((suite / 'components').glob('*/*lib-*.wat')):
            if subprocess.run([weft, 'component', 'embed', '--world', module.stem, module.with_suffix('.wit'), module, '-o', out], capture_output=True).returncode == 0:
                add('world', out.read_bytes())
        for wit in sorted((suite / 'interfaces').glob('*.wit')):
            if subprocess.run([weft, 'wit', '--binary', wit, '-o', out], capture_output=True).returncode == 0:
                add('component', out.read_bytes())


def add_choices():
    """What tests/gen and exceptions.c make programs of, api.c and wasm_c.c call, and snapshot.c changes."""
    for n in range(200):
        chance = random.Random(f'weft {n}')
        add('choices', chance.randbytes(chance.choice((60, 200, 600))))


def main():
    weft, conformance, part = sys.argv[1], find_conformance(), '--share' in sys.argv
    made = CORPUS / 'made' / (f'share-{share()}' if part else 'all')
    if any(path.exists() and path.stat().st_mtime > Path(__file__).stat().st_mtime for path in (made, made.with_name('all'))):
        return
    for target in sum(KINDS.values(), ()):
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
    places = [ROOT / 'tests'] + ([conformance] if conformance else [])
    for place in places:
        files = sorted(p for p in place.rglob('*') if p.suffix in ('.wast', '.wat', '.wasm', '.wit') and p.is_file())
        for path in [path for n, path in enumerate(files) if not part or in_share(n)]:
            data = path.read_bytes()
            if path.suffix == '.wasm':
                add('binary', data)
                if data[4:8] == b'\x0d\0\1\0':
                    add('component', data)
            elif path.suffix == '.wit':
                add('wit', data)
            elif len(data) < 1 << 20:
                add_script(data)
    for text in [case[1] for case in composing.MADE] + [case[0] for case in composing.REFUSED]:
        add('wac', text.encode())
    assemble(weft)
    if conformance:
        add_worlds(weft, conformance)
    add_choices()
    for target in sum(KINDS.values(), ()):
        print(target, len(list((CORPUS / target).iterdir())))
    made.parent.mkdir(exist_ok=True)
    made.touch()


if __name__ == '__main__':
    main()
