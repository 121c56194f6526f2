"""Frames as PyTorch tensors: a map-style dataset, and a stream over shards for training on many workers.

    frames = DepthDataset("out/indoor", split="train")
    loader = torch.utils.data.DataLoader(frames, batch_size=8, shuffle=True, num_workers=4)
    for batch in loader:
        loss = (model(batch["rgb"]) - batch["depth"])[batch["valid"]].abs().mean()

The only module of synthgen that imports torch; `pip install synthgen[torch]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
import torch.distributed
from torch.utils.data import Dataset, IterableDataset, get_worker_info

from synthgen.errors import UsageError
from synthgen.frame.channels import CHANNELS
from synthgen.load.dataset import FrameDataset, open_dataset
from synthgen.load.locate import Uri
from synthgen.seeding import rng_for

Transform = Callable[[dict[str, object]], object]


class DepthDataset(Dataset):
    """Map-style dataset of `tensors_of` each frame.

    Parameters
    ----------
    uri, split, format : as in `synthgen.open_dataset`
    channels : names of channels; others are not read
    transform : called with each sample, its result is given instead
    """

    def __init__(
        self,
        uri: Uri | Sequence[Uri],
        split: str | None = None,
        channels: Sequence[str] = ("rgb", "depth"),
        transform: Transform | None = None,
        format: str | None = None,
    ) -> None:
        self.frames = open_dataset(uri, split, channels, format)
        self._transform = transform

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, index: int) -> object:
        sample = tensors_of(self.frames[index])
        return self._transform(sample) if self._transform else sample


class StreamingDepthDataset(IterableDataset):
    """A stream of `tensors_of` each frame that reads shards in order and shuffles without random access.

    Every epoch lays the shards in a new order, cuts that row of frames into equal consecutive pieces, one for
    each DataLoader worker of each rank, and mixes each piece in a buffer. So all workers together give every
    frame once per epoch, their numbers differ by one at most, and the order depends on seed, epoch and the
    number of workers and ranks alone.

    Parameters
    ----------
    uri, split, format : as in `synthgen.open_dataset`
    channels, transform : as in `DepthDataset`
    shuffle : whether to mix shards and frames; without it frames come in the order of their keys
    seed : of the order
    shuffle_buffer : frames, still encoded, that each worker mixes
    rank, world_size : of this process; taken from torch.distributed where it is initialised
    drop_uneven : leave out up to `world_size - 1` frames of an epoch, so that every rank gives the same
        number; collective operations hang when one rank ends earlier
    """

    def __init__(
        self,
        uri: Uri | Sequence[Uri],
        split: str | None = None,
        channels: Sequence[str] = ("rgb", "depth"),
        transform: Transform | None = None,
        *,
        format: str | None = None,
        shuffle: bool = True,
        seed: int = 0,
        shuffle_buffer: int = 256,
        rank: int | None = None,
        world_size: int | None = None,
        drop_uneven: bool = False,
    ) -> None:
        if (rank is None) != (world_size is None):
            raise UsageError("rank and world_size go together (got one of them)")
        if rank is not None and not 0 <= rank < world_size:
            raise UsageError(f"rank must be between 0 and world_size - 1 (got {rank} of {world_size})")
        self.frames = open_dataset(uri, split, channels, format)
        self._transform = transform
        self._shuffle, self._seed, self._buffer = shuffle, seed, max(1, shuffle_buffer)
        self._rank, self._world_size = rank, world_size
        self._drop_uneven = drop_uneven
        # Shared memory, so that workers that outlive an epoch (persistent_workers) see a new one.
        self._epoch = torch.zeros((), dtype=torch.int64).share_memory_()

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of the next pass; call it before each epoch, with the same number on all ranks."""
        self._epoch.fill_(epoch)

    def __len__(self) -> int:
        """Frames that this rank gives in an epoch, over all of its workers."""
        start, end = self._rank_range()
        return end - start

    def __iter__(self) -> Iterator[object]:
        worker = get_worker_info()
        index, workers = (worker.id, worker.num_workers) if worker else (0, 1)
        start, end = self._rank_range()
        first, last = start + (end - start) * index // workers, start + (end - start) * (index + 1) // workers
        epoch = int(self._epoch)
        positions = _in_order(self.frames.shard_sizes, self._shard_order(epoch), first, last)
        rng = rng_for(self._seed, "buffer", epoch, first) if self._shuffle else None
        for sample in _mixed(self.frames, positions, self._buffer, rng):
            yield self._transform(sample) if self._transform else sample

    def _shard_order(self, epoch: int) -> np.ndarray:
        shards = len(self.frames.shard_sizes)
        return (
            rng_for(self._seed, "shards", epoch).permutation(shards) if self._shuffle else np.arange(shards)
        )

    def _rank_range(self) -> tuple[int, int]:
        rank, world_size = self._rank, self._world_size
        if rank is None:
            distributed = torch.distributed.is_available() and torch.distributed.is_initialized()
            rank = torch.distributed.get_rank() if distributed else 0
            world_size = torch.distributed.get_world_size() if distributed else 1
        total = len(self.frames)
        if self._drop_uneven:
            total -= total % world_size
        return total * rank // world_size, total * (rank + 1) // world_size


def tensors_of(frame: dict[str, object]) -> dict[str, object]:
    """A loaded frame as tensors that the default collation of DataLoader takes.

    Returns
    -------
    dict of those channels that the frame has, and of the camera:

    * `rgb` (3, h, w) float32 in [0, 1], sRGB
    * `depth` (1, h, w) float32 metres, 0 where nothing is hit, so that arithmetic never meets infinity
    * `valid` (1, h, w) bool, where `depth` is a surface
    * `normal`, `shading_normal` (3, h, w) float32, camera frame, 0 where nothing is hit
    * `distance` (1, h, w), `position` (3, h, w), `edge` (2, h, w) float32 metres, 0 where nothing is hit
    * `depth_layers` (K, h, w) float32 metres, 0 where there is no surface; `instance_layers` (K, h, w) int64
    * `instance`, `semantic`, `material`, `validity`, `occlusion_forward`, `occlusion_backward` (h, w) int64
    * `hdr`, `albedo`, `diffuse_illumination`, `residual` (3, h, w) float32, linear light
    * `flow_forward`, `flow_backward` (2, h, w) float32 pixels, with `flow_forward_valid` and
      `flow_backward_valid` (1, h, w) bool; 0 where the other frame's lens cannot see the point
    * `disparity` (1, h, w) float32 pixels
    * `K` (3, 3) and `world_from_camera` (4, 4) float32
    * `key` str
    """
    sample: dict[str, object] = {"key": frame["key"]}
    for name in CHANNELS:
        if name in frame:
            sample.update(_tensors_of_channel(name, frame[name]))
    for name in ("K", "world_from_camera"):
        sample[name] = torch.from_numpy(frame["camera"][name].astype(np.float32))
    return sample


_MASKS = {"depth": "valid"} | {name: f"{name}_valid" for name in ("flow_forward", "flow_backward")}
"""Channels that are infinite somewhere for a reason: the mask of where they are not."""


def _tensors_of_channel(name: str, pixels: np.ndarray) -> dict[str, torch.Tensor]:
    planes = np.moveaxis(pixels, -1, 0) if pixels.ndim == 3 else pixels
    if name == "rgb":
        # In numpy: torch would wake a pool of threads for this little.
        planes = np.divide(np.ascontiguousarray(planes), np.float32(255.0), dtype=np.float32)
        return {name: torch.from_numpy(planes)}
    if pixels.dtype.kind == "u":
        return {name: torch.from_numpy(planes.astype(np.int64))}
    planes = planes.reshape(-1, *pixels.shape[:2]).astype(np.float32, copy=False)
    finite = np.isfinite(planes)
    tensors = {name: torch.from_numpy(np.where(finite, planes, np.float32(0.0)))}
    if name in _MASKS:
        tensors[_MASKS[name]] = torch.from_numpy(finite[:1])
    return tensors


def _in_order(sizes: Sequence[int], order: np.ndarray, first: int, last: int) -> Iterator[int]:
    """Indices of the frames at `first` to `last` when the shards lie in this order."""
    starts = np.cumsum([0, *sizes])
    position = 0
    for shard in order:
        low, high = max(first - position, 0), min(last - position, sizes[shard])
        yield from range(int(starts[shard]) + low, int(starts[shard]) + high)
        position += sizes[shard]


def _mixed(
    frames: FrameDataset, positions: Iterator[int], size: int, rng: np.random.Generator | None
) -> Iterator[dict[str, object]]:
    """Decoded frames, each swapped through a buffer of encoded ones."""
    buffer = []
    for position in positions:
        encoded = frames.encoded(position)
        if rng is None:
            yield tensors_of(frames.decode(encoded))
        elif len(buffer) < size:
            buffer.append(encoded)
        else:
            slot = int(rng.integers(size))
            buffer[slot], encoded = encoded, buffer[slot]
            yield tensors_of(frames.decode(encoded))
    if rng is not None:
        for slot in rng.permutation(len(buffer)):
            yield tensors_of(frames.decode(buffer[slot]))
