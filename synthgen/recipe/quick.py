"""`--quick`: the same recipe, small enough to see something within a minute."""

from __future__ import annotations

from synthgen.recipe.distributions import Distribution
from synthgen.recipe.model import Recipe

INTRINSICS = ("fx_px", "fy_px", "f_px", "cx_px", "cy_px")
SCENES, VIEWS, FRAMES, SAMPLES, LONGEST_SIDE_PX = 2, 2, 3, 8, 160


def quick_recipe(recipe: Recipe) -> Recipe:
    """A recipe with at most 2 scenes of 2 views (or shots of 3 frames), 8 samples and 160 pixels a side.

    A side that is a distribution is replaced by 160 x 120. Intrinsics in pixels shrink with the image, so
    that the field of view stays; one that is a distribution becomes its median. The name gets the ending
    `-quick`, so that the result never meets the real dataset.
    """
    cameras = []
    for camera in recipe.cameras:
        width, height = camera.width, camera.height
        if not (isinstance(width, int) and isinstance(height, int)):
            width, height = 160, 120
        scale = min(1.0, LONGEST_SIDE_PX / max(width, height))
        size = {"width": max(16, round(width * scale)), "height": max(16, round(height * scale))}
        lens = {name: _scaled(getattr(camera, name), scale) for name in INTRINSICS if hasattr(camera, name)}
        moves = camera.trajectory
        if moves is not None:
            lens["trajectory"] = moves.model_copy(update={"frames": min(moves.frames, FRAMES)})
        cameras.append(camera.model_copy(update=size | lens))
    return recipe.model_copy(
        update={
            "name": f"{recipe.name}-quick",
            "scenes": min(recipe.scenes, SCENES),
            "views": min(recipe.views, VIEWS),
            "cameras": tuple(cameras),
            "render": recipe.render.model_copy(update={"samples": SAMPLES}),
        }
    )


def _scaled(value: float | Distribution | None, scale: float) -> float | None:
    if value is None:
        return None
    return scale * (value.at(0.5) if isinstance(value, Distribution) else value)
