"""The files a site is described in, validated: every error names file, line, column, key, and what would fit."""

from avctl.config.document import Document, read_document, validate
from avctl.config.files import (
    DestinationFile,
    DeviceFile,
    LimitsFile,
    MicrophoneFile,
    OutletFile,
    PairFile,
    ReadyFile,
    RoomFile,
    SceneFile,
    SourceFile,
)
from avctl.config.inspection import InspectionFile, LookFile
from avctl.config.schema import room_schema
from avctl.config.settings import secret_of, settings_of
from avctl.config.site_files import (
    AlertsFile,
    EmailFile,
    HolidaysFile,
    JobFile,
    ReportsFile,
    Severity,
    SiteFile,
    WebhookFile,
)

__all__ = [
    "AlertsFile",
    "DestinationFile",
    "DeviceFile",
    "Document",
    "EmailFile",
    "HolidaysFile",
    "InspectionFile",
    "JobFile",
    "LimitsFile",
    "LookFile",
    "MicrophoneFile",
    "OutletFile",
    "PairFile",
    "ReadyFile",
    "ReportsFile",
    "RoomFile",
    "SceneFile",
    "Severity",
    "SiteFile",
    "SourceFile",
    "WebhookFile",
    "read_document",
    "room_schema",
    "secret_of",
    "settings_of",
    "validate",
]
