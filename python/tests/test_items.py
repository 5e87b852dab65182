"""Memories and their buffers, globals, tables; modules and what they say of themselves."""
import struct
import unittest

import weft
from support import Case


class Memories(Case):
    def setUp(self):
        super().setUp()
        e = self.instance('''(module (memory (export "m") 1 100)
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0)))
            (func (export "set") (param i32 i32) (i32.store8 (local.get 0) (local.get 1))))''').exports
        self.m, self.guest_grow, self.guest_get, self.guest_set = e.m, e.grow, e['get'], e.set

    def test_copies(self):
        m = self.m
        m.write(10, b'hello')
        self.assertEqual(m.read(10, 5), b'hello')
        self.assertEqual(m.read(65536, 0), b'')
        m.write(65536, b'')
        m.write(0, memoryview(m)[10:15])
        self.assertEqual(m.read(0, 6), b'hello\0')
        self.assertEqual(self.guest_get(10), ord('h'))
        for address, length in (65536, 1), (0, 65537), (2**64 - 1, 1), (2**64, 0), (-1, 1), (2**63, 2**63), (1, 2**64 - 1):
            with self.assertRaises(IndexError):
                m.read(address, length)
        for address, data in (65535, b'ab'), (-1, b'a'), (2**70, b''):
            with self.assertRaises(IndexError):
                m.write(address, data)
        self.assertEqual(m[65535], 0)           # nothing was written
        for bad in (('x', 1), (1, 'x'), (1.5, 1), (0, None)):
            with self.assertRaises(TypeError):
                m.read(*bad)
        with self.assertRaises(TypeError):
            m.write(0, 'text')

    def test_indices_and_slices(self):
        m = self.m
        m[3] = 200
        m[-1] = 7
        self.assertEqual((m[3], m[-65533], m[65535], len(m)), (200, 200, 7, 65536))
        m[4:8] = b'abcd'
        self.assertEqual(m[3:9], b'\xc8abcd\0')
        self.assertEqual(m[65530:99999], b'\0\0\0\0\0\7')
        self.assertEqual(m[9:3], b'')
        for index in 65536, -65537, 2**70:
            with self.assertRaises(IndexError):
                m[index]
            with self.assertRaises(IndexError):
                m[index] = 1
        for value in 256, -1:
            with self.assertRaises(ValueError):
                m[0] = value
        for key, value in (slice(0, 4), b'abc'), (slice(0, 4, 2), b'ab'), (slice(0, 1), b''):
            with self.assertRaises(ValueError):
                m[key] = value
        with self.assertRaises(TypeError):
            del m[0]
        with self.assertRaises(TypeError):
            m['x']
        self.assertEqual(len(list(m)), 65536)

    def test_a_buffer(self):
        view = memoryview(self.m)
        self.assertFalse(view.readonly)
        self.assertEqual(view.nbytes, 65536)
        view[100:104] = struct.pack('<I', 0x01020304)
        self.assertEqual(self.guest_get(101), 3)
        self.guest_set(5, 9)
        self.assertEqual(view[5], 9)
        self.assertEqual(struct.unpack_from('<I', self.m, 100), (0x01020304,))
        self.assertEqual(bytes(self.m)[5], 9)

    def test_a_buffer_stays_good_while_the_memory_grows(self):
        self.assertTrue(self.m.stays)
        view = memoryview(self.m)
        for n in range(1, 100):
            self.assertEqual(self.guest_grow(1) if n % 2 else self.m.grow(1), n)
            view[n] = n
        self.assertEqual((len(self.m), view.nbytes), (100 << 16, 65536))
        self.assertEqual([self.guest_get(n) for n in range(1, 100)], list(range(1, 100)))
        self.assertEqual(memoryview(self.m).nbytes, 100 << 16)
        self.assertEqual(self.guest_grow(1), -1)
        with self.assertRaises(weft.WeftError):
            self.m.grow(1)

    def test_a_buffer_outlives_all_names(self):
        view = memoryview(weft.Memory(weft.Store(self.engine), 1))
        view[7] = 7
        self.assertEqual(view[7], 7)

    def test_a_memory_that_may_move_lends_nothing(self):
        store = weft.Store(self.engine, weft.Limits(memory_room=65536))
        m = weft.Memory(store, 1)
        self.assertFalse(m.stays)
        with self.assertRaisesRegex(BufferError, 'may move'):
            memoryview(m)
        with self.assertRaises(BufferError):
            bytes(m)
        m.write(0, b'still')
        m.grow(10)
        self.assertEqual(m[0:5], b'still')
        store.close()

    def test_guarded_ones_stay(self):
        engine = weft.Engine(faults=True)
        store = weft.Store(engine, weft.Limits(memory_room=65536))
        self.assertTrue(weft.Memory(store, 1).stays)

    def test_data_that_uses_the_store_as_it_is_converted(self):
        m = self.m

        class Grows:
            def __index__(self):
                m.grow(1)
                return 5
        m[0] = Grows()
        m[Grows()] = Grows()
        m.write(Grows(), b'x')
        self.assertEqual((m[0], m[5], m.pages), (5, ord('x'), 5))

    def test_types(self):
        self.assertEqual(self.m.type, weft.MemoryType(1, 100))
        self.assertEqual(weft.Memory(self.store, 2).type, weft.MemoryType(2))
        with self.assertRaises(weft.WeftError):
            weft.Memory(self.store, 3, 2)
        for bad, error in (-1, OverflowError), ('x', TypeError), (2**64, OverflowError):
            with self.assertRaises(error):
                weft.Memory(self.store, bad)


class Globals(Case):
    def test_values(self):
        g = weft.Global(self.store, 'i64', 5, mutable=True)
        g.value = -1
        self.assertEqual((g.value, g.type), (-1, weft.GlobalType('i64', True)))
        with self.assertRaises(OverflowError):
            g.value = 2**64
        with self.assertRaises(AttributeError):
            del g.value
        constant = weft.Global(self.store, 'f32', 1.5)
        with self.assertRaises(AttributeError):
            constant.value = 2.0
        self.assertEqual(constant.value, 1.5)

    def test_references(self):
        for type_, value in [('externref', 'x'), ('externref', None), ('anyref', 5), ('(ref null any)', None), ('i31ref', -3),
                             ('(ref extern)', 7), ('funcref', None), ('eqref', 1), ('exnref', None)]:
            self.assertEqual(weft.Global(self.store, type_, value).value, value)
        for type_, value in [('(ref extern)', None), ('funcref', 5), ('anyref', 'x'), ('i33', 1), ('ref', 1), ('', 1),
                             ('(ref null )', 1), (5, 5), ('i8', 1), ('nullref', 1)]:
            with self.assertRaises((TypeError, ValueError, weft.WeftError)):
                weft.Global(self.store, type_, value)


class Tables(Case):
    def test_entries(self):
        t = weft.Table(self.store, 'externref', 2, 5, init='i')
        self.assertEqual((list(t), len(t)), (['i', 'i'], 2))
        t[-1] = self
        self.assertIs(t[1], self)
        self.assertEqual(t.grow(3, 'g'), 2)
        self.assertEqual(t[4], 'g')
        self.assertEqual(t.type, weft.TableType('externref', 5, 5))
        with self.assertRaises(weft.WeftError):
            t.grow(1)
        for index in 5, -6, 2**64:
            with self.assertRaises(IndexError):
                t[index]
            with self.assertRaises(IndexError):
                t[index] = 1
        with self.assertRaises(TypeError):
            t['x']
        with self.assertRaises(TypeError):
            del t[0]
        with self.assertRaises(ValueError):
            weft.Table(self.store, 'i32', 1)
        with self.assertRaises(TypeError):
            weft.Table(self.store, 'funcref', 1, init=5)


class Modules(Case):
    TEXT = '''(module (@custom "note" "hello") (import "a" "f" (func (param i32) (result externref)))
        (import "a" "g" (global (mut funcref))) (type $p (struct (field (mut i32)) (field f64)))
        (memory (export "m") 1 3) (table (export "t") i64 2 anyref) (tag (export "x") (param i64)) (export "f" (func 0))
        (func (export "p") (param (ref null $p))))'''

    def test_what_it_wants_and_offers(self):
        module = weft.Module(self.engine, self.TEXT)
        self.assertEqual(module.imports, (
            weft.ImportType('a', 'f', weft.FuncType(('i32',), ('externref',))),
            weft.ImportType('a', 'g', weft.GlobalType('funcref', True))))
        self.assertEqual(module.exports[:4], (
            weft.ExportType('m', weft.MemoryType(1, 3)), weft.ExportType('t', weft.TableType('anyref', 2, is_64=True)),
            weft.ExportType('x', weft.TagType(('i64',))), weft.ExportType('f', weft.FuncType(('i32',), ('externref',)))))
        self.assertEqual(module.exports[4].type.params, ('(ref null (struct (field (mut i32)) (field f64)))',))
        self.assertEqual([kind.kind for kind in module.types if kind.fields], ['struct'])
        self.assertEqual(module.custom_section('note'), b'hello')
        self.assertIsNone(module.custom_section('none'))
        self.assertIsNone(module.custom_section('no\0te'))
        self.assertIs(module.engine, self.engine)

    def test_each_form(self):
        import pathlib
        import tempfile
        binary = weft.wat2wasm(self.TEXT)
        self.assertEqual(binary[:8], b'\0asm\1\0\0\0')
        for form in self.TEXT, self.TEXT.encode(), binary, bytearray(binary), memoryview(binary):
            self.assertEqual(weft.Module(self.engine, form).binary, binary)
            self.assertIsNone(weft.validate(form))
            self.assertIsNone(weft.Module.validate(self.engine, form))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'x.wasm'
            path.write_bytes(binary)
            self.assertEqual(weft.Module.from_file(self.engine, path).binary, binary)
            with self.assertRaises(OSError):
                weft.Module.from_file(self.engine, path / 'none')
        for bad in None, 5, [1, 2], 'x\ud800':
            with self.assertRaises((TypeError, UnicodeEncodeError)):
                weft.Module(self.engine, bad)

    def test_what_is_wrong_with_it(self):
        with self.assertRaises(weft.WeftError) as caught:
            weft.Module(self.engine, '(module\n  (func (result i32) (i64.const 1)))')
        error = caught.exception
        self.assertEqual((error.name, error.line, error.column), ('type_mismatch', 2, 35))
        self.assertIn('i64', str(error))
        with self.assertRaises(weft.WeftError) as caught:
            weft.validate(b'\0asm\1\0\0\0\1\1')
        self.assertIsNotNone(caught.exception.offset)
        with self.assertRaisesRegex(weft.WeftError, 'simd'):
            weft.validate('(module (func (drop (v128.const i64x2 0 0))))', '-simd')

    def test_names_may_be_anything(self):
        e = self.instance(r'''(module (func (export "") (result i32) (i32.const 0)) (func (export "\00a") (result i32) (i32.const 1))
            (func (export "\e2\98\83") (result i32) (i32.const 2)) (func (export "keys") (result i32) (i32.const 3))
            (func (export "__class__") (result i32) (i32.const 4)))''').exports
        names = ['', '\0a', '\u2603', 'keys', '__class__']
        self.assertEqual(list(e), names)
        self.assertEqual([e[name]() for name in names], [0, 1, 2, 3, 4])
        self.assertEqual([e[n]() for n in range(-5, 5)], [0, 1, 2, 3, 4] * 2)
        self.assertEqual(getattr(e, '\u2603')(), 2)
        self.assertEqual(e.keys(), names)
        self.assertIs(e.__class__, weft.Exports)
        self.assertIn('\u2603', dir(e))
        self.assertTrue('keys' in e and 'values' not in e and 5 not in e)
        self.assertEqual(dict(e)['keys'], e['keys'])
        self.assertEqual([item for _, item in e.items()], e.values())
        self.assertEqual(e.get('none', 5), 5)
        for key, error in ('none', KeyError), (5, IndexError), ([], TypeError):
            with self.assertRaises(error):
                e[key]
        with self.assertRaises(AttributeError):
            e.none


if __name__ == '__main__':
    unittest.main()
