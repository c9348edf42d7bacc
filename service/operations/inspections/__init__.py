"""Inspections: what the devices tell, and what people see, room by room."""

from service.operations.inspections.checks import Check, Result
from service.operations.inspections.inspections import Inspections, NotFoundError
from service.operations.inspections.photos import PhotoError
from service.operations.inspections.record import Inspection, Look

__all__ = ["Check", "Inspection", "Inspections", "Look", "NotFoundError", "PhotoError", "Result"]
