"""Huawei terminals by their HTTP API: TE, Box, IdeaHub, CloudLink Bar."""

from avctl.drivers.huawei_te.terminal import HuaweiTE

__all__ = ["HuaweiTE"]
