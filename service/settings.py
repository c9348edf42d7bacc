"""How the service runs: from the environment (AVCTL_PORT=…) or given by the command line."""

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AVCTL_", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)  # 0: any that is free
    data: Path = Path("avctl-data")  # the folder of what must outlive the process
    language: Literal["zh", "en"] = "zh"  # of panels that did not choose

    # Names this service answers to beside localhost and bare addresses, and pages of other origins
    # that may command it: comma-separated.
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    origins: Annotated[tuple[str, ...], NoDecode] = ()

    # Whether people log in, or everybody who reaches the service may command it. `avctl serve` says "people".
    access: Literal["open", "people"] = "open"
    https: bool = False  # whether it is reached over TLS only: a reverse proxy ends that
    proxies: Annotated[
        tuple[str, ...], NoDecode
    ] = ()  # whose word on where a request comes from counts
    idle_minutes: float = Field(default=30, gt=0)
    login_hours: float = Field(default=12, gt=0)
    logins_per_person: int = Field(default=5, gt=0)

    body_bytes: int = Field(default=64 * 1024, gt=0)
    body_seconds: float = Field(default=5.0, gt=0)  # within which a request's body must be here
    connections_per_address: int = Field(default=64, gt=0)
    connections: int = Field(default=512, gt=0)  # below the process's limit of open files
    picture_bytes: int = Field(default=4 * 1024 * 1024, gt=0)
    picture_seconds: float = Field(default=3.0, gt=0)

    @field_validator("hosts", "origins", "proxies", mode="before")
    @classmethod
    def _split(cls, text: Any) -> Any:
        if isinstance(text, str):
            return tuple(part.strip().lower() for part in text.split(",") if part.strip())
        return text
