#!/usr/bin/env python3
"""Goes on training a network on what several say of raw news: distill.py DATA BASE WORK STUDENT TEACHER [TEACHER …]

--data all|clean and --device cpu|cuda are those of `train.py`.

The teachers' probabilities of each word's labels are averaged, and the student learns these (Hinton et al. 2015), and the
gold of `train.py` beside them. The texts whose mentions are annotated are labelled, too. The student learns with the
rounding of the exported graph in place (`rounding.py`). STUDENT and TEACHER are weights that `train.py` wrote, or model
folders. WORK gets the labels of the teachers, a checkpoint, from which a run that was cut off goes on, and `final.pt`.
"""
import argparse
import functools
import os
import random

import torch

import affinity
import export
import features
import pretrain
import rounding
import train

LABELLED_TOGETHER = 200_000         # pieces in a file of labels
HEADS = ["roles", "inner", "entities"]


def log_probabilities(network, batch):
    """Log probability of the labels of each of HEADS: [B, W, K]; the mask of the words; the columns of the affinity."""
    (roles, entities, _, _, _, _, inner, *affinities), t = train.word_scores(network, batch)
    mask = t[4]
    return [network.crf.log_marginals(roles, mask), network.inner_crf.log_marginals(inner, mask),
            torch.log_softmax(entities, 2)], mask, affinities


@torch.no_grad()
def labelled(teachers, windows):
    """(window, [probabilities of the labels of HEADS, W x K, half precision]) of each window, averaged over the teachers."""
    for batch in features.batches(windows, 8192):
        votes = [log_probabilities(teacher, batch)[0] for teacher in teachers]
        means = [torch.stack([v[h].exp() for v in votes]).mean(0).half() for h in range(len(HEADS))]
        for b, window in enumerate(batch):
            yield window, [m[b, : len(window.first)].cpu().clone() for m in means]


@torch.no_grad()
def label_passages(groups, teachers, path):
    """Gives the windows of the passages their `soft` labels, from the file if it is there."""
    windows = [w for group in groups for w in group]
    if not os.path.exists(path):
        known = {id(window): soft for window, soft in labelled(teachers(), windows)}
        torch.save([known[id(w)] for w in windows], path + ".new")
        os.replace(path + ".new", path)
    for window, soft in zip(windows, torch.load(path, weights_only=True, map_location="cpu"), strict=True):
        window.soft = [s.float() for s in soft]
    return groups


def raw_windows(args, config, tokenizer):
    """Windows of raw news for a file of labels at a time, always in the same order."""
    pool, pieces = [], 0
    for text in pretrain.articles(args.data_folder, args.data, config["distill"]["seed"]):
        words = features.words_of(tokenizer, text)
        new = list(features.windows(words, features.NOTHING, config["window"]["pieces"], config["window"]["overlap"]))
        pool += new
        pieces += sum(len(w.ids) for w in new)
        if pieces >= LABELLED_TOGETHER:
            yield pool
            pool, pieces = [], 0
    yield pool


def label(args, config, tokenizer, teachers):
    """The labelled windows, from the files in WORK as far as they are there."""
    d, out, pieces = config["distill"], [], 0
    os.makedirs(args.work, exist_ok=True)
    for number, pool in enumerate(raw_windows(args, config, tokenizer)):
        path = f"{args.work}/labels-{number:03}.pt"
        if not os.path.exists(path):
            rng = random.Random(number)
            found = [(w.ids, w.types, w.first, soft) for w, soft in labelled(teachers(), pool)
                     if (soft[0][:, 0] < 0.5).any() or rng.random() < d["quiet_share"]]
            torch.save(found, path + ".new")
            os.replace(path + ".new", path)
        for ids, types, first, soft in torch.load(path, weights_only=True, map_location="cpu"):
            out.append(features.Window(ids, types, first, None, None, None, [], [], [], soft=[s.float() for s in soft]))
            pieces += len(ids)
        print(f"{pieces} pieces labelled", flush=True)
        if pieces >= d["raw_pieces"]:
            break
    return out


def losses(network, batch):
    """The losses of `train.py` on a batch with gold, and on one without it the cross entropy with the teachers, and the
    loss of the mentions if it has some."""
    if batch[0].soft is None:
        return train.losses(network, batch)
    student, mask, affinities = log_probabilities(network, batch)
    out = {"affinity": affinity.mean(network, batch, *affinities)}
    for h, name in enumerate(HEADS):
        wanted = torch.nn.utils.rnn.pad_sequence([w.soft[h] for w in batch], batch_first=True).to(mask.device)
        out[f"soft_{name}"] = -(wanted * student[h].clamp(min=-30)).sum(2)[mask].mean()
    return out


def batches(gold, raw, groups, config, epoch):
    """Those with gold, those without it and those of passages, shuffled; none is of two sorts."""
    d, rng = config["distill"], random.Random(config["distill"]["seed"] * 1000 + epoch)
    w = config["window"]
    out = features.batches(features.shuffled_windows(gold, w["pieces"], w["overlap"], rng), d["pieces_in_batch"], rng)
    out += features.batches(raw, d["pieces_in_batch"], rng)
    out += features.passage_batches(groups, d["pieces_in_batch"], rng)
    rng.shuffle(out)
    return out


def run(args, config):
    train.work_on(args.device)
    torch.manual_seed(config["distill"]["seed"])
    tokenizer = features.load_tokenizer(f"{args.base}/tokenizer.json")
    teachers = functools.cache(lambda: [export.load(t, args.base, config).to(torch.get_default_device()) for t in args.teachers])
    raw = label(args, config, tokenizer, teachers)
    clean = args.data == "clean"
    groups = label_passages(train.prepare_passages(tokenizer, args.data_folder, clean, config), teachers,
                            f"{args.work}/labels-passages.pt")
    gold = train.prepare(tokenizer, train.articles(args.data_folder, clean, config["data"]))
    network = export.load(args.student, args.base, config).to(torch.get_default_device())
    if not rounding.is_in_place(network.state_dict()):
        measured = export.calibration(args.data_folder, tokenizer, config)
        rounding.put_in_place(network, measured, config["quantize"]["smooth"])
    train.fit(network, lambda epoch: batches(gold, raw, groups, config, epoch), lambda batch: losses(network, batch),
              config["distill"], args.work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_folder")
    parser.add_argument("base")
    parser.add_argument("work")
    parser.add_argument("student")
    parser.add_argument("teachers", nargs="+")
    parser.add_argument("--data", choices=list(pretrain.SETS), default="all")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    run(parser.parse_args(), train.settings())
