"""How a case is found by Chinese words without a dictionary: by the pairs of characters in them (二元切分)."""

import unicodedata


def plain(text: str) -> str:
    """A text as it is compared: one width, one case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def sought(*texts: str) -> str:
    """The texts in which a part is looked for: nothing that is asked for reaches from one into the next."""
    return "\n".join(map(plain, texts))


def pairs(*texts: str) -> tuple[str, ...]:
    """Every two neighbouring characters of these texts, once each, in order."""
    return tuple(sorted({one[index : index + 2] for one in map(plain, texts) for index in range(len(one) - 1)}))
