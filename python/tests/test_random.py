"""Random calls of everything that there is, with arguments that fit and that do not: whatever they come
to, it is a value or an exception, and the process goes on.

WEFT_RANDOM=SECONDS goes on for so long; WEFT_SEED=N begins there.
"""
import contextlib
import gc
import os
import random
import sys
import threading
import time
import unittest

import weft
from support import TIERS

ROUNDS, CALLS = 40, 250
# What may be raised; a SystemError, say, may not.
ALLOWED = (weft.WeftError, TypeError, ValueError, OverflowError, IndexError, KeyError, BufferError, MemoryError,
           RecursionError, AttributeError, NotImplementedError)

TEXTS = ['(module)', '(module (memory (export "m") 1 3) (table (export "t") 3 funcref) (func (export "f")))', '''(module
    (import "h" "a" (func $a (param i32 externref) (result i32)))
    (import "h" "b" (func $b (param anyref f64) (result anyref i64)))
    (rec (type $p (struct (field (mut i32)) (field (mut (ref null $p))) (field i8) (field (mut externref)))))
    (type $n (array (mut i16)))
    (tag $t (export "tag") (param i32 externref))
    (memory (export "m") 1 9)
    (table $e (export "e") 4 20 externref)
    (table $f (export "fs") 4 20 funcref)
    (global (export "g") (mut externref) (ref.null extern))
    (global $any (export "any") (mut anyref) (ref.null any))
    (func (export "call") (param i32 externref) (result i32) (call $a (local.get 0) (local.get 1)))
    (func (export "both") (param anyref f64) (result anyref i64) (call $b (local.get 0) (local.get 1)))
    (func (export "make") (param i32) (result (ref $p))
        (struct.new $p (local.get 0) (ref.null $p) (i32.const 1) (ref.null extern)))
    (func (export "link") (param (ref null $p) (ref null $p)) (struct.set $p 1 (local.get 0) (local.get 1)))
    (func (export "array") (param i32) (result (ref $n))
        (array.new_default $n (i32.and (local.get 0) (i32.const 1023))))
    (func (export "throw") (param i32 externref) (throw $t (local.get 0) (local.get 1)))
    (func (export "catch") (param i32 externref) (result i32 externref)
        (block $b (result i32 externref)
            (try_table (catch $t $b) (drop (call $a (local.get 0) (local.get 1))))
            (i32.const 0) (ref.null extern)))
    (func (export "put") (param i32 externref) (table.set $e (local.get 0) (local.get 1)))
    (func (export "grow") (param i32) (result i32) (memory.grow (i32.and (local.get 0) (i32.const 3))))
    (func (export "spin") (loop $l (br $l)))
    (func (export "deep") (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $a (i32.sub (local.get 0) (i32.const 1)) (ref.null extern)))
            (else unreachable)))
    (func (export "v") (param v128 f32 f64 i64) (result v128 f32) (local.get 0) (local.get 1)))''']


class Thing:
    """What guests hold; some of them do something when they go."""

    def __init__(self, world):
        self.world = world

    def __del__(self):
        if random.random() < 0.1:
            self.world.step()

    def __index__(self):
        self.world.step()
        return 1

    def __await__(self):
        yield


class World:
    """Things that were made, of which each call takes some."""

    def __init__(self, seed):
        self.random, self.depth, self.unexpected, self.calls, self.restored = random.Random(seed), 0, [], 0, 0
        self.engine = weft.Engine('all', tier=self.random.choice(TIERS), faults=self.random.random() < 0.3)
        self.modules = [weft.Module(self.engine, text) for text in TEXTS]
        self.things, self.snapshots = [self.engine, *self.modules], []
        for _ in range(2):
            self.new_store()

    def new_store(self):
        r = self.random
        limits = weft.Limits(memory_bytes=r.choice([0, 1 << 20]), handles=r.choice([0, 20, 100]),
                             heap_bytes=r.choice([0, 1 << 17]), stack_bytes=r.choice([0, 32 << 10]),
                             memory_room=r.choice([None, 65536]), instances=50)
        store = weft.Store(self.engine, limits, fuel=5000)
        self.things.append(store)
        for module in self.modules:
            self.things.append(weft.Instance(store, module, {'h': {'a': self.host, 'b': self.host}}))
            self.things += self.things[-1].exports.values()
        self.things.append(weft.Linker(store))

    def host(self, *args):
        self.depth += 1
        try:
            for _ in range(self.random.randrange(3)):
                self.step()
        finally:
            self.depth -= 1
        choice = self.random.random()
        if choice < 0.1:
            raise self.random.choice([ValueError(), weft.ExitTrap(3), weft.Trap('x'), KeyError(1)])
        if choice < 0.2:
            tags = [t for t in self.things if isinstance(t, weft.Tag)]
            raise weft.GuestException(self.random.choice(tags), *(self.value() for _ in range(2)))
        if choice < 0.3:
            return Thing(self)
        if choice < 0.6:
            return self.value(), self.random.randrange(9)
        return self.random.randrange(9) if choice < 0.9 else self.value()

    def value(self):
        r = self.random
        kind = r.randrange(12)
        if kind < 4:
            return r.choice([0, 1, 2, 3, 5, -1, 255, 65535, 65536, 2**31, 2**32 - 1, 2**63, 2**64, -2**64])
        if kind < 9:
            return r.choice(self.things)
        return r.choice([None, None, 1.5, 'funcref', 'externref', 'anyref', 'env', 'paused', 'f', b'bytes', bytes(16), 'h', (),
                         Thing(self), [1, 2], ((), ()), (['i32'], ['i32']), {'h': {'a': self.host, 'b': self.host}},
                         self.host, slice(0, 9), slice(5, 900000), bytearray(9), weft.Limits(), weft.WasiConfig()])

    def some(self, kind):
        """Something of that kind, or anything."""
        found = [thing for thing in self.things if isinstance(thing, kind)]
        return self.random.choice(found) if found else self.value()

    def of_type(self, word):
        """What fits a type, mostly."""
        r = self.random
        if word in ('i32', 'i64'):
            return r.choice([0, 1, 2, 3, 5, 100, -1])
        if word in ('f32', 'f64'):
            return r.random()
        if word == 'v128':
            return bytes(16)
        if 'extern' in word:
            return r.choice([None, Thing(self), [1], self.some(weft.Ref), self])
        return r.choice([None, 1, -1, self.some(weft.Ref), self.some(weft.Ref), self.some(weft.Func)])

    def good_call(self):
        """One call with what it takes."""
        r, small = self.random, self.random.randrange(8)
        store, memory, table, ref = self.some(weft.Store), self.some(weft.Memory), self.some(weft.Table), self.some(weft.Ref)
        func, linker, task, glob = self.some(weft.Func), self.some(weft.Linker), self.some(weft.Task), self.some(weft.Global)
        def call(how):
            return how(*(self.of_type(word) for word in func.type.params))
        def drop():
            self.things.remove(r.choice([ref, func, task, memory]))
        def set_at(thing, value):
            thing[small] = value
        def set_value():
            glob.value = self.of_type(glob.type.content)
        return r.choice([
            *[lambda: call(func)] * 12, lambda: call(func.start), lambda: call(func.start), drop, drop,
            lambda: weft.Instance(store, self.modules[2], [self.host, self.host]), lambda: linker.instantiate(self.modules[1]),
            lambda: linker.define('h', r.choice('abcdef'), self.some((weft.Func, weft.Memory, weft.Table, weft.Global, weft.Tag))),
            lambda: linker.define_func('h', r.choice('ab'), (['i32', 'externref'], ['i32']), self.host, access_caller=True),
            lambda: linker.define_wasi(weft.WasiConfig()),
            lambda: memory.read(small, small), lambda: memory.write(small, bytes(small)), lambda: memory.grow(small % 2),
            lambda: memoryview(memory), lambda: self.some(memoryview).release(), lambda: self.some(memoryview)[small],
            lambda: set_at(self.some(memoryview), small), lambda: set_at(memory, small), lambda: memory[small:999],
            lambda: table[small], lambda: set_at(table, self.of_type(table.type.element)), lambda: table.grow(small, None),
            lambda: ref[small], lambda: set_at(ref, r.choice([small, ref, None, self])), lambda: ref.tobytes(),
            lambda: ref == self.some(weft.Ref), lambda: ref.to_extern(), lambda: ref.to_any(), lambda: ref.deftype,
            lambda: weft.Ref.any(store, Thing(self)), lambda: weft.Ref(store, ref.deftype),
            lambda: weft.Ref(store, ref.deftype, [small, ref, small, self][:r.choice([4, 4, small])]),
            lambda: glob.value, set_value, lambda: self.some(weft.Tag).exception(small, self),
            lambda: weft.Func(store, (['i32', 'externref'], ['i32']), self.host), lambda: weft.Tag(store, ['externref']),
            lambda: weft.Table(store, 'externref', small, None, self), lambda: weft.Memory(store, small % 3),
            lambda: weft.Global(store, 'externref', Thing(self), True), lambda: weft.Linker(store),
            lambda: store.collect(), lambda: store.usage(), lambda: store.resume(), lambda: store.stop('paused'),
            lambda: task.resume((small, 5)), lambda: task.resume(small), lambda: task.fail(ValueError()), lambda: task.go_on(),
            *[lambda: self.write(store)] * 3, *[lambda: self.read()] * 2, lambda: self.read(store), lambda: store.instances(),
            lambda: self.write(r.choice(self.things).store), lambda: store.stopped,
            lambda: task.what, lambda: task.result, lambda: gc.collect(),
        ])()

    def write(self, store):
        """A snapshot, for which others may run."""
        self.snapshots.append(store.snapshot(number=lambda thing: self.step() or self.random.choice([1, 2, 2, None]),
                                             modules=self.random.random() < 0.8))
        del self.snapshots[:-8]

    def read(self, store=None):
        """One that was written, mostly into a new store."""
        if not self.snapshots:
            return None
        data = bytearray(self.random.choice(self.snapshots))
        if self.random.random() < 0.1:
            data[self.random.randrange(len(data))] ^= 1
        if store is None:
            store = weft.Store(self.engine, fuel=0)
            self.things.append(store)
        linker = weft.Linker(store)
        linker.define_func('h', 'a', (['i32', 'externref'], ['i32']), self.host)
        linker.define_func('h', 'b', (['anyref', 'f64'], ['anyref', 'i64']), self.host)
        tasks = store.restore(data, linker, object=lambda number: self.step() or Thing(self),
                              module=lambda hash: self.step() or {m.hash: m for m in self.modules}.get(hash))
        self.restored += 1
        for instance in store.instances():
            self.keep(instance)
            self.keep(list(instance.exports.values()))
        return tasks

    def keep(self, result):
        for made in result if isinstance(result, (tuple, list)) and len(result) < 20 else [result]:
            if type(made).__module__ == 'weft' or isinstance(made, memoryview):
                if len(self.things) < 400:
                    self.things.append(made)
                else:
                    self.things[self.random.randrange(1, len(self.things))] = made

    def call(self, thing):
        """One call of something that it has, with anything."""
        r = self.random
        if r.random() < 0.75:
            return self.good_call()
        names = [name for name in dir(thing) if not name.startswith('__') and name != 'from_file'
                 and name != 'call_async']
        choice = r.random()
        if isinstance(thing, weft.Store) and r.random() < 0.9:
            names = [name for name in names if name not in ('close', 'stop', 'timeout')]
        if choice < 0.25 and callable(thing):
            if isinstance(thing, weft.Func):
                return thing(*(self.value() for _ in thing.type.params))
            return thing(*(self.value() for _ in range(r.randrange(4))))
        if choice < 0.4 and hasattr(thing, '__getitem__'):
            return thing[self.value()]
        if choice < 0.5 and hasattr(thing, '__setitem__'):
            thing[self.value()] = self.value()
            return None
        if choice < 0.53:
            return weft.__dict__[r.choice(['Memory', 'Table', 'Global', 'Tag', 'Func', 'Ref', 'Instance', 'Linker', 'Store',
                                           'Module'])](*(self.value() for _ in range(r.randrange(4))))
        if choice < 0.55:
            return memoryview(thing)
        if choice < 0.57:
            return hash(thing) if choice < 0.56 else thing == r.choice(self.things)
        name = r.choice(names)
        if choice < 0.62:
            setattr(thing, name, self.value())
            return None
        found = getattr(thing, name)
        if callable(found) and not isinstance(found, weft.Func):
            return found(*(self.value() for _ in range(r.choice([0, 0, 1, 1, 2, 3]))))
        return found

    def step(self):
        if self.depth > 5 or not self.things:
            return
        self.depth += 1
        self.calls += 1
        try:
            self.keep(self.call(self.random.choice(self.things)))
        except ALLOWED:
            pass
        except Exception as problem:
            self.unexpected.append(problem)
        finally:
            self.depth -= 1
        if self.random.random() < 0.01 and self.things:
            del self.things[self.random.randrange(len(self.things) // 2, len(self.things)):]
        if not any(isinstance(t, weft.Store) and not t.closed for t in self.things):
            with contextlib.suppress(weft.WeftError):
                self.new_store()
        for store in list(self.things):
            if isinstance(store, weft.Store) and not store.closed and self.depth == 0:
                with contextlib.suppress(weft.WeftError):       # another thread may use it, or close it
                    store.stop(None)
                    store.timeout = None
                    store.fuel = 5000


class Random(unittest.TestCase):
    def steps(self, world):
        for _ in range(CALLS):
            world.step()

    def test_calls(self):
        seconds, calls, restored = float(os.environ.get('WEFT_RANDOM', 0)), 0, 0
        seed, start = int(os.environ.get('WEFT_SEED', 0)), time.monotonic()
        interval = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, interval)
        while calls < ROUNDS * CALLS or time.monotonic() - start < seconds:
            random.seed(seed)
            world = World(seed)
            if seed % 4:
                self.steps(world)
            else:               # two threads get into each other's way
                sys.setswitchinterval(1e-5)
                threads = [threading.Thread(target=self.steps, args=(world,)) for _ in range(2)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                sys.setswitchinterval(interval)
            self.assertEqual(world.unexpected, [], f'WEFT_SEED={seed}')
            world.things.clear()
            calls += world.calls
            restored += world.restored
            seed += 1
            del world
            gc.collect()
        self.assertGreater(restored, 10)
        if seconds:
            print(f'{calls} calls, {restored} snapshots read, up to WEFT_SEED={seed - 1}')


if __name__ == '__main__':
    unittest.main()
