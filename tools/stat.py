#!/usr/bin/env python3
"""stat.py -- the size of things: lines by folder, and what is longer or more conditional than STYLE wants."""
import re
from pathlib import Path
from style import functions

ROOT = Path(__file__).resolve().parent.parent
LONG_FILE, LONG_FUNCTION = 600, 60


def main():
    folders, long_files, long_functions, conditions, wide = {}, [], [], 0, 0
    for path in sorted(p for top in ('src', 'include', 'tests', 'tools', 'bench', 'examples')
                       for p in (ROOT / top).rglob('*') if p.suffix in ('.c', '.h', '.def', '.py', '.sh', '.mjs', '.wat')):
        name = path.relative_to(ROOT)
        text = path.read_text(errors='replace')
        lines = text.count('\n')
        folder = '/'.join(name.parts[:2 if name.parts[0] == 'src' else 1])
        count = folders.setdefault(folder, [0, 0])
        count[0] += 1
        count[1] += lines
        wide += sum(len(line) > 100 for line in text.split('\n'))
        if path.suffix in ('.c', '.h'):
            conditions += len(re.findall(r'^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b', text, re.M)) if 'src' in name.parts else 0
            if lines > LONG_FILE:
                long_files.append(f'{lines:6}  {name}')
            long_functions += [f'{n:6}  {name}:{at} {f}' for f, at, n in functions(text) if n > LONG_FUNCTION]
    for folder, (files, lines) in sorted(folders.items()):
        print(f'{lines:8} lines {files:4} files  {folder}')
    print(f'{sum(n for _, n in folders.values()):8} lines {sum(n for n, _ in folders.values()):4} files')
    print(f'{conditions} conditions of the preprocessor in src/, {wide} lines over 100 columns')
    for title, found in ((f'files over {LONG_FILE} lines', long_files), (f'functions over {LONG_FUNCTION} lines', long_functions)):
        if found:
            print(f'{title}:\n' + '\n'.join(sorted(found, reverse=True)[:20]))


if __name__ == '__main__':
    main()
