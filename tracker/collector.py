"""The search for cycles of objects that nothing needs any more, and when to leave it out."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_off() -> Iterator[None]:
    """Keep the cyclic collector off the records: it would search them again and again.

    Records hold no cycles, so nothing is lost for good by freezing them once they are read.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()
