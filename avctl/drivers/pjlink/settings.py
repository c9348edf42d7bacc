"""What a room file may say of a PJLink device."""

from typing import Literal

from pydantic import ConfigDict, Field, SecretStr, field_validator

from avctl.device import DriverSettings


class PJLinkSettings(DriverSettings):
    model_config = ConfigDict(hide_input_in_errors=True)

    password: SecretStr | None = Field(
        default=None,
        description=(
            "The PJLink password, where security is on. There is no user name. Panasonic: the"
            " password of the web control."
        ),
    )
    poll: float = Field(
        default=2.0,
        ge=0.5,
        le=20,
        description=(
            "Seconds between two looks. The device drops a line that is idle for 30; some lock up"
            " when they are asked too often."
        ),
    )
    settle_time: float = Field(
        default=10.0,
        ge=0,
        le=60,
        description=(
            "Seconds after it came on in which no input is selected: it may accept one and lose it."
        ),
    )
    mute: Literal["picture", "both"] = Field(
        default="picture",
        description="What a closed shutter holds back: the picture, or the sound too.",
    )

    @field_validator("password")
    @classmethod
    def _can_be_one(cls, password: SecretStr | None) -> SecretStr | None:
        if password is not None:
            text = password.get_secret_value()
            if not (0 < len(text) <= 32 and text.isascii() and text.isprintable()):
                raise ValueError("a password has 1 to 32 printable ASCII characters")
        return password
