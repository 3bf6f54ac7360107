"""What a good PC says of itself."""

from typing import Any, Final

GOOD: Final[dict[str, Any]] = {
    "secure": True,
    "features": True,
    "crypto": True,
    "kept": True,
    "keep_ms": 12,
    "worker": True,
    "quota_mb": 5000,
    "saved": True,
    "clock_offset_ms": 120,
    "latency_ms": [8] * 19 + [40],
    "asks": 20,
    "download_bytes": 1_048_576,
    "download_ms": 90,
    "width": 1440,
    "height": 860,
    "zoom_percent": 100,
    "keyboard": True,
    "browser": "Chromium 142",
}
