"""A round that is like an earlier one: what was shown of that holds of it, by a renaming checked on the arrays.

The certificate lists the vertices of both rounds in one order, and the vertices of earlier rounds that they read. That
is a map from the vertices of round t (its own, its coins, those it reads, and round 0, which stays as it is) to those
of the model. Checked is:

* no two vertices go to one (the model's rows have each vertex once, and the four kinds stay apart), but gates that are
  constants;
* each gate has the k of its image, and its operands go to the operands of its image, with their signs;
* each vc is driven by the image's driver in the same way, each control is the same function of the image's operands
  and has the same weight to the output; each copy has the weights of its image;
* what is read carries the same function of the state and the same constant before; the state before the round is the
  same functions, and the same functions are equal; both rounds are odd or both even (which does not matter for whole
  batches), neither is the first one alone, and the later is not the last.

Then the circuit of round t in each phase is that of the model with other names for its leaves, and different leaves of
the model may only become different leaves here. Every claim of the model was shown for all values of its leaves. So it
holds of round t, with the vertices renamed. It is this injectivity that an earlier key did not have: two vertices that
look alike are not taken for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verify.recheck.claims import Said
from verify.recheck.layout import GATE, Round
from verify.recheck.network import Integers
from verify.recheck.parts import Table
from verify.recheck.phases import Carried, Past, Subject
from verify.recheck.reading import need


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """A round in the model's names: operands of its gates (sorted numbers), how many true ones each ``needs``, and the
    rows of copies and controls."""

    operands: Integers
    needs: npt.NDArray[np.int32]
    copies: Integers
    controls: list[tuple[int, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A round that is proved: where it stands, what was known before it (``carried`` by what it reads, of the state,
    which functions are equal), what is said of it, and at which places of its row and of what it reads the vertices
    stand that it carries."""

    round: Round
    rows: Rows
    carried: Sequence[Carried | None]
    state: tuple[int, ...]
    equal: tuple[tuple[int, int], ...]
    said: Said
    places: Integers


class Reuse:
    """Compares rounds with their models.

    >>> from io import BytesIO
    >>> from verify.attacks.bases import base
    >>> from verify.attacks.certificates import honest
    >>> from verify.certifier.certificate.handing_over import written
    >>> from verify.recheck.check import Check
    >>> from verify.recheck.phases import Known
    >>> name = "conjunction by queries, minimal"
    >>> check = Check(written(honest(name)), BytesIO(base(name).data))
    >>> certified, (first, _, third, _) = check.verdict().certified, check.subject.layout.rounds
    >>> reuse, start = Reuse(check.subject), Past(known=Known(), state=(), equal=())
    >>> model = reuse.model(first, start, check.said_of(first))
    >>> len(model.places) == len(model.said.carries)  # what it carries on, by places
    True
    >>> reuse.moved(model, third, start)  # no round of this network is like another
    Traceback (most recent call last):
        ...
    verify.recheck.reading.RefusedError: (e) a round that may be like another, round 3 like round 1
    """

    def __init__(self, subject: Subject) -> None:
        self.subject, layout = subject, subject.layout
        need(subject.net.size < 1 << 30, "a network of fewer than 2^30 vertices")
        self.name = np.where(layout.of == 0, np.arange(subject.net.size), -1)
        for vertices in self._constants():
            self.name[vertices] = vertices[:1]
        self.first_copy = np.cumsum([0, *(len(round_.copies) for round_ in layout.rounds)])
        self.first_control = np.cumsum([0, *(len(round_.controls) for round_ in layout.rounds)])
        self.needs, self.period = np.asarray(subject.needs), 1 if subject.machine.points else 2
        self.tables: dict[tuple[tuple[tuple[int, ...], int], ...], int] = {}

    def _constants(self) -> list[Integers]:
        """The gates of round 0 that nothing drives, those that are true and those that are false; each is as good as
        another.
        """
        layout, needs = self.subject.layout, np.asarray(self.subject.needs)
        gates = np.flatnonzero((layout.of == 0) & (layout.kind == GATE))
        literal = self._edges(gates)[2]
        driven = (
            np.bincount(self._edges(gates)[0], weights=literal, minlength=len(gates)) > 0
            if len(gates)
            else np.zeros(0, np.bool_)
        )
        return [gates[~driven & (needs[gates] == 0)], gates[~driven & (needs[gates] > 0)]]

    def _edges(self, gates: Integers) -> tuple[Integers, Integers, npt.NDArray[np.bool_]]:
        """For each edge into some gates the gate's place, the edge, and whether it says something (a weight, not from
        the constant).
        """
        net = self.subject.net
        counts = net.fan_in[gates].astype(np.int64)
        owner = np.repeat(np.arange(len(gates)), counts)
        at = np.arange(len(owner)) + np.repeat(net.offsets[gates] - (np.cumsum(counts) - counts), counts)
        return owner, at, (net.sources[at] != 0) & (net.weights[at] != 0)

    def model(self, round_: Round, past: Past, said: Said) -> Model:
        """A round that is proved, to be compared with later ones; it lists what it reads, each vertex once. ``past`` is
        what held before it, ``said`` what the certificate says of it.

        Raises
        ------
        RefusedError
            If it reads a vertex twice or a later one, or carries on what it neither has nor reads.
        """
        reads, of = round_.reads, self.subject.layout.of
        need(
            len(np.unique(reads)) == len(reads), f"earlier vertices that are read, each once, in round {round_.number}"
        )
        need(
            bool(((of[reads] > 0) & (of[reads] < round_.number)).all()),
            f"vertices of earlier rounds, in round {round_.number}",
        )
        row = np.concatenate((round_.vertices, reads))
        order = np.argsort(row)
        wanted = np.array([u for u, _, _ in said.carries], np.int64)
        places = order[np.searchsorted(row[order], wanted)] if len(wanted) else wanted
        need(
            np.array_equal(row[places], wanted),
            f"(k) what round {round_.number} carries among its vertices and those that it reads",
        )
        return Model(
            round=round_,
            rows=self._rows(round_, round_),
            carried=[past.known.get(u) for u in reads.tolist()],
            state=past.state,
            equal=past.equal,
            said=said,
            places=places,
        )

    def moved(self, model: Model, round_: Round, past: Past) -> Said:
        """What is said of the model, said of a round that is like it; RefusedError if it is not. ``past`` is what holds
        before it."""
        t, s, of = round_.number, model.round.number, self.subject.layout.of
        where = f"round {t} like round {s}"
        need(
            (self.subject.machine.points or (t - s) % 2 == 0)
            and (s == 1) <= (t == 1)
            and t < len(self.subject.layout.rounds),
            f"(e) a round that may be like another, {where}",
        )
        need(len(round_.reads) == len(model.round.reads), f"(k) as many earlier vertices, {where}")
        need(bool(((of[round_.reads] > 0) & (of[round_.reads] < t)).all()), f"(k) vertices of earlier rounds, {where}")
        need(past.state == model.state and past.equal == model.equal, f"(k) the same functions of the state, {where}")
        need(
            [past.known.get(u) for u in round_.reads.tolist()] == model.carried,
            f"(k) earlier vertices that carry the same, {where}",
        )
        rows = self._rows(round_, model.round)
        for name in ("operands", "needs", "copies", "controls"):
            need(np.array_equal(getattr(rows, name), getattr(model.rows, name)), f"(k) the same {name}, {where}")
        return self._renamed(model, round_)

    def _rows(self, round_: Round, model: Round) -> Rows:
        """The rows of a round, its vertices named as the model's."""
        name, parts = self.name, self.subject.parts
        for ours, theirs in (
            (round_.vertices, model.vertices),
            (round_.coins, model.coins),
            (round_.reads, model.reads),
        ):
            name[ours] = theirs
        t = round_.number
        copies = np.arange(self.first_copy[t - 1], self.first_copy[t])
        sides = len(round_.columns.driven)
        driven = (copies[:, None] * sides + np.arange(sides)).ravel()
        driver = parts.vcs.operands[driven].max(1)
        acts_at = np.array([_acts_at(table) for table in parts.vcs.tables], np.int64)[parts.vcs.form[driven]]
        found = Rows(
            operands=self._operands(round_),
            needs=self.needs[round_.gates],
            copies=np.stack((np.repeat(parts.form[copies], sides), name[driver], acts_at), 1),
            controls=self._controls(t),
        )
        need(
            not len(copies) or int(found.copies[:, 1].min()) >= 0,
            f"(e) a vc of round {t} that reads what the round lists",
        )
        for ours in (round_.vertices, round_.coins, round_.reads):
            name[ours] = -1
        return found

    def _operands(self, round_: Round) -> Integers:
        """For each literal of each gate one number, made of the gate's place, the operand's name and the sign; in
        ascending order.
        """
        net = self.subject.net
        owner, at, literal = self._edges(round_.gates)
        owner, at = owner[literal], at[literal]
        names = self.name[net.sources[at]]
        need(
            not len(names) or int(names.min()) >= 0,
            f"(k) gates of round {round_.number} that read what the round lists",
        )
        keys = (owner * net.size + names) * 2 + (net.weights[at] < 0)
        keys.sort()
        return np.asarray(keys)

    def _controls(self, t: int) -> list[tuple[int, ...]]:
        """Rows of the controls of a round: weight to the output, a number for the table, and operands in ascending
        order.
        """
        parts, found = self.subject.parts, list[tuple[int, ...]]()
        for i in range(int(self.first_control[t - 1]), int(self.first_control[t])):
            operands, table = parts.controls.of(i)
            names = [int(self.name[u]) for u in operands]
            need(min(names, default=0) >= 0, f"(e) controls of round {t} that read what the round lists")
            order = sorted(range(len(names)), key=names.__getitem__)
            key = tuple(sorted((tuple(bits[j] for j in order), value) for bits, value in table.items()))
            number = self.tables.setdefault(key, len(self.tables))
            found.append((int(parts.to_output[i]), number, *sorted(names)))
        return found

    def _renamed(self, model: Model, round_: Round) -> Said:
        """What the model carries, by the places of the vertices in both rows."""
        ours = np.concatenate((round_.vertices, round_.reads))[model.places].tolist()
        carries = tuple((u, literal, early) for u, (_, literal, early) in zip(ours, model.said.carries, strict=True))
        return Said(
            roles=model.said.roles,
            held=model.said.held,
            carries=carries,
            state=model.said.state,
            equal=model.said.equal,
        )


def _acts_at(table: Table) -> int:
    """The value of its bit at which a vc is 0."""
    return next(bits[0] for bits, value in table.items() if value == 0)
