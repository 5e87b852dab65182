#!/usr/bin/env python3
"""prices.py -- the prices of src/op/price.def as the two tables of docs/limits.md.

    python3 tools/prices.py            writes them there
    python3 tools/prices.py --check    says whether they stand there
"""
import re

from page import ROOT, keep


def instructions():
    """By what they cost, their own unit included, the names of the text format."""
    texts = {name: text for file in ('op', 'gc', 'simd', 'atomics', 'stack')
             for name, text in re.findall(r'^\w+\((\w+), "([^"]+)"', (ROOT / f'src/op/{file}.def').read_text(), re.M)}
    rows = {}
    for name, units in re.findall(r'DEAR\((\w+), (\d+)\)', (ROOT / 'src/op/price.def').read_text()):
        rows.setdefault(1 + int(units), []).append(f'`{texts[name]}`')
    return sorted(rows.items())


def prices():
    return re.findall(r'^PRICE\(\w+, (\d+), "([^"]+)"\)', (ROOT / 'src/op/price.def').read_text(), re.M)


def tables():
    yield '| units | for each |\n|---:|---|\n'
    yield '| 1 | instruction that is not below |\n'
    yield from (f'| {units:,} | {", ".join(dict.fromkeys(names))} |\n' for units, names in instructions())
    yield '\n| units besides | for |\n|---:|---|\n'
    yield from (f'| {int(units):,} | {text} |\n' for units, text in prices())


if __name__ == '__main__':
    keep('tools/prices.py', 'docs/limits.md', ''.join(tables()), 'prices than src/op/price.def')
