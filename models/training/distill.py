#!/usr/bin/env python3
"""Goes on training a network on what several say of raw news: distill.py DATA BASE WORK STUDENT TEACHER [TEACHER …]

The teachers' probabilities of each word's labels are averaged, and the student learns these (Hinton et al. 2015), and the
gold of `train.py` beside them. STUDENT and TEACHER are weights that `train.py` wrote. WORK gets the labels of the
teachers, a checkpoint, from which a run that was cut off goes on, and `final.pt`.
"""
import argparse
import os
import random

import torch

import features
import model
import pretrain
import train

LABELLED_TOGETHER = 200_000         # pieces in a file of labels
HEADS = ["roles", "inner", "entities"]


def load(path, base, config):
    network = model.fresh(base, **config["model"])
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


def log_probabilities(network, batch):
    """Log probability of the labels of each of HEADS: [B, W, K]; and the mask of the words."""
    (roles, entities, _, _, _, _, inner), t = train.word_scores(network, batch)
    mask = t[4]
    return [network.crf.log_marginals(roles, mask), network.inner_crf.log_marginals(inner, mask),
            torch.log_softmax(entities, 2)], mask


@torch.no_grad()
def labelled(teachers, windows):
    """(window, [probabilities of the labels of HEADS, W x K, half precision]) of each window, averaged over the teachers."""
    for batch in features.batches(windows, 8192):
        votes = [log_probabilities(teacher, batch)[0] for teacher in teachers]
        means = [torch.stack([v[h].exp() for v in votes]).mean(0).half() for h in range(len(HEADS))]
        for b, window in enumerate(batch):
            yield window, [m[b, : len(window.first)].clone() for m in means]


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


def label(args, config, tokenizer):
    """The labelled windows, from the files in WORK as far as they are there."""
    d, teachers, out, pieces = config["distill"], None, [], 0
    os.makedirs(args.work, exist_ok=True)
    for number, pool in enumerate(raw_windows(args, config, tokenizer)):
        path = f"{args.work}/labels-{number:03}.pt"
        if not os.path.exists(path):
            teachers = teachers or [load(t, args.base, config) for t in args.teachers]
            rng = random.Random(number)
            found = [(w.ids, w.types, w.first, soft) for w, soft in labelled(teachers, pool)
                     if (soft[0][:, 0] < 0.5).any() or rng.random() < d["quiet_share"]]
            torch.save(found, path + ".new")
            os.replace(path + ".new", path)
        for ids, types, first, soft in torch.load(path, weights_only=True):
            window = features.Window(ids, types, first, None, None, None, [], [], [])
            window.soft = [s.float() for s in soft]
            out.append(window)
            pieces += len(ids)
        print(f"{pieces} pieces labelled", flush=True)
        if pieces >= d["raw_pieces"]:
            break
    return out


def losses(network, batch):
    """The losses of `train.py` on a batch with gold, and on one without it the cross entropy with the teachers."""
    if not hasattr(batch[0], "soft"):
        return train.losses(network, batch)
    student, mask = log_probabilities(network, batch)
    out = {}
    for h, name in enumerate(HEADS):
        wanted = torch.nn.utils.rnn.pad_sequence([w.soft[h] for w in batch], batch_first=True)
        out[f"soft_{name}"] = -(wanted * student[h].clamp(min=-30)).sum(2)[mask].mean()
    return out


def batches(gold, raw, config, epoch):
    """Those with gold and those without it, shuffled; none has both."""
    d, rng = config["distill"], random.Random(config["distill"]["seed"] * 1000 + epoch)
    w = config["window"]
    out = features.batches(features.shuffled_windows(gold, w["pieces"], w["overlap"], rng), d["pieces_in_batch"], rng)
    out += features.batches(raw, d["pieces_in_batch"], rng)
    rng.shuffle(out)
    return out


def run(args, config):
    torch.manual_seed(config["distill"]["seed"])
    tokenizer = features.load_tokenizer(f"{args.base}/tokenizer.json")
    raw = label(args, config, tokenizer)
    gold = train.prepare(tokenizer, train.articles(args.data_folder, args.data == "clean", config["data"]))
    network = load(args.student, args.base, config)
    train.fit(network, lambda epoch: batches(gold, raw, config, epoch), lambda batch: losses(network, batch),
              config["distill"], args.work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_folder")
    parser.add_argument("base")
    parser.add_argument("work")
    parser.add_argument("student")
    parser.add_argument("teachers", nargs="+")
    parser.add_argument("--data", choices=list(pretrain.SETS), default="all")
    run(parser.parse_args(), train.settings())
