"""The scene that takes everything to its backup at once."""

from collections.abc import Iterable

from avctl.changeover import AGAIN_AFTER
from avctl.points import Point
from avctl.scenes.scene import Priority, Scene, Want

EMERGENCY = "emergency-backup"
SHORTEST = 1.0  # seconds; where there is nothing to do


def emergency(changeovers: Iterable[Scene]) -> Scene:
    """All ``changeovers`` in one, ahead of anything running; where one of them fails, it alone is undone."""
    wants: dict[tuple[str, Point], Want] = {}
    parts = list(changeovers)
    for scene in parts:
        for want in scene.wants:
            wants.setdefault((want.device, want.point), want)
    return Scene(
        EMERGENCY,
        {"zh": "紧急：切至备用链路", "en": "Emergency: backup chain"},
        max((scene.deadline for scene in parts), default=SHORTEST),
        tuple(wants.values()),
        priority=Priority.EMERGENCY,
        looks_first=False,
        again_after=AGAIN_AFTER,
        retreats=tuple(retreat for scene in parts for retreat in scene.retreats),
        confirm=True,
        colour="emergency",
        order=900,
    )
