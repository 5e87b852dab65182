"""What goes wrong, as exceptions."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from . import Ref, Store, Tag

_ERROR, _TRAP, _EXIT = 1, 2, 3
_NO_FUNC = 0xFFFFFFFF


class Frame(NamedTuple):
    """Where a guest was: a function that ran."""
    func: int       #: its number in its module
    name: str       #: or ''; whatever the module says, so print it with care
    offset: int     #: of the instruction: bytes from the start of the binary module

    def __str__(self) -> str:
        name = self.name.encode('unicode_escape').decode() or f'func {self.func}'
        return f'{self.offset:#x} {name}'


class WeftError(Exception):
    """The library refused something: a bad module, a missing import, a limit that was met.

    `name` is one word that stays the same from version to version, 'type_mismatch' say. `offset`
    is of a module's error, in bytes from its start; `line` and `column`, from 1, where it is text.
    """
    name: str = 'error'
    offset: int | None = None
    line: int | None = None
    column: int | None = None
    func: int | None = None     #: the function with the error


class Trap(WeftError):
    """A guest was stopped: by an instruction that went wrong, by a limit, or by somebody.

    `name` says by what: 'unreachable', 'out_of_fuel', 'interrupted', 'time_limit', ...
    """
    name = 'host'
    frames: tuple[Frame, ...] = ()  #: where it was, the innermost first

    def __str__(self) -> str:
        lines = [super().__str__(), *(f'    {n}: {frame}' for n, frame in enumerate(self.frames))]
        return '\n'.join(lines)


class ExitTrap(WeftError):
    """A guest ended itself, with this exit status: how programs end, and no failure by itself.

    A function of Python's that raises it ends the guest that called it.
    """
    name = 'exit'

    def __init__(self, code: int = 0):
        super().__init__(f'exit status {code}')
        self.code = code


class GuestException(Trap):
    """An exception of a guest's that nobody caught; or, raised by a function of Python's, one for
    the guest that called it to catch."""
    name = 'uncaught_exception'

    def __init__(self, tag: Tag, *values: Any):
        super().__init__('uncaught exception')
        self.tag = tag              #: of which kind
        self.values = values        #: what it carries
        self.ref: Ref | None = None     #: the exception itself, an exnref

    def _ref_in(self, store: Store) -> Ref:
        if self.ref is None:
            self.ref = self.tag.exception(*self.values)
        return self.ref


def make(status: int, name: str, text: str, offset: int, line: int, column: int, func: int, code: int,
         frames: tuple[tuple[int, str, int], ...], guest: tuple[Tag, tuple[Any, ...], Ref | None] | None) -> WeftError:
    """The exception for what the library said; called by what is written in C."""
    made: WeftError
    if status == _EXIT:
        return ExitTrap(code)
    if guest is not None:
        made = GuestException(guest[0], *guest[1])
        made.ref = guest[2]
        made.args = (text,)
    else:
        made = Trap(text) if status == _TRAP else WeftError(text)
    made.name = name
    if isinstance(made, Trap):
        made.frames = tuple(Frame(*frame) for frame in frames)
        return made
    made.offset = offset or None
    made.line, made.column = line or None, column or None
    made.func = None if func == _NO_FUNC else func
    return made
