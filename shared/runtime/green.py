"""Makes a process green: many requests wait side by side on one thread.

`whistle serve` calls `make_green` before it imports anything else; a library that was imported earlier would keep the
blocking parts of the standard library.
"""

import os
import sys
import warnings

TOO_LATE = ("psycopg", "sqlalchemy", "nameko", "urllib3", "amqp")


def make_green() -> None:
    """Patch the standard library for eventlet; `RuntimeError` if what must see it patched is imported already."""
    late = [name for name in TOO_LATE if name in sys.modules]
    if late:
        raise RuntimeError(f"imported before the process was made green: {', '.join(late)}")
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"  # psycopg's own wait is in C and would stop the whole process
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated", DeprecationWarning)  # nameko needs it
    import eventlet

    eventlet.monkey_patch()
