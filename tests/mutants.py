#!/usr/bin/env python3
"""mutants.py -- the verdict on damaged modules is that of an engine nobody here wrote (hazard R43).

    python3 tests/mutants.py [COUNT [SEED]]

Modules of the official suites are changed in a few places and validated by Weft and by V8, through node,
with the features that both have. Where one refuses what the other accepts, the module is kept in
build/mutants/. Most mutants are invalid; that some are valid is checked too, or this would show nothing.
"""
import hashlib, os, random, re, shutil, struct, subprocess, sys, tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from outcome import Outcome, Test, in_share, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
KEEP = ROOT / 'build/mutants'
COUNT = 20000
BATCH = 500
COMMON = ['core', 'mutable-global', 'sign-extension', 'nontrapping-float-to-int', 'multi-value',
          'reference-types', 'bulk-memory', 'simd', 'tail-call', 'threads']
FEATURES = '--features=-all,' + ','.join('+' + name for name in COMMON)
SCRIPTS = """block br_if br_table bulk call_indirect const data elem endianness exports fac float_exprs
    func global if imports labels left-to-right load local_tee loop memory_copy nop ref_func ref_is_null
    return select stack start store switch table_copy table_get table_grow unreachable unwind""".split()
# Bytes that mean something in a module.
BYTES = bytes.fromhex('00 01 02 03 04 05 0b 0c 0d 0e 0f 10 11 12 1a 1b 1c 20 21 22 23 24 25 28 36 3f 40 41 42'
                      ' 43 6a 6f 70 7b 7c 7d 7e 7f 80 d0 d1 d2 fc fd fe ff')
MODULE = re.compile(r'^\(module(?! (?:binary|quote|definition|instance))', re.M)


def seeds(weft, conformance, scratch):
    """The modules that some scripts of the suite have as text."""
    found = []
    for name in SCRIPTS:
        path = conformance / 'spec/core' / f'{name}.wast'
        text = path.read_text(errors='replace') if path.exists() else ''
        for start in [m.start() for m in MODULE.finditer(text)][:6]:
            module = balanced(text, start)
            if module:
                source, binary = Path(scratch) / 'seed.wat', Path(scratch) / 'seed.wasm'
                source.write_text(module)
                done = run_command([weft, 'parse', source, '-o', binary])
                if done.status == 0 and binary.stat().st_size < 20000:
                    found.append(binary.read_bytes())
    return found


def balanced(text, start):
    """The field that starts here; '' if a string or comment in it is more than this understands."""
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|;;[^\n]*|\(;.*?;\)|[()]', text[start:], re.S):
        depth += {'(': 1, ')': -1}.get(token[0], 0)
        if depth == 0 and token[0] == ')':
            return text[start:start + token.end()]
    return ''


def mutant(seed, chance):
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(8, len(data))
        kind = chance.randrange(6)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at] = (data[at] + chance.choice((1, -1))) & 255
        elif kind == 2:         # two neighbours change places
            data[at - 1:at + 1] = data[at - 1:at + 1][::-1]
        elif kind == 3:         # what stands elsewhere, of the same size
            size, other = chance.randrange(1, 6), chance.randrange(8, len(data))
            piece = data[other:other + size]
            data[at:at + len(piece)] = piece
        else:
            data[at] = chance.choice(BYTES)
    return bytes(data)


def ours(weft, modules, scratch):
    """Verdicts, and what sanitizers said, if anything."""
    verdicts, names = [], [str(i) for i in range(len(modules))]
    for name, module in zip(names, modules):
        (Path(scratch) / name).write_bytes(module)
    for at in range(0, len(names), BATCH):
        batch = names[at:at + BATCH]
        done = run_command([weft, 'validate', FEATURES, *batch], cwd=scratch, timeout=300)
        if done.status not in (0, 1) or sanitizer_report(done):
            return None, done.describe()[-3000:]
        refused = {line.split(':')[0] for line in done.stderr.decode(errors='replace').splitlines()}
        verdicts += ['0' if name in refused else '1' for name in batch]
    return verdicts, ''


def theirs(node, modules, scratch):
    path = Path(scratch) / 'all'
    path.write_bytes(b''.join(struct.pack('<I', len(m)) + m for m in modules))
    done = subprocess.run([node, ROOT / 'tests/mutants.js', path], stdout=subprocess.PIPE, check=True)
    return list(done.stdout.decode().strip())


# What we say of a module that V8 may accept all the same, and why.
EXCUSED = {
    'feature is not enabled': 'V8 has some features that it cannot do without',
    'malformed reference type': 'V8 takes passive element segments of numbers',
}


def compare(weft, node, conformance, count, seed):
    outcome, chance = Outcome(), random.Random(f'weft {seed}')
    with tempfile.TemporaryDirectory(prefix='weft-mutants-') as scratch:
        pool = seeds(weft, conformance, scratch)
        both = [s for s, v in zip(pool, theirs(node, pool, scratch)) if v == '1']
        valid = excused = 0
        while count > 0 and not outcome.failed:
            modules = [mutant(chance.choice(both), chance) for _ in range(min(count, 20000))]
            count -= len(modules)
            mine, report = ours(weft, modules, scratch)
            if mine is None:
                outcome.fail(report)
                break
            for module, a, b in zip(modules, mine, theirs(node, modules, scratch)):
                valid += a == b == '1'
                if a == b:
                    outcome.passed += 1
                    continue
                path = Path(scratch) / (hashlib.sha256(module).hexdigest()[:12] + '.wasm')
                path.write_bytes(module)
                done = run_command([weft, 'validate', FEATURES, path])
                said = done.stderr.decode(errors='replace').strip()
                if b == '1' and any(text in said for text in EXCUSED):
                    excused += 1
                else:
                    KEEP.mkdir(parents=True, exist_ok=True)
                    verdict = 'accepts' if b == '1' else 'refuses'
                    outcome.fail(f'{shutil.copy(path, KEEP)}: V8 {verdict} it; {said or "we accept it"}')
        said = (f'{len(both)} seeds; of {outcome.passed} mutants {valid} are valid, '
                f'and {excused} more are excused')
        if len(both) < 50 or valid * 50 < outcome.passed or excused * 20 > outcome.passed:
            outcome.fail(said + ', which shows little')
        outcome.text += '\n' + said
    return outcome


def tests(options):
    def run(build):
        node, count = shutil.which('node'), COUNT if build.name == 'release' else COUNT // 10
        if not node or not options.conformance:
            return Outcome.skip('mutants need node (tools/setup.sh bench) and the conformance suites')
        return compare(build.weft, node, options.conformance, count, 1)
    for build in options.builds:
        yield Test(f'mutants/R43{build.suffix}', lambda build=build: run(build), slow=True, full=build.name != 'release' and not in_share(3, 4))


def main():
    conformance = os.environ.get('WEFT_CONFORMANCE') or ROOT.parent / 'shared/conformance'
    count, seed = (sys.argv[1:] + [COUNT, 2][len(sys.argv) - 1:])[:2]
    outcome = compare(ROOT / 'build/release/weft', shutil.which('node'), Path(conformance), int(count), seed)
    print(f'{outcome.text.strip()}\n{outcome.passed} passed, {outcome.failed} failed')
    return 1 if outcome.failed else 0


if __name__ == '__main__':
    sys.exit(main())
