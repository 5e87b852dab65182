"""What a guest is granted that was compiled for WASI preview 1."""
from __future__ import annotations

import os
from typing import IO, Any, Iterable, Mapping, Union

Stream = Union[None, int, str, 'os.PathLike[str]', IO[Any]]


class _Descriptors:
    """Of the host's, which are ours: a guest may use them as long as its store is there."""

    def __init__(self) -> None:
        self.fds: list[int] = []

    def add(self, stream: Stream, flags: int) -> int:
        if stream is None:
            return -1
        if isinstance(stream, (str, os.PathLike)):
            fd = os.open(stream, flags | os.O_CLOEXEC, 0o666)
        else:
            fd = os.dup(stream if isinstance(stream, int) else stream.fileno())
        self.fds.append(fd)
        return fd

    def __del__(self) -> None:
        for fd in self.fds:
            os.close(fd)


class WasiConfig:
    """What a guest gets that imports WASI: nothing that is not said here.

    argv, the program's name first; env; stdin, stdout and stderr: None closes one, a file that is
    open or its number is used as it stands, a path is opened. Directories are granted by
    preopen_dir. The same may be used again and again.
    """

    def __init__(self, argv: Iterable[str] = (), env: Mapping[str, str] | None = None, *, stdin: Stream = None,
                 stdout: Stream = None, stderr: Stream = None) -> None:
        self.argv = list(argv)
        self.env = dict(env or {})
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self._dirs: list[tuple[bytes, bytes, bool]] = []

    def preopen_dir(self, path: str | os.PathLike[str], guest_path: str | None = None, *, read_only: bool = False) -> None:
        """Grants what is beneath a directory, under the name that the guest knows it by."""
        name = os.fsencode(path) if guest_path is None else guest_path.encode()
        self._dirs.append((os.fsencode(path), name, read_only))

    def inherit_argv(self) -> None:
        """The arguments of this process."""
        import sys
        self.argv = list(sys.argv)

    def inherit_env(self) -> None:
        """The environment of this process: all of it."""
        self.env = dict(os.environ)

    def inherit_stdin(self) -> None:
        """The standard input of this process."""
        self.stdin = 0

    def inherit_stdout(self) -> None:
        """The standard output of this process."""
        self.stdout = 1

    def inherit_stderr(self) -> None:
        """The standard error of this process."""
        self.stderr = 2

    def inherit_stdio(self) -> None:
        """All three of them."""
        self.stdin, self.stdout, self.stderr = 0, 1, 2

    def _plan(self) -> tuple[tuple[tuple[str, tuple[bytes, bytes]], ...], tuple[int, ...], _Descriptors]:
        rows = [('a', (os.fsencode(arg), b'')) for arg in self.argv]
        rows += [('e', (os.fsencode(name), os.fsencode(value))) for name, value in self.env.items()]
        rows += [('r' if read_only else 'w', (path, name)) for path, name, read_only in self._dirs]
        kept = _Descriptors()
        out = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        fds = (kept.add(self.stdin, os.O_RDONLY), kept.add(self.stdout, out), kept.add(self.stderr, out))
        return tuple(rows), fds, kept
