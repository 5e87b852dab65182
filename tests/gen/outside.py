"""outside.py -- what Wasmtime does with modules: reads FILE, as outside.c writes it, and says what outside.js says.

    python3 tests/gen/outside.py FILE       with its package where Python finds it
"""
import array, ctypes, struct, sys

import wasmtime
from wasmtime import TrapCode, Val

WHY = {TrapCode.UNREACHABLE: 'unreachable', TrapCode.INTEGER_DIVISION_BY_ZERO: 'zero', TrapCode.INTEGER_OVERFLOW: 'range',
       TrapCode.BAD_CONVERSION_TO_INTEGER: 'range', TrapCode.MEMORY_OUT_OF_BOUNDS: 'memory',
       TrapCode.TABLE_OUT_OF_BOUNDS: 'table', TrapCode.INDIRECT_CALL_TO_NULL: 'null', TrapCode.BAD_SIGNATURE: 'null',
       TrapCode.NULL_REFERENCE: 'null', TrapCode.HEAP_MISALIGNED: 'aligned',
       TrapCode.ATOMIC_WAIT_NON_SHARED_MEMORY: 'memory', TrapCode.STACK_OVERFLOW: 'other', TrapCode.UNCAUGHT_EXCEPTION: 'exception'}
NAN = {'f': '7fc00000', 'd': '7ff8000000000000'}


def engine():
    config = wasmtime.Config()
    for name in ('memory64', 'multi_memory', 'tail_call', 'function_references', 'gc', 'exceptions', 'threads'):
        setattr(config, 'wasm_' + name, True)
    config.parallel_compilation = False
    return wasmtime.Engine(config)


def is_null(value):
    return value is None or (isinstance(value, Val) and value.value is None)


def bits(letter, value):
    if letter == 'r':
        return '0' if is_null(value) else '1'
    if value != value:
        return NAN[letter]
    if letter in 'fd':
        return f'{int.from_bytes(struct.pack("<" + letter, value), "little"):x}'
    return f'{value & (0xffffffff if letter == "i" else 2**64 - 1):x}'


def said(letters, values):
    return ''.join(f' {letter}{bits(letter, value)}' for letter, value in zip(letters, values))


def argument(word):
    letter, number = word[0], int(word[1:], 16)
    if letter == 'r':
        return None
    if letter in 'fd':
        return struct.unpack('<' + letter, number.to_bytes(4 if letter == 'f' else 8, 'little'))[0]
    size = 32 if letter == 'i' else 64
    return number - (number >> (size - 1) << size)


def why(problem):
    if 'thrown Wasm exception' in str(problem):
        return 'exception'
    return WHY.get(getattr(problem, 'trap_code', None), f'other: {problem}')


class Run:
    def __init__(self, where, module):
        self.store, self.out, self.calls = wasmtime.Store(where), [''], 0
        self.next = {'memory': 0, 'table': 0}
        self.linker = wasmtime.Linker(where)
        for wanted in module.imports:
            self.linker.define(self.store, wanted.module, wanted.name, self.imported(wanted))
        self.module = module

    def imported(self, wanted):
        kind, *words = wanted.name.split(' ')
        if kind == 'm':
            return wasmtime.Memory(self.store, wanted.type)
        if kind == 't':
            return wasmtime.Table(self.store, wanted.type, None)
        if kind == 'g':
            return wasmtime.Global(self.store, wanted.type, 5)
        if kind == 'e':
            return wasmtime.Tag(self.store, wanted.type)
        given, wants = words[1].split(':')
        return wasmtime.Func(self.store, wanted.type, lambda *values: self.host(given, wants, values))

    def host(self, given, wants, values):
        self.out.append(f'host {self.calls}' + said(given, values))
        results = [{'i': n, 'l': n, 'r': None}.get(letter, n / 2) for n, letter in enumerate(wants, self.calls * 7)]
        self.calls += 1
        return results[0] if len(results) == 1 else results or None

    def all(self, lines):
        try:
            self.exports = self.linker.instantiate(self.store, self.module).exports(self.store)
            self.out.append('good')
        except (wasmtime.Trap, wasmtime.WasmtimeError) as problem:
            self.out.append(why(problem))
            return self.out
        for line in lines[1:]:
            if line.startswith(('memory', 'global', 'table')) and ' ' in line:
                self.out.append(self.state(line))
            if line.startswith('call '):
                self.call(line, lines)
                if self.out[-1].startswith('other'):
                    break
        return self.out

    def call(self, line, lines):
        _, name, *words = line.split(' ')
        self.exports['fuel'].set_value(self.store, 120)
        self.out.append(line)
        try:
            result = self.exports[name](self.store, *map(argument, words))
        except (wasmtime.Trap, wasmtime.WasmtimeError) as problem:
            self.out.append(why(problem))
            return
        expected = lines[len(self.out)] if len(self.out) < len(lines) else ''
        letters = [word[0] for word in expected.split(' ')[1:]]
        self.out.append('good' + said(letters, result if len(letters) > 1 else [result]))

    def state(self, line):
        kind, index, *value = line.split(' ')
        if kind == 'memory':
            memory = self.exports[f'm{self.next[kind]}']
            self.next[kind] += 1
            return f'memory {memory.size(self.store)} {self.hash(memory):x}'
        if kind == 'global':
            there = f'g{index}' in self.exports
            found = self.exports[f'g{index}' if there else 'fuel'].value(self.store)
            return f'global {index}' + said(value[0][0], [found])
        table, total = self.exports[f't{self.next[kind]}'], 0
        self.next[kind] += 1
        size = table.size(self.store)
        for i in range(min(size, 64)):
            total = (total * 31 + (not is_null(table.get(self.store, i)))) & 0xffffffff
        return f'table {size} {total:x}'

    def hash(self, memory):
        size, value = memory.data_len(self.store), 0x811c9dc5
        words = array.array('I', ctypes.string_at(memory.data_ptr(self.store), size) if size else b'')
        for i, word in enumerate(words):
            if word:
                value = (value ^ word) * 0x01000193 + i & 0xffffffff
        return value


def compare(where, data, expected, index):
    """'passed', 'excused' or 'failed'."""
    lines = expected.split('\n')
    try:
        out = Run(where, wasmtime.Module(where, data)).all(lines)
    except wasmtime.WasmtimeError as problem:
        out = [str(problem)]
    if out == lines:
        return 'passed'
    at = next((i for i, (a, b) in enumerate(zip(out, lines)) if a != b), min(len(out), len(lines)))
    here, there = (x[at] if at < len(x) else '(end)' for x in (lines, out))
    if 'other' in (here, there) or (here, there) == ('aligned', 'memory'):     # it looks at the bounds before the alignment
        return 'excused'
    before = '\n    '.join(lines[max(0, at - 3):at])
    print(f'{index}: after\n    {before}\n  here\n    {here}\n  there\n    {there}')
    return 'failed'


def main():
    where, counts = engine(), {'passed': 0, 'failed': 0, 'excused': 0}
    with open(sys.argv[1], 'rb') as file:
        index = 0
        while size := file.read(4):
            data = file.read(int.from_bytes(size, 'little'))
            expected = file.read(int.from_bytes(file.read(4), 'little')).decode()
            counts[compare(where, data, expected, index)] += 1
            index += 1
    print(f'0 valid, {counts["excused"]} excused\n{counts["passed"]} passed, {counts["failed"]} failed')
    return 1 if counts['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
