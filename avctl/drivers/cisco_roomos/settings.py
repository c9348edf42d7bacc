"""What a room file may say of a Cisco codec."""

from pydantic import ConfigDict, Field, SecretStr, field_validator

from avctl.device import DriverSettings


class CiscoSettings(DriverSettings):
    model_config = ConfigDict(hide_input_in_errors=True)

    user: str = Field(
        default="admin",
        pattern=r"^[!-~]{1,64}$",
        description="The codec's account that is logged in to, over SSH, and where a line asks.",
    )
    password: SecretStr = Field(
        default=SecretStr(""), description="The password of `user`.", max_length=255
    )
    announce_as: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_.-]{1,60}$",
        description=(
            "The name under which the codec lists avctl among its control systems, kept alive while"
            " the line is up. None: it is not listed."
        ),
    )

    @field_validator("password")
    @classmethod
    def _can_be_sent(cls, password: SecretStr) -> SecretStr:
        if not password.get_secret_value().isprintable():
            raise ValueError("a password has printable characters only")
        return password
