"""Types of what modules want and offer. Those of values are written as in the text format:
'i32', 'v128', 'funcref', 'externref', '(ref null any)'."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Iterable, Union

if TYPE_CHECKING:
    from . import DefType


def _words(types: Iterable[str]) -> tuple[str, ...]:
    if isinstance(types, str):
        raise TypeError(f'a sequence of types is wanted, not {types!r}')
    words = tuple(types)
    for word in words:
        if not isinstance(word, str) or set(word) - set('abcdefghijklmnopqrstuvwxyz0123456789() '):
            raise ValueError(f'no type of values: {word!r}')
    return words


@dataclass(frozen=True)
class FuncType:
    """Of a function: types of its parameters and results."""
    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    #: where a module defines it: the type itself, which knows types that have no words
    deftype: DefType | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.deftype is None:
            object.__setattr__(self, 'params', _words(self.params))
            object.__setattr__(self, 'results', _words(self.results))

    def _text(self) -> str:
        return f'(module (type (func (param {" ".join(self.params)}) (result {" ".join(self.results)}))))'


@dataclass(frozen=True)
class TagType:
    """Of exceptions of a kind: types of the values that they carry."""
    params: tuple[str, ...] = ()
    deftype: DefType | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class GlobalType:
    """Of a global variable: of its value, and whether that can change."""
    content: str
    mutable: bool = False


@dataclass(frozen=True)
class TableType:
    """Of a table: of its entries, and how many there are and may be."""
    element: str
    min: int = 0
    max: int | None = None
    is_64: bool = False         #: its indices are i64


@dataclass(frozen=True)
class MemoryType:
    """Of a memory: how many pages it has and may have."""
    min: int = 0
    max: int | None = None
    is_64: bool = False         #: its addresses are i64
    shared: bool = False
    page_size: int = 65536      #: in bytes


ItemType = Union[FuncType, TagType, GlobalType, TableType, MemoryType]


@dataclass(frozen=True)
class ImportType:
    """What a module wants, by two names."""
    module: str
    name: str
    type: ItemType


@dataclass(frozen=True)
class ExportType:
    """What a module offers, by name."""
    name: str
    type: ItemType


@dataclass
class Limits:
    """What the guests of a store may take; 0 stands for the default in brackets."""
    memory_bytes: int = 0       #: of all memories together [16 GiB]
    table_entries: int = 0      #: of one table [10,000,000]
    table_total: int = 0        #: of all tables together [4 times table_entries]
    stack_bytes: int = 0        #: of the guests' stack, 16 KiB to 4 GiB [8 MiB]
    heap_bytes: int = 0         #: of structures, arrays and exceptions [1 GiB]
    handles: int = 0            #: of objects of Python's that guests have, and of Refs [10,000,000]
    instances: int = 0          #: [1,000,000]
    instance_bytes: int = 0     #: of instances, beside memories and tables [1 GiB]
    functions: int = 0          #: [1,048,575]
    continuations: int = 0      #: that were not used yet [10,000,000]
    continuation_bytes: int = 0     #: and of tasks that wait [1 GiB]
    host_calls: int = 0         #: of Python functions that call the guest, inside each other [200]
    native_bytes: int = 0       #: of the thread's own stack, that these leave [48 KiB]
    #: no limit: bytes of addresses that each memory takes ahead; None: for all it may ever need, so that it
    #: stays where it is and memoryview() can be had of it
    memory_room: int | None = None


def func_type(given: FuncType | tuple[Iterable[str], Iterable[str]]) -> FuncType:
    """A FuncType, or what can be made one: (params, results)."""
    if isinstance(given, FuncType):
        return given
    if isinstance(given, tuple) and len(given) == 2:
        return FuncType(*given)     # type: ignore[arg-type]
    raise TypeError(f'a FuncType, or a pair of parameters and results, is wanted, not {given!r}')
