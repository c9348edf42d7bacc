"""What a room file may say of a Samsung display."""

from pydantic import Field

from avctl.device import DriverSettings


class SamsungMdcSettings(DriverSettings):
    id: int = Field(
        default=1,
        ge=0,
        le=253,
        description=(
            "The display's number in its menu. Several on one line have the same `url` and a number"
            " each; 254 and 255 mean all of them and are not offered."
        ),
    )
