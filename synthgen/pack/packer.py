"""Frames to shards: one pass over the finished frames feeds every format.

The bytes of the shards depend on the frames and the pack settings alone: keys go in the order of the plan,
and nothing of the machine, the time or the order of rendering enters. Each file appears whole or not at all,
and `manifest.json` comes last, so a pack that was interrupted is seen as unfinished and simply runs again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from synthgen.errors import DataError
from synthgen.frame.bundle import frame_key
from synthgen.frame.store import META_ENDING, decode_channels, decode_meta, files_of, frame_path
from synthgen.pack.card import write_card
from synthgen.pack.codecs import Codec, DoesNotFit, chosen_codecs
from synthgen.pack.licences import UsedAssets, write_licences
from synthgen.pack.manifest import (
    CONVENTIONS,
    KEY_TO_SHARD,
    Manifest,
    ShardEntry,
    channel_entries,
    frames_by_split,
    write_manifest,
)
from synthgen.pack.rendered import (
    RenderedFrame,
    completed_frames,
    is_quarantined,
    read_frame_files,
)
from synthgen.pack.sample import Sample, encode_sample
from synthgen.pack.shard import KeyToShard, OpenShard, delete_stale
from synthgen.plan.planner import read_plan
from synthgen.storage import Storage

if TYPE_CHECKING:
    from synthgen.recipe.model import PackSpec

MAX_NAMED = 5
"""How many frames an error message names before it only counts."""


def pack_dataset(
    storage: Storage,
    pack_settings: PackSpec,
    *,
    provenance: Mapping[str, Any],
    classes: Sequence[Mapping[str, object]],
    progress: Callable[[str], None] | None = None,
    allow_incomplete: bool = False,
) -> Manifest:
    """Pack the finished frames of a dataset and describe them in `manifest.json` and `README.md`.

    Where they show imported assets, `LICENSES.md` says whose they are.

    Parameters
    ----------
    storage : the dataset folder, with `plan.jsonl`, `completions/` and `frames/`
    pack_settings : formats, codecs and size of the shards
    provenance : JSON values for the manifest: `name`, `recipe`, `seed`, `recipe_hash`, `versions` ...;
        nothing that differs between two runs of the same recipe
    classes : rows of the label table, `synthgen.frame.classes.class_table_json`
    progress : called with the key of each frame when it is packed
    allow_incomplete : leave out scenes that have neither a completion record nor a quarantine record,
        instead of refusing

    Raises
    ------
    DataError
        When a frame is missing, differs from its record, or a scene of the plan was never finished.
    DoesNotFit
        When a codec cannot hold the values of some frames; all frames are counted before.
    """
    selection = _Selection(storage, allow_incomplete)
    refused: list[str] = []
    entries: list[ShardEntry] = []
    codecs: tuple[Codec, ...] = ()
    with ExitStack() as unfinished:
        key_to_shard = KeyToShard(unfinished.enter_context(storage.open_write(KEY_TO_SHARD)))
        open_shards: dict[str, OpenShard] = {}
        for frame, channels in selection.frames():
            codecs = codecs or chosen_codecs(pack_settings, channels)
            try:
                sample = load_sample(storage, frame, channels, codecs)
            except DoesNotFit as error:
                refused.append(str(error))
                continue
            shard = open_shards.get(frame.split)
            if shard is not None and not shard.has_room(sample, pack_settings):
                entries += shard.commit()
                shard = None
            if shard is None:
                number = sum(entry.split == frame.split for entry in entries) // len(pack_settings.formats)
                shard = OpenShard(storage, pack_settings.formats, frame.split, number, unfinished)
                open_shards[frame.split] = shard
            shard.write(sample)
            selection.assets.add_frame(sample.meta)
            key_to_shard.add(sample.key, shard.name)
            if progress is not None:
                progress(sample.key)
        if refused:
            raise DoesNotFit(_refusal(refused))
        if not open_shards:
            raise DataError(f"{storage.uri}: expected finished frames to pack (found none)")
        for shard in open_shards.values():
            entries += shard.commit()
        key_to_shard.close()

    assets = selection.assets.rows()
    manifest = Manifest(
        name=str(provenance.get("name", "synthgen")),
        frames=sum(entry.frames for entry in entries) // len(pack_settings.formats),
        splits=frames_by_split(entries, pack_settings.formats[0]),
        left_out=tuple(selection.left_out),
        conventions=CONVENTIONS,
        channels=channel_entries(selection.channels, codecs),
        classes=tuple(dict(row) for row in classes),
        pack=pack_settings.model_dump(mode="json"),
        provenance={**provenance, **({"assets": assets} if assets else {})},
        shards=tuple(sorted(entries, key=lambda entry: (entry.format, entry.file))),
    )
    delete_stale(storage, {entry.file for entry in manifest.shards})
    write_licences(storage, assets)
    write_card(storage, manifest)
    write_manifest(storage, manifest)
    return manifest


def load_sample(
    storage: Storage, frame: RenderedFrame, channels: Sequence[str], codecs: Sequence[Codec]
) -> Sample:
    """Read one durable frame, compare its files with their checksums, and encode it.

    Raises
    ------
    DataError
        When a file is missing, damaged or not what the completion record says.
    DoesNotFit
        When a codec cannot hold a value.
    """
    needed = files_of(channels)
    files = read_frame_files(storage, frame, tuple(needed), check=True)
    address = {ending: storage.address(frame_path(frame.scene, frame.view, ending)) for ending in files}
    missing = [ending for ending in needed if ending not in files]
    if missing:
        raise DataError(
            f"{storage.uri}: the completion record of {frame.key} lists no {', '.join(missing)}; "
            "run the same render command again"
        )
    meta = decode_meta(files[META_ENDING], address[META_ENDING])
    if sorted(meta["channels"]) != sorted(channels):
        expected, found = ", ".join(sorted(channels)), ", ".join(meta["channels"])
        raise DataError(f"{address[META_ENDING]}: expected the channels {expected} of its job (got {found})")
    # A picture in a file of its own, rgb.png, goes into the shard as it is.
    encoded = {ending: data for ending, data in files.items() if ending.endswith(".png")}
    decoded = {codec.channel for codec in codecs if codec.field not in encoded}
    arrays: dict[str, np.ndarray] = {}
    for ending, names in needed.items():
        wanted = [name for name in names if name in decoded]
        if wanted:
            arrays.update(decode_channels(files[ending], wanted, address[ending]))
    return encode_sample(meta, arrays, codecs, encoded)


class _Selection:
    """Which frames go into the shards, in order of key, and which planned ones do not."""

    def __init__(self, storage: Storage, allow_incomplete: bool) -> None:
        self._storage = storage
        self._allow_incomplete = allow_incomplete
        self.channels: tuple[str, ...] = ()
        self.left_out: list[str] = []
        self.assets = UsedAssets()

    def frames(self) -> Iterator[tuple[RenderedFrame, tuple[str, ...]]]:
        """Finished frames of the plan, each with the channels of its job."""
        for job in read_plan(self._storage):
            self.assets.add_job(job)
            frames = completed_frames(self._storage, job.scene)
            if frames is None:
                if not is_quarantined(self._storage, job.scene) and not self._allow_incomplete:
                    raise DataError(
                        f"{self._storage.uri}: {job.key} of the plan was neither finished nor set aside; "
                        "run the same render command again, it resumes"
                    )
                self.left_out.append(job.key)
                continue
            self.channels = self.channels or job.channels
            if set(job.channels) != set(self.channels):
                raise DataError(
                    f"{self._storage.uri}: {job.key} has the channels {', '.join(job.channels)}, "
                    f"scenes before it {', '.join(self.channels)}; one dataset has one set"
                )
            done = {frame.view: frame for frame in frames}
            for view in job.views:
                frame = done.get(view.view)
                if frame is None:
                    self.left_out.append(frame_key(job.scene, view.view))
                    continue
                if (frame.job_hash, frame.split) != (job.job_hash, job.split):
                    raise DataError(
                        f"{self._storage.uri}: the completion record of {job.key} belongs to another plan "
                        f"(job {frame.job_hash}, expected {job.job_hash}); run the same render command again"
                    )
                yield frame, job.channels


def _refusal(refused: Sequence[str]) -> str:
    named = "; ".join(refused[:MAX_NAMED]) + ("; ..." if len(refused) > MAX_NAMED else "")
    frames = "1 frame does" if len(refused) == 1 else f"{len(refused)} frames do"
    return (
        f"{frames} not fit the codecs of the pack: {named}. Set pack.depth to npy_f32 or exr_float for depth "
        "beyond 65.535 m and pack again; the frames are kept"
    )
