#!/usr/bin/env python3
"""wasi.py -- the functions of src/wasi/wasi.def as the table of docs/wasi.md, those of src/wasi/p2/p2.def as that of docs/components.md.

    python3 tools/wasi.py            writes it there
    python3 tools/wasi.py --check    says whether it stands there
"""
import re

from page import ROOT, keep


def functions():
    """(kind, name, words, asks, what it does) of each row."""
    return re.findall(r'^(BOTH|TWO|ONE)\((\w+), "[^"]*", "([^"]*)", (\w+), "([^"]+)"\)', (ROOT / 'src/wasi/wasi.def').read_text(), re.M)


def asks():
    return re.findall(r'^ASKS\((\w+), "([^"]+)", "([^"]+)"\)', (ROOT / 'src/wasi/asks.def').read_text(), re.M)


def table():
    for name, what, granted in asks():
        if not any(asked == name for *_, asked, _ in functions()):
            continue
        granted = re.sub(r'(--[a-z-]+)', r'`\1`', granted)
        yield f'\n**{what[0].upper()}{what[1:]}** ({granted})\n\n'
        yield '| function | is given | gives | does |\n|---|---|---|---|\n'
        for kind, func, words, asked, text in functions():
            if asked != name:
                continue
            given = ', '.join(w.split(':')[0] for w in words.split() if w[0] != '>')
            gives = ', '.join(w[1:].split(':')[0] for w in words.split() if w[0] == '>')
            text += {'ONE': '; not in snapshot 0', 'TWO': '; laid out differently in snapshot 0', 'BOTH': ''}[kind]
            yield f'| `{func}` | {given} | {gives} | {text} |\n'
    yield '\n'


def table_of_p2():
    text = (ROOT / 'src/wasi/p2/p2.def').read_text()
    granted = {name: granted for name, _, granted in asks()}
    rows = re.findall(r'^FUNC\((\w+), "([^"]+)", "[^"]+", (\w+), "([^"]+)"\)', text, re.M)
    yield '\n| of `wasi:` | is granted by | function | does |\n|---|---|---|---|\n'
    for interface, name, asked in re.findall(r'^INTERFACE\((\w+), "([^"]+)", (\w+)\)', text, re.M):
        by = re.sub('(--[a-z-]+)', r'`\1`', granted[asked])
        first = f'`{name}` | {by}'
        for in_it, func, handler, does in rows:
            if in_it == interface and handler != 'no_socket':
                yield f'| {first} | `{func.split("]")[-1]}` | {does} |\n'
                first = ' | '
    yield '\n'


if __name__ == '__main__':
    keep('tools/wasi.py', 'docs/components.md', ''.join(table_of_p2()), 'functions than src/wasi/p2/p2.def')
    keep('tools/wasi.py', 'docs/wasi.md', ''.join(table()), 'functions than src/wasi/wasi.def')
