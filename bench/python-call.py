"""python-call.py -- what a call from Python costs: the package weft, and Wasmtime's where it is.

    PYTHONPATH=build/python python3 bench/python-call.py        after make python

The lowest of several rounds, in nanoseconds: of add(i32, i32), looked up once and as an attribute; of a
guest that calls a function of Python's; and of the same in Python alone.
"""
import timeit

TEXT = '''(module (import "h" "f" (func $f (param i32) (result i32)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "out") (param i32) (result i32) (call $f (local.get 0))))'''


def row(name, statement, names, number=200_000):
    best = min(timeit.repeat(statement, globals=names, number=number, repeat=7)) / number
    print(f'{name:44}{best * 1e9:10.0f} ns')


def weft_rows():
    import weft
    engine = weft.Engine()
    instance = weft.Instance(weft.Store(engine), weft.Module(engine, TEXT), {'h': {'f': lambda n: n}})
    row('weft: add(1, 2)', 'add(1, 2)', {'add': instance.exports.add})
    row('weft: exports.add(1, 2)', 'exports.add(1, 2)', {'exports': instance.exports})
    row('weft: a guest that calls a lambda', 'out(1)', {'out': instance.exports.out})
    row('weft: a store, an instance, a call', 'Instance(Store(engine), module, imports).exports.add(1, 2)',
        {'Instance': weft.Instance, 'Store': weft.Store, 'engine': engine, 'module': instance.module,
         'imports': {'h': {'f': abs}}}, 5000)


def wasmtime_rows():
    import wasmtime
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    i32 = wasmtime.ValType.i32()
    host = wasmtime.Func(store, wasmtime.FuncType([i32], [i32]), lambda n: n)
    exports = wasmtime.Instance(store, wasmtime.Module(engine, TEXT), [host]).exports(store)
    row('wasmtime: add(store, 1, 2)', 'add(store, 1, 2)', {'add': exports['add'], 'store': store}, 5000)
    row('wasmtime: a guest that calls a lambda', 'out(store, 1)', {'out': exports['out'], 'store': store}, 5000)


if __name__ == '__main__':
    weft_rows()
    row('Python: add(1, 2)', 'add(1, 2)', {'add': lambda a, b: a + b})
    try:
        wasmtime_rows()
    except ImportError:
        print('no wasmtime to compare with')
