"""What a room file may say of an APC outlet strip."""

from typing import Literal

from pydantic import ConfigDict, Field, SecretStr, field_validator

from avctl.device import DriverSettings


class ApcSettings(DriverSettings):
    model_config = ConfigDict(hide_input_in_errors=True)

    version: Literal["1", "2c"] = Field(
        default="1", description="Which SNMP it speaks: 1, or 2c where it is switched on."
    )
    community: SecretStr | None = Field(
        default=None,
        description="The community that may write. Without it outlets are read, and hardly ever switched.",
    )
    read_community: SecretStr | None = Field(
        default=None,
        description="The community that reads, where it is another one; without both it is public.",
    )
    family: Literal["auto", "rpdu", "rpdu2", "cpdu", "epdu"] = Field(
        default="auto",
        description="rpdu AP79xx, rpdu2 AP8xxx, cpdu, epdu; auto goes by the objects it answers.",
    )

    @field_validator("version", mode="before")
    @classmethod
    def _is_text(cls, version: object) -> object:
        return str(version) if type(version) is int else version

    @field_validator("community", "read_community")
    @classmethod
    def _can_be_sent(cls, community: SecretStr | None) -> SecretStr | None:
        if community is not None:
            text = community.get_secret_value()
            if not (0 < len(text) <= 64 and text.isascii() and text.isprintable()):
                raise ValueError("a community has 1 to 64 printable ASCII characters")
        return community

    def communities(self) -> tuple[bytes, bytes]:
        """For reading and for writing."""
        writing = self.community.get_secret_value() if self.community else "public"
        reading = self.read_community.get_secret_value() if self.read_community else writing
        return reading.encode("ascii"), writing.encode("ascii")
