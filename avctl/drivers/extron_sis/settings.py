"""What a room file may say of an Extron switcher."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from avctl.capabilities.router import Layer
from avctl.device import DriverSettings


class ExtronSettings(DriverSettings):
    password: SecretStr | None = Field(
        default=None,
        description="The administrator's password, where the device asks for one. There is no default.",
    )
    layers: tuple[Layer, ...] | None = Field(
        default=None,
        description="The layers to use. By default those the device counts in its answer to I. "
        "[video] makes every tie on all planes, so that sound follows the picture.",
    )
    picture: Literal["video", "rgb"] = Field(
        default="video",
        description="The plane that is the video layer: rgb on frames that switch RGBHV apart.",
    )

    @field_validator("password")
    @classmethod
    def _typeable(cls, password: SecretStr | None) -> SecretStr | None:
        if password and not (
            password.get_secret_value().isascii() and password.get_secret_value().isprintable()
        ):
            raise ValueError("a password has printable ASCII characters only")
        return password
