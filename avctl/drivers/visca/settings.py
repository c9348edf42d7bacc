"""What a room file says of a VISCA camera."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator

from avctl.capabilities.camera import Framing
from avctl.device import DriverSettings
from avctl.drivers.visca.models import MODELS, Model


class Wrapping(StrEnum):
    """How frames travel in UDP datagrams."""

    AUTO = "auto"
    HEADER = "header"
    BARE = "bare"


class FramingSetting(BaseModel):
    """Where a preset looks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pan: float = Field(description="Degrees, positive to the right")
    tilt: float = Field(description="Degrees, positive upwards")
    zoom: float = Field(ge=0, le=1, description="Fraction of the optical zoom: 0 wide, 1 tele")


class ViscaSettings(DriverSettings):
    model: str = Field(
        default="auto",
        description="The camera's profile, or auto: by the version it reports. One of: auto, "
        + ", ".join(MODELS),
        json_schema_extra={"enum": ["auto", *MODELS]},
    )
    address: int = Field(
        default=1, ge=1, le=7, description="Place in a daisy chain; 1 on a line of its own"
    )
    envelope: Wrapping = Field(
        default=Wrapping.AUTO,
        description="Over UDP only. header: Sony's VISCA over IP; bare: frames alone; "
        "auto: header for Sony models and on port 52381",
    )
    framings: dict[int, FramingSetting] = Field(
        default_factory=dict,
        description="Where presets look, by number. Those not given are learnt at their first recall",
    )
    ceiling: bool = Field(
        default=False, description="Hung upside down with its picture turned: swaps the tilt range"
    )
    late_ack: bool | None = Field(
        default=None,
        description="Whether it may acknowledge a recall only when it is over; by model if not given",
    )

    @field_validator("model")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name != "auto" and name not in MODELS:
            raise ValueError(f"no profile {name!r}; there are auto, {', '.join(MODELS)}")
        return name

    def profile(self) -> Model | None:
        """The model named; None for auto."""
        return None if self.model == "auto" else MODELS[self.model]

    def known_framings(self) -> dict[int, Framing]:
        return {
            number: Framing(given.pan, given.tilt, given.zoom)
            for number, given in self.framings.items()
        }
