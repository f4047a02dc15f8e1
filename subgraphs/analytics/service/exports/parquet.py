"""Parquet files in parts: a row group each, written by itself, and the metadata of all as the file's end.

In the format (https://parquet.apache.org/docs/file-format/) the metadata come last and name every row group's place in
the file. pyarrow writes a file from its first byte on, so a row group is written where it will stand in the
whole, behind a hole of a temporary file; what is read of that file is the row group and its metadata alone.
pyarrow takes a fifth of a second and tens of MB to import: only a process that writes Parquet does.
"""

import io
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
# The length of the metadata, and the magic number again.
_ENDING = 8
_TIMES = ("occurredAt", "receivedAt")
_NEVER_NULL = ("id", "source", "name", *_TIMES, "properties")


class ParquetPart:
    """A row group that begins at a byte of the file."""

    def __init__(self, names: Sequence[str], start: int) -> None:
        self.size = 0
        self._start = start
        self._names = names
        self._batches: list[pa.RecordBatch] = []

    def add(self, rows: Sequence[tuple[object, ...]]) -> None:
        import pyarrow as pa

        schema = _schema(self._names)
        # As Python's objects all rows of a part would take several times as much.
        columns = zip(schema, zip(*rows, strict=True), strict=True)
        batch = pa.RecordBatch.from_arrays([pa.array(values, field.type) for field, values in columns], schema=schema)
        self._batches.append(batch)
        self.size += batch.nbytes

    def finish(self) -> tuple[bytes, bytes | None]:
        import pyarrow as pa
        from pyarrow.fs import LocalFileSystem
        from pyarrow.parquet import ParquetWriter

        if not self._batches:
            return b"", None
        table = pa.Table.from_batches(self._batches)
        with tempfile.NamedTemporaryFile() as file:
            with (
                LocalFileSystem().open_append_stream(file.name, buffer_size=0) as stream,
                ParquetWriter(stream, table.schema, compression="zstd") as writer,
            ):
                file.truncate(self._start - 1)
                stream.write(b"\0")
                writer.write_table(table, row_group_size=table.num_rows)
            file.seek(self._start)
            written = file.read()
        metadata = int.from_bytes(written[-_ENDING : -len(MAGIC)], "little") + _ENDING
        return written[:-metadata], written[-metadata:]


def parquet_end(names: Sequence[str], footers: Sequence[bytes]) -> bytes:
    """Return what follows the last row group: the metadata of all of them, given those of each."""
    from pyarrow.parquet import ParquetWriter, read_metadata

    whole = io.BytesIO()
    if not footers:
        ParquetWriter(whole, _schema(names), compression="zstd").close()
        return whole.getvalue()[len(MAGIC) :]
    merged, *others = [read_metadata(io.BytesIO(MAGIC + footer)) for footer in footers]
    for other in others:
        merged.append_row_groups(other)
    merged.write_metadata_file(whole)
    return whole.getvalue()[len(MAGIC) :]


def _schema(names: Sequence[str]) -> "pa.Schema":
    import pyarrow as pa

    moment = pa.timestamp("us", tz="UTC")
    return pa.schema(
        [pa.field(name, moment if name in _TIMES else pa.string(), nullable=name not in _NEVER_NULL) for name in names]
    )
