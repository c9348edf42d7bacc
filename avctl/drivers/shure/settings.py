"""What a room file may say of a Shure device."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from avctl.device import DriverSettings
from avctl.drivers.shure.commands import FASTEST_METERS, SLOWEST_METERS

Channel = Annotated[str, Field(pattern=r"^[1-9][0-9]?$")]


class ShureSettings(DriverSettings):
    family: Literal["auto", "ulxd", "qlxd", "slxd", "ad", "scm820", "p300", "mxa"] = Field(
        default="auto", description="What it is; auto goes by what the device answers."
    )
    channels: tuple[Channel, ...] = Field(
        default=(),
        description="Channels to watch, as numbers without zeros (1). None: all that the device reports.",
    )
    meter_rate: int = Field(
        default=500,
        ge=0,
        le=SLOWEST_METERS,
        description=(
            "Milliseconds between two values of a meter; 250 or more, else receivers fall behind."
            " 0 leaves metering as it is."
        ),
    )

    @field_validator("channels", mode="before")
    @classmethod
    def _numbers_are_names(cls, channels: object) -> object:
        if not isinstance(channels, list | tuple):
            return channels
        return tuple(str(each) if type(each) is int else each for each in channels)

    @field_validator("meter_rate")
    @classmethod
    def _is_not_too_fast(cls, rate: int) -> int:
        if 0 < rate < FASTEST_METERS:
            raise ValueError(f"give 0, or {FASTEST_METERS} ms and more")
        return rate
