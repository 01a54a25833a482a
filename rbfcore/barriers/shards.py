"""A run as a folder of small files: a manifest, batches of candidates and finished chunks, each written in one go."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from rbfcore.data.npz import Arrays, read_arrays, write_arrays
from rbfcore.storage.files import replacing

_MANIFEST = "manifest.json"


class Shards:
    """The parts of one run. A part exists whole or not at all, so a run may be killed at any moment.

    Used in a `with` block, which keeps a second run out of the folder and raises ValueError where the folder holds
    something else or a run with other settings, OSError where it cannot be written.

    Args:
        folder: made when it is not there; its parent must exist.
        settings: everything that decides the content of the parts; JSON values.
        resume: go on with the parts of an earlier run with these settings; otherwise remove them first.
    """

    def __init__(self, folder: str | Path, settings: dict[str, Any], resume: bool = True) -> None:
        self.folder = Path(folder)
        self.settings = json.loads(json.dumps(settings))
        self._resume = resume
        self._lock = ExitStack()

    def __enter__(self) -> "Shards":
        if not self.folder.parent.is_dir():
            raise ValueError(f"cannot write {self.folder}: the folder {self.folder.parent} does not exist; create it")
        self.folder.mkdir(exist_ok=True)
        with ExitStack() as lock:
            lock.enter_context(_locked(self.folder / "lock"))
            self._open()
            self._lock = lock.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def _open(self) -> None:
        manifest = self.folder / _MANIFEST
        if manifest.is_file():
            if self._resume:
                self._check(manifest)
            else:
                self._clear()
        elif any(path.suffix == ".npz" for path in self.folder.iterdir()):
            raise ValueError(f"{self.folder} holds .npz files but no {_MANIFEST}: not a run; name another output")
        for left in self.folder.glob(".*.npz"):  # of a write that was cut short
            left.unlink(missing_ok=True)
        if not manifest.is_file():
            card = {"settings": self.settings, "fingerprint": fingerprint(self.settings)}
            with replacing(manifest) as temporary:
                temporary.write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def read(self, name: str) -> Arrays | None:
        """The arrays of a part; None when it is not there or is damaged, in which case it has to be made again."""
        path = self.folder / f"{name}.npz"
        if not path.is_file():
            return None
        try:
            with open(path, "rb") as file:
                return read_arrays(file, path.name)
        except ValueError:
            path.unlink()
            return None

    def write(self, name: str, arrays: Arrays) -> None:
        """Store a part.

        Raises:
            OSError: it cannot be written, e.g. because the disk is full; all finished parts are kept.
        """
        with self.keeping(self.folder):
            write_arrays(self.folder / f"{name}.npz", arrays)

    @contextmanager
    def keeping(self, place: Path) -> Iterator[None]:
        """Turns a failure to write to `place` into advice: the finished parts outlive it."""
        try:
            yield
        except OSError as error:
            raise OSError(
                f"cannot write to {place} ({error.strerror or error}); everything finished is kept in {self.folder}: "
                "make room or mend the folder, then run the same command again"
            ) from error

    def _check(self, manifest: Path) -> None:
        advice = "name another output, or start over (resume=False, --restart), which removes what is there"
        try:
            stored = json.loads(manifest.read_text(encoding="utf-8"))["settings"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{manifest} is damaged ({error}); {advice}") from error
        if stored == self.settings:
            return
        differing = [
            f"{key} {stored.get(key)!r} there, {self.settings.get(key)!r} now"
            for key in sorted({*stored, *self.settings})
            if stored.get(key) != self.settings.get(key)
        ]
        raise ValueError(f"{self.folder} holds a run with other settings ({'; '.join(differing)}): {advice}")

    def _clear(self) -> None:
        (self.folder / _MANIFEST).unlink()
        for path in self.folder.glob("*.npz"):
            path.unlink()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keeps a second run out of the folder; the system lets go of the lock however this process ends.

    Raises:
        ValueError: another run is working there.
    """
    with open(path, "ab") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ValueError(f"another run is working in {path.parent}: wait, or name another output") from error
        except (ImportError, OSError):  # no such locks on this system or disk: the user has to take care
            pass
        yield


def fingerprint(settings: dict[str, Any]) -> str:
    """Hexadecimal SHA-256 of the settings as sorted JSON."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def joined(parts: list[Arrays]) -> Arrays:
    """The rows of several parts with the same arrays, one after another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
