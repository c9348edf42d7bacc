"""Extron matrix switchers that speak SIS (Simple Instruction Set), over RS-232 or Telnet.

Source: Extron CrossPoint 300 Series manual; CrossPoint and MAV Ultra Series User Guide, pp. 4-6 to 4-19; Matrix 12800
manual; DXP DVI/HDMI Series User Guide, pp. 54-70; DXP HD 4K PLUS Series User Guide 68-2939-01.
Transcript: tests/transcripts/extron_sis_driver.json
"""

from avctl.drivers.extron_sis.sis import ExtronSis

__all__ = ["ExtronSis"]
