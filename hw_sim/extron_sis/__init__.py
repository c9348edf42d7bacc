"""An Extron matrix switcher that speaks SIS, over RS-232 or telnet.

Source: Extron CrossPoint 300, CrossPoint and MAV Ultra (pp. 4-6 to 4-19), Matrix 12800, MTPX Plus, DXP DVI/HDMI
(pp. 54-70), DXP HD 4K PLUS (68-2939-01), XTP and DTP CrossPoint guides, SIS tables.
Transcript: tests/transcripts/extron_sis.json
"""

from hw_sim.extron_sis.device import ExtronMatrix

__all__ = ["ExtronMatrix"]
