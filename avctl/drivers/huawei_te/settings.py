"""What a room file may say of a Huawei terminal."""

from typing import Literal

from pydantic import ConfigDict, Field, SecretStr

from avctl.device import DriverSettings


class HuaweiSettings(DriverSettings):
    model_config = ConfigDict(hide_input_in_errors=True)

    user: str = Field(
        default="api",
        pattern=r"^[!-~]{1,64}$",
        description="The terminal's account for its API.",
    )
    password: SecretStr = Field(
        default=SecretStr(""), description="The password of `user`.", max_length=128
    )
    csrf: Literal["auto", "header", "body", "none"] = Field(
        default="auto",
        description=(
            "Where the terminal wants the token of its login: in a header, in the body, or nowhere."
            " auto finds out at the login."
        ),
    )
    change_session: bool = Field(
        default=False,
        description="Whether to ask for another session after the login, as some TE20 and TE40 want it.",
    )
