"""The JSON of a room as it stands, and of what is stored of it."""

from typing import Annotated, Any

from pydantic import Field

from service.views.bodies import Said
from service.views.models import View


class UntoldView(View):
    target: str
    word: str
    why: str


class StateView(View):
    """A room as it stands, by readings taken for this answer."""

    room: str
    at: str
    words: dict[str, dict[str, Any]] = Field(description="Target → word → value, as a scene has it")
    untold: list[UntoldView] = Field(description="What could not be told, and why")


class FramingView(View):
    """Degrees, positive right and up; zoom from 0 (wide) to 1 (tele)."""

    pan: float
    tilt: float
    zoom: float


class StoredPresetView(View):
    camera: str
    preset: str
    number: int
    framing: FramingView


class TitleBody(Said):
    zh: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class StoreSceneBody(Said):
    title: TitleBody
    only: list[Annotated[str, Field(max_length=128)]] = Field(
        default=[],
        description="TARGET or TARGET.WORD; all that can be told, if empty",
        max_length=512,
    )
    deadline: float | None = Field(default=None, gt=0, le=3600, allow_inf_nan=False)
    replace: bool = Field(default=False, description="A scene of that name")


class StorePresetBody(Said):
    number: int | None = Field(default=None, ge=0, le=255)
