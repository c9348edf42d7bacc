"""HyperDeck recorders, over TCP port 9993: slots that fill, clips that stay, a timecode that runs.

Source: Blackmagic Design "HyperDeck Disk Recorders" (March 2020), Developer Information; nrkno/sofie-hyperdeck-connection
(commit 870192d); bitfocus/companion-module-bmd-hyperdeck (commit 9cfde1d), for the manners of real decks.
Transcript: tests/transcripts/hyperdeck.json
"""

from hw_sim.hyperdeck.device import HyperDeck

__all__ = ["HyperDeck"]
