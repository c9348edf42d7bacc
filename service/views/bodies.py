"""What callers send: the JSON of requests."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TakeBody(Said):
    arguments: dict[str, str] = Field(default={}, description="Parameter → choice", max_length=16)
    confirm: bool = Field(default=False, description="That it is meant, where a scene asks")


class PlanBody(Said):
    arguments: dict[str, str] = Field(default={}, description="Parameter → choice", max_length=16)


class ChangeOverBody(Said):
    to: Literal["main", "backup"]


class ArmBody(Said):
    arm: Literal["off", "advise", "automatic"]


class DrillBody(Said):
    pairs: list[str] = Field(default=[], description="All of the room's, if empty", max_length=64)
    during_meeting: bool = Field(default=False, description="Though microphones are open")


class SetBody(Said):
    target: str = Field(max_length=64)
    word: str = Field(max_length=64)
    value: Any


Speed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class DriveBody(Said):
    """Speeds, positive right, up and tele. All 0 stops."""

    pan: Speed = 0.0
    tilt: Speed = 0.0
    zoom: Speed = 0.0
