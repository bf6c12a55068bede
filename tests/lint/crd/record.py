#!/usr/bin/env python3
"""Asks a real API server about the objects of this folder and writes what it says to verdicts.txt.

usage: record.py ASK     ASK prints one JSON object a document, as a dry-run create is answered: verdict, message, causes
"""
import json, pathlib, re, subprocess, sys, tempfile

ask, here = sys.argv[1], pathlib.Path(__file__).parent
lines = []


def answers(*arguments):
    run = subprocess.run([ask, *arguments], capture_output=True, text=True, timeout=300)
    if run.returncode > 1:
        sys.exit(run.stderr)
    return [json.loads(line) for line in run.stdout.splitlines()]


def shown(answer):
    if answer["verdict"] == "ok":
        return "ok"
    causes = answer.get("causes") or []
    unknown = re.findall(r'unknown field "([^"]*)"', answer.get("message", ""))
    found = {f"Unknown {field}" for field in unknown}
    found |= {f"{cause['reason'].removeprefix('FieldValue')} {cause['field']}" for cause in causes}
    return "; ".join(sorted(found)) or "refused"


for path in sorted(here.glob("*.yaml")):
    documents = path.read_text().split("\n---\n")
    if path.stem == "definitions":
        names = [re.search(r"case: ([^}]+)}", text)[1] for text in documents]
        found = answers(str(path))
    else:
        names = [re.search(r"name: ([^}]+)}", text)[1] for text in documents[1:]]
        with tempfile.TemporaryDirectory() as folder:
            definition, objects = pathlib.Path(folder, "crd.yaml"), pathlib.Path(folder, "objects.yaml")
            definition.write_text(documents[0])
            objects.write_text("\n---\n".join(documents[1:]))
            found = answers("-crd", str(definition), str(objects))
    assert len(names) == len(found), path
    lines += [f"{path.stem}/{name}: {shown(answer)}" for name, answer in zip(names, found)]

head = "# What kube-apiserver 1.35.4 says to the objects of this folder; written by record.py.\n"
(here / "verdicts.txt").write_text(head + "\n".join(lines) + "\n")
