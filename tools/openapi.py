"""`whistle openapi`: the OpenAPI document of the whole system, made from the services' classes without running them."""

import json
from pathlib import Path

from services.gateway.wiring import DESCRIPTION, TITLE
from shared.web.merge import merge
from shared.web.openapi import Document, describe
from tools.service_class import service_class
from tools.system import SERVICES


def openapi(output: Path | None = None) -> None:
    """Write the document to this file, or to the screen."""
    text = json.dumps(document(), ensure_ascii=False, indent=1)
    if output is None:
        print(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")


def document() -> Document:
    """What the gateway answers at /api/openapi.json."""
    behind = (name for name in SERVICES if name != "gateway")
    return merge({name: describe(service_class(name)) for name in behind}, TITLE, DESCRIPTION)
