"""signatures.py -- names that mean something to `weft run`, with every shape of type.

What a guest calls its functions is its own choice, and so is their type. For each number of parameters and results
a module gives that type to `_start`, to `_initialize`, to a start function, to a function that is invoked and to one
that another module imports from it; and in a module that `weft opt` holds against one whose function has no values. It runs,
or is refused with a line that says why, and never writes a value where nobody made room for it (which is for the
sanitized build to see).
"""
import tempfile
from outcome import Outcome, Test, run_command, sanitizer_report

COUNTS = 0, 1, 2, 64, 1000


def tests(options):
    for build in options.builds:
        for params in COUNTS:
            for results in COUNTS:
                yield Test(f'signatures/{params}-{results}{build.suffix}',
                           lambda build=build, params=params, results=results: run(build, params, results),
                           fast=build.name == 'release')


def function(params, results, head=''):
    """Gives its number plus 7 for each result."""
    body = ' '.join(f'(i32.const {i + 7})' for i in range(results))
    return f'(func {head} {type_of(params, results)} {body})'


def type_of(params, results):
    return f'(param{" i32" * params}) (result{" i32" * results})'


def run(build, params, results):
    plain = not params and not results
    of_type = lambda name, head='': function(params, results, f'{head}(export "{name}")')
    arguments = ' '.join(f'(i32.const {i})' for i in range(params))
    drops = '(drop)' * results
    other = type_of(params, results + 1 if results < 1000 else 999)
    modules = {
        'start': of_type('_start'),
        'initialize': of_type('_initialize') + '(func (export "_start"))' + of_type('x'),
        'begin': of_type('_start', '$s ') + '(start $s)',
        'plain': of_type('x'),
        'user': f'(import "p" "x" (func $x {type_of(params, results)}))'
                f'(func (export "_start") {arguments} (call $x) {drops})',
        'tail': f'(import "p" "x" (func $x {type_of(params, results)}))'
                f'(func $t {type_of(params, results)} {" ".join(f"(local.get {i})" for i in range(params))}'
                f' (return_call $x)) (func (export "_start") {arguments} (call $t) {drops})',
        'none': '(func (export "x"))',
        'confused': f'(import "p" "x" (func $x {other})) (func (export "_start"))',
    }
    numbers = ''.join(f'{i + 7}\n' for i in range(results)).encode()
    given = ['0'] * params
    refused = b'takes %d values and gives %d' % (params, results)
    rows = [  # module, options, arguments, status, output, a word of what is said
        ('start', [], [], 0 if plain else 1, b'', b'' if plain else refused),
        ('initialize', [], [], 0 if plain else 1, b'', b'' if plain else refused),
        ('initialize', ['--invoke', 'x'], given, 0 if plain else 1, numbers if plain else b'', b'' if plain else refused),
        ('begin', [], [], 0 if plain else 1, b'', b'' if plain else b'start function'),
        ('plain', ['--invoke', 'x'], given, 0, numbers, b''),
        ('plain', ['--invoke', 'x'], given + ['0'], 2, b'', b'takes %d arguments' % params),
        ('user', ['--preload', 'p=plain'], [], 0, b'', b''),
        ('tail', ['--preload', 'p=plain'], [], 0, b'', b''),
        ('confused', ['--preload', 'p=plain'], [], 1, b'', b'incompatible import type'),
    ]
    opposite = [  # which is called as the other one is
        ('none', 'plain', 0 if plain else 1),
        ('plain', 'none', 0 if plain else 1),
        ('plain', 'plain', 0),
    ]
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-signatures-') as scratch:
        for name, text in modules.items():
            with open(f'{scratch}/{name}', 'w') as file:
                file.write(f'(module {text})')
        commands = [(['run', *words, name, *arguments], status, output, said) for name, words, arguments, status, output, said in rows]
        commands += [(['opt', first, '--against', other], status, b'', b'what is exported there' if status else b'the same')
                     for first, other, status in opposite]
        for words, status, output, said in commands:
            done = run_command([build.weft, *words], cwd=scratch)
            good = done.status == status and done.stdout == output and said in done.stderr and not sanitizer_report(done)
            outcome.passed += good
            if not good:
                outcome.fail(done.describe())
    return outcome
