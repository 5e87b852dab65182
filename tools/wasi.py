#!/usr/bin/env python3
"""wasi.py -- the functions of src/wasi/wasi.def as the table of docs/wasi.md.

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


if __name__ == '__main__':
    keep('tools/wasi.py', 'docs/wasi.md', ''.join(table()), 'functions than src/wasi/wasi.def')
