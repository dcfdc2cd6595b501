#!/usr/bin/env python3
"""Times the backends against one another: backends.py DIXIT TEXTS [--rounds N] [--threads N] [--cuda] [--model DIR]

DIXIT is the program, built with the feature rust-bert; TEXTS a folder of plain text. In each round every backend
annotates all of TEXTS, one after the other, so that what else the machine does falls on all alike. Printed are, of the
processor time and of the time on the clock, both with the loading of the model, the median and the median over the rounds
of its multiple of the embedded backend's; and how many of the statements the embedded backend and rust-bert in single
precision have, too.
"""
import argparse
import collections
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time

EMBEDDED = []
CPU = [["--backend", "rust-bert", "--precision", p] for p in ("f32", "bf16")]
CUDA = [["--backend", "rust-bert", "--device", "cuda:0", "--precision", p] for p in ("f32", "bf16", "f16")]


def clocks():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, time.perf_counter()


def annotate(dixit, texts, options, out):
    """Seconds of processor time, and on the clock."""
    before = clocks()
    subprocess.run([dixit, "annotate", texts, "--input-format", "text", "-o", out, *options], check=True)
    return [after - start for after, start in zip(clocks(), before)]


def statements(path):
    """All that each statement says, but for its confidence."""
    spans = lambda statement, part: tuple((s["start"], s["end"]) for s in statement[part])
    with open(path, encoding="utf8") as lines:
        documents = [json.loads(line) for line in lines]
    return collections.Counter(
        (d["id"], *(spans(s, part) for part in ("content", "cue", "source")), s["mode"], s["kind"],
         (s["speaker"] or {}).get("name")) for d in documents for s in d["statements"])


def agreement(left, right):
    """The share of statements that both have."""
    return 2 * (left & right).total() / (left.total() + right.total())


def run(args):
    shared = ["--threads", str(args.threads)] + (["--model", args.model] if args.model else [])
    runs = [EMBEDDED, *CPU, *(CUDA if args.cuda else [])]
    times = [[] for _ in runs]
    with tempfile.TemporaryDirectory() as folder:
        out = [os.path.join(folder, f"{number}.jsonl") for number in range(len(runs))]
        for round_ in range(args.rounds + 1):
            for number, options in enumerate(runs):
                seconds = annotate(args.dixit, args.texts, shared + options, out[number])
                if round_:      # the first one only warms up
                    times[number].append(seconds)
        found = [statements(path) for path in out]
    print(f"{'':26} {'processor':>18} {'clock':>18}   same as embedded, as rust-bert f32")
    for number, options in enumerate(runs):
        columns = []
        for clock in (0, 1):
            own, base = ([seconds[clock] for seconds in times[it]] for it in (number, 0))
            ratio = statistics.median(a / b for a, b in zip(own, base))
            columns.append(f"{statistics.median(own):8.2f} s {ratio:6.2f} x")
        same = " ".join(f"{agreement(found[number], found[other]):7.1%}" for other in (0, 1))
        print(f"{' '.join(options[1::2]) or 'embedded':26} {' '.join(columns)}  {same}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dixit")
    parser.add_argument("texts")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--cuda", action="store_true", help="time the first graphics card, too")
    parser.add_argument("--model", help="a model folder instead of the built-in model")
    run(parser.parse_args())
