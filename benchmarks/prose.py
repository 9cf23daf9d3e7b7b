"""Prose: sentences of plausible English about a survey that never was, made from a seeded generator."""

from __future__ import annotations

from random import Random

_ADJECTIVES = """
early late northern southern coastal regional annual local careful partial detailed narrow broad steady uneven
recent older printed public private seasonal remote modest common rare formal plain separate combined earlier
"""
_NOUNS = """
survey harbour archive ledger station district valley market measurement sample record catalogue method
estimate interval boundary settlement channel observation instrument committee report margin series account
warehouse reading shipment inventory register season crossing bridge parish workshop inspection tariff current
"""
_VERBS = """
describes precedes confirms limits explains follows replaces supports contradicts extends measures records
compares separates reduces repeats shows names covers omits
"""
_LEADS = (
    "In the first years,",
    "At that time",
    "By contrast,",
    "For the same reason,",
    "As a rule,",
    "",
)
_TAILS = (
    "as the older maps suggest",
    "although few copies survive",
    "which the second inspection left open",
    "and the difference is small",
    "before the new rules came into force",
    "without naming its source",
    "even where the two series overlap",
    "",
)


class Prose:
    """Words, sentences and paragraphs from one generator: the same seed writes the same text."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._adjectives, self._nouns, self._verbs = map(str.split, (_ADJECTIVES, _NOUNS, _VERBS))

    def noun(self) -> str:
        """Return an adjective and a noun."""
        return f"{self._random.choice(self._adjectives)} {self._random.choice(self._nouns)}"

    def title(self) -> str:
        """Return a heading."""
        pattern = self._random.choice(
            ("The {} and the {}", "On a {} in the {}", "A {} without a {}")
        )
        return pattern.format(self.noun(), self.noun())

    def sentence(self, tail: str = "") -> str:
        """Return a sentence; `tail` stands before its full stop."""
        lead, end = self._random.choice(_LEADS), self._random.choice(_TAILS)
        clause = f"the {self.noun()} of the {self.noun()} {self._random.choice(self._verbs)} the {self.noun()}"
        if end:
            clause += f", {end}"
        text = f"{lead} {clause}" if lead else clause
        return f"{text[0].upper()}{text[1:]}{tail}."

    def paragraph(self, tails: tuple[str, ...] = ()) -> str:
        """Return a paragraph of four to seven sentences, the first of which carry the tails."""
        plain = self._random.randint(4, 7) - len(tails)
        sentences = [self.sentence(tail) for tail in tails]
        sentences += [self.sentence() for _ in range(plain)]
        self._random.shuffle(sentences)
        return " ".join(sentences)
