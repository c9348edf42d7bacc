"""Power sequencers of the HS-08R and HS-16R family."""

from avctl.drivers.hs_sequencer.device import HsSequencer

__all__ = ["HsSequencer"]
