"""How the property tests run.

Without a deadline, since machines are noisy; with the same cases every time where a change is
judged, and with new ones at every run elsewhere.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "tracker",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tracker")
