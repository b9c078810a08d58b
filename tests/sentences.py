"""What tests expect of sentences."""


def contains(sentence: str, expected: str) -> bool:
    """Whether all parts of an expectation, with "…" between them, stand in a sentence in that order."""
    place = 0
    for part in map(str.strip, expected.split("…")):
        place = sentence.find(part, place)
        if place < 0:
            return False
    return True
