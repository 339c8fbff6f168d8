"""Certificates forged in their meaning: roles, what is carried, functions, renamings, decoders, machines, proofs.

Each changes an honest certificate, ``cert``, by what a seeded ``source`` draws, and says what it did; None if there is
nothing to change.
"""

from random import Random

from verify.attacks.certificates import Certificate
from verify.attacks.forging import change_lines, forges, models, one_of, swapped


@forges("meaning: roles")
def roles(source: Random, cert: Certificate) -> str | None:
    """Roles exchanged, or one replaced: another digit, another query, the clock's, none."""
    said = one_of(source, models(cert))
    if said is None or len(said["roles"]) < 2:
        return None
    if source.random() < 0.5:
        return swapped(source, said["roles"])
    i = source.randrange(1, len(said["roles"]))
    said["roles"][i] = [source.choice((-2, -1, 0, 1)), source.randrange(3), source.randrange(2)]
    return f"copy {i}: {said['roles'][i]}"


@forges("meaning: the held output")
def held(source: Random, cert: Certificate) -> str | None:
    """Another number at which a round holds the output."""
    said = one_of(source, models(cert))
    if said is None:
        return None
    said["held"] = source.choice(("-3/2", "3/2", "-9/8", "9/8", "-1", "1", "0"))
    return str(said["held"])


@forges("meaning: what is carried")
def carries(source: Random, cert: Certificate) -> str | None:
    """What a vertex carries after its round: a function negated, exchanged or replaced; a constant put in, out or in
    its place; an entry less or of another vertex."""
    said = one_of(source, [said for said in models(cert) if said["carries"]])
    if said is None:
        return None
    row = source.choice(said["carries"])
    what = source.randrange(6)
    if what == 0:
        row[1] ^= 1
    elif what == 1:
        row[2] = source.choice([None, 0, 1])
    elif what == 2:
        row[1] = source.choice([source.choice(said["carries"])[1], 0, 1, *said["state"]])
    elif what == 3:
        said["carries"].remove(row)
    elif what == 4:
        row[0] += source.choice((-1, 1))
    else:
        other = source.choice(said["carries"])
        row[1], other[1] = other[1], row[1]
    return f"{what}: {row}"


@forges("meaning: the state")
def state(source: Random, cert: Certificate) -> str | None:
    """Bits of the machine's next state exchanged, negated, constant."""
    said = one_of(source, [said for said in models(cert) if said["state"]])
    if said is None:
        return None
    i = source.randrange(len(said["state"]))
    said["state"][i] = source.choice([said["state"][i] ^ 1, 0, 1, source.choice(said["state"])])
    return f"bit {i}"


@forges("meaning: equal functions")
def equal(source: Random, cert: Certificate) -> str | None:
    """A pair that is not equal, said of one round or of all (so that each round may use it)."""
    those = [said for said in models(cert) if said["state"]]
    if not those:
        return None
    literals = sorted({*those[0]["state"], 0, 1, *(row[1] for said in those for row in said["carries"])})
    pair = [source.choice(literals), source.choice(literals)]
    for said in those if source.random() < 0.5 else [source.choice(those)]:
        said["equal"] = [*said["equal"], pair] if source.random() < 0.8 else []
    return str(pair)


@forges("meaning: a function")
def function(source: Random, cert: Certificate) -> str | None:
    """A function of the state with another k, another operand, one that defines itself or an input of the machine."""
    if not cert["functions"]:
        cert["functions"] = [[1, [2]]]
        return "a function of an input"
    i = source.randrange(len(cert["functions"]))
    row = cert["functions"][i]
    if source.random() < 0.3 or not row[1]:
        row[0] = source.randrange(4)
    else:
        row[1][source.randrange(len(row[1]))] = source.choice([2, 3, 0, 1, row[1][0] ^ 1, row[1][-1] + 2, -4, -5])
    return f"function {i}: {row}"


def vertices_of(runs: list[int]) -> list[int]:
    """The vertices that some ``runs`` stand for: pairs of a first vertex and how many follow one another.

    >>> vertices_of([3, 2, 9, 1])
    [3, 4, 9]
    """
    return [v for first, count in zip(runs[::2], runs[1::2], strict=True) for v in range(first, first + count)]


@forges("meaning: rows of vertices")
def rows(source: Random, cert: Certificate) -> str | None:
    """Two vertices of a round, or of what it reads, exchanged; one left out, said twice, or another."""
    said = one_of(source, cert["rounds"])
    if said is None:
        return None
    name = source.choice(("vertices", "vertices", "reads"))
    row = vertices_of(said[name])
    if len(row) < 2:
        return None
    what, i = source.randrange(4), source.randrange(len(row))
    if what == 0:
        j = source.randrange(len(row))
        row[i], row[j] = row[j], row[i]
    elif what == 1:
        row[i] = row[source.randrange(len(row))]
    elif what == 2:
        row[i] = max(row[i] + source.choice((-1, 1)), 1)
    else:
        del row[i]
    said[name] = [x for v in row for x in (v, 1)]
    return f"{name} {what} {i}"


@forges("meaning: a round like another")
def like(source: Random, cert: Certificate) -> str | None:
    """A round that is proved is said to be like an earlier one of as many vertices; or one that is like one, like
    another.
    """
    rounds = cert["rounds"]
    if len(rounds) < 2:
        return None
    t = source.randrange(1, len(rounds))
    others = [s for s in range(t) if "like" not in rounds[s]]
    s = source.choice(others)
    rounds[t] = {"like": s + 1, "vertices": rounds[t]["vertices"], "reads": rounds[t]["reads"]}
    return f"round {t + 1} like {s + 1}"


@forges("meaning: tolerance and decoder")
def decoder(source: Random, cert: Certificate) -> str | None:
    """A smaller tolerance, a larger one; another decoder with a tolerance that allows for it, or without."""
    if source.random() < 0.3 or not cert["decoder"]:
        cert["tolerance"] = source.choice(("0", "1/1000", "1000", "2", "-1", "1/2"))
        return f"tolerance {cert['tolerance']}"
    name = source.choice(sorted(cert["decoder"]))
    cert["decoder"][name] = max(0, cert["decoder"][name] + source.choice((-1, 1, 2)))
    if source.random() < 0.7:
        cert["tolerance"] = "3/2"
    return f"{name} {cert['decoder'][name]}"


@forges("meaning: final controls")
def final(source: Random, cert: Certificate) -> str | None:
    """One final control less, one more."""
    row = vertices_of(cert["final"])
    if row and source.random() < 0.5:
        row.remove(source.choice(row))
    else:
        row.append(
            source.choice(vertices_of(cert["rounds"][-1]["vertices"])) if cert["rounds"] else 1 + source.randrange(5)
        )
    cert["final"] = [x for v in sorted(row) for x in (v, 1)]
    return f"{len(row)} final controls"


@forges("meaning: the machine")
def machine(source: Random, cert: Certificate) -> str | None:
    """The machine with another literal in a gate, an output or a next state; another start; another number in the
    comment."""

    def change(lines: list[str]) -> str | None:
        counts = list(map(int, lines[0].split(" ")[2:]))
        low = 1 + counts[0]
        if source.random() < 0.2:
            key, old = source.choice(
                [('_fraction": ', source.choice("0123456789")), ('signed": ', "false"), ('rounds": ', "1")]
            )
            lines[-2] = lines[-2].replace(f"{key}{old}", f"{key}{'true' if old == 'false' else int(old) + 1}", 1)
            return lines[-2][-60:]
        i = source.randrange(low, low + sum(counts[1:]))
        words = lines[i].split(" ")
        j = source.randrange(0 if len(words) == 1 else 1, len(words))
        words[j] = (
            str(max(int(words[j]) + source.choice((-2, -1, 1, 2)), 0))
            if source.random() < 0.5
            else str(int(words[j]) ^ 1)
        )
        lines[i] = " ".join(words)
        return lines[i]

    return change_lines(source, cert, change)


@forges("meaning: proofs")
def proofs(source: Random, cert: Certificate) -> str | None:
    """Proofs cut, reordered, of another node or another phase; a step less, twice, exchanged; a literal or a hint
    replaced.
    """
    lists = [(said["proofs"], when) for said in models(cert) for when in said["proofs"]] + (
        [(cert, "proofs")] if cert["proofs"] else []
    )
    if not lists:
        return None
    place, when = source.choice(lists)
    row = source.choice(place[when])
    steps, what = row[2], source.randrange(9)
    if what == 0:
        steps.pop()
    elif what == 1:
        del steps[source.randrange(len(steps))]
    elif what == 2:
        swapped(source, steps)
    elif what == 3:
        row[1] ^= 1
    elif what == 4:
        other = source.choice(place[when])
        row[2], other[2] = other[2], row[2]
    elif what == 5:
        row[0] += source.choice((-1, 1))
    elif what == 6:
        step = source.choice(steps)
        step[0] = [x ^ 1 for x in step[0]] if source.random() < 0.5 else step[0][:-1]
    elif what == 7:
        step = source.choice(steps)
        step[1] = 0 if source.random() < 0.3 else source.choice(steps)[1]
    else:
        place[when].remove(row)
    return f"{when}: {what}"
