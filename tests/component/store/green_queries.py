"""A green process, as a service is, in which many queries wait in the database at once; prints the seconds it took."""

# ruff: noqa: E402 - the patching comes first
from shared.runtime.green import make_green

make_green()

import sys
import threading
import time

from sqlalchemy import text

from shared.store.database import Database

QUERIES = 50


def main(url: str) -> None:
    """Let each query sleep 0.2 s, all at once."""
    database = Database(url, "nobody", readers=QUERIES, as_role=False)

    def ask() -> None:
        with database.read() as connection:
            connection.execute(text("SELECT pg_sleep(0.2)"))

    ask()
    threads = [threading.Thread(target=ask) for _ in range(QUERIES)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(time.perf_counter() - begun)
    database.close()


if __name__ == "__main__":
    main(sys.argv[1])
