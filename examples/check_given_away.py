"""Check a certificate of what one rounded gradient gives away, with nothing of querygrad.

    python examples/check_given_away.py FILE.json

The file says: n, b, rho, the modulus of GF(2^n), c and the slopes of the model, an update, and a batch. This program
multiplies in the field bit by bit, takes the mean of the clipped gradients over the batch, and compares each entry of
the update. It also checks b rho < 4/3, that c fits, and that the modulus is irreducible: then no other batch of b
points has this update (proofs_notes/strip.md).
"""

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any


def product(a: int, b: int, modulus: int) -> int:
    """A product of polynomials over GF(2), modulo another one."""
    found, top = 0, modulus.bit_length() - 1
    while b:
        if b & 1:
            found ^= a
        a, b = a << 1, b >> 1
        if a >> top & 1:
            a ^= modulus
    return found


def divides(a: int, b: int) -> int:
    """The greatest common divisor of two polynomials over GF(2)."""
    while b:
        while a.bit_length() >= b.bit_length():
            a ^= b << a.bit_length() - b.bit_length()
        a, b = b, a
    return a


def is_irreducible(modulus: int, n: int) -> bool:
    """Whether a polynomial of degree n has no divisor of degree 1 to n/2: none is shared with x^(2^i) - x."""
    if modulus.bit_length() != n + 1:
        return False
    power = 2 if n > 1 else 2 ^ modulus
    x = power
    for _ in range(n // 2):
        power = product(power, power, modulus)
        if divides(modulus, power ^ x) != 1:
            return False
    return True


def signs(x: str, b: int, modulus: int) -> list[int]:
    """1, then for e = 1, 3, ..., 2b - 1 and each bit of x^e: 1 for 0 and -1 for 1."""
    element = sum(int(bit) << i for i, bit in enumerate(x))
    square, power, found = product(element, element, modulus), element, [1]
    for _ in range(b):
        found += [1 - 2 * (power >> i & 1) for i in range(len(x))]
        power = product(power, square, modulus)
    return found


def problem_of(data: dict[str, Any]) -> str:
    """What is wrong with a certificate; an empty text if nothing is."""
    n, b, modulus = data["n"], data["b"], data["modulus"]
    rho, held = Fraction(data["rho"]), Fraction(data["held"])
    slopes, update = [Fraction(s) for s in data["slopes"]], [Fraction(u) for u in data["update"]]
    batch = data["batch"]
    if not 0 < b * rho < Fraction(4, 3) or not is_irreducible(modulus, n):
        return "need b rho < 4/3 and an irreducible modulus"
    one, two = slopes == [1 / held] and held == Fraction(1, 2), slopes == [1 / held, 1] and 0 < held < Fraction(1, 2)
    if not (one or (two and 3 * b * rho / 4 < 1 - 2 * held)):
        return "need slopes 1/c and 1 with 3 b rho/4 < 1 - 2c, or c = 1/2 and slope 2"
    if len(batch) != b or any(len(x) != n or set(x) - set("01") or y not in (0, 1) for x, y in batch):
        return f"need {b} points of {n} bits with a label 0 or 1"
    if one and len({x for x, _ in batch}) != len({(x, y) for x, y in batch}):
        return "need labels that are a function of the point for this model"
    totals = [Fraction(0)] * len(update)
    for x, y in batch:
        gradients = [(held - y) * slope * sign for slope in slopes for sign in signs(x, b, modulus)]
        if len(gradients) != len(update):
            return f"need {len(gradients)} entries in the update, got {len(update)}"
        totals = [total + max(-1, min(1, value)) for total, value in zip(totals, gradients, strict=True)]
    for number, (u, total) in enumerate(zip(update, totals, strict=True), 1):
        if (u / rho).denominator != 1 or abs(u + total / b) > 3 * rho / 4:
            return f"entry {number} of the update is no valid rounding for this batch"
    return ""


def main(path: str) -> int:
    """Say whether the certificate in a file is right; 1 if not."""
    wrong = problem_of(json.loads(Path(path).read_text(encoding="utf-8")))
    print(wrong or "right: the update belongs to this batch, and to no other one of so many points")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
