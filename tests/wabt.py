"""wabt.py -- the test files of wabt, held against what weft does with them.

    wabt/FOLDER/NAME     one file: what its tool should make of it, as far as weft has such a tool

    wat2wasm             accepted or refused; where its -v shows them, the bytes of the module
    run-objdump          the bytes that its disassembly shows
    run-roundtrip        the text that it prints gives the same module as ours
    wat-desugar          the same
    run-gen-wasm...      modules that are described piece by piece: accepted or refused, and the text as above
    run-interp           what each export gives, or how it traps
    run-interp-spec, wast2json  a script: passes, or does not

Names that a tool makes up or leaves out are no part of a module here, nor is where a custom section stands. Which features wabt
has off has changed with time: what should be accepted is so with all on; what should be refused is, with all on or with
those off that are live or came with 3.0.
"""
import math, re, struct, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, run_command, sanitizer_report

# Off where that is the reason why something is refused, unless the file switches it on; as wabt calls them, and as we do.
OFF = {'exceptions': ['exception-handling', 'legacy-exceptions'], 'threads': ['threads'], 'tail-call': ['tail-call'],
       'function-references': ['function-references'], 'gc': ['gc'], 'memory64': ['memory64'], 'multi-memory': ['multi-memory'],
       'extended-const': ['extended-const'], 'relaxed-simd': ['relaxed-simd'], 'annotations': ['annotations'],
       'code-metadata': ['branch-hinting'], 'custom-page-sizes': ['custom-page-sizes'], 'compact-imports': ['compact-imports'],
       'component-model': ['component-model']}      # which wabt has no flag for
ON = {'bulk-memory': ['bulk-memory'], 'reference-types': ['reference-types']}
NEEDS = {'gc': ['function-references'], 'code-metadata': ['annotations']}


class File:
    def __init__(self, path):
        self.path, self.text = path, path.read_bytes()
        self.args, self.tool, self.error = [], '', 0
        for line in self.text.split(b'\n'):
            m = re.match(rb';;; (\w[^:]*):\s*(.*)', line)
            if not m:
                break
            key, value = m[1].decode(), m[2].decode()
            if key == 'TOOL':
                self.tool = value.strip()
            elif key.startswith('ERROR'):
                self.error |= int(value)
            elif key.startswith('ARGS'):
                self.args += value.split()
        self.error |= self.tool == 'run-gen-wasm-bad'
        self.stderr, self.stdout = (self.block(name) for name in (b'STDERR', b'STDOUT'))
        self.body = re.split(rb'^\(;; STD(?:ERR|OUT) ;;;', self.text, 1, re.M)[0]

    def block(self, name):
        m = re.search(rb'^\(;; ' + name + rb' ;;;\n(.*?)^;;; ' + name + rb' ;;\)', self.text, re.M | re.S)
        return m[1].decode(errors='replace') if m else ''

    def features(self, strict):
        on = set()
        for word in self.args:
            if word.startswith('--enable-'):
                on |= set(OFF) if word[9:] == 'all' else {word[9:], *NEEDS.get(word[9:], [])}
        words = [f'-{ours}' for name, all_ours in OFF.items() for ours in all_ours if strict and name not in on]
        words += [f'-{ours}' for word in self.args if word.startswith('--disable-') for ours in ON.get(word[10:], [])]
        return '--features=' + ','.join(['+custom-page-sizes' if strict else 'all', *words])


# ---- what weft makes of it

class Weft:
    """The commands, with a folder of their own."""
    def __init__(self, build, features, scratch):
        self.build, self.features, self.scratch, self.log = build, features, Path(scratch), ''
        self.sanitized = False

    def run(self, command, *words):
        done = run_command([self.build.weft, command, self.features, *words], cwd=self.scratch)
        self.log += done.describe() + '\n'
        self.sanitized |= bool(sanitizer_report(done)) or done.status >= 128 and command != 'run'
        return done

    def parse(self, text, name):
        """The binary, or None."""
        (self.scratch / f'{name}.wat').write_bytes(text)
        done = self.run('parse', f'{name}.wat', '-o', f'{name}.wasm')
        return (self.scratch / f'{name}.wasm').read_bytes() if done.status == 0 else None

    def valid(self, name):
        return self.run('validate', f'{name}.wasm').status == 0

    def printed(self, name):
        done = self.run('print', f'{name}.wasm', '-o', f'{name}-printed.wat')
        return (self.scratch / f'{name}-printed.wat').read_bytes() if done.status == 0 else None


def leb(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7f) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            return value, at


def sections(module):
    at = 8
    while at < len(module):
        size, content = leb(module, at + 1)
        yield module[at], module[at:content + size], module[content:content + size]
        at = content + size


def comparable(module, customs=True):
    """Sections that hold something, without names; and then the custom ones, in any order."""
    own = [whole for code, whole, content in sections(module) if code and content != b'\0']
    others = sorted(whole for code, whole, content in sections(module) if not code and content[:5] != b'\4name')
    return own, others if customs else []


# ---- what wabt's output shows

def shown_bytes(text):
    """The modules that -v dumps: bytes at offsets, some of them written again, or moved, when a size is known."""
    modules, now = [], None
    for line in text.splitlines():
        m = re.match(r'([0-9a-f]{7}): ((?:[0-9a-f]{2,4} )+)', line + ' ')
        moved = re.match(r'; move data: \[([0-9a-f]+), ([0-9a-f]+)\) -> \[([0-9a-f]+), ([0-9a-f]+)\)', line)
        cut = re.match(r'; truncate to (\d+) \(0x([0-9a-f]+)\)', line)
        if moved:
            a, b, c, _ = (int(x, 16) for x in moved.groups())
            now[c:c + b - a] = now[a:b]
        elif cut:
            del now[int(cut[1]):]
        elif m:
            at, data = int(m[1], 16), bytes.fromhex(m[2].replace(' ', ''))
            if at == 0:
                now = bytearray()
                modules.append(now)
            now[at:at + len(data)] = data
    return [bytes(m) for m in modules]


def disassembled(text):
    """(offset, bytes) of each instruction that objdump -d shows."""
    for m in re.finditer(r'^ ([0-9a-f]{6}): ((?:[0-9a-f]{2} )+) *\|', text, re.M):
        yield int(m[1], 16), bytes.fromhex(m[2].replace(' ', ''))


# ---- modules described piece by piece

SECTIONS = {name: code for code, name in enumerate(
    ['CUSTOM', 'TYPE', 'IMPORT', 'FUNCTION', 'TABLE', 'MEMORY', 'GLOBAL', 'EXPORT', 'START', 'ELEM', 'CODE', 'DATA', 'DATACOUNT', 'TAG'])}
SECTIONS |= {'NAME_MODULE': 0, 'NAME_FUNCTION': 1, 'NAME_LOCALS': 2}
WORDS = {'magic': b'\0asm', 'version': b'\1\0\0\0', 'i32': b'\x7f', 'i64': b'\x7e', 'f32': b'\x7d', 'f64': b'\x7c', 'v128': b'\x7b',
         'funcref': b'\x70', 'externref': b'\x6f', 'function': b'\x60', 'struct': b'\x5f', 'array': b'\x5e', 'void': b'\x40',
         'func_kind': b'\0', 'table_kind': b'\1', 'memory_kind': b'\2', 'global_kind': b'\3', 'tag_kind': b'\4'}
TOKEN = re.compile(r'\s+|;;[^\n]*|([\w.$-]+)|("(?:[^"\\]|\\.)*")|([][(){}])')


def opcodes():
    """From the tables, so that none is spelled here."""
    rows = {}
    for file in ('op.def', 'simd.def', 'atomics.def'):
        text = (Path(__file__).resolve().parent.parent / 'src/op' / file).read_text()
        for name, code in re.findall(r'^[A-Z_]+\(\w+, "([^"]+)", (0x[0-9a-f]+)', text, re.M):
            value = int(code, 16)
            if value > 0xff:
                prefix, sub = (value >> 8, value & 0xff) if value <= 0xffff else (value >> 12, value & 0xfff)
                rows.setdefault(name, bytes([prefix]) + unsigned(sub))
            else:
                rows.setdefault(name, bytes([value]))
    return rows


def unsigned(value):
    out = b''
    while value > 0x7f:
        out, value = out + bytes([value & 0x7f | 0x80]), value >> 7
    return out + bytes([value])


def signed(value):
    out = b''
    while not -64 <= value < 64:
        out, value = out + bytes([value & 0x7f | 0x80]), value >> 7
    return out + bytes([value & 0x7f])


class NotUnderstood(Exception):
    pass


class Assembler:
    """`section(TYPE) { count[1] function params[0] }`: a name with brackets is the bytes in them, one with braces has its size before it."""
    def __init__(self, text, ops):
        self.ops, self.tokens, at = ops, [], 0
        text = re.sub(r'^;;;.*$', '', text, flags=re.M)
        while at < len(text):
            m = TOKEN.match(text, at)
            if not m:
                raise NotUnderstood(text[at:at + 20])
            if m.lastindex:
                self.tokens.append(m[m.lastindex])
            at = m.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ''

    def take(self, wanted=None):
        token = self.peek()
        if wanted and token != wanted:
            raise NotUnderstood(f'{token} where {wanted} should be')
        self.at += 1
        return token

    def until(self, end):
        out = b''
        while self.peek() != end:
            if not self.peek():
                raise NotUnderstood(f'no {end}')
            out += self.item()
        self.at += bool(end)
        return out

    def item(self):
        token = self.take()
        if token[0] == '"':
            return self.string(token)
        if re.fullmatch(r'-?(0x[0-9a-fA-F]+|\d+)', token):
            return bytes([int(token, 0) & 0xff])
        after = self.peek()
        if token == 'section':
            self.take('(')
            name = self.take()
            self.take(')')
            self.take('{')
            if name[0] == '"':
                content = self.string(name)
                return b'\0' + self.sized(unsigned(len(content)) + content + self.until('}'))
            if name not in SECTIONS:
                raise NotUnderstood(f'section {name}')
            code = SECTIONS[name]
            return bytes([code]) + self.sized(self.until('}'))
        if token in ('str', 'leb_i32', 'leb_i64', 'leb_u32') and after == '(':
            self.take('(')
            value = self.take()
            self.take(')')
            if token == 'str':
                content = self.string(value)
                return unsigned(len(content)) + content
            return (unsigned if token == 'leb_u32' else signed)(int(value, 0))
        if after == '[':
            self.take()
            return self.until(']')
        if after == '{':
            self.take()
            return self.sized(self.until('}') + (b'\x0b' if token == 'func' else b''))
        if token in WORDS:
            return WORDS[token]
        if token in self.ops:
            return self.ops[token]
        raise NotUnderstood(token)

    def sized(self, content):
        return unsigned(len(content)) + content

    def string(self, token):
        return re.sub(rb'\\([0-9a-fA-F]{2})', lambda m: bytes([int(m[1], 16)]), token[1:-1].encode())


# ---- the tools

def same_module(weft, file, module):
    """The text that wabt prints gives our module; and so does the text that we print."""
    if not file.stdout.lstrip().startswith('(module'):
        return True
    theirs = weft.parse(file.stdout.encode(), 'theirs')
    ours = weft.printed('own')
    again = ours and weft.parse(ours, 'again')
    return theirs is not None and again is not None and comparable(again) == comparable(module) and \
        comparable(theirs, False) == comparable(module, False)


def same_bytes(file, module):
    shown = shown_bytes(file.stderr + file.stdout)
    if {'-r', '--no-canonicalize-leb128s', '--section-offsets'} & set(file.args):
        return True                          # numbers are padded, or offsets counted otherwise
    return (not shown or comparable(shown[0]) == comparable(module)) and \
        all(module[at:at + len(data)] == data for at, data in disassembled(file.stdout))


def assemble(file, weft):
    """(accepted, module)"""
    module = weft.parse(file.text, 'own')
    unchecked = '--no-check' in file.args or file.tool == 'wat-desugar'
    return module is not None and (unchecked or weft.valid('own')), module


def text_tool(file, weft):
    accepted, module = assemble(file, weft)
    if file.error or not accepted:
        return bool(file.error) != accepted
    return same_bytes(file, module) and (file.tool in ('run-objdump', 'wat2wasm') or same_module(weft, file, module))


def binary_tool(file, weft):
    try:
        module = Assembler(file.body.decode(), opcodes()).until('')
    except NotUnderstood as what:
        return bool(file.error) and file.tool == 'run-gen-wasm' or f'cannot be assembled: {what}'
    (weft.scratch / 'own.wasm').write_bytes(module)
    accepted = weft.valid('own')
    if file.tool == 'run-objdump-gen-wasm':  # which only looks
        return weft.run('inspect', '--disassemble', 'own.wasm').status in (0, 1)
    if file.tool == 'run-gen-wasm-interp':
        return not accepted or weft.run('run', '--invoke', 'main', 'own.wasm').status == 134
    if file.error or not accepted:
        return bool(file.error) != accepted
    return same_module(weft, file, module)


NUMBER = {'i32': 32, 'i64': 64}


def same_value(want, got):
    kind, _, text = want.partition(':')
    if kind in NUMBER:
        return int(text) % (1 << NUMBER[kind]) == int(got) % (1 << NUMBER[kind])
    if kind in ('f32', 'f64'):
        value = math.nan if 'nan' in got else float(got)
        if kind == 'f32':                    # ours shows no more digits than it takes
            value = struct.unpack('<f', struct.pack('<f', value))[0]
        return text.lstrip('-').startswith('nan') if math.isnan(value) else text == f'{value:f}'
    return kind.endswith('ref')              # what it refers to is each engine's own


def preload(file):
    """By name, modules with the functions that a file imports, which give zeros."""
    modules = {}
    for m in re.finditer(r'\(import\s+"([^"]*)"\s+"([^"]*)"\s+\(func\s+(?:\$\S+\s*)?((?:\((?:param|result)[^()]*\)\s*)*)\)', file.body.decode()):
        results = ' '.join(re.findall(r'\(result([^()]*)\)', m[3])).split()
        fields = modules.setdefault(m[1], {})
        if fields.get(m[2], m[3]) != m[3]:
            return None
        fields[m[2]] = m[3], ' '.join(f'({t}.const 0)' for t in results)
    return {name: '(module ' + ' '.join(f'(func (export "{f}") {sig} {zeros})' for f, (sig, zeros) in fields.items()) + ')'
            for name, fields in modules.items()}


def constant(value):
    """For the script format; None where wabt shows less than the value."""
    kind, _, text = value.partition(':')
    if kind in NUMBER:
        return f'({kind}.const {text})'
    if kind == 'v128 i32x4':
        return f'(v128.const i32x4 {text})'
    return None


def interpret(file, weft):
    """All calls in turn on one instance, as a script; then, where a float or reference is given, what a new instance gives."""
    accepted, _ = assemble(file, weft)
    calls = re.findall(r'^(?!called host )(.*?)\(((?:\w+:[^()]*)?)\) => ?(.*)$', file.stdout, re.M)
    if not accepted:
        return bool(file.error)
    if '--run-export' in ' '.join(file.args) and not calls:
        return 'refuses its command line'
    hosts, words, shown = preload(file), [], []
    if hosts is None:
        return 'one host function of several types'
    body = file.body.decode() if re.search(rb'^\s*\(module', file.body, re.M) else f'(module {file.body.decode()})'
    if 'error initializing module' in file.stdout + file.stderr:
        body = f'(assert_trap {body} "")'
    lines = [f'{text} (register "{name}")' for name, text in hosts.items()] + [body]
    for name, text in hosts.items():
        (weft.scratch / f'{name}.wat').write_text(text)
        words += ['--preload', f'{name}={name}.wat']
    for name, given, want in calls:
        given, values = ([v for v in text.split(', ') if v] for text in (given, want))
        call = f'(invoke "{name}" {" ".join(f"({t}.const {v})" for t, v in (g.split(":") for g in given))})'
        if want.startswith('error: '):
            lines.append(f'({trap_command(want)} {call} "")')
        elif None in map(constant, values):
            lines.append(call)
            shown.append((name, [g.split(':')[1] for g in given], values))
        else:
            lines.append(f'(assert_return {call} {" ".join(map(constant, values))})')
    (weft.scratch / 'own.wast').write_text('\n'.join(lines))
    done = weft.run('wast', '-k', '--deterministic', 'own.wast')
    good = done.status == 0
    for name, given, values in shown:
        got = weft.run('run', *words, '--invoke', name, 'own.wasm', *given).stdout.decode().splitlines()
        if len(values) != len(got) or not all(map(same_value, values, got)):
            good, weft.log = False, weft.log + f'{name}: {values}, got {got}\n'
    return good


def trap_command(want):
    return 'assert_exception' if 'uncaught exception' in want else 'assert_exhaustion' if 'exhausted' in want else 'assert_trap'


def script(file, weft):
    (weft.scratch / 'own.wast').write_bytes(file.body)
    done = weft.run('wast', '-k', 'own.wast')
    return (done.status == 0) != bool(file.error)


TOOLS = {'wat2wasm': text_tool, 'run-objdump': text_tool, 'run-roundtrip': text_tool, 'wat-desugar': text_tool, 'run-interp': interpret,
         'run-interp-spec': script, 'wast2json': script, 'run-objdump-spec': script, 'run-gen-wasm': binary_tool,
         'run-gen-wasm-bad': binary_tool, 'run-objdump-gen-wasm': binary_tool, 'run-gen-wasm-interp': binary_tool}


def run(build, path):
    file = File(path)
    if file.tool not in TOOLS:
        return Outcome.skip(f'{file.tool or "a command of its own"}: there is no such tool here')
    log = ''
    for strict in [False, True] if file.error else [False]:
        with tempfile.TemporaryDirectory(prefix='weft-wabt-') as scratch:
            weft = Weft(build, file.features(strict), scratch)
            good = TOOLS[file.tool](file, weft)
        log += weft.log
        if good or weft.sanitized:
            break
    if type(good) is str:
        return Outcome.skip(good)
    return Outcome.of(good and not weft.sanitized, f'{path}: {"should be refused" if file.error else "should be accepted"}\n' + log)


def tests(options):
    folder = options.conformance and options.conformance / 'wabt'
    if not folder or not folder.is_dir():
        yield Test('wabt', lambda: Outcome.skip('the suite is not here (WEFT_CONFORMANCE)'))
        return
    for build in options.builds:
        for n, path in enumerate(sorted(folder.rglob('*.txt'))):
            name = str(path.relative_to(folder))[:-4]
            yield Test(f'wabt/{name}{build.suffix}', lambda path=path, build=build: run(build, path),
                       full=build.name != 'release' and not in_share(n, 4))
