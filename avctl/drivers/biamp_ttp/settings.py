"""What a room file may say of a Tesira."""

from pydantic import Field, field_validator

from avctl.device import DriverSettings
from avctl.drivers.biamp_ttp.place import is_block, parse_meter, parse_place, parse_tag


class BiampTtpSettings(DriverSettings):
    channels: tuple[str, ...] = Field(
        default=(),
        description="Channels to watch, as INSTANCE_TAG/CHANNEL (Level1/2), or whole blocks (Level1).",
    )
    meters: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "Channel: where its meter is, as INSTANCE_TAG/CHANNEL of a meter block (AudioMeter1/1,"
            " its level) or INSTANCE_TAG/CHANNEL/ATTRIBUTE."
        ),
    )
    meter_rate: int = Field(
        default=250, ge=50, le=60000, description="Milliseconds between two values of a meter."
    )
    gap: float = Field(default=0.03, ge=0, le=1, description="Seconds between two commands.")
    banner: bool = Field(
        default=True,
        description=(
            "Whether a TCP connection begins with the telnet server's banner; false behind a"
            " serial device server."
        ),
    )

    @field_validator("channels")
    @classmethod
    def _are_channels(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for entry in entries:
            parse_tag(entry) if is_block(entry) else parse_place(entry)
        return entries

    @field_validator("meters")
    @classmethod
    def _are_meters(cls, meters: dict[str, str]) -> dict[str, str]:
        for channel, place in meters.items():
            parse_place(channel)
            parse_meter(place)
        return meters
