"""Kiosks and displays."""

from enum import StrEnum


class DeviceKind(StrEnum):
    """Machines in the building, each with a key of its own."""

    KIOSK = "kiosk"
    DISPLAY = "display"
