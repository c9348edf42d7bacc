"""What a room file may say of a HyperDeck."""

from pydantic import Field

from avctl.device import DriverSettings


class HyperDeckSettings(DriverSettings):
    override: bool = Field(
        default=False,
        description=(
            "Whether it is commanded although REM is off at its front panel. Off means that"
            " somebody there wants it to be left alone."
        ),
    )
    slots: int | None = Field(
        default=None,
        ge=1,
        le=8,
        description="How many slots it has. None: as it says, or 2 where it does not.",
    )
    watchdog: int = Field(
        default=10,
        ge=0,
        le=60,
        description=(
            "Seconds of silence after which the deck ends the connection and others can get in;"
            " 0 never. It is asked twice as often at least."
        ),
    )
    least_time: int = Field(
        default=1800,
        ge=0,
        description="Seconds that must still fit onto its media; an examination warns below.",
    )
