#!/usr/bin/env python3
"""Trains the network: train.py DATA BASE WORK [--data all|clean] [--device cpu|cuda]

DATA  folder of the training sets (see README.md)
BASE  folder of the pretrained encoder (config.json, model.safetensors, tokenizer.json)
WORK  where checkpoints go; a run that was cut off goes on from there
"""
import argparse
import itertools
import math
import os
import random
import time
import tomllib
from dataclasses import replace

import torch

import affinity
import annotations
import coreference
import data
import features
import model


# Only processors that multiply in bfloat16 gain by it; the others lose tenfold.
BF16 = torch.cpu._is_avx512_bf16_supported()


def work_on(device):
    """Has tensors made on a device, by its name in torch, from now on."""
    # As it slows every call a little, not where it changes nothing.
    if torch.device(device) != torch.get_default_device():
        torch.set_default_device(device)


def settings():
    """The configuration, config.toml."""
    with open(os.path.join(os.path.dirname(__file__), "config.toml"), "rb") as f:
        return tomllib.load(f)


def articles(folder, clean, config):
    """(article, repeats) of the training sets. `config` is the part "data" of the configuration."""
    for article in data.gold_jsonl(f"{folder}/wikinews/train.gold.jsonl"):
        yield article, config["wikinews_repeat"]
    newswire = {} if clean else {
        f"newswire/{a.id}": a for a in data.newswire_entities(f"{folder}/worldwide-newswire-ner/all.bio.tsv")}
    for row in annotations.rows(folder, clean):
        article = data.gold_article(row)
        named = newswire.pop(article.id, None)
        yield replace(article, entities=named.entities) if named else article, 1
    if clean:
        for split in ("train", "dev"):
            for article in data.iob2_entities(f"{folder}/uner_english_ewt/en_ewt-ud-{split}.iob2"):
                yield article, 1
        for article in data.propbank(f"{folder}/ewt-propbank/ewt_propbank.jsonl"):
            yield article, 1
        return
    polnear = list(data.polnear(f"{folder}/polnear", "train"))
    for article in polnear + list(data.wrapped(polnear, config["wrapped_share"], seed=0)):
        yield article, 1
    names_only = list(newswire.values())
    random.Random(0).shuffle(names_only)
    for article in names_only[: int(len(names_only) * config["entity_share"])]:
        yield article, 1


def prepare(tokenizer, pairs):
    out = []
    for article, repeats in pairs:
        words = features.words_of(tokenizer, article.text)
        out += [(words, features.gold_of(article, words))] * repeats
    return out


def prepare_passages(tokenizer, folder, clean, config):
    """The passages of the texts whose mentions are annotated, each a list of windows."""
    out, window, shares, rng = [], config["window"], config["data"]["mention_share"], random.Random(0)
    annotated = (("annotated", text) for text in coreference.sources(annotations.rows(folder, clean)))
    for name, text in itertools.chain(coreference.texts(folder, clean), annotated):
        if rng.random() >= shares.get(name, 1.0):
            continue
        words = features.words_of(tokenizer, text.text)
        out += features.passages(words, features.ranked_mentions(text, words), window["pieces"], window["passage"])
    return out


def tensors(batch):
    """ids, types, mask [B, L]; first [B, W]; word mask [B, W]; roles, entities and inner roles [B, W], -100 where unknown."""
    length, words = max(len(w.ids) for w in batch), max(len(w.first) for w in batch)
    pad = lambda row, to, fill=0: row + [fill] * (to - len(row))
    label = lambda row, n: pad(row if row is not None else [-100] * n, words, -100)
    return (torch.tensor([pad(w.ids, length) for w in batch]), torch.tensor([pad(w.types, length) for w in batch]),
            torch.tensor([pad([1] * len(w.ids), length) for w in batch]),
            torch.tensor([pad(w.first, words) for w in batch]),
            torch.tensor([pad([1] * len(w.first), words) for w in batch]).bool(),
            torch.tensor([label(w.roles, len(w.first)) for w in batch]),
            torch.tensor([label(w.entities, len(w.first)) for w in batch]),
            torch.tensor([label(w.inner, len(w.first)) for w in batch]))


def word_scores(network, batch, bf16=None):
    """Scores of each head for every word: a list of [B, W, size], float; and the tensors of the batch."""
    t = tensors(batch)
    ids, types, mask, first = t[:4]
    with torch.autocast(ids.device.type, dtype=torch.bfloat16, enabled=bf16 or bf16 is None and (BF16 or ids.is_cuda)):
        out = network(ids, types, mask)
    out = out.gather(1, first[..., None].expand(-1, -1, out.shape[2])).float()
    return out.split(network.sizes, 2), t


def losses(network, batch):
    """Loss of each head; zero where no window of the batch has its gold."""
    (roles, entities, kinds, types, queries, keys, inner, *affinities), t = word_scores(network, batch)
    mask, role_gold, entity_gold, inner_gold = t[4:]
    zero = roles.sum() * 0
    out = dict.fromkeys(["roles", "inner", "entities", "links", "kind", "type", "affinity"], zero)
    out["affinity"] = affinity.mean(network, batch, *affinities)
    for name, scores, gold, crf in (("roles", roles, role_gold, network.crf), ("inner", inner, inner_gold, network.inner_crf)):
        has = torch.tensor([getattr(w, name) is not None for w in batch])
        if has.any():
            out[name] = crf.loss(scores[has], gold[has].clamp(min=0), mask[has])
    cross = torch.nn.functional.cross_entropy
    if (entity_gold >= 0).any():
        out["entities"] = cross(entities.flatten(0, 1), entity_gold.flatten(), ignore_index=-100)
    for name, scores, pairs in (("kind", kinds, "kinds"), ("type", types, "source_types")):
        found = [(b, w, k) for b, x in enumerate(batch) for w, k in getattr(x, pairs)]
        if found:
            b, w, k = zip(*found)
            out[name] = cross(scores[list(b), list(w)], torch.tensor(k))
    links = list(link_losses(network, batch, queries, keys))
    if links:
        out["links"] = torch.stack(links).mean()
    return out


def link_losses(network, batch, queries, keys):
    for b, w in enumerate(batch):
        if w.roles is None:
            continue
        for (layer, labels), (relation, (_, target)) in itertools.product(
                enumerate((w.roles, w.inner)), enumerate(features.RELATIONS)):
            begin = 1 + 2 * data.ROLES.index(target)
            candidates = [k for k, label in enumerate(labels or []) if label == begin]
            chosen = [(at, to) for l, r, at, to in w.links
                      if (l, r) == (layer, relation) and (to < 0 or to in candidates)]
            if not chosen or not candidates:
                continue
            at = torch.tensor([a for a, _ in chosen])
            gold = torch.tensor([0 if to < 0 else 1 + candidates.index(to) for _, to in chosen])
            place = torch.tensor(candidates)
            size = network.link_size
            q = queries[b, at].view(len(at), -1, size)[:, relation]
            k = keys[b, place].view(len(place), -1, size)[:, relation]
            scores = q @ k.T / size ** 0.5 + network.link_distance[relation][model.bucket(place[None] - at[:, None])]
            none = q @ network.link_none[relation] / size ** 0.5 + network.link_none_bias[relation]
            yield torch.nn.functional.cross_entropy(torch.cat([none[:, None], scores], 1), gold)


class Average:
    """Exponential moving average of the parameters, younger at first (Tarvainen and Valpola 2017)."""

    def __init__(self, network, decay):
        self.decay, self.values = decay, {k: v.detach().clone() for k, v in network.named_parameters()}

    @torch.no_grad()
    def update(self, network, step):
        d = min(self.decay, (1 + step) / (10 + step))
        for k, v in network.named_parameters():
            self.values[k].mul_(d).add_(v, alpha=1 - d)

    def weights(self, network):
        return {**network.state_dict(), **self.values}


def fit(network, batches, loss, t, work):
    """Trains the network and leaves the averaged weights in WORK/final.pt; goes on from WORK/checkpoint.pt.

    `batches(epoch)` are the batches of an epoch, `loss(batch)` gives the losses of one by name. `t` is the part of the
    configuration.
    """
    network.to(torch.get_default_device())
    steps_in_epoch = len(batches(0))
    total = round(steps_in_epoch * t["epochs"])
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": network.encoder.parameters()}, {"params": heads, "lr": t["head_rate"]}],
                                  lr=t["encoder_rate"], weight_decay=t["weight_decay"], fused=True)
    rate = lambda s: min(1.0, (s + 1) / (t["warm_up"] * total)) * max(0.0, (total - s) / total)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    average, step = Average(network, t["average"]), 0
    checkpoint = f"{work}/checkpoint.pt"
    os.makedirs(work, exist_ok=True)
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint, weights_only=True, map_location=torch.get_default_device())
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        scheduler.load_state_dict(saved["scheduler"])
        average.values, step = saved["average"], saved["step"]
    print(f"{steps_in_epoch} steps an epoch, starting at step {step} of {total}", flush=True)
    began, done = time.time(), 0
    for epoch in range(math.ceil(t["epochs"])):
        network.train()
        for k, batch in enumerate(batches(epoch)):
            if epoch * steps_in_epoch + k < step or step >= total:
                continue
            parts = loss(batch)
            sum(t["loss"][n] * v for n, v in parts.items()).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
            step += 1
            done += sum(len(x.ids) for x in batch)
            average.update(network, step)
            if step % 25 == 0:
                print(step, {n: round(v.item(), 3) for n, v in parts.items()},
                      f"{done / (time.time() - began):.0f} pieces/s", flush=True)
            if step % t["checkpoint_steps"] == 0 or step == total:
                save(checkpoint, network, optimizer, scheduler, average, step)
        torch.save(average.weights(network), f"{work}/epoch{epoch + 1}.pt")
        print(f"epoch {epoch + 1} saved", flush=True)
    torch.save(average.weights(network), f"{work}/final.pt")


def run(args, config):
    work_on(args.device)
    torch.manual_seed(config["train"]["seed"])
    tokenizer = features.load_tokenizer(f"{args.base}/tokenizer.json")
    train = prepare(tokenizer, articles(args.data_folder, args.data == "clean", config["data"]))
    groups = prepare_passages(tokenizer, args.data_folder, args.data == "clean", config)
    network = model.fresh(args.base, **config["model"])
    fit(network, lambda epoch: epoch_batches(train, groups, config, epoch), lambda batch: losses(network, batch),
        config["train"], args.work)


def epoch_batches(train, groups, config, epoch):
    rng = random.Random(config["train"]["seed"] * 1000 + epoch)
    w, pieces = config["window"], config["train"]["pieces_in_batch"]
    out = features.batches(features.shuffled_windows(train, w["pieces"], w["overlap"], rng), pieces, rng)
    out += features.passage_batches(groups, pieces, rng)
    rng.shuffle(out)
    return out


def save(path, network, optimizer, scheduler, average, step):
    torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step,
                "scheduler": scheduler.state_dict(), "average": average.values}, path + ".new")
    os.replace(path + ".new", path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_folder")
    parser.add_argument("base")
    parser.add_argument("work")
    parser.add_argument("--data", choices=["all", "clean"], default="all")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    run(parser.parse_args(), settings())
