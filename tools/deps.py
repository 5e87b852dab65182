#!/usr/bin/env python3
"""deps.py -- checks every #include "..." under src/ against src/DEPS: folders look up, never down or sideways."""
import re, sys
from pathlib import Path

SRC = Path(__file__).resolve().parent.parent / 'src'
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)


def read_rules():
    rules = {}
    for line in (SRC / 'DEPS').read_text().splitlines():
        line = line.split('#')[0]
        if line.strip():
            folder, allowed = line.split(':')
            for name in allowed.split():
                if name not in rules:
                    sys.exit(f'src/DEPS: {folder.strip()} names {name}, which does not stand above it')
            rules[folder.strip()] = {'base', 'op', *allowed.split()} - ({'op'} if folder.strip() == 'base' else set())
    return rules


def folder_of(path, rules):
    """The longest folder in DEPS that the path (relative to src) lies in."""
    parts = Path(path).parts[:-1]
    while parts and '/'.join(parts) not in rules:
        parts = parts[:-1]
    return '/'.join(parts)


def main():
    rules, problems, checked = read_rules(), [], 0
    for path in sorted(p for p in SRC.rglob('*') if p.suffix in ('.c', '.h', '.def')):
        inside = str(path.relative_to(SRC))
        folder, text = folder_of(inside, rules), path.read_text(errors='replace')
        if not folder:
            problems.append(f'src/{inside}: its folder has no line in src/DEPS')
        for found in INCLUDE.finditer(text):
            checked += 1
            line, target = text.count('\n', 0, found.start()) + 1, found[1]
            other = folder_of(target, rules)
            if not (SRC / target).exists() and not (SRC.parent / 'include' / target).exists():
                problems.append(f'src/{inside}:{line}: "{target}" is not in src/ (includes are written from there)')
            elif other and folder and other != folder and other not in rules[folder]:
                problems.append(f'src/{inside}:{line}: {folder}/ may not include {other}/ ("{target}")')
    print('\n'.join(problems) if problems else f'deps: {checked} includes follow src/DEPS')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
