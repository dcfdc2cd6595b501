#!/usr/bin/env python3
"""Makes a model folder from the training sets: recipe.py DATA BASE WORK OUT [--data all|clean] [--device cpu|cuda] [--scorers]

Trains a network (`train.py`), goes on with itself as the teacher and the rounding of the export in place (`distill.py`), and
exports it to OUT (`export.py`). DATA, BASE and WORK are those of `train.py`; started again with the same WORK, it goes on from
where it was cut off. With --scorers it also fits the antecedent scorers to the new network (`antecedents.py`), which needs Rust.
"""
import argparse
import os
from types import SimpleNamespace

import antecedents
import distill
import export
import train


def run(args, config):
    sets = dict(data_folder=args.data_folder, base=args.base, data=args.data, device=args.device)
    trained, rounded = f"{args.work}/train", f"{args.work}/distill"
    network = f"{trained}/final.pt"
    if not os.path.exists(network):
        train.run(SimpleNamespace(work=trained, **sets), config)
    if not os.path.exists(f"{rounded}/final.pt"):
        distill.run(SimpleNamespace(work=rounded, student=network, teachers=[network], **sets), config)
    train.work_on("cpu")
    export.run(SimpleNamespace(checkpoint=f"{rounded}/final.pt", base=args.base, data_folder=args.data_folder, out=args.out),
               config)
    if args.scorers:
        antecedents.fit_all(args.data_folder, args.out, f"{args.work}/antecedents")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_folder")
    parser.add_argument("base")
    parser.add_argument("work")
    parser.add_argument("out")
    parser.add_argument("--data", choices=["all", "clean"], default="all")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--scorers", action="store_true", help="fit the antecedent scorers, too")
    run(parser.parse_args(), train.settings())
