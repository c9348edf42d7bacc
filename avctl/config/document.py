"""YAML files whose errors say where: `avctl.document`."""

from avctl.document import Document, Place, read_document, validate

__all__ = ["Document", "Place", "read_document", "validate"]
