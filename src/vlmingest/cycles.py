"""No search for reference cycles while a piece of work makes many objects that live to its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycle_search() -> Iterator[None]:
    """Reading or extracting one paper makes some 10,000 small objects and hardly a cycle: looking for those is time lost.

    What it was before holds again afterwards; then the next search finds what there is.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
