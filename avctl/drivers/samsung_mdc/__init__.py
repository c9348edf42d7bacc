"""Samsung displays that speak MDC."""

from avctl.drivers.samsung_mdc.display import SamsungMdc

__all__ = ["SamsungMdc"]
