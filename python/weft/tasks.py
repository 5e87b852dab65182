"""Guests that await what Python's functions give them."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import Func


async def call(func: Func, args: tuple[Any, ...]) -> Any:
    """Calls it as a Task, and awaits what that waits for."""
    task = func.start(*args)
    while task.state == 'waits':
        try:
            result = await task.what
        except BaseException as problem:    # of which the guest is told, as it would be if it had called
            task.fail(problem)
        else:
            task.resume(result)
    return task.result
