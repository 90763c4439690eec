"""Reads the directory's snapshots: categories and areas as the town's tables have them."""

from collections.abc import Iterable, Mapping
from typing import Any

Rows = Iterable[Mapping[str, Any]]

NEAREST_PUBLIC_LEVEL = "community"


def closing_condition(categories: Rows, code: str) -> str:
    """What must hold before a case of this category may be closed (结案条件); empty for a category that is gone."""
    return next((str(row["closing_condition"]) for row in categories if row["code"] == code), "")


def public_area(areas: Rows, code: str) -> tuple[str, str]:
    """Code and name of the community around an area: as near as a public notice may come. The area's own above that."""
    by_code = {row["code"]: row for row in areas}
    around = [code.rsplit(".", cut)[0] for cut in range(code.count(".") + 1)]
    for one in around:
        if one in by_code and by_code[one]["level"] == NEAREST_PUBLIC_LEVEL:
            return one, str(by_code[one]["name"])
    return code, str(by_code.get(code, {}).get("name", ""))
