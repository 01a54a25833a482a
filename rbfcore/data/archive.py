"""Barrier lists in a .tgz archive, the form of the published data: streamed, never unpacked to disk."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from rbfcore.data.barrier_lists import read_barrier_list
from rbfcore.data.dataset import DataSet

PUBLISHED_SHA256 = "61aa30bfa00ccc31c951c42b37ecd4b96f788d40b4910d9d5805da80fbf34cba"
PUBLISHED_SOURCE = "Määttä et al., Neural Networks 2020, arXiv 2004.02569: Cu_ANN_processed.tgz"


def read_archive(
    file: BinaryIO, filename: str, sha256: str, surface: str | None = None, limit: int | None = None
) -> DataSet:
    """One barrier list of an archive of them.

    Args:
        file: a gzip-compressed tar archive; read twice when no surface is chosen.
        filename: what to call it in messages.
        sha256: checksum of the archive; the provenance says whether it is the published one.
        surface: "100" takes the member whose name ends in _100.26d. Not needed when there is only one member.
        limit: stop after this many rows.

    Raises:
        ValueError: damaged or truncated archive, no member for the surface, or several and no choice; see
            `read_barrier_list`.
    """
    if surface is None:
        names = list_members(file, filename)
        file.seek(0)
        if len(names) != 1:
            raise ValueError(
                f"{filename} holds {len(names)} barrier lists ({', '.join(names) or 'none'}); "
                + ("choose one by its surface, e.g. surface='100'" if names else "expected members ending in .26d")
            )
        wanted = names[0]
    else:
        wanted = f"_{surface}.26d"
    is_published = sha256 == PUBLISHED_SHA256
    provenance = {
        "archive": filename,
        "sha256": sha256,
        "sha256_published": PUBLISHED_SHA256,
        "is_published_archive": is_published,
    } | ({"source": PUBLISHED_SOURCE} if is_published else {})
    with _members(file, filename) as members:
        seen = []
        for name, stream in members:
            if name.endswith(wanted):
                dataset = read_barrier_list(stream, f"{filename}/{name}", limit, provenance | {"member": name})
                if limit is None:
                    for _ in members:  # to the end, so that a cut archive does not pass unnoticed
                        pass
                return dataset
            seen.append(name)
    raise ValueError(
        f"{filename} holds no barrier list for surface {surface!r} (no name ends in {wanted}); "
        f"it holds {', '.join(seen) or 'none'}"
    )


def list_members(file: BinaryIO, filename: str) -> list[str]:
    """Names of the .26d members, in archive order.

    Raises:
        ValueError: damaged or truncated archive.
    """
    with _members(file, filename) as members:
        return [name for name, _ in members]


@contextmanager
def _members(file: BinaryIO, filename: str) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The .26d members as streams. What breaks while the block reads is reported as a damaged archive."""
    try:
        with gzip.GzipFile(fileobj=file) as unzipped, tarfile.open(fileobj=unzipped, mode="r|") as archive:
            yield _lists(archive)
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise ValueError(
            f"{filename}: truncated or damaged archive ({error}); expected a gzip-compressed "
            "tar with .26d members; get the file again"
        ) from error


def _lists(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in archive:
        stream = archive.extractfile(member) if member.isfile() and member.name.endswith(".26d") else None
        if stream is not None:
            yield member.name, stream
