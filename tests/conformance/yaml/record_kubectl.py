#!/usr/bin/env python3
"""Records what kubectl takes generated plain scalars for, as values and as keys.

Usage: record_kubectl.py KUBECTL > read.txt      (kubectl 1.32; needs no cluster)

Each line is a value as one line of YAML, a tab, and the JSON that kubectl makes of it; `error` where
it refuses to read it.
"""
import json, subprocess, sys

from record import DICE, WORDS, number

LETTERS = "yYnNtTfFoOrRuUeEaAlLsS"
TAGGED = ["1", "1.0", '"1"', "yes", "~", "aGk=", "x", "0x1F", ".5", "''", "08", "1e3", "18446744073709551615"]


def plain(text):
    """Whether the text is a plain scalar within brackets too."""
    return text.isascii() and not set(text) & set(",[]{}#&*!|>'\"%@`?: \\") and text not in ("-", "--", "---", "...")


def inputs():
    scalars = [word for word in WORDS if plain(word)]
    scalars += [text for text in (number() for _ in range(2600)) if plain(text)]
    scalars += ["".join(DICE.many(1, 5, lambda: DICE.pick(LETTERS))) for _ in range(600)]
    yield from scalars
    for tag in ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!binary", "!"]:
        yield from ("%s %s" % (tag, value) for value in TAGGED)
    yield from ("{%s: x}" % scalar for scalar in scalars[::2] if not scalar.startswith("-"))


class Digits(str):
    """A number as it was spelled: Python would lose digits."""


REFUSED = object()


def ask(kubectl, values):
    head = "apiVersion: example.com/v1\nkind: Values\nmetadata: {name: x}\nspec:\n"
    text = head + "".join("  k%05d: %s\n" % (n, value) for n, value in enumerate(values))
    command = [kubectl, "label", "--local", "-f", "-", "a=b", "-o", "json"]
    run = subprocess.run(command, input=text.encode(), capture_output=True)
    if run.returncode == 0:
        spec = json.loads(run.stdout, parse_int=Digits, parse_float=Digits)["spec"]
        return [(value, spec["k%05d" % n]) for n, value in enumerate(values)]
    if len(values) == 1:
        return [(values[0], REFUSED)]
    half = len(values) // 2
    return ask(kubectl, values[:half]) + ask(kubectl, values[half:])


def main():
    values = list(dict.fromkeys(inputs()))
    for at in range(0, len(values), 400):
        for value, answer in ask(sys.argv[1], values[at : at + 400]):
            print(value + "\t" + shown(answer))


def shown(answer):
    if answer is REFUSED:
        return "error"
    return str(answer) if isinstance(answer, Digits) else json.dumps(answer)


if __name__ == "__main__":
    main()
