#!/usr/bin/env python3
"""where.py -- the places of an instruction: its row, who derives from it, who writes it by hand, its tests.

    python3 tools/where.py i32.add
    python3 tools/where.py              the instructions that compiled code does by a call of C

Whether an instruction is compiled is asked of ./weft, where that was built.
"""
import os, re, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / 'src'
ROW = re.compile(r'^([A-Z_]+)\((\w+), "([^"]*)", (0x[0-9a-f]+), (.*)', re.M)

# What derives every row, or writes it by hand as PREFIX_row: label, folder or file, prefix.
CONSUMERS = [('validator', 'valid', 'valid'), ('interp', 'interp', 'interp'), ('baseline', 'jit', 'jit'),
             ('graph', 'opt', 'graph'), ('stepper', 'formal', 'step')]
MACHINES = [('x64', 'jit/x64'), ('a64', 'jit/a64'), ('rules', 'opt/rules.def')]


def rows():
    for path in sorted((SRC / 'op').glob('*.def')):
        text = path.read_text()
        for found in ROW.finditer(text):
            line = text.count('\n', 0, found.start()) + 1
            whole = text[found.start():]
            end = re.search(r'^(?!\s)', whole[len(found[0]):], re.M)      # the row goes on while lines are indented
            yield path, line, found, whole[:len(found[0]) + (end.start() if end else 0)].rstrip()


def signature(row):
    """`ii_i` as `[i32 i32] -> [i32]`, by the letters of sig.def."""
    words = dict(re.findall(r'^LETTER\((\w), (\w+)\)', (SRC / 'op/sig.def').read_text(), re.M))
    sig = next((w for w in re.findall(r'\b(\w*_\w*|any)\b', row.split('0x', 1)[1]) if w == 'any' or
                re.fullmatch(r'[a-zA-Z]*_[a-zA-Z]*', w) and set(w) <= set(words) | {'_'}), None)
    if not sig or sig == 'any':
        return 'its type depends on its immediates'
    return '[{}] -> [{}]'.format(*(' '.join(words[c] for c in side) for side in sig.split('_')))


def grep(pattern, place):
    paths = [place] if place.is_file() else sorted(p for p in place.rglob('*') if p.is_file()) if place.exists() else []
    for path in paths:
        if path.suffix in ('.c', '.h', '.def', '.wat', '.wast', '.test', '.txt'):
            for n, line in enumerate(path.read_text(errors='replace').split('\n'), 1):
                if re.search(pattern, line):
                    yield path, n, line.strip()


def show(label, path, line, text):
    place = f'{path.relative_to(ROOT)}:{line}'
    print(f'{label:10}{place:32}{text[:90]}')


def weft(*words):
    """What it prints, a line each."""
    try:
        return subprocess.run([ROOT / 'weft', *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()
    except OSError:
        return []


def called():
    names = weft('explain', '--called')
    print(f'{len(names)} instructions that compiled code does by a call of C:', *names)


def where(path, line, row, whole):
    kind, name, text, opcode, rest = row.groups()
    print(f'{text}  {opcode}  {signature(whole)}')
    body = whole.split('\n')
    show('meaning' if kind == 'PURE' else 'row', path, line, body[0])
    for more in body[1:]:
        print(f'{"":42}{more.strip()}')
    for label, folder, prefix in CONSUMERS:
        if (SRC / folder).exists():
            hits = list(grep(rf'\b{prefix}_{name}\b|\b[A-Z_]+\({name}\b', SRC / folder))
            for hit in hits[:3]:
                show(label, *hit)
            if not hits:
                print(f'{label:10}derived')
    for line in weft('explain', name):
        if line.startswith('  compiled'):
            print(f'{"compiled":10}{line.partition("compiled")[2].strip()}')
    for label, place in MACHINES:
        for hit in list(grep(rf'\({name}\b', SRC / place))[:3]:
            show(label, *hit)
    tests = [f'{p.relative_to(ROOT)}:{n}' for p, n, _ in grep(rf'(?<![\w.]){re.escape(text)}(?![\w.])', ROOT / 'tests')]
    conformance = Path(os.environ.get('WEFT_CONFORMANCE') or ROOT.parent / 'shared/conformance') / 'spec/core'
    files = sorted({str(p.relative_to(conformance.parent)) for p, _, _ in
                    grep(rf'(?<![\w.]){re.escape(text)}(?![\w.])', conformance)}) if conformance.exists() else []
    shown = tests[:5] + ([f'... {len(tests) - 5} more'] if len(tests) > 5 else [])
    own = [f for f in files if Path(f).stem in (text.split('.')[0], text.replace('.', '_'), text)]
    files = own + [f for f in files if f not in own]
    print(f'{"tests":10}{", ".join(shown + files[:5]) or "none mentions it"}'
          f'{f", {len(files) - 5} more of the suite" if len(files) > 5 else ""}')


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ''
    if not wanted:
        called()
        print('usage: make where OP=i32.add')
        return 0
    everything = list(rows())
    found = [r for r in everything if wanted in (r[2][2], r[2][3])]
    for row in found:
        where(*row)
    if not found:
        near = [r[2][3] for r in everything if wanted and wanted.split('.')[-1] in r[2][3]]
        print(f'where: no row for "{wanted}" in src/op/*.def' + (f'; there are: {" ".join(near[:20])}' if near else
              ' (usage: make where OP=i32.add)'), file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
