"""Pictures of the simulated rooms, 640 by 360: what a camera takes, what the far end and a wall show.

All of it is drawn; nothing here knows a protocol. Drawing takes tens of milliseconds, so a server asks
`Pictures`, which draws in a thread and keeps what it drew for the second it was drawn for.
"""

import asyncio
import io
from collections import OrderedDict
from collections.abc import Callable, Hashable

from PIL import Image

from hw_sim.picture.frames import BLACK, Shown, far_end_picture, slide_picture, wall_picture
from hw_sim.picture.interior import Scene
from hw_sim.picture.view import camera_picture

__all__ = [
    "BLACK",
    "Pictures",
    "Scene",
    "Shown",
    "camera_picture",
    "far_end_picture",
    "jpeg",
    "slide_picture",
    "wall_picture",
]


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86)
    return out.getvalue()


class Pictures:
    """The newest drawn pictures as JPEG, at most ``keep`` of them."""

    def __init__(self, keep: int = 48) -> None:
        self.keep = keep
        self._drawn: OrderedDict[Hashable, asyncio.Future[bytes]] = OrderedDict()

    async def get(self, key: Hashable, draw: Callable[[], Image.Image]) -> bytes:
        """The picture for ``key``: drawn in a thread, once however many ask, unless still kept."""
        drawn = self._drawn.get(key)
        if drawn is None or (drawn.done() and (drawn.cancelled() or drawn.exception())):
            self._drawn[key] = asyncio.ensure_future(asyncio.to_thread(lambda: jpeg(draw())))
            while len(self._drawn) > self.keep:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(key)
        return await asyncio.shield(self._drawn[key])
