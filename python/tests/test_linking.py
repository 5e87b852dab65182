"""Linkers, imports, and WASI."""
import hashlib
import os
import tempfile
import unittest

import weft
from support import Case

# Prints its arguments and variables, copies a file that was granted to its output, and exits with 3.
PROGRAM = r'''(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env_sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $env (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 100) "poem.txt")
    (func $put (param $fd i32) (param $at i32) (param $len i32)
        (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $len))
        (drop (call $write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "_start") (local $errno i32)
        (drop (call $args_sizes (i32.const 16) (i32.const 20)))
        (drop (call $args (i32.const 200) (i32.const 1000)))
        (call $put (i32.const 1) (i32.const 1000) (i32.load (i32.const 20)))
        (drop (call $env_sizes (i32.const 16) (i32.const 20)))
        (drop (call $env (i32.const 200) (i32.const 1000)))
        (call $put (i32.const 1) (i32.const 1000) (i32.load (i32.const 20)))
        (local.set $errno (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 8) (i32.const 0)
            (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 24)))
        (if (local.get $errno) (then (call $exit (local.get $errno))))
        (i32.store (i32.const 0) (i32.const 2000)) (i32.store (i32.const 4) (i32.const 100))
        (drop (call $read (i32.load (i32.const 24)) (i32.const 0) (i32.const 1) (i32.const 8)))
        (call $put (i32.const 2) (i32.const 2000) (i32.load (i32.const 8)))
        (call $exit (i32.const 3))))'''


class Linking(Case):
    TEXT = '''(module (import "env" "f" (func $f (result i32))) (import "env" "g" (global $g i32))
        (func (export "sum") (result i32) (i32.add (call $f) (global.get $g))))'''

    def test_a_linker(self):
        linker = weft.Linker(self.store)
        module = weft.Module(self.engine, self.TEXT)
        with self.assertRaises(weft.WeftError) as caught:
            linker.instantiate(module)
        self.assertEqual(caught.exception.name, 'unknown_import')
        self.assertIn('"f"', str(caught.exception))
        linker.define_func('env', 'f', ((), ['i32']), lambda: 2)
        linker.define('env', 'g', weft.Global(self.store, 'i32', 40))
        self.assertEqual(linker.instantiate(module).exports.sum(), 42)
        self.assertEqual(linker.instantiate(module).exports.sum(), 42)
        with self.assertRaisesRegex(weft.WeftError, 'defined'):
            linker.define('env', 'g', weft.Global(self.store, 'i32', 41))
        for args in [('env', 'x', 5), ('env', 5, None), (b'env', 'x', None), ('env', 'x', print)]:
            with self.assertRaises(TypeError):
                linker.define(*args)
        with self.assertRaises(ValueError):
            linker.define('e\0nv', 'x', weft.Global(self.store, 'i32', 41))
        other = weft.Global(weft.Store(self.engine), 'i32', 1)
        with self.assertRaisesRegex(weft.WeftError, 'another store'):
            linker.define('env', 'h', other)
        with self.assertRaises(TypeError):
            linker.instantiate('(module)')
        with self.assertRaisesRegex(weft.WeftError, 'another engine'):
            linker.instantiate(weft.Module(weft.Engine(), '(module)'))

    def test_modules_of_modules(self):
        linker = weft.Linker(self.store)
        linker.define_instance('env', self.instance(
            '(module (func (export "f") (result i32) (i32.const 1)) (global (export "g") i32 (i32.const 2)))'))
        self.assertEqual(linker.instantiate(weft.Module(self.engine, self.TEXT)).exports.sum(), 3)

    def test_imports_by_name(self):
        g = weft.Global(self.store, 'i32', 40)
        self.assertEqual(self.instance(self.TEXT, {'env': {'f': lambda: 1, 'g': g}}).exports.sum(), 41)
        self.assertEqual(self.instance(self.TEXT, [lambda: 2, g]).exports.sum(), 42)
        exports = self.instance('(module (func (export "f") (result i32) (i32.const 3)) '
                                '(global (export "g") i32 (i32.const 4)))').exports
        self.assertEqual(self.instance(self.TEXT, {'env': exports}).exports.sum(), 7)
        for imports, error in [({}, weft.WeftError), ({'env': {}}, weft.WeftError), ({'env': {'f': 5, 'g': g}}, TypeError),
                               ({'env': {'f': print, 'g': 5}}, TypeError), ({'env': {'f': g, 'g': g}}, weft.WeftError),
                               ([], ValueError), ([print], ValueError), (5, TypeError), ({'env': 5}, TypeError)]:
            with self.assertRaises(error):
                self.instance(self.TEXT, imports)
        twice = '(module (import "a" "b" (func $f)) (import "a" "b" (func $g)) (start $g))'
        seen = []
        self.instance(twice, {'a': {'b': lambda: seen.append(1)}})
        self.assertEqual(seen, [1])

    def test_a_start_that_fails(self):
        with self.assertRaises(weft.Trap) as caught:
            self.instance('(module (func $s unreachable) (start $s))')
        self.assertEqual(caught.exception.name, 'unreachable')
        self.assertEqual(caught.exception.frames[0].name, 's')
        self.assertIn('0: 0x', str(caught.exception))

        def fails():
            raise LookupError('here')
        with self.assertRaisesRegex(LookupError, 'here'):
            self.instance('(module (import "a" "b" (func $f)) (start $f))', [fails])


class Wasi(Case):
    def run_program(self, config):
        linker = weft.Linker(self.store)
        linker.define_wasi(config)
        with self.assertRaises(weft.ExitTrap) as caught:
            linker.instantiate(weft.Module(self.engine, PROGRAM)).exports._start()
        return caught.exception.code

    def test_what_is_granted(self):
        with tempfile.TemporaryDirectory() as folder:
            out, err = os.path.join(folder, 'out'), os.path.join(folder, 'err')
            with open(os.path.join(folder, 'poem.txt'), 'w') as file:
                file.write('the sea')
            config = weft.WasiConfig(['prog', 'one'], {'LANG': 'C'}, stdout=out)
            self.assertEqual(self.run_program(config), 8)      # badf: there is no directory
            config.preopen_dir(folder, '.', read_only=True)
            config.stderr = err
            for _ in range(2):
                self.begin()
                self.assertEqual(self.run_program(config), 3)
                self.store.close()
                with open(out) as file:
                    self.assertEqual(file.read(), 'prog\0one\0LANG=C\0')
                with open(err) as file:
                    self.assertEqual(file.read(), 'the sea')

    def test_files_and_descriptors(self):
        with tempfile.TemporaryFile() as file:
            before = len(os.listdir('/proc/self/fd'))
            self.run_program(weft.WasiConfig(['x'], stdout=file, stderr=file.fileno(), stdin=None))
            self.store.close()
            self.assertEqual(len(os.listdir('/proc/self/fd')), before)
            file.seek(0)
            self.assertEqual(file.read(), b'x\0')

    def test_what_cannot_be_granted(self):
        linker = weft.Linker(self.store)
        config = weft.WasiConfig()
        config.preopen_dir('/no/such/place')
        with self.assertRaises(weft.WeftError) as caught:
            linker.define_wasi(config)
        self.assertEqual(caught.exception.name, 'system_error')
        for bad, error in [(weft.WasiConfig(stdin='/no/such/place'), OSError), (weft.WasiConfig(stdout=99999), OSError),
                           (weft.WasiConfig(['a\0b']), ValueError), (None, TypeError)]:
            with self.assertRaises(error):
                linker.define_wasi(bad)
        linker.define_wasi(weft.WasiConfig())
        with self.assertRaisesRegex(weft.WeftError, 'defined'):
            linker.define_wasi(weft.WasiConfig())

    def test_inheriting(self):
        config = weft.WasiConfig()
        config.inherit_argv()
        config.inherit_env()
        config.inherit_stdin()
        config.inherit_stdout()
        config.inherit_stderr()
        self.assertEqual((config.stdin, config.stdout, config.stderr), (0, 1, 2))
        config.inherit_stdio()
        self.assertEqual(config.env, dict(os.environ))

    def test_an_exit_by_python(self):
        def host(code):
            raise weft.ExitTrap(code)
        f = self.instance('(module (import "h" "f" (func $f (param i32))) (func (export "f") (param i32) (call $f (local.get 0))))',
                          [host]).exports.f
        with self.assertRaises(weft.ExitTrap) as caught:
            f(7)
        self.assertEqual(caught.exception.code, 7)


class Instances(Case):
    def test_a_store_knows_them(self):
        self.assertEqual(self.store.instances(), [])
        module = weft.Module(self.engine, '(module (memory (export "m") 1))')
        made = [weft.Instance(self.store, module) for _ in range(3)]
        self.assertEqual([i.exports.m for i in self.store.instances()], [i.exports.m for i in made])
        self.assertIs(self.store.instances()[2].module, module)
        seen = []
        self.instance('(module (import "h" "f" (func $f)) (start $f))',
                      [lambda: seen.append([i.module for i in self.store.instances()][:3])])
        self.assertEqual(seen, [[module] * 3])

    def test_whose_start_function_failed(self):
        with self.assertRaises(weft.Trap):
            self.instance('(module (func unreachable) (start 0))')
        module = self.store.instances()[0].module
        self.assertIs(self.store.instances()[0].module, module)
        self.store.close()
        with self.assertRaises(weft.WeftError):
            self.store.instances()
        self.assertEqual(len(module.binary), 28)        # it outlives the store
        self.assertEqual(module.hash, hashlib.sha256(module.binary).digest())
        self.assertIs(module.hash, module.hash)


if __name__ == '__main__':
    unittest.main()
