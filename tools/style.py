#!/usr/bin/env python3
"""style.py -- does the code look as it should: what a script can see of it, in C sources, headers and tables.

    python3 tools/style.py [FILE...]        without a file all of them

Each rule is a function that yields (line, what is wrong); tests/style/ has a file that breaks it.
"""
import re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOPS = ('src', 'include', 'tests', 'fuzz', 'examples', 'micro', 'bench', 'python', 'js')
COLUMNS, FILE_LINES, FUNCTION_LINES = 100, 800, 90
WORDS = r'\b(TODO|FIXME|XXX|HACK)\b|(?<![\w.}/])/(work|home|Users|mnt|build)/'
SMALL_TYPES = re.compile(r'[usif](8|16|32|64)|[uv]128')       # of C here, and of values in tables
# Folders whose long lines wait until those who work there are done.
LONG_YET = ()
# Their names are a standard's.
STANDARD = ('wasm.h', 'wasm.hh')
# A row of a table is read down, beside others: it may be as wide as it is.
ROW = re.compile(r'\s*(\{.*\}|\[.*\] = .*|[A-Z][A-Z0-9_]*\(.*\));?,?( //.*)?( \\)?')


class Source:
    def __init__(self, path):
        self.path, self.name = path, path.name
        self.top = path.relative_to(ROOT).parts[0]
        self.text = path.read_bytes().decode(errors='replace')
        self.lines = self.text.split('\n')
        # The same without what strings and comments say; lines stay.
        self.code = re.sub(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/',
                           lambda found: '""' if found[0][0] == '"' else re.sub(r'[^\n]', ' ', found[0]),
                           self.text, flags=re.S)

    def all(self, pattern, text=None):
        text = self.code if text is None else text
        for found in re.finditer(pattern, text, re.M | re.S):
            yield text.count('\n', 0, found.start()) + 1, found


def functions(text):
    """(name, first line, lines) of each definition: it starts at the margin, and its body's braces too."""
    for found in re.finditer(r'^[A-Za-z_][^\n;{}#]*?\b(\w+)\([^;{}]*\)\s*\n\{\n', text, re.M):
        end = text.find('\n}', found.end())
        if end >= 0:
            yield found[1], text.count('\n', 0, found.start()) + 1, text.count('\n', found.start(), end) + 1


# ---- the rules -----------------------------------------------------------------------------------

def head(s):
    """A file begins by saying what it is. One example does not: weft.h shows it in full."""
    if not re.match(r'(// |/\* )' + re.escape(s.name) + ' -- ', s.text) and s.path.parts[-2:] != ('embed', 'hello.c'):
        yield 1, f'begins with `// {s.name} -- ` and its idea'


def columns(s):
    if any(folder in s.path.parents for folder in LONG_YET):
        return
    for n, line in enumerate(s.lines, 1):
        if len(line) > COLUMNS and s.path.suffix != '.def' and not ROW.fullmatch(line):
            yield n, f'{len(line)} columns, {COLUMNS} at most outside of tables'


def blanks(s):
    for n, line in enumerate(s.lines, 1):
        if '\t' in line:
            yield n, 'a tab'
        if line != line.rstrip():
            yield n, 'blanks at the end'
    if not re.search(r'[^\n]\n\Z', s.text):
        yield len(s.text.rstrip().split('\n')), 'ends with one newline'


def guard(s):
    """#pragma once in front of all code, or nothing where a header is meant to be included again and again."""
    if s.path.suffix == '.h' and s.top != 'include':
        for n, _ in s.all(r'^#\s*ifndef \w+_H_* *$'):
            yield n, 'a header has #pragma once'
        for n, found in s.all(r'^#pragma once *$'):
            if s.code[:found.start()].strip():
                yield n, '#pragma once stands in front of all else'


def includes(s):
    """The first block: the file's own header, what src/ has, what the system has; each by name."""
    if s.path.suffix not in ('.c', '.h'):
        return
    first, block = next(s.all(r'(?:^#include [<"][^\n]*\n)+', s.text), (0, ''))
    found = re.findall(r'#include ([<"])([^>"]+)', block and block[0])
    own = '/'.join(s.path.relative_to(ROOT).parts[1:])[:-2] + '.h'
    ranks = [(kind == '<', name != own, name) for kind, name in found]
    for i in range(1, len(ranks)):
        if ranks[i] < ranks[i - 1]:
            yield first + i, f'{found[i][1]} stands in front of {found[i - 1][1]}'


def comments(s):
    for n, line in enumerate(s.lines, 1):
        if re.match(r'\s*//[^ \n/]', line):
            yield n, 'a blank behind //'


def braces(s):
    for n, _ in s.all(r'\}\n\s*else\b'):
        yield n + 1, 'else stands behind the brace'
    if s.path.suffix != '.def':
        for n, found in s.all(r'^[a-z][^\n;{}#=]*\)[ ]*\{$'):
            yield n, "a function's brace has a line of its own"
    for n, _ in s.all(r'^(?:static )?(?:inline )?[A-Za-z_][\w ]*[\w*] *\n\w+\([^;{}()]*\)\n\{'):
        yield n, "a definition's line starts with its type"


def names(s):
    if s.name in STANDARD:
        return
    public = s.top == 'include'
    for n, found in s.all(r'^#\s*define (\w+)(\([^)]*\))? *([^\n]*)'):
        # A small name may be another word for something, or pass on the arguments of a function.
        if re.match(r'[a-z]', found[1]) and not re.fullmatch(r'\w+', found[3].strip()) and \
                '__VA_ARGS__' not in found[3] and s.path.parent.parent.name != 'real' and found[1][0] != '_':
            yield n, f'the macro {found[1]} has capitals'
    for n, found in s.all(r'^typedef (?:[^\n;{}()]*|[^\n]*\} |[^\n;]*\{ *\n.*?^\} )\b(\w+);'):
        name = found[1]
        if not (re.fullmatch(r'[A-Z][A-Za-z0-9]*', name) or SMALL_TYPES.fullmatch(name) or
                (s.path.parent.name == 'posix' and name.endswith('_t')) or
                (public and re.fullmatch(r'weft_[a-z0-9_]+', name))):
            yield n, f'the type {name} is CamelCase' + (', or weft_...' if public else '')
    for n, found in s.all(r'\benum( \w+)? \{([^{}]*)\}'):
        for item in re.finditer(r'(?:^|,)\s*([a-zA-Z_]\w*(?:##\w+)?)', re.sub(r'\([^()]*\)', '', found[2])):
            if not re.fullmatch(r'[A-Z][A-Z0-9]*(_[\w#]+)?', item[1]) and not SMALL_TYPES.fullmatch(item[1]):
                yield n, f'the enumerator {item[1]} is KIND_row'
    for name, n, _ in functions(s.text):
        # P(name) is how a template names what it makes; some names are others' to choose, as those of rules.
        if not re.fullmatch(r'_*[a-z][a-z0-9_]*|P|LLVMFuzzer\w+|PyInit_\w+|prim_\w+|Step_\w+', name) and not \
                re.fullmatch(r'[A-Z][a-z]+_ok2?(_\w+)?|Extend_\w+|(Not)?ImmutReachable(_\w+)?|(Non)?[Dd]efaultable', name):
            yield n, f'the function {name} is noun_verb'
    if public:
        for n, found in s.all(r'^WEFT_API [^;(]*?(\w+)\('):
            if not found[1].startswith('weft_'):
                yield n, f'{found[1]} is public and no weft_...'


def length(s):
    if s.top in ('src', 'include', 'python', 'js') and len(s.lines) > FILE_LINES:
        yield 1, f'{len(s.lines)} lines, {FILE_LINES} at most'
    if s.top != 'tests' or s.path.parent.name == 'style':
        for name, n, lines in functions(s.text):
            if lines > FUNCTION_LINES:
                yield n, f'{name} has {lines} lines, {FUNCTION_LINES} at most'


def words(s):
    for n, found in s.all(WORDS, s.text):
        yield n, f'`{found[0]}`: nothing is left to be done, and no path is of one machine'


RULES = (head, columns, blanks, guard, includes, comments, braces, names, length, words)


def check(path):
    """(line, rule, what is wrong), in order."""
    source = Source(path)
    return sorted((n, rule.__name__, text) for rule in RULES for n, text in rule(source))


def sources():
    for top in TOPS:
        for path in sorted((ROOT / top).rglob('*')):
            if path.suffix in ('.c', '.h', '.cc', '.hh', '.def') and 'style' not in path.parts[:-1]:
                yield path


def main():
    paths = [Path(name).resolve() for name in sys.argv[1:]] or list(sources())
    problems = [f'{path.relative_to(ROOT)}:{n}: {rule}: {text}' for path in paths for n, rule, text in check(path)]
    print('\n'.join(problems) if problems else f'style: {len(paths)} files look as they should')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
