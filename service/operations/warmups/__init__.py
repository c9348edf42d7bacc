"""Warm-ups of the site's rooms, their progress and their proofs."""

from service.operations.warmups.warmups import InUseError, Warmups

__all__ = ["InUseError", "Warmups"]
