"""The files a site is described in, validated: every error names file, line, column, key, and what would fit."""

from avctl.config.document import Document, read_document, validate
from avctl.config.files import (
    DestinationFile,
    DeviceFile,
    HolidaysFile,
    JobFile,
    LimitsFile,
    MicrophoneFile,
    OutletFile,
    PairFile,
    ReadyFile,
    RoomFile,
    SceneFile,
    SiteFile,
    SourceFile,
)
from avctl.config.schema import room_schema
from avctl.config.settings import settings_of

__all__ = [
    "DestinationFile",
    "DeviceFile",
    "Document",
    "HolidaysFile",
    "JobFile",
    "LimitsFile",
    "MicrophoneFile",
    "OutletFile",
    "PairFile",
    "ReadyFile",
    "RoomFile",
    "SceneFile",
    "SiteFile",
    "SourceFile",
    "read_document",
    "room_schema",
    "settings_of",
    "validate",
]
