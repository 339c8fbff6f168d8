"""Formulas in plain text, as notes and docstrings have them: where they are, and what they are.

``rho < 1/8``, ``2^k - 1``, ``(4^k - 1)/3 exp(-m tau^2/32)`` and ``v0 -> v1`` are read as one would type them in a
terminal; there are no marks around them. A formula is the longest run of tokens that the grammar below takes and that
has a sign which prose does not have (a relation, a power, a fraction, a Greek name, an index, a sum of names). What
the grammar does not take stays text, so a sentence can lose nothing: at worst a formula is left as it was typed.

    list      relation (, relation)*          only with dots in it, as x1, ..., xn
    relation  sum (< <= = >= > -> := sum)*
    sum       [-] product (+ - product)*
    product   power ([*] power | / power)*    a space is a product
    power     factor [^ factor]               the exponent may have a sign
    factor    number, name, f(list), (relation), [low, high], |sum|, ...
"""

from collections.abc import Iterator

from verify.pages.formula_parts import (
    APPLIED,
    CLOSING,
    FUNCTIONS,
    GREEK,
    INDEXED,
    LABELS,
    RELATIONS,
    TIMES,
    WORDS,
    Formula,
    Token,
    has_sum,
    is_said,
    operator_of,
    side_by_side,
    tokens_of,
)


class NoFormula(Exception):
    """What stands here is no formula."""


class FormulaReader:
    """Reads formulas out of a text.

    >>> made, end = FormulaReader("rho < 1/8, if").formula_at(0)
    >>> made.kind, [part.kind for part in made.parts], end
    ('row', ['name', 'operator', 'fraction'], 5)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at = 0
        self.deep = 0

    def formulas(self) -> Iterator[tuple[int, int, Formula]]:
        """Each formula with where it starts and ends in the text.

        >>> text = "So the digits are right if rho < 1/8, for Lemma 11 and a x."
        >>> [text[start:end] for start, end, _ in FormulaReader(text).formulas()]
        ['rho < 1/8', 'x']
        """
        place = 0
        while place < len(self.tokens):
            found = self._good(place)
            if found is None:
                place += 1
            else:
                made, end = found
                yield self.tokens[place].start, self.tokens[end - 1].end, made
                place = end

    def formula_at(self, place: int) -> tuple[Formula, int]:
        """The formula that starts at the token at a place, and the place behind it. Raises NoFormula."""
        self.at, self.deep = place, 0
        return self._list(), self.at

    def _good(self, place: int) -> tuple[Formula, int] | None:
        if not self._begins(place):
            return None
        try:
            made, end = self.formula_at(place)
        except NoFormula:
            return None
        lone = end == place + 1
        if lone and self._is_label(place):
            return None
        right = made.sure or (lone and made.kind == "name" and made.text in "bcdefghijklmnopqrstuvwxyz")
        wrapped = made.kind == "group" and made.text[0] in "(|"
        return (made, end) if right and not wrapped and self._ends(end) else None

    def _is_label(self, place: int) -> bool:
        """Whether a token stands in brackets of its own, as "(d)" does, which names a part of a list."""
        around = self.tokens[place - 1 : place + 2] if place else []
        first = len(around) == 3 and around[0].text == "(" and around[0].spaced
        return first and around[2].text == ")" and not around[2].spaced and len(around[1].text) == 1

    def _begins(self, place: int) -> bool:
        """Whether a formula may begin here: neither within a word nor as the number of a lemma."""
        first, before = self.tokens[place], self.tokens[place - 1] if place else None
        after = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        if first.text == "a" and after is not None and after.spaced and after.kind in ("name", "number"):
            return False
        if before is None:
            return True
        if before.text in "'’" and not first.spaced:
            return False
        if first.kind == "number" and before.text.lower() in LABELS:
            return False
        opens = before.text in ("(", ",", "[", ";", ":", "|", "=") or (
            before.kind == "other" and not before.text.isalnum() and before.text not in "#@\\.&%$"
        )
        return first.spaced or opens

    def _ends(self, end: int) -> bool:
        """Whether a word may end here: nothing goes on without a space but a mark."""
        after = self.tokens[end] if end < len(self.tokens) else None
        if after is None or after.spaced:
            return True
        following = self.tokens[end + 1] if end + 1 < len(self.tokens) else None
        glued = following is not None and not following.spaced and following.kind in ("name", "number")
        return (
            after.kind in ("sign", "other", "relation")
            and after.text not in "(_"
            and not (glued and after.text in "-./'’_*")
        )

    def _next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self, *texts: str) -> Token | None:
        token = self._next()
        if token is None or token.text not in texts:
            return None
        self.at += 1
        return token

    def _list(self) -> Formula:
        parts, end = [self._relation()], self.at
        kept = 1
        while self._take(","):
            try:
                parts += [operator_of(","), self._relation()]
            except NoFormula:
                break
            if self.deep or any(part.kind == "dots" for part in parts):
                end, kept = self.at, len(parts)
        self.at = end
        return side_by_side(parts[:kept])

    def _relation(self) -> Formula:
        parts = [self._sum()]
        while (token := self._next()) is not None and token.kind == "relation":
            back = self.at
            self.at += 1
            try:
                parts += [operator_of(RELATIONS[token.text]), self._sum()]
            except NoFormula:
                self.at = back
                break
        return side_by_side(parts)

    def _sum(self) -> Formula:
        parts: list[Formula] = []
        sign = self._take("-", "+")
        if sign:
            following = self._next()
            if following is None or following.spaced:
                raise NoFormula
            parts.append(operator_of(sign.text))
        parts.append(self._product())
        while (token := self._next()) is not None and token.text in ("+", "-"):
            back = self.at
            self.at += 1
            following = self._next()
            if following is None or following.spaced != token.spaced:
                self.at = back
                break
            try:
                parts += [operator_of(token.text), self._product()]
            except NoFormula:
                self.at = back
                break
        return side_by_side(parts)

    def _product(self) -> Formula:
        parts = [self._power()]
        while (token := self._next()) is not None:
            back = self.at
            try:
                if self._take("/"):
                    parts[-1] = self._over(parts[-1], self._power())
                elif self._take("*"):
                    parts += [operator_of("·"), self._power()]
                elif self._may_follow(token, numbered=parts[0].kind == "number"):
                    parts += [operator_of(TIMES), self._beside(token)]
                else:
                    break
            except NoFormula:
                self.at = back
                break
        return self._without_article(parts)

    def _beside(self, token: Token) -> Formula:
        """What a space multiplies; what is no sum in brackets is a remark and no factor."""
        made = self._power()
        if token.text == "(" and token.spaced and (is_said(made) or not has_sum(made)):
            raise NoFormula
        return made

    def _without_article(self, parts: list[Formula]) -> Formula:
        """Leave out an ``a`` at the end that is followed by a word."""
        after = self._next()
        last = parts[-1]
        article = last.kind == "name" and last.text == "a" and not last.parts and self.tokens[self.at - 1].text == "a"
        if article and (after is None or (after.spaced and after.kind in ("name", "number", "other"))):
            if len(parts) == 1:
                raise NoFormula
            self.at -= 1
            return side_by_side(parts[:-2])
        return side_by_side(parts)

    def _may_follow(self, token: Token, *, numbered: bool) -> bool:
        """Whether a token goes on with a product that is written by a space, or by nothing, and may be ``numbered``:
        begin with a number."""
        before = self.tokens[self.at - 1]
        if token.kind == "name":
            if not token.spaced:
                return before.kind == "number" or before.text in ")"
            strong = numbered or self._strong(token) or self._strong(before) or self._goes_on()
            return self._is_name(token) and strong
        if token.text == "(":
            return before.kind == "number" or before.text == ")" or (token.spaced and before.kind == "name")
        return token.text == "|" and before.kind == "number" and token.spaced

    def _goes_on(self) -> bool:
        """Whether a sign of a formula stands behind the token that is next."""
        after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        return after is not None and (after.kind == "relation" or after.text in ("^", "+"))

    def _strong(self, token: Token) -> bool:
        """Whether a token is no word of prose: a Greek name, a function, an index, or what stands in a formula."""
        text = token.text.rstrip("'")
        return text in GREEK or text in FUNCTIONS or text in INDEXED or token.kind == "sign" or self.deep > 0

    def _is_name(self, token: Token) -> bool:
        letters = token.text.rstrip("'").rstrip("0123456789")
        if token.text in ("z3", "c17"):
            return False
        if letters in GREEK or letters in FUNCTIONS or letters in INDEXED:
            return True
        if len(letters) == 1:
            label = letters in "ABEFHKLRS" and letters != token.text.rstrip("'")
            return letters not in "AIO" and not label
        return len(letters) == 2 and letters == token.text and letters.lower() not in WORDS and not letters.isupper()

    def _over(self, above: Formula, below: Formula) -> Formula:
        if above.text == "0":
            return side_by_side([above, operator_of("/"), below])
        return Formula("fraction", "", (_bare(above), _bare(below)))

    def _power(self) -> Formula:
        base = self._factor()
        if not self._take("^"):
            return base
        sign = self._take("-")
        exponent = self._factor()
        return Formula("power", "", (base, _bare(side_by_side([operator_of("-"), exponent]) if sign else exponent)))

    def _factor(self) -> Formula:
        token = self._next()
        if token is None:
            raise NoFormula
        self.at += 1
        if token.kind == "number":
            return Formula("number", token.text)
        if token.kind == "dots":
            return Formula("dots", "…")
        if token.kind == "name" and self._is_name(token):
            return self._name(token)
        if token.text in CLOSING and token.text:
            return self._group(token.text)
        raise NoFormula

    def _name(self, token: Token) -> Formula:
        bare = token.text.rstrip("'")
        primes = "′" * (len(token.text) - len(bare))
        letters = bare.rstrip("0123456789")
        if bare in FUNCTIONS or letters in FUNCTIONS:
            return self._call(bare)
        index = [Formula("number", bare[len(letters) :])] if len(letters) < len(bare) else []
        if letters in INDEXED:
            letters, index = letters[0], [Formula("name", letters[1]), *index]
        if len(letters) == 2 and letters not in GREEK:
            return Formula("row", "", (Formula("name", letters[0]), operator_of(TIMES), Formula("name", letters[1])))
        if (after := self._next()) is not None and after.text == "_" and not after.spaced:
            self.at += 1
            index.append(_bare(self._factor()))
        parts = (
            (side_by_side(index) if index else Formula("row"), Formula("operator", primes)) if index or primes else ()
        )
        return self._applied(Formula("name", GREEK.get(letters, letters), parts))

    def _applied(self, name: Formula) -> Formula:
        """A name, with its arguments if a bracket follows at once."""
        token = self._next()
        if token is None or token.spaced or token.text not in ("(", "["):
            return name
        self.at += 1
        return Formula("row", "", (name, operator_of(APPLIED), self._group(token.text)))

    def _call(self, name: str) -> Formula:
        token = self._next()
        if token is None or name == "mod":
            raise NoFormula
        if token.text == "(":
            self.at += 1
            inside = self._group("(")
            if name in ("floor", "ceil"):
                return Formula("group", "⌊⌋" if name == "floor" else "⌈⌉", inside.parts)
            if name == "sqrt":
                return Formula("root", "", inside.parts)
        elif token.spaced and token.kind in ("number", "name"):
            inside = self._power()
        else:
            raise NoFormula
        return Formula("row", "", (Formula("function", name), operator_of(APPLIED), inside))

    def _group(self, opening: str) -> Formula:
        self.deep += 1
        inside = self._sum() if opening == "|" else self._list()
        closing = self._next()
        if closing is None or closing.text not in CLOSING[opening]:
            raise NoFormula
        self.at += 1
        self.deep -= 1
        return Formula("group", opening + closing.text, (inside,))


def _bare(formula: Formula) -> Formula:
    """What stands in a pair of brackets that a fraction or an exponent makes needless."""
    return formula.parts[0] if formula.kind == "group" and formula.text == "()" else formula
