"""checking.py -- the checker of machine code (src/jit/check), held against what others know.

    check/decoding      whatever it decodes, Zydis and LLVM read the same: all rows with all operands, and random bytes;
                        and what it is as text has the names, operands and order of Zydis
    check/good          functions of check/good.s are let pass
    check/refused       those of check/refused.s are refused, for the reason that they say
    check/escapes       what good.s becomes by each change that breaks a rule, at each place where it does, is refused
    check/called         docs/jit.md names the instructions that compiled code does by calls of C, and no others
    check/lines          each row that computes has a line in lower.def

How fast it is, in MB/s for each function of good.s:

    python3 tests/checking.py | build/release/tests/check/verdict 100000
"""
import fnmatch, re, shutil, struct, sys, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, run_command

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'tests/check'
UNITS = [ROOT / 'tests/unit' / f'{name}_test.c' for name in ('jitcheck', 'places', 'compiled')]
STRINGS = {'release': 3000000, 'asan': 200000, 'cover': 200000}
STRINGS_FULL = 10000000
ASSEMBLER = 'llvm-mc-19'
LEAST_ESCAPES = 11000


def tests(options, tally):
    for build in options.builds:
        fast = build.name == 'release'
        yield Test(f'check/decoding{build.suffix}', lambda build=build: decoding(build, options, tally), fast=fast, full=not fast and not in_share(1, 2))
        yield Test(f'check/called{build.suffix}', lambda build=build: called(build), fast=fast, full=not fast and not in_share(0, 2))
        if fast:
            yield Test('check/lines', lines, fast=True)
        for name, run in ('good', good), ('refused', refused), ('escapes', escapes):
            yield Test(f'check/{name}{build.suffix}', lambda build=build, run=run: assembled(build, run), fast=fast,
                       full=name == 'escapes' and not in_share(fast, 2 if fast else 4))


def decoding(build, options, tally):
    program = ROOT / 'build' / build.name / 'tests/check/differ'
    if not program.exists():
        return Outcome.skip('no Zydis or no LLVM to read machine code beside us')
    full = options.full and build.name == 'release'
    count = STRINGS_FULL if full else 20000 if options.fast else STRINGS[build.name]
    return tally(run_command([program, count, *([] if full else ['share'])], cwd=ROOT, timeout=600))


def called(build):
    """In the section's list a word in quotes is an instruction, or a pattern of some."""
    section = (ROOT / 'docs/jit.md').read_text().partition('## What is done in C\n')[2].partition('\n## ')[0]
    patterns = re.findall(r'`([\w.*]+)`', section.partition('\n* ')[2])
    texts = {text for path in (ROOT / 'src/op').glob('*.def') for text in re.findall(r'^[A-Z_0-9]+\(\w+,\s*"([^"]+)",\s*0x', path.read_text(), re.M)}
    done = run_command([build.weft, 'explain', '--called'], timeout=60)
    found, said = set(done.stdout.decode().split()), {p: set(fnmatch.filter(texts, p)) for p in patterns}
    wrong = [f'`{p}` is of none' for p in patterns if not said[p]]
    wrong += [f'{text} is a call of C, which docs/jit.md does not say' for text in sorted(found - set().union(*said.values()))]
    wrong += [f'{text} is no call of C, which docs/jit.md says' for text in sorted(set().union(*said.values()) - found)]
    return Outcome.of(done.status == 0 and not wrong, '\n'.join([done.describe()[-500:], *wrong]))


def lines():
    """What has none is right, since functions that have it are interpreted, and slow: nothing else would say so."""
    rows = {row for path in (ROOT / 'src/op').glob('*.def') for row in
            re.findall(r'^(?:PURE2?|VECTOR|LANE|VLOAD|VSTORE|LOAD_LANE|STORE_LANE)\((\w+), *"', path.read_text(), re.M)}
    lowered = re.findall(r'^(?:LOWER|FLOAT)\((\w+),', (ROOT / 'src/jit/x64/lower.def').read_text(), re.M)
    wrong = [f'{row} has no line in lower.def' for row in sorted(rows - set(lowered))]
    wrong += [f'{row} has {lowered.count(row)} lines in lower.def' for row in sorted({row for row in lowered if lowered.count(row) > 1})]
    return Outcome.of(bool(rows) and not wrong, '\n'.join(wrong))


# ---- functions as text ---------------------------------------------------------------------------

SLOTS = re.findall(r'^RUNTIME\((\w+)', (ROOT / 'src/run/native.def').read_text(), re.M)
SLOW_ROWS = re.findall(r'^SLOW\((\w+)', (ROOT / 'src/run/slow.def').read_text(), re.M)
REGISTERS = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split()
KINDS = {'outline': 1, 'away': 2, 'resume': 4, 'entry': 8}
MACROS = {
    'ENTER': '''|   sub r14, 8
!   pop qword ptr [r14]
!   lea r11, [rbp + FRAME - 64]
!   cmp r11, r14
!   ja overflow
!   mov r11, qword ptr [r15 + 16]
!   cmp dword ptr [r11], 0
!   jne entry_poll
entered:''',
    'LEAVE': '''|   push qword ptr [r14]
!   add r14, 8
!   ret''',
    'POLL': '''|   mov r11, qword ptr [r15 + 16]
!   cmp dword ptr [r11], 0
!   jne {0}''',
    'PIECES': '''overflow: # outline
|   call qword ptr [rip + SLOT(overflow)]
entry_poll: # outline
|   call qword ptr [rip + SLOT(poll)]
    jmp entered''',
    # the row of run/slow.def, the first slot, two numbers
    'SLOW': '''|   mov eax, ROW({0})
!   mov ecx, {1}
!   mov edx, {2}
!   mov esi, {3}
=   call qword ptr [rip + SLOT(slow)]''',
    'THROW': '''|   mov eax, ROW({0})
!   mov ecx, {1}
!   mov edx, {2}
!   mov esi, {3}
!   call qword ptr [rip + SLOT(throw)]''',
    'TRAP': '''|   mov eax, {0}
!   call qword ptr [rip + SLOT(trap)]''',
    'FUEL': '''|   mov eax, {0}
!   call qword ptr [rip + SLOT(fuel)]''',
    'CALLEE': '''|   mov ecx, {0}
!   mov edx, {1}
!   call qword ptr [rip + SLOT(callee_indirect)]''',
    'CHECK': '''|   lea {0}, [{1} + {2}]
|   xor {3:32}, {3:32}
|   cmp {0}, qword ptr [r15 + 8]
!   ja {4}
!   cmova {0}, {3}''',
    'FUNC': '''|   and r11d, dword ptr [r15 + 64]
!   shl r11, 5
!   add r11, qword ptr [r15 + 40]''',
    'INDIRECT': '''|   mov r11, qword ptr [r15 + 128]
|   mov r11, qword ptr [r11 + {1}]
|   mov rcx, qword ptr [r11 + 8]
!   cmp rax, rcx
!   jae {3}
!   sbb rdx, rdx
!   and rax, rdx
!   mov r11, qword ptr [r11]
=   mov r11d, dword ptr [r11 + rax*4]
|   and r11d, dword ptr [r15 + 64]
!   shl r11, 5
!   add r11, qword ptr [r15 + 40]
    mov rcx, qword ptr [r15 + 72]
    mov ecx, dword ptr [rcx + {2}]
    cmp ecx, dword ptr [r11 + 16]
    jne {3}
|   mov rcx, qword ptr [r11 + 8]''',
}


class Word(str):
    """A macro's argument; {0:32} is the lower half of a register."""
    def __format__(self, how):
        return half(self) if how == '32' else str(self)


def half(register):
    return register + 'd' if register[1].isdigit() else 'e' + register[1:]


class Blob:
    def __init__(self, name, words, lines, note=''):
        self.name, self.lines, self.note = name, lines, note
        self.frame = next(int(w[6:]) for w in words if w.startswith('frame='))
        self.guarded, self.words = 'guarded' in words, words

    def changed(self, lines, note):
        return Blob(self.name, self.words, lines, note)


def read_blobs(path):
    blobs = []
    for line in path.read_text().splitlines():
        if line.startswith('== '):
            name, *words = line[3:].split()
            blobs.append(Blob(name, words, []))
        elif line.startswith('refused: '):
            blobs[-1].note = line[9:]
        elif line.split() and line.split()[0] in MACROS:
            name, *words = line.split()
            blobs[-1].lines += MACROS[name].format(*map(Word, words)).split('\n')
        elif line.strip() and not line.startswith('#'):
            blobs[-1].lines.append(line)
    return blobs


HALVES = {register: half(register) for register in REGISTERS}
WIDE = {half(register): register for register in REGISTERS}
LABEL = re.compile(r'(\w+):\s*(?:#\s*(.*))?$')


def assembly(n, blob):
    """The text for the assembler, in a section of its own, its labels with the number in front."""
    labels = [m[1] for m in map(LABEL.match, blob.lines) if m]
    mine = re.compile(r'(?<![\w.])(' + '|'.join(labels + ['slots']) + r')\b')
    out = [f'.section .b{n},"ax"']
    for line in blob.lines:
        text = line.split('#')[0].lstrip('|!= ')
        text = text.replace('FRAME', str(blob.frame))
        text = re.sub(r'ROW\((\w+)\)', lambda m: str(SLOW_ROWS.index(m[1])), text)
        text = re.sub(r'SLOT\((\w+)\)', lambda m: f'slots + {8 * slot_number(m[1])}', text)
        if text.strip() == 'data:':
            out.append(f'b{n}_data:\n.balign 16')
        else:
            out.append(mine.sub(rf'b{n}_\1', text))
    if not any(line.strip() == 'data:' for line in blob.lines):
        out.append(f'b{n}_data:')
    return '\n'.join(out + ['.balign 16', f'b{n}_slots:', ''])


def slot_number(name):
    return SLOTS.index(name) if name in SLOTS else len(SLOTS) + int(name[1:])


def assemble(blobs):
    """For each blob a line for tests/check/verdict, or None if the assembler does not know what it says."""
    text = '.intel_syntax noprefix\n' + ''.join(assembly(n, blob) for n, blob in enumerate(blobs))
    with tempfile.TemporaryDirectory(prefix='weft-check-') as scratch:
        source, made = Path(scratch) / 'in.s', Path(scratch) / 'out.o'
        source.write_text(text)
        done = run_command([ASSEMBLER, '-triple=x86_64-linux-gnu', '-mcpu=x86-64-v3', '-filetype=obj', '-n', source, '-o', made],
                           timeout=120)
        if done.status:
            raise ValueError(done.describe())
        return blob_lines(blobs, made.read_bytes())


def blob_lines(blobs, elf):
    """Reads sections and symbols of an object of 64 bits, which has fewer than 65,000 sections."""
    shoff, = struct.unpack_from('<Q', elf, 40)
    size, count, names = struct.unpack_from('<HHH', elf, 58)
    sections = [struct.unpack_from('<IIQQQQIIQQ', elf, shoff + i * size) for i in range(count)]

    def text(at):
        return elf[at:elf.index(b'\0', at)].decode()
    contents = {text(sections[names][4] + s[0]): elf[s[4]:s[4] + s[5]] for s in sections}
    symbols = {}
    for table in (s for s in sections if s[1] == 2):
        for at in range(table[4], table[4] + table[5], 24):
            name, _, value = struct.unpack_from('<IIQ', elf, at)
            symbols[text(sections[table[6]][4] + name)] = value
    for n, blob in enumerate(blobs):
        code, slots = symbols[f'b{n}_data'], symbols[f'b{n}_slots']
        labels, tables = [], []
        for m in map(LABEL.match, blob.lines):
            offset, words = m and symbols.get(f'b{n}_{m[1]}'), (m and m[2] or '').split()
            if m is None or m[1] == 'data':
                continue
            if offset >= code:
                tables += [(offset, int(w[6:])) for w in words if w.startswith('table=')]
                continue
            zext = sum(1 << REGISTERS.index(r) for w in words if w.startswith('zext=') for r in w[5:].split(','))
            kind = sum(KINDS[w] for w in words if w in KINDS)
            if labels and labels[-1][0] == offset:      # both are one
                labels[-1] = offset, labels[-1][1] & zext, labels[-1][2] | kind
            else:
                labels.append((offset, zext, kind))
        data = contents[f'.b{n}'][:slots]
        yield ' '.join(map(str, [code, slots, blob.frame, slots, blob.guarded + 2 * ('plain' in blob.words), len(labels),
                                 *(x for label in labels for x in label), len(tables), *(x for t in tables for x in t), data.hex()]))


def assembled(build, run):
    program = ROOT / 'build' / build.name / 'tests/check/verdict'
    if not shutil.which(ASSEMBLER):
        return Outcome.skip(f'no {ASSEMBLER} to assemble with')
    if not program.exists():
        return Outcome(failed=1, text=f'{program} was not built')
    return run(program)


def verdicts(program, blobs):
    """(blob, what the checker says), if it says something of each."""
    done = run_command([program], stdin='\n'.join(assemble(blobs)).encode(), timeout=300)
    lines = done.stdout.decode().splitlines()
    if done.status or len(lines) != len(blobs):
        raise ValueError(done.describe()[:4000])
    return zip(blobs, lines)


def good(program):
    outcome = Outcome()
    for blob, said in verdicts(program, read_blobs(FOLDER / 'good.s')):
        outcome.passed += said == 'ok'
        if said != 'ok':
            outcome.fail(f'{blob.name}: {said}')
    return outcome


def refused(program):
    outcome = Outcome()
    for blob, said in verdicts(program, read_blobs(FOLDER / 'refused.s')):
        right = bool(blob.note) and said.partition(' ')[2] == blob.note
        outcome.passed += right
        if not right:
            outcome.fail(f'{blob.name}: {said}, not {blob.note}')
    known = {blob.note for blob in read_blobs(FOLDER / 'refused.s')} | {text for path in UNITS for text in re.findall('"(.*?)"', path.read_text())}
    for path in sorted((ROOT / 'src/jit/check').glob('*.c')):
        for reason in re.findall(r'check_fail\(c,\s*"(.*?)"|(?:return|:|NULL :) "(.*?)";', path.read_text()):
            if not any(reason) or ''.join(reason) not in known:
                outcome.fail(f'{path.name}: nothing is refused because `{"".join(reason)}`')
    return outcome


# ---- escapes -------------------------------------------------------------------------------------

# What no code may do, wherever it stands; one of sixteen at each place.
NEVER = [line.strip() for line in '''
    syscall; int3; hlt; ret; leave; push rax; pop rax; pop rbp; popfq; cld; rep movsb; xchg rax, rcx; lock add dword ptr [rbp - 128], 1
    jmp rax; call rax; jmp qword ptr [rax]; call qword ptr [rbp - 128]; jmp qword ptr [r15 + 24]
    mov dword ptr [rax], eax; mov eax, dword ptr [rax]; mov rax, qword ptr fs:[0]; mov eax, dword ptr [4096]; mov dword ptr [rip + slots], eax
    mov dword ptr [rip - 7], eax; mov qword ptr [r14], rax; mov rax, qword ptr [r14]; mov rax, qword ptr [rsp]; mov qword ptr [rsp - 8], rax
    mov rsp, rax; mov rbp, rax; mov ebp, eax; mov rbx, rax; mov r14, rax; mov r15, rax; xor ebx, ebx; mov rbx, qword ptr [r15 + 32]
    add r14, 8; sub r14, 8; and rsp, -16; add rsp, 8; lea rbp, [rbp + 8]; add rbp, 4; sub rbp, 8; add rbp, 4096; add ebp, 8; imul rbx, rbx, 2
    mov qword ptr [r15], rax; mov qword ptr [r15 + 8], rax; mov dword ptr [r15 + 64], eax; mov eax, dword ptr [r15 + 8]; mov rax, qword ptr [r15 + 4]
    mov rax, qword ptr [r15 + 1]; mov rax, qword ptr [r15 + 58]; mov eax, dword ptr [r15 + 66]; mov rax, qword ptr [r15 + 144]; mov rax, qword ptr [r15 + 104]; mov rax, qword ptr [r15 - 8]; mov rax, qword ptr [r15 + rcx]
    movaps xmm0, xmm1; movss xmm0, dword ptr [rbp - 128]; vmovaps ymm0, ymm1; vzeroupper; mov ah, 1; mov ah, al; fld1; emms; rdtsc; cpuid
    vmovups ymm0, ymmword ptr [rbp - 128]; bsf eax, ecx; cmpxchg dword ptr [rbp - 128], ecx; prefetcht0 [rax]; clflush [rax]; in al, 0x10
    call qword ptr [rip + slots - 8]; call qword ptr [rip + slots + 4]; call qword ptr [rip + slots + 4096]; call qword ptr [rip + SLOT(tail_far)]
    call qword ptr [rip + SLOT(enter_interp)]; call entered; jmp entered + 1; jne entered + 1; jmp slots; jmp qword ptr [rip + SLOT(f4)]
    .byte 0x66, 0x66, 0x90; .byte 0x41, 0x90; .byte 0x40, 0x66, 0x90; .byte 0x2e, 0x90; .byte 0x67, 0x8b, 0x45, 0x80; .byte 0x0f, 0x0b, 0x0f
    mov rax, qword ptr [rbp - 129]; mov rax, qword ptr [rbp + FRAME - 128]; mov eax, dword ptr [rbp + FRAME - 131]; mov byte ptr [rbp + FRAME - 128], al
    mov rax, qword ptr [rbp + rax - 128]; mov dword ptr [rbp + FRAME + 4096], 1; vmovups xmmword ptr [rbp + FRAME - 136], xmm0
    add eax, dword ptr [rbx + r13]; mov eax, dword ptr [rbx + r13*4]; mov eax, dword ptr [rbx - 4]; mov eax, dword ptr [rbx + 2147483646]
    mov rax, qword ptr [r11 + 4096]; mov qword ptr [r11 + 4096], rax; mov qword ptr [r11 + 24], rax; mov dword ptr [r12 + 8], eax
    '''.replace('\n', ';').split(';') if line.strip()]
CLOBBERS = ['mov {0}, qword ptr [rbp - 128]', 'mov {0}, rsp', 'lea {0}, [rax + rcx*8]', 'movsxd {0}, dword ptr [rbp - 128]', 'not {0}']
DESTINATION = re.compile(r'^([|!= ]\s*(?:mov|movzx|movsx|movsxd|lea|add|sub|imul|and|xor|cmov\w+|sh\w+|ror\w*|lzcnt|popcnt|not|neg|vmovd|vmovq)\s+)'
                         r'(r[a-ds][xpi]|rdi|e[a-ds][xi]|edi|r\d+d?)(\b.*)$')
MEMORY = re.compile(r'^(?!.*\blea\b)(?!.*\bnop\b)(.*\[)(rbp|rbx|r15|r11|rcx|r14|rip)\b(.*\].*)$')


def put(blob, at, lines, note, count=1):
    return blob.changed(blob.lines[:at] + lines + blob.lines[at + count:], f'line {at + 1}, {blob.lines[at].strip()}: {note}')


def is_code(line):
    return line.strip() and not LABEL.match(line) and not line.strip().startswith('.')


def code_lines(blob):
    """(number, line) of all in front of the data."""
    for at, line in enumerate(blob.lines):
        if line.strip() == 'data:':
            return
        if is_code(line):
            yield at, line


def escapes_of(blob):
    for at, line in code_lines(blob):
        for text in NEVER[at % 16::16]:
            yield put(blob, at, ['    ' + text, line], text)
        if line[0] in '|!':
            yield put(blob, at, [], 'left out')
        if line[0] in '!=':
            yield put(blob, at, ['    nop', line], 'something in front')
            yield put(blob, at, ['within:', line], 'a label')
            yield put(blob, at, ['    jmp within', 'within:', line], 'a way in')
        if line[0] in '|!=':
            yield from template_escapes(blob, at, line)
        yield from other_operands(blob, at, line)
        yield from other_targets(blob, at, line)


def other_operands(blob, at, line):
    found = DESTINATION.match(line)
    # The frame may be moved, and the base of memory 0 loaded again; so may what is done twice.
    if found:
        wide = found[2][0] == 'r' and not found[2].endswith('d') or found[2] == 'rdi'
        for register in 'rsp', 'rbx', 'r14', 'r15', 'rbp':
            if register == 'rbp' and re.match(r'..\s*(add|sub) ', line):
                continue
            if found[2] != register:
                yield put(blob, at, [found[1] + (register if wide else half(register)) + found[3]], f'writes {register}')
    found = MEMORY.match(line)
    if not found:
        return
    for base in 'rsp', 'r14', 'r13':
        if found[2] != base and not (base == 'rsp' and '+ r' in found[3]):
            yield put(blob, at, [found[1] + base + found[3]], f'base {base}')
    displacements = {'rbp': [blob.frame - 128, blob.frame, 2147483600, -129, -129 - 16, -2147483648], 'r15': [1, 2, 140, 2147483640],
                     'rbx': [-2147483648] + [2147483646] * ('word' in found[1] and ' word' not in found[1])}
    for more in displacements.get(found[2], []):
        yield put(blob, at, [f'{found[1]}{found[2]} + {more}{re.sub(r"[+-] *[0-9]+(?=[]])", "", found[3])}'], f'displacement {more}')
    access = re.search(r'\[(rbx|r11) \+ (\w+) - (\d+)\]', line)
    if access:
        for text in f'- {int(access[3]) - 1}', '- 2147483647', '', '+ 4':
            yield put(blob, at, [line.replace(f'- {access[3]}]', f'{text}]')], f'displacement {text}')
        yield put(blob, at, [line.replace(access[2], 'r13')], 'another index')
        for clobber in CLOBBERS:
            yield put(blob, at, ['    ' + clobber.format(access[2]), line], clobber)
    access = re.search(r'\[rbx \+ (r\w+)( \+ \d+)?\]', line)
    if access:
        for text in f'{access[1]}*2', 'r13', 'rbp', 'r15':
            yield put(blob, at, [line.replace(access[1], text)], f'index {text}')
        for clobber in CLOBBERS:
            yield put(blob, at, ['    ' + clobber.format(access[1]), line], clobber)
        yield put(blob, at, ['    call qword ptr [rip + SLOT(slow)]', line], 'a call in front')
    access = re.search(r'\[r11 \+ (r\w+)( \+ \d+)?\]', line)
    if access:
        for text in f'{access[1]}*2', 'r13', 'rbp', f'{access[1]} - 4', f'{access[1]} + 65536', f'{access[1]} + 2147483640', '4096':
            yield put(blob, at, [line.replace(access[0], f'[r11 + {text}]')], f'in the heap, {text}')
        for clobber in CLOBBERS:
            yield put(blob, at, ['    ' + clobber.format(access[1]), line], clobber)
    access = re.search(r'\[r11 \+ (r\w+)\*8 \+ (\d+)\]', line)
    if access:
        for text in f'{access[1]}*4 + {access[2]}', f'{access[1]}*8 + 16', f'{access[1]}*8 + 40', f'{access[1]}*8 - 4', f'r13*8 + {access[2]}', access[1]:
            yield put(blob, at, [line.replace(access[0], f'[r11 + {text}]')], f'of a type, {text}')
        yield put(blob, at, [f'    mov dword ptr {access[0]}, r9d', line], 'written')
        yield put(blob, at, [f'    mov r9, qword ptr {access[0]}', line], 'an access twice as wide')
        for clobber in CLOBBERS[:1] + CLOBBERS[2:]:
            yield put(blob, at, ['    ' + clobber.format(access[1]), line], clobber)
    access = re.search(r'(\w+) ptr \[(r11|rcx)( \+ \w+\*4)?( \+ \d+)?\]', line)
    if access:
        base, index = access[2] + (access[4] or ''), access[3]
        others = [base + ' + r13*4', base + ' + 4096', access[2] + ' - 8']
        for text in [base + ' + r13*4', base + ' + rsi', f'{base}{index[:-1]}8', f'{base}{index} + 4', f'{base}{index} - 4'] if index else others:
            yield put(blob, at, [line.replace(access[0], f'{access[1]} ptr [{text}]')], text)
        if index:
            yield put(blob, at, [f'    mov r9, qword ptr [{base}{index}]', line], 'an access twice as wide')
        elif line[2:].strip().startswith('mov r11, qword'):
            yield put(blob, at, [f'    mov qword ptr [{base}], r9', line], 'written')
            yield put(blob, at, [f'    mov r9d, dword ptr [{base}]', line], 'a half of it')
    if found[2] in ('r11', 'rcx') and '[rcx + r11' not in line:
        for clobber in CLOBBERS:
            yield put(blob, at, ['    ' + clobber.format(found[2]), line], clobber)
        yield put(blob, at, ['    call qword ptr [rip + SLOT(slow)]', line], 'a call in front')


CONDITIONS = ['a', 'ae', 'b', 'be', 'e', 'ne', 's', 'ns', 'g', 'le']
CONDITION = re.compile(r'^(.. *)(j|cmov)(?!mp)(\w+)( .*)$')
REGISTER = re.compile(r'\b(r(?:[abcd]x|[sb]p|[sd]i|\d+d?)|e(?:[abcd]x|[sb]p|[sd]i))\b')
ADDRESS = re.compile(r'(\w+) ptr (\[[^]]*\])')


def template_escapes(blob, at, line):
    """What is a template's with another condition, register, width, place or number is no part of it."""
    found = CONDITION.match(line)
    for other in CONDITIONS if found else []:
        if other != {'c': 'b'}.get(found[3], found[3]):
            yield put(blob, at, [f'{found[1]}{found[2]}{other}{found[4]}'], f'condition {other}')
    address = ADDRESS.search(line)
    for found in REGISTER.finditer(line):
        wide = WIDE.get(found[0], found[0])
        inside = '[' in line[:found.start()] and ']' in line[found.end():]
        for other in (r for r in ('r13', 'rdi', 'r11', 'r15') if r != wide):
            text = other if found[0] == wide else half(other)
            yield put(blob, at, [line[:found.start()] + text + line[found.end():]], f'{text} for {found[0]}')
        if not inside and not address and re.search(r' (mov|add|sub|and|sbb|cmp|xor) ', line):
            text = f'{"qword" if found[0] == wide else "dword"} ptr [rbp - 128]'
            yield put(blob, at, [line[:found.start()] + text + line[found.end():]], f'memory for {found[0]}')
    yield from other_width(blob, at, line)
    if address and 'SLOT' not in line:
        base, registers = address[2][:-1], len(REGISTER.findall(address[2]))
        # Each item of a space is as good as any other.
        others = ['+ 4'] if re.search(r' mov r11, .*\[r11', line) else ['+ 4', '+ 8', '- 8']
        for more in others + ['+ r13', '+ r13*4'] * (registers == 1 and 'rip' not in base):
            yield put(blob, at, [line.replace(address[2], f'{base} {more}]')], f'memory {more}')
        # A function is found by any number.
        if line[0] != '=':
            text = half('r13') if address[1] == 'dword' else 'r13'
            yield put(blob, at, [line.replace(address[0], text)], f'{text} for memory')
    found = re.search(r', (\d+)$', line)
    # How much is added to an index is open.
    if found and not re.search(r' (movabs|mov|add r(?!14)\w+)\b', line):
        for number in int(found[1]) + 1, int(found[1]) + 8:
            yield put(blob, at, [f'{line[:found.start()]}, {number}'], f'number {number}')


def other_width(blob, at, line):
    """64 bits for 32, or 32 for 64. What clears a register, or gives it a small number, may do so in both."""
    parts = re.split(r'(\[[^]]*\])', line)
    for names, text, other in (HALVES, 'qword', 'dword'), (WIDE, 'dword', 'qword'):
        changed = ''.join(part if part[0] == '[' else REGISTER.sub(lambda m: names.get(m[0], m[0]), part).replace(text, other)
                          for part in parts if part)
        if changed != line and not (names is WIDE and re.search(' (xor|mov \\w+, \\d)', line)) and not re.search(' (push|pop|call|jmp|movsxd|movabs) ', line):
            yield put(blob, at, [changed], f'{other} for {text}')


def other_targets(blob, at, line):
    found = re.match(r'^(.. *j\w+\s+)(?!r11)(\w+)$', line)
    if found:
        yield put(blob, at, [f'{found[1]}{found[2]} + 1'], 'not where the label is')
        yield put(blob, at, [f'{found[1]}slots'], 'outside')
    if 'SLOT(poll)' in line or 'SLOT(overflow)' in line:
        yield put(blob, at, [re.sub(r'SLOT\(\w+\)', 'SLOT(slow)', line)], 'another call')
    found = re.search(r'SLOT\((call_far|tail_far|f\d)\)', line)
    if found:
        for other in '- 8', '+ 4', '+ 8192':
            yield put(blob, at, [line.replace(found[0], found[0].replace(found[0], f'slots {other}'))], 'no slot')
        if found[1].endswith('far'):
            yield put(blob, at, ['    xor r11d, r11d', line], 'r11 is no function')


def label_escapes(blob):
    for at, line in enumerate(blob.lines):
        found = LABEL.match(line)
        if line.strip() == 'data:':
            return
        if not found:
            continue
        words = found[2] or ''
        kinds = [w for w in words.split() if not w.startswith('zext=')]
        yield put(blob, at, [f'{found[1]}: # {" ".join(kinds)} zext=r13'], 'more is known there')
        yield put(blob, at, [f'{found[1]}: # {words} entry'], 'an entry')
        if 'away' in words:
            yield put(blob, at, [f'{found[1]}: # outline'], 'r11 is not said to be a function')
        elif 'resume' not in words:
            yield put(blob, at, [f'{found[1]}: # away'], 'r11 is said to be a function')


def table_escapes(blob):
    for at, line in enumerate(blob.lines):
        if 'table=3' in line:
            for n in 2, 4:
                yield put(blob, at, [line.replace('table=3', f'table={n}')], f'{n} entries')
        if line.strip().startswith('.long'):
            for text in '1', 'slots - table', 'table - table', 'one - table + 1', 'entered - table - 1':
                yield put(blob, at, [f'    .long {text}'], text)
        if line.strip() == '!   mov r11d, 2':
            yield put(blob, at, ['|   mov r11d, 3'], 'another count')


def escapes(program):
    outcome = Outcome()
    blobs = [e for blob in read_blobs(FOLDER / 'good.s') for make in (escapes_of, label_escapes, table_escapes) for e in make(blob)]
    passed = [blob for blob, said in verdicts(program, blobs) if said == 'ok']
    outcome.passed = len(blobs) - len(passed)
    for blob in passed:
        outcome.fail(f'{blob.name}: {blob.note}')
    if len(blobs) < LEAST_ESCAPES:
        outcome.fail(f'only {len(blobs)} escapes')
    return outcome


if __name__ == '__main__':
    print('\n'.join(assemble(read_blobs(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / 'good.s'))))
