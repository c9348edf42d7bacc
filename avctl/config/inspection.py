"""What a site says of its inspections."""

from typing import Literal

from pydantic import Field

from avctl.config.files import Name, Part, Seconds, Title, Titled


class LookFile(Part):
    """Something that a person must look at."""

    title: Titled
    photo: bool = Field(default=False, description="Whether a photo is asked for")
    rooms: Literal["all"] | tuple[Name, ...] = "all"


LOOKS = {
    "tidy": LookFile(title=Title(zh="环境整洁，无杂物", en="Tidy, nothing lying about")),
    "dust": LookFile(title=Title(zh="设备及滤网无积尘", en="No dust on devices and filters")),
    "cables": LookFile(
        title=Title(zh="线缆、接插件牢固，标签清晰", en="Cables and plugs sound, labels legible")
    ),
    "earth": LookFile(title=Title(zh="接地良好，插座无发热", en="Earth sound, sockets not warm")),
}


class InspectionFile(Part):
    """What is looked at beside what the devices tell, and what is found fault with."""

    look: dict[Name, LookFile] = Field(
        default=LOOKS, description="What a person must look at, in this order"
    )
    clock: Seconds = Field(default=5.0, description="What a device's clock may be off")
    presets: bool = Field(
        default=True,
        description="Whether cameras are sent to their presets, where no meeting is on",
    )
