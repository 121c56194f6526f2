"""What every shard format must do. A format's author inherits `FormatSuite` and names the two classes.

class TestParquet(FormatSuite):
    writer, reader, ending = ParquetWriter, ParquetReader, "parquet"
"""

from __future__ import annotations

import functools
import io
import pickle
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest

from synthgen.errors import DataError
from synthgen.frame.store import frame_meta
from synthgen.load.decode import EncodedFrame, decode_frame
from synthgen.pack.codecs import CODECS
from synthgen.pack.sample import Sample, encode_sample
from synthgen.storage import Storage, open_storage
from synthgen.testing.analytic import analytic_bundle
from synthgen.testing.dataset import analytic_jobs

CHANNELS = ("rgb", "depth", "normal", "instance", "semantic")
LOSSLESS = ("rgb.png", "depth.npy", "depth.png", "normal.png", "seg.png", "semantic.png")


@functools.cache
def analytic_samples(fields: tuple[str, ...] = LOSSLESS) -> tuple[Sample, ...]:
    """Six encoded frames with these fields."""
    codecs = [codec for codec in CODECS if codec.field in fields]
    bundles = [analytic_bundle(job, view) for job in analytic_jobs(3, 2) for view in job.views]
    return tuple(encode_sample(frame_meta(bundle), bundle.channels, codecs) for bundle in bundles)


class FormatSuite:
    """Tests of one format; subclass with a name that starts with `Test`."""

    writer: ClassVar[Callable[..., object]]
    reader: ClassVar[Callable[..., object]]
    ending: ClassVar[str]

    @pytest.fixture
    def samples(self) -> tuple[Sample, ...]:
        """Frames to write."""
        return analytic_samples()

    @pytest.fixture
    def storage(self, tmp_path) -> Storage:
        """Where the shard of a test lies."""
        return open_storage(tmp_path)

    def written(self, samples: tuple[Sample, ...]) -> bytes:
        """The bytes of a shard."""
        stream = io.BytesIO()
        writer = self.writer(stream)
        for sample in samples:
            writer.write(sample)
        writer.close()
        return stream.getvalue()

    def opened(self, storage: Storage, data: bytes):
        """A reader of a shard with these bytes."""
        storage.write_bytes(f"shard.{self.ending}", data)
        return self.reader(storage, f"shard.{self.ending}")

    def test_same_samples_give_same_bytes(self, samples: tuple[Sample, ...]) -> None:
        assert self.written(samples) == self.written(analytic_samples.__wrapped__())

    def test_keys_come_in_the_order_of_writing(self, storage: Storage, samples: tuple[Sample, ...]) -> None:
        reader = self.opened(storage, self.written(samples))
        assert reader.keys == tuple(sample.key for sample in samples)

    def test_every_frame_comes_back_in_any_order(self, storage: Storage, samples: tuple[Sample, ...]) -> None:
        reader = self.opened(storage, self.written(samples))
        bundles = [analytic_bundle(job, view) for job in analytic_jobs(3, 2) for view in job.views]
        for index in (5, 0, 3, 3, 1, 4, 2):
            encoded = EncodedFrame(reader.address, reader.read(index))
            frame, bundle = decode_frame(encoded, CHANNELS), bundles[index]
            assert frame["key"] == bundle.key
            assert frame["meta"] == frame_meta(bundle)
            np.testing.assert_array_equal(frame["camera"]["K"], bundle.camera.K)
            np.testing.assert_array_equal(frame["camera"]["world_from_camera"], bundle.world_from_camera)
            for name in CHANNELS:
                assert frame[name].dtype == bundle.channels[name].dtype
                tolerance = 2e-5 if name == "normal" else 0
                np.testing.assert_allclose(frame[name], bundle.channels[name], rtol=0, atol=tolerance)

    def test_only_the_fields_asked_for_are_given(self, storage: Storage, samples: tuple[Sample, ...]) -> None:
        reader = self.opened(storage, self.written(samples))
        assert set(reader.read(2, ("seg.png", "meta.json"))) == {"seg.png", "meta.json"}
        assert set(reader.read(2, ("depth.png",))) == {"depth.png"}
        assert set(LOSSLESS) < set(reader.fields(0))

    def test_a_reader_travels_to_another_process(self, storage: Storage, samples: tuple[Sample, ...]) -> None:
        reader = self.opened(storage, self.written(samples))
        before = reader.read(4, ("rgb.png",))
        assert pickle.loads(pickle.dumps(reader)).read(4, ("rgb.png",)) == before

    @pytest.mark.parametrize("kept", [0.0, 0.3, 0.7, 0.999])
    def test_a_cut_shard_is_an_error_with_its_name(
        self, storage: Storage, samples: tuple[Sample, ...], kept: float
    ) -> None:
        whole = self.written(samples)
        # The last bytes of a tar are padding; the cut has to reach the content.
        content = len(whole.rstrip(b"\0"))
        reader = self.opened(storage, whole[: int(content * kept)])
        with pytest.raises(DataError, match=rf"shard\.{self.ending}.*(cut|damaged)"):
            reader.keys  # noqa: B018

    def test_other_bytes_are_an_error(self, storage: Storage) -> None:
        reader = self.opened(storage, bytes(range(256)) * 40)
        with pytest.raises(DataError, match=rf"shard\.{self.ending}"):
            reader.keys  # noqa: B018

    def test_a_flipped_bit_in_a_picture_is_an_error(
        self, storage: Storage, samples: tuple[Sample, ...]
    ) -> None:
        whole = bytearray(self.written(samples))
        picture = samples[3].fields["depth.png"]
        start = bytes(whole).find(picture)
        assert start > 0
        whole[start + len(picture) // 2] ^= 4
        reader = self.opened(storage, bytes(whole))
        with pytest.raises(DataError, match=r"damaged|corrupt"):
            decode_frame(EncodedFrame(reader.address, reader.read(3, ("meta.json", "depth.png"))), ("depth",))
