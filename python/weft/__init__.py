"""Weft: run WebAssembly inside Python.

    import weft

    engine = weft.Engine()
    module = weft.Module(engine, '''
        (module (import "host" "say" (func $say (param i32)))
          (func (export "add") (param i32 i32) (result i32)
            (call $say (local.get 0))
            (i32.add (local.get 0) (local.get 1))))''')
    store = weft.Store(engine)
    instance = weft.Instance(store, module, {'host': {'say': print}})
    print(instance.exports.add(40, 2))

An Engine is what all have in common; a Module is code; a Store is a world of its own, in which
Instances of modules live. docs/python.md tells the rest.
"""
from __future__ import annotations

from ._weft import (Caller, DefType, Engine, Exports, Func, Global, Instance, Linker, Memory, Module, Ref, Store, Table,
                    Tag, Task, __version__)
from .errors import ExitTrap, Frame, GuestException, Trap, WeftError
from .types import ExportType, FuncType, GlobalType, ImportType, Limits, MemoryType, TableType, TagType
from .wasi import WasiConfig

__all__ = ['Caller', 'DefType', 'Engine', 'Exports', 'Func', 'Global', 'Instance', 'Linker', 'Memory', 'Module', 'Ref',
           'Store', 'Table', 'Tag', 'Task', 'ExitTrap', 'Frame', 'GuestException', 'Trap', 'WeftError', 'ExportType',
           'FuncType', 'GlobalType', 'ImportType', 'Limits', 'MemoryType', 'TableType', 'TagType', 'WasiConfig',
           'validate', 'wat2wasm', '__version__']


def wat2wasm(text: str, features: str | None = None) -> bytes:
    """The module as bytes whose text this is. Raises WeftError if it is none, or is not valid."""
    return Module(Engine(features), text).binary


def validate(wasm: bytes | str, features: str | None = None) -> None:
    """Raises WeftError unless it is a valid module."""
    Module.validate(Engine(features), wasm)
