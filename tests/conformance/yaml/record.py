#!/usr/bin/env python3
"""Records what `kustomize build` prints for generated values.

Usage: record.py KUSTOMIZE > recorded.txt      (kustomize 5.6.0; about a minute)

Each line of the recording is a value as one line of YAML, a tab, and, as a JSON string, what
kustomize prints behind `  k00001:` for it; `error` where the build fails. The inputs come from a
seeded generator, so the same program gives the same recording.
"""
import json, os, re, subprocess, sys, tempfile


class Dice:
    """A linear congruential generator: the same numbers with every Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def pick(self, items):
        return items[self.below(len(items))]

    def many(self, least, most, make):
        return [make() for _ in range(least + self.below(most - least + 1))]


DICE = Dice(20240607)
WORDS = """yes no on off y n Y N yEs true True TRUE tRue false null Null ~ NULL .inf -.Inf +.inf .nan .NaN inf nan
0644 0o644 -012 08 09.5 0x1F -0x1F 0X1f 0b11 -0b11 0B11 1_000 1_0.5 1__0 _1 1_ +5 -0 +0 0 1 -1 1. 1.0 1.10 .5 -.5 5. 1e3 1E3
1e+3 1e-7 1.5e300 1e400 -1e400 1e-400 .1_0 . .. ... .e5 1e 1.2.3 1.2.3.4 0. 0.0 00 0x 0xg 0o8 0b2 12e03 1e20 1e21 1e22
9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616
123456789.123456789 0.000001 0.0001 1234567.5 123456.5 789972280293776.25 9007199254740993 2020-01-01 2020-1-1 2024-02-30
2020-01-01T10:00:00Z 2020-01-01t10:00:00.5+02:00 12:30:45 1:2 1:60 -1:2.3 190:20:30 << = == <<x x<< ! !x &x *x |x >x 'x "x %x @x
`x #x x#y ?x -x --x ---x --- ...x , ,x x,y [ [x x] {x x} {{.x}} ${V} $(V) : :x x: x:y - -- -- ? # a/b http://x:80/y a=b a|b a>b a&b a*b
it's say"hi" back\\slash 10m 1Gi 500Mi 5s v1.2 1.10-alpha abc 0123456789abcdef 12345e6 1234e5 é ß 日本 😀 Ω ǅ ١٢""".split()
ODD = list(" \t\n\r:#-?,[]{}&*!|>'\"%@`\\/=<~.+_0aZé日") + [
    "  ", "\n\n", ": ", " #", "- ", "\u00a0", "\u2028", "\u2029", "\ufeff", "\U0001F600", "\x00", "\x01", "\x07", "\x1b", "\ufffd",
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def word():
    return "".join(DICE.many(1, 12, lambda: DICE.pick(LETTERS)))


def sentence():
    between = DICE.pick([" ", " ", " ", "  ", "\n", "\n  ", "\u2028", " \n", "\n\n"])
    odd = DICE.pick(["", "", "", "'", '"', ": ", "\\", "é", "😀", " #", "\t"])
    words = DICE.many(4, 28, word)
    if odd:
        at = DICE.below(len(words))
        words[at] = words[at] + odd
    return between.join(words) + DICE.pick(["", "", "", "\n", "\n\n", " "])


def number():
    digits = lambda n: "".join(DICE.many(1, n, lambda: DICE.pick("0123456789")))
    sign = DICE.pick(["", "", "", "-", "+"])
    shape = DICE.below(8)
    if shape == 0:
        return sign + digits(20)
    if shape == 1:
        return sign + digits(8) + "." + digits(18)
    if shape == 2:
        return sign + digits(2) + "." + digits(6) + DICE.pick("eE") + DICE.pick(["", "+", "-"]) + digits(2)
    if shape == 3:
        return sign + "0" + DICE.pick(["", "x", "o", "b", "X"]) + digits(6)
    if shape == 4:
        return digits(4) + DICE.pick(["-", ":", ".", "_"]) + digits(2) + DICE.pick(["", "-", ":", "."]) + digits(2)
    if shape == 5:
        return sign + "." + digits(4)
    if shape == 6:
        return sign + digits(17) + DICE.pick(["", ".", "e3", "000000"])
    return "".join(DICE.many(1, 8, lambda: DICE.pick("0123456789+-._eExob:TZ")))


def string():
    shape = DICE.below(10)
    if shape < 2:
        return DICE.pick(WORDS)
    if shape < 3:
        return number()
    if shape < 6:
        return "".join(DICE.many(1, 8, lambda: DICE.pick(ODD)))
    if shape < 7:
        return DICE.pick(WORDS) + DICE.pick([" ", "\n", "\t", ": ", " #"]) + DICE.pick(WORDS) + DICE.pick(["", "\n", " "])
    return sentence()


def name():
    shape = DICE.below(6)
    if shape == 0:
        return string()
    if shape == 1:
        return "k" * (120 + DICE.below(16))
    return "".join(DICE.many(1, 7, lambda: DICE.pick("abAB0129_-./")))


def quoted(text):
    """The string in double quotes, ASCII only."""
    escape = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}

    def one(c):
        if c in escape:
            return escape[c]
        if " " <= c <= "~":
            return c
        code = ord(c)
        return "\\x%02X" % code if code < 256 else "\\u%04X" % code if code < 65536 else "\\U%08X" % code

    return '"' + "".join(map(one, text)) + '"'


def inputs():
    plain = [w for w in WORDS if not re.search(r"""^[-?:]?$|^[,\[\]{}#&*!|>'"%@`]|: |:$|\{|^---|^\.\.\.""", w) and w.isascii()]
    yield from plain
    yield from (quoted(word) for word in WORDS)
    yield from (quoted(odd) for odd in ["\x7f", "a\ufffe", "a\u0085b", "\u0085"])
    yield '{"<<": 1}'
    for _ in range(1500):
        text = number()
        if not re.search(r":$|^[-:]$|^---|^\.\.\.", text):
            yield text
    for _ in range(3300):
        yield quoted(string())
    for _ in range(400):
        yield "{%s: 1}" % quoted(name())
    for _ in range(300):
        yield "[%s, [%s], {a: %s}]" % tuple(quoted(string()) for _ in range(3))
    for _ in range(500):
        names = sorted({name() for _ in range(2 + DICE.below(7))} - {"<<"})
        yield "{%s}" % ", ".join("%s: []" % quoted(name) for name in names)
    for deep in range(1, 30):
        yield "{a: " * deep + quoted(sentence()) + "}" * deep
        yield "[" * deep + quoted(sentence()) + "]" * deep


def build(kustomize, folder, values):
    lines = "".join("  k%05d: %s\n" % (n, value) for n, value in enumerate(values))
    with open(os.path.join(folder, "r.yaml"), "w", encoding="utf-8") as file:
        file.write("apiVersion: example.com/v1\nkind: Values\nmetadata: {name: x}\nspec:\n  k: 0\n" + lines)
    run = subprocess.run([kustomize, "build", folder], capture_output=True)
    if run.returncode:
        return None
    # A key follows a line break of any kind.
    parts = re.split("(?<=[\n\u2028\u2029\u0085])  k([0-9]{5}):", run.stdout.decode("utf-8"))
    assert parts[1::2] == ["%05d" % n for n in range(len(values))]
    return parts[2::2]


def record(kustomize, folder, values):
    printed = build(kustomize, folder, values)
    if printed is not None:
        # kustomize orders some sets of keys by chance: those are left out.
        again = [build(kustomize, folder, values) for _ in range(12)]
        return [(v, p) for v, p, *more in zip(values, printed, *again) if all(p == q for q in more)]
    if len(values) == 1:
        return [(values[0], None)]
    half = len(values) // 2
    return record(kustomize, folder, values[:half]) + record(kustomize, folder, values[half:])


def main():
    kustomize = sys.argv[1]
    values = list(dict.fromkeys(inputs()))
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "kustomization.yaml"), "w") as file:
            file.write("resources: [r.yaml]\n")
        for at in range(0, len(values), 200):
            for value, printed in record(kustomize, folder, values[at : at + 200]):
                print(value + "\t" + ("error" if printed is None else json.dumps(printed)))


if __name__ == "__main__":
    main()
