"""Two classic data sets from their definitions, as CSV files of 0/1 columns with the label last.

* tic-tac-toe.csv: the 958 boards on which a game that x began has ended; columns xi and oi (x or o on square i); label:
  x has won.
* monk1.csv, monk2.csv, monk3.csv: the three MONK's problems on all 432 robots; attributes of three and four values one
  column for each
  value, those of two values one column. monk3-noisy.csv: 5% of the labels of the third flipped, seeded (the original
  has such noise).

Run:  python examples/data_sets.py FOLDER
"""

import csv
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from random import Random

Rows = list[tuple[tuple[int, ...], int]]
LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
VALUES = (3, 3, 2, 3, 4, 2)  # of the six attributes of a robot
MONKS: dict[int, Callable[..., bool]] = {
    1: lambda *a: a[0] == a[1] or a[4] == 1,
    2: lambda *a: sum(value == 1 for value in a) == 2,
    3: lambda *a: (a[4] == 3 and a[3] == 1) or (a[4] != 4 and a[1] != 3),
}


def won(board: tuple[str, ...], player: str) -> bool:
    """Whether a player has three in a line."""
    return any(all(board[i] == player for i in line) for line in LINES)


def endings() -> list[tuple[str, ...]]:
    """The boards on which a game can have ended, x first."""
    found: set[tuple[str, ...]] = set()
    seen: set[tuple[str, ...]] = set()
    front: list[tuple[str, ...]] = [("b",) * 9]
    while front:
        board = front.pop()
        if board in seen:
            continue
        seen.add(board)
        free = [i for i in range(9) if board[i] == "b"]
        if won(board, "x") or won(board, "o") or not free:
            found.add(board)
            continue
        player = "x" if len(free) % 2 else "o"
        front += [(*board[:i], player, *board[i + 1 :]) for i in free]
    return sorted(found)


def tic_tac_toe() -> Rows:
    """958 rows of 18 bits; the label is 1 on the 626 boards that x has won."""
    return [
        (tuple(int(square == player) for player in "xo" for square in board), int(won(board, "x")))
        for board in endings()
    ]


def robot(attributes: tuple[int, ...]) -> tuple[int, ...]:
    """A robot as 15 bits."""
    bits: list[int] = []
    for value, count in zip(attributes, VALUES, strict=True):
        bits += [int(value == 1)] if count == 2 else [int(value == v) for v in range(1, count + 1)]
    return tuple(bits)


def monk(number: int, *, flips: int = 0, seed: int = 0) -> Rows:
    """432 rows of 15 bits, so many labels flipped."""
    robots = list(product(*(range(1, count + 1) for count in VALUES)))
    flipped = set(Random(seed).sample(range(len(robots)), flips))
    return [(robot(a), int(MONKS[number](*a)) ^ (i in flipped)) for i, a in enumerate(robots)]


def columns(name: str) -> Iterator[str]:
    """The names of a data set's columns."""
    if name == "tic-tac-toe":
        yield from (f"{player}{i}" for player in "xo" for i in range(1, 10))
    else:
        for a, count in enumerate(VALUES, 1):
            yield from [f"a{a}=1"] if count == 2 else [f"a{a}={v}" for v in range(1, count + 1)]
    yield "label"


def data_sets() -> dict[str, Rows]:
    """All data sets by name."""
    found = {"tic-tac-toe": tic_tac_toe(), **{f"monk{number}": monk(number) for number in MONKS}}
    return found | {"monk3-noisy": monk(3, flips=22, seed=3)}


def main() -> None:
    """Write every data set to a folder."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("need an existing folder")
    for name, rows in data_sets().items():
        path = Path(sys.argv[1]) / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns(name))
            writer.writerows([*x, y] for x, y in rows)
        print(f"{path}: {len(rows)} rows of {len(rows[0][0])} bits, label 1 on {sum(y for _, y in rows)}")


if __name__ == "__main__":
    main()
