"""Blackmagic HyperDeck recorders."""

from avctl.drivers.hyperdeck.deck import HyperDeck

__all__ = ["HyperDeck"]
