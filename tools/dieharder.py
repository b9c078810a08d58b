"""The model's random numbers as a stream of 32-bit words on standard output, for `dieharder -g 200`.

    python tools/dieharder.py --seed 1 | dieharder -g 200 -d 0

Numbers come in an order that would show a dependence. `interleaved`: for one row after the other, the numbers of that
row in several seeds, all streams and twelve months, as the model uses them; then the same with further seeds. `rows`:
one long stream after the other. `months`: one row, in all streams and month by month of one seed (slow: each number has
a key of its own). See docs/random_numbers.md.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator

import numpy as np

from coprod_sim.model.engine.random_numbers import fill_uniforms, key_of
from coprod_sim.model.randomness import Stream

ROWS = 4096  # of each seed, stream and month
SEEDS, MONTHS = 2, 12  # that are interleaved, with all streams
LONG = 1 << 22  # numbers of a long stream that are made at a time
WORD = 2.0**32


def main() -> None:
    """Write words until nobody reads any more."""
    parser = argparse.ArgumentParser(prog="tools/dieharder.py", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--order", choices=ORDERS, default="interleaved")
    parser.add_argument("--seed", type=int, default=1, help="first seed")
    parser.add_argument("--low", action="store_true", help="the lower half of a number's 52 bits and not the upper one")
    asked = parser.parse_args()
    try:
        for numbers in ORDERS[asked.order](asked.seed):
            sys.stdout.buffer.write(words(numbers, low=asked.low).tobytes())
    except BrokenPipeError:
        sys.stderr.close()  # dieharder has read enough


def words(numbers: np.ndarray, *, low: bool) -> np.ndarray:
    """32 of the 52 bits of each uniform number, in order: the upper ones, or those from the 27th to the lowest."""
    scaled = numbers * WORD
    if low:
        scaled = (numbers * 2.0**20 % 1.0) * WORD
    return scaled.astype(np.uint32)


def interleaved(seed: int) -> Iterator[np.ndarray]:
    """(row, seed, stream and month) row by row; then with the next seeds."""
    for first in itertools.count(seed, SEEDS):
        keys = itertools.product(range(first, first + SEEDS), Stream, range(MONTHS))
        yield np.stack([_numbers(*key, ROWS) for key in keys], axis=1)


def rows(seed: int) -> Iterator[np.ndarray]:
    """One stream of a month after the other, very long ones."""
    for month in itertools.count():
        yield _numbers(seed, Stream.DEATH, month, LONG)


def months(seed: int) -> Iterator[np.ndarray]:
    """The number of one row in all streams of a month, month by month, without end."""
    for first in itertools.count(0, 120):
        keys = itertools.product(range(first, first + 120), Stream)
        yield np.array([_numbers(seed, stream, month, 1)[0] for month, stream in keys])


ORDERS = {order.__name__: order for order in (interleaved, rows, months)}


def _numbers(seed: int, stream: Stream, month: int, number: int) -> np.ndarray:
    numbers = np.empty(number)
    fill_uniforms(key_of(seed, int(stream), month), numbers)
    return numbers


if __name__ == "__main__":
    main()
