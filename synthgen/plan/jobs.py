"""The nouns of a plan: `SceneJob` and `ViewJob`, one JSON line per scene."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from synthgen.assets.record import AssetRecord
from synthgen.frame.bundle import scene_name
from synthgen.seeding import content_hash


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


UNHASHED = ("only_views", "asset_roots")
"""Fields of a scene job that change nothing of its frames."""


def _without_defaults(model: _Frozen, content: dict[str, Any]) -> dict[str, Any]:
    """What differs from its default or has none: a job that does not use a feature does not name it."""
    fields = type(model).model_fields
    return {
        name: value
        for name, value in content.items()
        if fields[name].is_required() or getattr(model, name) != fields[name].default
    }


class ViewJob(_Frozen):
    """One view of a scene: its camera with every number drawn.

    `camera` is the recipe's camera entry with constants only (kind, width, height, fov_deg, placement ...);
    what the recipe left open is not there. Of a scene file's own camera it has `index`, which of the file's
    cameras it is if the recipe names none.

    Views that belong together, the frames of a trajectory and the two eyes of a stereo rig, are one shot,
    named by its first view, and have consecutive numbers: frame by frame, left before right. `time_s` is
    when the frame is taken, 0 for the first.
    """

    view: int
    camera: dict[str, Any]
    shot: int | None = None
    frame: int = 0
    time_s: float = 0.0
    eye: Literal["mono", "left", "right"] = "mono"

    @model_serializer(mode="wrap")
    def _short(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_defaults(self, handler(self))


class RenderJob(_Frozen):
    """Render settings with presets resolved to numbers; the white balance is automatic without a number."""

    samples: int
    denoise: bool
    max_bounces: int
    adaptive_threshold: float
    clamp_indirect: float
    exposure_ev: float
    tone_curve: str
    white_balance_kelvin: float | None = None

    @model_serializer(mode="wrap")
    def _short(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_defaults(self, handler(self))


class TruthJob(_Frozen):
    """How the truth is made; the recipe's `truth`, with 0 or none for what no channel needs.

    layers : surfaces along each ray in the layered channels
    surface : the surface that all other channels show
    subpixel : k of the k x k samples within each pixel
    far_m : depth from which on `validity` has its bit
    geometry : whether materials keep their bump maps
    objects : what the metadata says about each object
    contacts : whether scenes are refused in which things run into each other, or nothing holds them
    """

    layers: int = 0
    surface: str = "first_hit"
    subpixel: int = 0
    far_m: float | None = None
    geometry: str = "bump"
    objects: str = "none"
    contacts: str = "unchecked"

    @model_serializer(mode="wrap")
    def _short(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_defaults(self, handler(self))


class AssetChoice(_Frozen):
    """An asset that a scene may use for things of a class, and its share of them."""

    record: AssetRecord
    share: float


class AssetRoot(_Frozen):
    """Where a source of assets is: its kind, and a path on the machines that render."""

    kind: str
    path: str


class SceneJob(_Frozen):
    """Everything that a worker needs to make one scene, and nothing that depends on where it runs.

    `seed` feeds the family's builder and the camera placement, by name. `params` is the scene entry of
    the recipe with constants only. `job_hash` is the content hash of all other fields but `UNHASHED`.
    """

    scene: int
    split: str
    seed: int
    family: str
    params: dict[str, Any]
    views: tuple[ViewJob, ...]
    render: RenderJob
    channels: tuple[str, ...]
    job_hash: str
    truth: TruthJob = TruthJob()
    """Written down only where it is not the default, so that plans without it keep their hashes."""
    assets: dict[str, tuple[AssetChoice, ...]] = {}
    """Class to the assets that the scene may use; the rest of its things the family makes itself."""
    asset_roots: dict[str, AssetRoot] = {}
    """Where the sources of these assets are, by name. It is no part of the hash: the assets have hashes."""
    only_views: tuple[int, ...] | None = None
    """The views to make now, or None for all of them. It is no part of the hash nor of plan.jsonl: a view is
    the same whether its neighbours are made or not."""

    @model_serializer(mode="wrap")
    def _without_default_truth(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content = handler(self)
        if self.truth == TruthJob():
            content.pop("truth", None)
        if not self.assets:
            content.pop("assets", None)
            content.pop("asset_roots", None)
        return content

    @classmethod
    def make(cls, **fields: Any) -> SceneJob:
        """Build a job and give it its hash."""
        unhashed = cls(job_hash="", **fields)
        content = unhashed.model_dump(mode="json", exclude=set(UNHASHED))
        return unhashed.model_copy(update={"job_hash": content_hash(content)})

    @property
    def asked_views(self) -> tuple[ViewJob, ...]:
        """The views to make now."""
        return tuple(view for view in self.views if self.only_views is None or view.view in self.only_views)

    @property
    def key(self) -> str:
        """`scene000012`."""
        return scene_name(self.scene)
