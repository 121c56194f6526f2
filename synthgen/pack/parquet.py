"""Parquet shards: one row per frame, pictures as Hugging Face `Image` columns, numbers as plain columns.

Row groups are small (`ROW_GROUP_BYTES`), so that one frame can be read without its neighbours; pages carry
checksums, an index and content-defined borders. Encoded pictures are stored as they are, everything else with
zstd. Equal samples give equal bytes with the same version of pyarrow.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import BinaryIO, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from synthgen.errors import DataError
from synthgen.frame.channels import dtype_of
from synthgen.geometry.models import camera_from_entry
from synthgen.pack.codecs import CODEC_OF_FIELD, CODECS
from synthgen.pack.sample import META_FIELD, Sample
from synthgen.storage import Storage

T = TypeVar("T")

ENDING = "parquet"
ROW_GROUP_BYTES = 4_000_000
"""Content of a row group before it is closed. benchmarks/load.py compares sizes: small ones make random
access quick and cost nothing in order; the limit of the Hugging Face viewer is 100 MB."""

_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_FIELD_OF_COLUMN = {codec.column: codec.field for codec in reversed(CODECS) if codec.column}
"""Columns of plain numbers, such as `depth_m`: flat lists, row by row, of what no picture viewer opens."""
_FIELD_OF_FILE = {codec.channel: codec.field for codec in CODECS if not codec.column and not codec.is_picture}
"""Columns of whole files that are no pictures to a viewer, such as the EXR of `hdr`: plain bytes."""
_NUMBERS: dict[str, pa.DataType] = {
    "key": pa.string(),
    "split": pa.string(),
    "scene": pa.int32(),
    "view": pa.int32(),
    "camera_model": pa.string(),
    "width": pa.int32(),
    "height": pa.int32(),
    "K": pa.list_(pa.float64(), 9),
    "world_from_camera": pa.list_(pa.float64(), 16),
    "fov_deg": pa.float64(),
    "exposure_scale": pa.float64(),
    "depth_min_m": pa.float64(),
    "depth_p02_m": pa.float64(),
    "depth_median_m": pa.float64(),
    "depth_p98_m": pa.float64(),
    "depth_max_m": pa.float64(),
    "sky_ratio": pa.float64(),
    "job_hash": pa.string(),
    "meta": pa.string(),
}
_REPEATING = ["split", "camera_model", "job_hash"]


def parquet_schema(fields: Iterable[str]) -> pa.Schema:
    """The schema of a shard whose samples have these fields; Hugging Face features in its metadata."""
    columns = [pa.field(name, kind) for name, kind in _NUMBERS.items()]
    codecs = [CODEC_OF_FIELD[field] for field in fields if field in CODEC_OF_FIELD]
    columns += [pa.field(codec.channel, _IMAGE) for codec in codecs if codec.is_picture]
    for codec in codecs:
        if codec.column:
            columns.append(pa.field(codec.column, pa.list_(pa.from_numpy_dtype(dtype_of(codec.channel)))))
        elif not codec.is_picture:
            columns.append(pa.field(codec.channel, pa.binary()))
    features = {column.name: _feature(column.type) for column in columns}
    metadata = {"huggingface": json.dumps({"info": {"features": features}}, sort_keys=True)}
    return pa.schema(columns, metadata=metadata)


def column_of(field: str) -> str:
    """The column in which a field lies."""
    codec = CODEC_OF_FIELD[field]
    return codec.column or codec.channel


class ParquetWriter:
    """Writes samples to a stream; the stream stays open."""

    def __init__(self, stream: BinaryIO, row_group_bytes: int = ROW_GROUP_BYTES) -> None:
        self._stream = stream
        self._limit = row_group_bytes
        self._rows: list[Sample] = []
        self._bytes = 0
        self._schema: pa.Schema | None = None
        self._writer: pq.ParquetWriter | None = None

    def write(self, sample: Sample) -> None:
        """Append a row."""
        size = sum(len(data) for data in sample.fields.values())
        if self._rows and self._bytes + size > self._limit:
            self._write_group()
        self._rows.append(sample)
        self._bytes += size

    def close(self) -> None:
        """Write the rows that are left, and the footer."""
        if self._rows:
            self._write_group()
        if self._writer is not None:
            self._writer.close()

    def _write_group(self) -> None:
        if self._schema is None:
            first = self._rows[0]
            self._schema = parquet_schema(first.fields)
            self._writer = pq.ParquetWriter(self._stream, self._schema, **_writer_options(self._schema))
        columns = [_column(field, self._rows) for field in self._schema]
        batch = pa.record_batch(columns, schema=self._schema)
        self._writer.write_batch(batch, row_group_size=len(self._rows))
        self._rows, self._bytes = [], 0


class ParquetReader:
    """Random access to the rows of one shard: reads the row group of a row, and only the columns asked for.

    Pickles as its address: each process opens the file for itself.
    """

    def __init__(self, storage: Storage, path: str) -> None:
        self._storage = storage
        self._path = path
        self._file: pq.ParquetFile | None = None
        self._group: tuple[int, tuple[str, ...], pa.Table] | None = None
        self._keys: tuple[str, ...] | None = None
        self._starts: np.ndarray | None = None

    @property
    def address(self) -> str:
        """What to call the shard in messages."""
        return self._storage.address(self._path)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the rows. Raises `DataError` when the file is damaged, cut or has no column `key`."""
        if self._keys is None:
            table = self._guarded(lambda: self._open().read(columns=["key"], use_threads=False))
            if table.num_columns != 1:
                raise DataError(
                    f"{self.address}: expected the column 'key'; synthgen did not write this file"
                )
            self._keys = tuple(table.column(0).to_pylist())
        return self._keys

    def fields(self, index: int) -> tuple[str, ...]:
        """The fields of a row; `depth.npy` stands for the column `depth_m`, and so on."""
        return tuple(self.read(index))

    def read(self, index: int, fields: Iterable[str] | None = None) -> dict[str, bytes | np.ndarray]:
        """Encoded channels of a row by field, and `meta.json`. Columns of numbers come as flat arrays.

        Raises
        ------
        DataError
            When the file is damaged or cut: pages are compared with their checksums.
        """
        names = self._open().schema_arrow.names
        wanted = None if fields is None else tuple(fields)
        columns = tuple(name for name in names if wanted is None or _holds_any(name, wanted))
        group, row = self._locate(index)
        if self._group is None or self._group[:2] != (group, columns):
            read = self._open().read_row_group
            table = self._guarded(lambda: read(group, columns=list(columns), use_threads=False))
            self._group = (group, columns, table)
        return _row_fields(self._group[2], row, wanted)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_file": None, "_group": None}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        self.__dict__.update(state)

    def _open(self) -> pq.ParquetFile:
        if self._file is None:
            source = self._storage.open_read(self._path)
            self._file = self._guarded(lambda: pq.ParquetFile(source, page_checksum_verification=True))
        return self._file

    def _locate(self, index: int) -> tuple[int, int]:
        if self._starts is None:
            metadata = self._open().metadata
            rows = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
            self._starts = np.cumsum([0, *rows])
        group = int(np.searchsorted(self._starts, index, side="right")) - 1
        return group, index - int(self._starts[group])

    def _guarded(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except (pa.ArrowException, OSError) as error:
            reason = " ".join(str(error).split())
            raise DataError(
                f"{self.address}: the Parquet file is cut or damaged ({reason}); "
                "copy it again, or pack the dataset again"
            ) from None


def _row_fields(table: pa.Table, row: int, wanted: Sequence[str] | None) -> dict[str, bytes | np.ndarray]:
    found: dict[str, bytes | np.ndarray] = {}
    for name in table.column_names:
        if name == "meta":
            found[META_FIELD] = table.column(name)[row].as_py().encode()
        elif name in _FIELD_OF_COLUMN:
            found[_FIELD_OF_COLUMN[name]] = table.column(name)[row].values.to_numpy()
        elif name in _FIELD_OF_FILE:
            found[_FIELD_OF_FILE[name]] = table.column(name)[row].as_py()
        elif table.schema.field(name).type == _IMAGE:
            picture = table.column(name)[row].as_py()
            found[picture["path"].partition(".")[2]] = picture["bytes"]
    return {field: data for field, data in found.items() if wanted is None or field in wanted}


def _holds_any(column: str, fields: Sequence[str]) -> bool:
    if column == "meta":
        return META_FIELD in fields
    return any(column_of(field) == column for field in fields if field in CODEC_OF_FIELD)


def _column(column: pa.Field, samples: Sequence[Sample]) -> pa.Array:
    if column.type == _IMAGE:
        fields = [_picture_field(sample, column.name) for sample in samples]
        data = pa.array([sample.fields[field] for sample, field in zip(samples, fields)], pa.binary())
        paths = pa.array([f"{sample.key}.{field}" for sample, field in zip(samples, fields)], pa.string())
        return pa.StructArray.from_arrays([data, paths], fields=list(_IMAGE))
    if column.name in _FIELD_OF_COLUMN:
        arrays = [sample.numbers[column.name].ravel() for sample in samples]
        sizes = [array.size for array in arrays]
        values = pa.array(np.concatenate(arrays))
        return pa.ListArray.from_arrays(pa.array(np.cumsum([0, *sizes]), pa.int32()), values)
    if column.name in _FIELD_OF_FILE:
        return pa.array([sample.fields[_FIELD_OF_FILE[column.name]] for sample in samples], column.type)
    return pa.array([_number(sample, column.name) for sample in samples], column.type)


def _picture_field(sample: Sample, channel: str) -> str:
    return next(
        field
        for field in sample.fields
        if field in CODEC_OF_FIELD
        and CODEC_OF_FIELD[field].channel == channel
        and CODEC_OF_FIELD[field].is_picture
    )


def _number(sample: Sample, name: str) -> object:
    meta, camera = sample.meta, sample.meta["camera"]
    match name:
        case "key" | "split":
            return getattr(sample, name)
        case "scene" | "view":
            return meta[name]
        case "camera_model":
            return camera["model"]
        case "width" | "height":
            return camera[name]
        case "K" | "world_from_camera":
            return [value for row in camera[name] for value in row]
        case "fov_deg":
            return camera_from_entry(camera).fov_deg
        case "exposure_scale":
            return meta.get("exposure", {}).get("scale")
        case "job_hash":
            return meta.get("hashes", {}).get("job")
        case "meta":
            return sample.fields[META_FIELD].decode()
    return sample.statistics.get(name)


def _writer_options(schema: pa.Schema) -> dict[str, object]:
    compression: dict[str, str] = {}
    for column in schema:
        if column.type == _IMAGE:
            compression[f"{column.name}.bytes"] = "none"
            compression[f"{column.name}.path"] = "zstd"
        elif column.name in _FIELD_OF_FILE:
            compression[column.name] = "none"  # EXR is compressed inside
        elif pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type):
            compression[f"{column.name}.list.element"] = "zstd"
        else:
            compression[column.name] = "zstd"
    numbers = [f"{name}.list.element" for name in schema.names if name in _FIELD_OF_COLUMN]
    return {
        "compression": compression,
        "use_dictionary": _REPEATING,
        "use_byte_stream_split": numbers or False,
        "use_content_defined_chunking": True,
        "write_page_index": True,
        "write_page_checksum": True,
    }


def _feature(kind: pa.DataType) -> dict[str, object]:
    if kind == _IMAGE:
        return {"_type": "Image"}
    if pa.types.is_fixed_size_list(kind):
        return {"_type": "List", "feature": _feature(kind.value_type), "length": kind.list_size}
    if pa.types.is_list(kind):
        return {"_type": "List", "feature": _feature(kind.value_type)}
    names = {pa.string(): "string", pa.int32(): "int32", pa.float64(): "float64", pa.float32(): "float32",
             pa.uint32(): "uint32", pa.binary(): "binary"}  # fmt: skip
    return {"_type": "Value", "dtype": names[kind]}
