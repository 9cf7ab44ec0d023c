"""How all tests run.

Property tests have no deadline, since machines are noisy; they have the same cases every time where
a change is judged, and new ones at every run elsewhere.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

settings.register_profile(
    "tracker",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tracker")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell ignores Ctrl-C for what it runs in the background, and what tests start would too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
