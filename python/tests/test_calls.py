"""Calls into guests and out of them: values of each type, what is refused, exceptions on their way."""
import math
import unittest

import weft
from support import TIERS, Case


class Values(Case):
    def test_numbers_come_back(self):
        cases = {'i32': [0, 1, -1, 2**31 - 1, -2**31], 'i64': [0, -1, 2**63 - 1, -2**63],
                 'f32': [0.0, -1.5, math.inf], 'f64': [0.1, -math.inf, 5e-324], 'v128': [bytes(range(16))]}
        for tier in TIERS:
            self.begin(tier)
            for name, values in cases.items():
                same = self.export(f'(func (export "f") (param {name}) (result {name}) (local.get 0))', 'f')
                for value in values:
                    self.assertEqual(same(value), value)

    def test_unsigned_is_taken(self):
        i32 = self.export('(func (export "f") (param i32) (result i32) (local.get 0))', 'f')
        i64 = self.export('(func (export "f") (param i64) (result i64) (local.get 0))', 'f')
        self.assertEqual(i32(2**32 - 1), -1)
        self.assertEqual(i64(2**64 - 1), -1)
        self.assertEqual(i32(True), 1)

    def test_what_does_not_fit_is_refused(self):
        f = self.export('(func (export "f") (param i32 i64 f32 v128))', 'f')
        good = [1, 2, 3.0, bytes(16)]
        for i, bad, error in [(0, 2**32, OverflowError), (0, -2**31 - 1, OverflowError), (0, 1.0, TypeError),
                              (0, None, TypeError), (1, 2**64, OverflowError), (1, -2**63 - 1, OverflowError),
                              (1, '1', TypeError), (2, 'x', TypeError), (3, b'short', ValueError),
                              (3, 1.5, TypeError), (3, -1, OverflowError), (3, 2**128, OverflowError)]:
            with self.assertRaises(error):
                f(*good[:i], bad, *good[i + 1:])
        self.assertIsNone(f(*good))
        for args in [(), (1,), (*good, 5)]:
            with self.assertRaisesRegex(TypeError, 'takes 4 arguments'):
                f(*args)
        with self.assertRaises(TypeError):
            f(1, 2, 3.0, v=4)

    def test_vector_as_a_number(self):
        f = self.export('(func (export "f") (param v128) (result v128) (local.get 0))', 'f')
        self.assertEqual(f(1 + (2 << 64)), b'\1' + bytes(7) + b'\2' + bytes(7))

    def test_several_results(self):
        f = self.export('(func (export "f") (param i32) (result i32 v128 f64) (local.get 0)'
                        ' (v128.const i32x4 1 0 0 0) (f64.const 2.5))', 'f')
        self.assertEqual(f(7), (7, b'\1' + bytes(15), 2.5))

    def test_many_parameters(self):
        for count in 16, 17, 100:
            params, locals_ = 'i32 ' * count, ' '.join(f'(local.get {n})' for n in range(count))
            f = self.export(f'(func (export "f") (param {params}) (result {params}) {locals_})', 'f')
            self.assertEqual(f(*range(count)), tuple(range(count)))
        self.assertEqual(f(*map(int, range(100)))[99], 99)

    def test_other_ways_to_call(self):
        f = self.export('(func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))', 'f')
        self.assertEqual(list(map(f, range(3))), [1, 2, 3])
        self.assertEqual(f(*[4]), 5)
        self.assertEqual(f.__call__(5), 6)
        with self.assertRaises(TypeError):
            f.__call__(x=1)

    def test_a_conversion_that_closes_the_store(self):
        f = self.export('(func (export "f") (param i32 externref))', 'f')
        g = self.export('(func (export "f") (param i32))', 'f')
        store = self.store

        class Closes:
            def __index__(self):
                store.close()
                return 1
        with self.assertRaisesRegex(weft.WeftError, 'in use'):
            f(Closes(), None)
        with self.assertRaisesRegex(weft.WeftError, 'closed'):
            g(Closes())


class References(Case):
    def test_objects_are_held_as_long_as_the_guest_has_them(self):
        import weakref

        class Thing:
            pass
        instance = self.instance('''(module (table $t 4 externref)
            (func (export "put") (param i32 externref) (table.set (local.get 0) (local.get 1)))
            (func (export "get") (param i32) (result externref) (table.get (local.get 0))))''')
        put, get = instance.exports['put'], instance.exports['get']    # .get is a method of Exports
        thing = Thing()
        gone = weakref.ref(thing)
        put(1, thing)
        put(2, thing)
        self.assertIs(get(1), thing)
        del thing
        self.assertIsNotNone(gone())
        put(1, None)
        self.store.collect()
        self.assertIs(get(2), gone())
        put(2, 'another')
        self.store.collect()
        self.assertIsNone(gone())
        self.assertEqual(get(2), 'another')
        self.assertIsNone(get(3))

    def test_objects_go_with_the_store(self):
        import weakref

        class Thing:
            pass
        thing, store = Thing(), weft.Store(self.engine)
        gone = weakref.ref(thing)
        held = weft.Global(store, 'externref', thing)
        del thing
        self.assertIs(held.value, gone())
        store.close()
        self.assertIsNone(gone())

    def test_a_cycle_through_a_guest_is_found(self):
        import gc
        import weakref

        class Thing:
            pass
        thing, store = Thing(), weft.Store(self.engine)
        gone = weakref.ref(thing)
        thing.table = weft.Table(store, 'externref', 1, init=thing)
        instance = weft.Instance(store, weft.Module(self.engine, '(module (import "a" "b" (func)))'),
                                 {'a': {'b': lambda: thing}})
        del thing, store, instance
        gc.collect()
        self.assertIsNone(gone())

    def test_functions(self):
        instance = self.instance('''(module (table $t (export "t") 2 funcref) (elem (i32.const 0) $f)
            (func $f (result i32) (i32.const 5))
            (func (export "same") (param funcref) (result funcref) (local.get 0)))''')
        table, same = instance.exports.t, instance.exports.same
        self.assertEqual(table[0](), 5)
        self.assertIsNone(table[1])
        self.assertEqual(same(table[0]), table[0])
        self.assertEqual(hash(same(table[0])), hash(table[0]))
        self.assertIsNone(same(None))
        table[1] = same
        self.assertEqual(table[1], same)
        with self.assertRaises(TypeError):
            same(lambda: 1)
        other = weft.Func(weft.Store(self.engine), ((), ()), lambda: None)
        with self.assertRaisesRegex(weft.WeftError, 'another store'):
            same(other)

    def test_the_same_object_again_and_again(self):
        f = self.export('(func (export "f") (param externref) (result externref) (local.get 0))', 'f')
        thing = object()
        for _ in range(20000):
            self.assertTrue(f(thing) is thing)

    def test_many_objects_with_few_handles(self):
        store = weft.Store(self.engine, weft.Limits(handles=100))
        f = weft.Instance(store, weft.Module(self.engine, '(module (func (export "f") (param externref)))')).exports.f
        for n in range(2000):
            f([n])
        self.assertLessEqual(store.usage()['handles'], 100)


class Objects(Case):
    TEXT = '''(module
        (rec (type $p (struct (field (mut i32)) (field (ref null $p)) (field i8)))
             (type $a (array (mut i16))))
        (func (export "make") (param i32) (result (ref $p))
            (struct.new $p (local.get 0) (ref.null $p) (i32.const 200)))
        (func (export "same") (param (ref null $p)) (result (ref null $p)) (local.get 0))
        (func (export "arr") (result (ref $a)) (array.new_fixed $a 3 (i32.const 1) (i32.const 2) (i32.const 3)))
        (func (export "any") (param anyref) (result anyref) (local.get 0))
        (func (export "ext") (param externref) (result anyref) (any.convert_extern (local.get 0)))
        (func (export "exported") (param i32) (result externref)
            (extern.convert_any (struct.new $p (local.get 0) (ref.null $p) (i32.const 0)))))'''

    def setUp(self):
        super().setUp()
        self.e = self.instance(self.TEXT).exports

    def test_structures(self):
        p = self.e.make(5)
        self.assertEqual((p[0], p[1], p[2], len(p)), (5, None, 200, 3))
        p[0] = -7
        self.assertEqual(self.e.same(p)[0], -7)
        self.assertEqual(self.e.same(p), p)
        self.assertNotEqual(self.e.make(5), p)
        self.assertIsNone(self.e.same(None))
        self.assertEqual(p[-3], -7)
        for index in 3, -4, 2**80:
            with self.assertRaises(IndexError):
                p[index]
        with self.assertRaises(weft.WeftError):
            p[1] = p            # is not mutable
        with self.assertRaises(TypeError):
            hash(p)
        self.assertIn('struct', p.type)
        self.assertEqual(p.deftype.kind, 'struct')
        self.assertEqual(p.deftype.fields[0], ('i32', True))
        self.assertEqual(p.deftype.fields[1], (p.deftype, False))
        self.assertTrue(p.test('eqref'))
        self.assertFalse(p.test('(ref array)'))
        self.assertTrue(p.test(p.deftype))

    def test_arrays(self):
        a = self.e.arr()
        self.assertEqual(list(a), [1, 2, 3])
        a[1] = 0x12345
        self.assertEqual(a.tobytes(), b'\1\0\x45\x23\3\0')
        new = weft.Ref(self.store, a.deftype, range(1000))
        self.assertEqual((len(new), new[999]), (1000, 999))
        with self.assertRaises(TypeError):
            weft.Ref(self.store, a.deftype, ['x'])

    def test_new_structures(self):
        kind = self.e.make(1).deftype
        first = weft.Ref(self.store, kind)
        second = weft.Ref(self.store, kind, [3, first, 300])
        self.assertEqual((second[0], second[1], second[2]), (3, first, 44))
        with self.assertRaises(weft.WeftError):
            weft.Ref(self.store, kind, [3])
        with self.assertRaises(TypeError):
            weft.Ref(self.store, kind, [3, first, 1, 4])

    def test_small_numbers_are_numbers(self):
        for n in 0, -1, 2**30 - 1, -2**30:
            self.assertEqual(self.e.any(n), n)
        for n in 2**30, -2**30 - 1:
            with self.assertRaises(OverflowError):
                self.e.any(n)

    def test_objects_of_python_as_any(self):
        thing = ['thing']
        ref = self.e.ext(thing)
        self.assertIsInstance(ref, weft.Ref)
        self.assertIs(ref.to_extern(), thing)
        self.assertIs(self.e.any(weft.Ref.any(self.store, thing)).to_extern(), thing)
        back = self.e.exported(9)
        self.assertEqual(back.to_any()[0], 9)
        self.assertEqual(self.e.ext(back)[0], 9)

    def test_refs_are_released(self):
        for _ in range(1000):
            self.e.make(1)
        self.store.fuel             # any use of the store
        self.assertLess(self.store.usage()['handles'], 10)

    def test_a_ref_of_another_store_is_refused(self):
        other = weft.Store(self.engine)
        p = self.e.make(1)
        e = weft.Instance(other, weft.Module(self.engine, self.TEXT)).exports
        with self.assertRaisesRegex(weft.WeftError, 'store'):
            e.same(p)
        self.assertNotEqual(e.make(1), p)
        other.close()
        self.store.close()
        with self.assertRaisesRegex(weft.WeftError, 'closed'):
            p[0]
        with self.assertRaisesRegex(weft.WeftError, 'closed'):
            p.type


class HostFunctions(Case):
    def test_arguments_and_results(self):
        for tier in TIERS:
            self.begin(tier)
            seen = []

            def host(*args):
                seen.append(args)
                return args[::-1]
            instance = self.instance('''(module
                (import "h" "f" (func $f (param i32 f64 externref v128) (result v128 externref f64 i32)))
                (func (export "f") (param i32 f64 externref v128) (result v128 externref f64 i32)
                    (call $f (local.get 0) (local.get 1) (local.get 2) (local.get 3))))''', {'h': {'f': host}})
            args = (1, 2.5, seen, bytes(16))
            self.assertEqual(instance.exports.f(*args), args[::-1])
            self.assertEqual(seen[0], args)

    def test_a_wrong_result_raises_where_the_guest_was_called(self):
        for type_, result in [('(result i32)', 'x'), ('(result i32)', None), ('', 1), ('(result i32 i32)', (1, 2, 3)),
                              ('(result i32 i32)', 4), ('(result i32)', 2**40)]:
            f = self.instance(f'(module (import "h" "f" (func $f {type_})) (func (export "f") (drop_all)))'
                              .replace('(drop_all)', '(call $f)' + '(drop)' * type_.count('i32')),
                              {'h': {'f': lambda: result}}).exports.f
            with self.assertRaises((TypeError, OverflowError)):
                f()

    def test_exceptions_travel(self):
        class Ours(Exception):
            pass
        ours = Ours('hello')

        def host(depth):
            if depth:
                return nested(depth - 1)
            raise ours
        nested = self.instance('(module (import "h" "f" (func $f (param i32)))'
                               ' (func (export "f") (param i32) (call $f (local.get 0))))', {'h': {'f': host}}).exports.f
        for depth in 0, 1, 5:
            with self.assertRaises(Ours) as caught:
                nested(depth)
            self.assertIs(caught.exception, ours)
        for error in SystemExit(3), KeyboardInterrupt(), StopIteration(), MemoryError():
            ours = error
            with self.assertRaises(type(error)) as caught:
                nested(1)
            self.assertIs(caught.exception, error)

    def test_an_exception_that_is_caught_on_its_way(self):
        def host(depth):
            if not depth:
                raise ValueError
            try:
                nested(depth - 1)
            except ValueError:
                seen.append(depth)
        seen = []
        nested = self.instance('(module (import "h" "f" (func $f (param i32)))'
                               ' (func (export "f") (param i32) (call $f (local.get 0))))', {'h': {'f': host}}).exports.f
        nested(3)
        self.assertEqual(seen, [1])

    def test_recursion_ends_in_an_error(self):
        def host():
            return f()
        f = self.instance('(module (import "h" "f" (func $f)) (func (export "f") (call $f)))', {'h': {'f': host}}).exports.f
        with self.assertRaises((weft.Trap, RecursionError)):
            f()
        with self.assertRaises((weft.Trap, RecursionError)):
            f()

    def test_the_caller(self):
        def host(caller, address):
            self.assertEqual(caller['two'].value, 2)
            self.assertIsNone(caller.get('none'))
            with self.assertRaises(KeyError):
                caller['none']
            return caller.memory[address]
        linker = weft.Linker(self.store)
        linker.define_func('h', 'f', weft.FuncType(['i32'], ['i32']), host, access_caller=True)
        f = linker.instantiate(weft.Module(self.engine, '''(module (import "h" "f" (func $f (param i32) (result i32)))
            (memory 1) (data (i32.const 3) "z") (global (export "two") i32 (i32.const 2))
            (func (export "f") (result i32) (call $f (i32.const 3))))''')).exports.f
        self.assertEqual(f(), ord('z'))
        alone = weft.Func(self.store, ((), ()), lambda caller: self.assertIsNone(caller.memory), access_caller=True)
        alone()

    def test_types_that_only_a_module_has(self):
        instance = self.instance('''(module (type $p (struct (field i32)))
            (import "h" "f" (func $f (param (ref $p)) (result (ref $p))))
            (func (export "f") (result i32) (struct.get $p 0 (call $f (struct.new $p (i32.const 3))))))''',
            {'h': {'f': lambda p: weft.Ref(self.store, p.deftype, [p[0] + 1])}})
        self.assertEqual(instance.exports.f(), 4)

    def test_made_of_words(self):
        for type_ in (['anyref', '(ref null struct)'], ['i31ref', 'eqref']), (['exnref'], ()), ((), ['(ref null any)']):
            self.assertEqual(weft.Func(self.store, type_, print).type.params, tuple(
                word.replace('(ref null struct)', 'structref') for word in type_[0]))
        for bad in (['i33'], []), (['i32)) (func'], []), 'ii:i', (['i32'],), ('i32', 'i32'), ([1], []), None:
            with self.assertRaises((TypeError, ValueError, weft.WeftError)):
                weft.Func(self.store, bad, print)
        with self.assertRaises(TypeError):
            weft.Func(self.store, ((), ()), 'not callable')


class GuestExceptions(Case):
    TEXT = '''(module (import "h" "f" (func $f (param i32)))
        (tag $t (export "t") (param i32 i64))
        (func (export "throw") (throw $t (i32.const 1) (i64.const 2)))
        (func (export "pass") (param i32) (call $f (local.get 0)))
        (func (export "catch") (param i32) (result i32 i64)
            (block $b (result i32 i64)
                (try_table (catch $t $b) (call $f (local.get 0)))
                (i32.const 0) (i64.const 0))))'''

    def test_what_nobody_caught(self):
        e = self.instance(self.TEXT, {'h': {'f': print}}).exports
        with self.assertRaises(weft.GuestException) as caught:
            e.throw()
        self.assertEqual((caught.exception.tag, caught.exception.values), (e.t, (1, 2)))
        self.assertEqual(caught.exception.name, 'uncaught_exception')
        self.assertEqual(caught.exception.frames[0].name, 'throw')

    def test_thrown_by_python_and_passed_on(self):
        def host(n):
            if n == 0:
                raise thrown
            if n == 1:
                e.throw()
            getattr(e, 'pass')(n - 2)
        e = self.instance(self.TEXT, {'h': {'f': host}}).exports
        thrown = weft.GuestException(e.t, 7, 8)
        self.assertEqual(e.catch(0), (7, 8))
        self.assertEqual(e.catch(1), (1, 2))
        self.assertEqual(e.catch(2), (7, 8))
        self.assertEqual(e.catch(5), (1, 2))
        for n in 0, 2, 4:
            with self.assertRaises(weft.GuestException) as caught:
                getattr(e, 'pass')(n)
            self.assertIs(caught.exception, thrown)

    def test_a_bad_one_is_an_error_of_the_host(self):
        def host(n):
            raise (weft.GuestException(e.t, 'x', 8) if n == 0 else weft.GuestException(e.t, 1) if n == 1 else
                   weft.GuestException(None) if n == 2 else weft.GuestException(other))
        e = self.instance(self.TEXT, {'h': {'f': host}}).exports
        other = weft.Tag(weft.Store(self.engine))
        for n in 0, 1, 2, 3:
            with self.assertRaises((TypeError, AttributeError, weft.Trap)):
                e.catch(n)

    def test_tags_of_python(self):
        tag = weft.Tag(self.store, ['i32'])
        f = self.instance('(module (import "h" "t" (tag $t (param i32))) (func (export "f") (throw $t (i32.const 3))))',
                          {'h': {'t': tag}}).exports.f
        with self.assertRaises(weft.GuestException) as caught:
            f()
        self.assertEqual((caught.exception.tag, caught.exception.values), (tag, (3,)))
        self.assertEqual(tag.type, weft.TagType(('i32',)))
        self.assertEqual(tag.exception(3).type, '(ref exn)')


if __name__ == '__main__':
    unittest.main()
