"""The nouns of a plan: `SceneJob` and `ViewJob`, one JSON line per scene."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from synthgen.frame.bundle import scene_name
from synthgen.seeding import content_hash


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ViewJob(_Frozen):
    """One view of a scene: its camera with every number drawn.

    `camera` is the recipe's camera entry with constants only (kind, width, height, fov_deg, placement ...);
    what the recipe left open is not there.
    """

    view: int
    camera: dict[str, Any]


class RenderJob(_Frozen):
    """Render settings with presets resolved to numbers."""

    samples: int
    denoise: bool
    max_bounces: int
    adaptive_threshold: float
    clamp_indirect: float
    exposure_ev: float
    tone_curve: str


class TruthJob(_Frozen):
    """How the truth is made: the number of layers, 0 for none, and the surface that other channels show."""

    layers: int = 0
    surface: str = "first_hit"


class SceneJob(_Frozen):
    """Everything that a worker needs to make one scene, and nothing that depends on where it runs.

    `seed` feeds the family's builder and the camera placement, by name. `params` is the scene entry of
    the recipe with constants only. `job_hash` is the content hash of all other fields, but for `only_views`.
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
    only_views: tuple[int, ...] | None = None
    """The views to make now, or None for all of them. It is no part of the hash nor of plan.jsonl: a view is
    the same whether its neighbours are made or not."""

    @model_serializer(mode="wrap")
    def _without_default_truth(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content = handler(self)
        if self.truth == TruthJob():
            content.pop("truth", None)
        return content

    @classmethod
    def make(cls, **fields: Any) -> SceneJob:
        """Build a job and give it its hash."""
        unhashed = cls(job_hash="", **fields)
        content = unhashed.model_dump(mode="json", exclude={"only_views"})
        return unhashed.model_copy(update={"job_hash": content_hash(content)})

    @property
    def asked_views(self) -> tuple[ViewJob, ...]:
        """The views to make now."""
        return tuple(view for view in self.views if self.only_views is None or view.view in self.only_views)

    @property
    def key(self) -> str:
        """`scene000012`."""
        return scene_name(self.scene)
