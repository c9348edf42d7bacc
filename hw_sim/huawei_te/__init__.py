"""Huawei terminals TE, Box and IdeaHub by their HTTP API: sessions, calls, microphone, camera, sleep.

Source: Huawei "TE10, TE20 HTTP API" programming reference V600R019C00; IdeaHub API documentation. What these leave
open is taken from public control modules for TE40 and is marked so where it stands.
"""

from hw_sim.huawei_te.device import Terminal

__all__ = ["Terminal"]
