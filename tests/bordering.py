"""bordering.py -- random components that call each other, beside each other, inside each other, and back through functions of the one around them.

What each has beside that is random too: a realloc, a post-return, a context, resources to drop. So is who may be entered when, of which adapters leave out what they know nobody can see.
"""

UPS = 2         # functions of the root, of which a table says what they do
FUNC = '(func {} (param "n" u16) (result u16))'


def call(local, bit, shift):
    """If that bit of the argument is set: three times what there is, and what a function gives for less."""
    less = f'(call {local} (i32.shr_u (local.get 0) (i32.const {shift})))'
    return f'(if (i32.and (local.get 0) (i32.const {bit})) (then (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 3)) {less}))))'


def instance(name, component, given):
    """An instance, its function under the same name, and that of what is inside it, or else the same once more."""
    args = ''.join(f'(with "f{k}" (func {func}))' for k, func in enumerate(given))
    return f'(instance {name} (instantiate {component} {args})) (alias export {name} "go" (func {name})) (alias export {name} "in" (func {name}-in))'


def component(rng, name, imports, depth):
    """Its function `go` calls some of what it imports, and perhaps one of a component in it."""
    funcs, within = [f'$f{k}' for k in range(imports)], '$self'
    parts = [f'(import "f{k}" {FUNC.format(func)})' for k, func in enumerate(funcs)]
    if depth and rng.random() < 0.4:
        given = [rng.choice(funcs) for _ in range(rng.randrange(3))] if funcs else []
        parts += [component(rng, '$Inner', len(given), depth - 1), instance('$inner', '$Inner', given)]
        within = '$inner'
        funcs.append(within)
    called = [func for func in funcs if rng.random() < 0.7]
    if within != '$self' and rng.random() < 0.5:
        called = []  # who is inside may call, and it may be entered meanwhile
    options, code = '', '(if (i32.eqz (local.get 0)) (then (return (i32.const 1)))) (local.set 1 (i32.const 7))'
    core = {f'c{k}': ('(param i32) (result i32)', f'(canon lower (func {func})@)') for k, func in enumerate(called)}
    if rng.random() < 0.4:
        parts.append('(core module $Memory (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) (i32.const 8))) (core instance $m (instantiate $Memory))')
        options = ' (memory $m "m") (realloc (core func $m "r"))'
    if rng.random() < 0.3:
        parts.append('(type $thing (resource (rep i32))) (core func (canon resource.drop $thing))')
    context = '(local.set 1 (i32.add (local.get 1) (call $get)))'
    has_context = rng.random() < 0.4
    if has_context:
        core |= {'get': ('(result i32)', '(canon context.get i32 0)'), 'set': ('(param i32)', '(canon context.set i32 0)')}
        code += context + '(call $set (local.get 0))'
    code += ''.join(call(f'$c{k}', 1 << rng.randrange(3), rng.randrange(1, 4)) for k in range(len(called)))
    code += context if has_context else ''
    parts += [f'(core func ${name} {canon.replace("@", options)})' for name, (_, canon) in core.items()]
    needs = ''.join(f'(import "" "{name}" (func ${name} {sig}))' for name, (sig, _) in core.items())
    gives = ''.join(f'(export "{name}" (func ${name}))' for name in core)
    parts.append(f'(core module $M {needs} (func (export "go") (param i32) (result i32) (local i32) {code} (local.get 1)) (func (export "post") (param i32)))')
    parts.append(f'(core instance $i (instantiate $M (with "" (instance {gives}))))')
    post = ' (post-return (core func $i "post"))' if rng.random() < 0.3 else ''
    parts.append(FUNC.format('$self')[:-1] + f' (canon lift (core func $i "go"){post})) (export "go" (func $self)) (export "in" (func {within}))')
    return f'(component {name} {" ".join(parts)})'


def whole(rng):
    """The text of one, and how many functions it exports: go0, go1, ..."""
    count = rng.randrange(2, 5)
    funcs = [f'$up{k}' for k in range(UPS)]
    through = ''.join(f'(func (export "up{k}") (param i32) (result i32) (call_indirect (param i32) (result i32) (local.get 0) (i32.const {k})))' for k in range(UPS))
    parts = [f'(core module $Table (table (export "t") {UPS} funcref) {through}) (core instance $t (instantiate $Table))']
    parts += [FUNC.format(func)[:-1] + f' (canon lift (core func $t "up{k}")))' for k, func in enumerate(funcs)]
    for k in range(count):
        given = [rng.choice(funcs) for _ in range(rng.randrange(4))]
        parts += [component(rng, f'$C{k}', len(given), 1), instance(f'$go{k}', f'$C{k}', given)]
        funcs += [f'$go{k}', f'$go{k}-in']
    parts += [f'(core func $go{k} (canon lower (func $go{k})))' for k in range(count)]
    needs = ''.join(f'(import "" "go{k}" (func $go{k} (param i32) (result i32)))' for k in range(count))
    gives = ''.join(f'(export "go{k}" (func $go{k}))' for k in range(count))
    ups = ''.join(f'(func $up{k} (param i32) (result i32) (if (result i32) (local.get 0) (then (call $go{rng.randrange(count)} (i32.shr_u (local.get 0) (i32.const 1))))'
                  ' (else (i32.const 2))))' for k in range(UPS))
    elems = ' '.join(f'$up{k}' for k in range(UPS))
    parts.append(f'(core module $Fill (import "" "t" (table {UPS} funcref)) {needs} {ups} (elem (i32.const 0) {elems}))')
    parts.append(f'(core instance (instantiate $Fill (with "" (instance (export "t" (table $t "t")) {gives}))))')
    parts += [f'(export "go{k}" (func $go{k}))' for k in range(count)]
    return f'(component {" ".join(parts)})', count
