"""Both shard formats through the suite that ships with the package."""

from functools import partial

from synthgen.pack.parquet import ParquetReader, ParquetWriter
from synthgen.pack.webdataset import TarReader, TarWriter
from synthgen.testing.format_suite import FormatSuite


class TestWebDataset(FormatSuite):
    writer, reader, ending = TarWriter, TarReader, "tar"


class TestParquet(FormatSuite):
    writer, reader, ending = ParquetWriter, ParquetReader, "parquet"


class TestParquetWithSmallRowGroups(FormatSuite):
    writer = staticmethod(partial(ParquetWriter, row_group_bytes=60_000))
    reader, ending = ParquetReader, "parquet"
