"""What a room file may say of a CORIOmaster."""

from typing import Annotated

from pydantic import ConfigDict, Field, SecretStr, field_validator

from avctl.device import DriverSettings

Number = Annotated[int, Field(ge=1, le=9999)]


class CorioMasterSettings(DriverSettings):
    model_config = ConfigDict(hide_input_in_errors=True)

    user: str = Field(
        default="admin",
        pattern=r"^[A-Za-z0-9_.@-]{1,64}$",
        description="The controller's user account that is logged in to.",
    )
    password: SecretStr | None = Field(
        default=None,
        description="The password of `user`. Needed over TCP; over RS-232 only if the port asks for one.",
    )
    windows_of: dict[Number, dict[Number, str]] = Field(
        default_factory=dict,
        description=(
            "Layout: {window: source} of each window with a source, as that layout was stored."
            " With it even the first recall is confirmed as soon as the wall shows that."
        ),
    )
    settle_time: float = Field(
        default=3.0,
        ge=0,
        le=60,
        description=(
            "Seconds the wall needs to show a layout, measured on site. Waited for only where"
            " nothing tells the layout from what stood before."
        ),
    )
    banner: bool = Field(
        default=True,
        description=(
            "Whether a TCP connection begins with the controller's banner; false behind a serial"
            " device server."
        ),
    )

    @field_validator("password")
    @classmethod
    def _can_be_sent(cls, password: SecretStr | None) -> SecretStr | None:
        if password is not None:
            text = password.get_secret_value()
            if not (text and text.isascii() and text.isprintable()) or set(text) & set(",()\"'"):
                raise ValueError(
                    "a password has printable ASCII characters, no commas, brackets, quotes"
                )
        return password
