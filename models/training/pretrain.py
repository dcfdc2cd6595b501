#!/usr/bin/env python3
"""Continues the pretraining of the encoder on news, with dixit's token types in place: pretrain.py DATA BASE WORK

Masked words (Devlin et al. 2019) of raw articles, whole words at a time. WORK gets a checkpoint, from which a run that
was cut off goes on, and `encoder/`, the averaged weights so far as a folder that `train.py` takes as BASE.
"""
import argparse
import json
import lzma
import os
import random
import shutil
import time

import torch
from safetensors.torch import save_file
from torch import nn

import features
import model
import train

MASK = 103
FIRST_WORD = 1996                   # the ids below are special, letters and signs
SETS = {"all": ["allsides", "public-press-releases"], "clean": ["public-press-releases"]}


class MaskedWords(nn.Module):
    """The encoder with a head that guesses masked pieces; its output layer is the embedding table."""

    def __init__(self, encoder):
        super().__init__()
        size, words = encoder.config.hidden_size, encoder.config.vocab_size
        self.encoder = encoder
        self.transform = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.LayerNorm(size))
        self.bias = nn.Parameter(torch.zeros(words))

    def forward(self, ids, types, mask, chosen):
        """Scores over the vocabulary at the positions where `chosen` [B, L] holds: [chosen, vocabulary]."""
        hidden = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        table = self.encoder.embeddings.word_embeddings.weight
        return nn.functional.linear(self.transform(hidden[chosen]), table, self.bias)


def articles(folder, which, seed):
    """The texts, shuffled; the same order each time."""
    texts = []
    for name in SETS[which]:
        with lzma.open(f"{folder}/rawnews/{name}.jsonl.xz", "rt", encoding="utf8") as f:
            texts += [json.loads(line)["text"] for line in f]
    random.Random(seed).shuffle(texts)
    return texts


def batches(texts, tokenizer, config, start):
    """(index of the next text, batch of windows) from the text `start` on, over and over."""
    settings, pieces = config["pretrain"], config["window"]["pieces"]
    at, pool = start, []
    while True:
        # Texts enough for many batches, so that windows of like length can share one.
        while sum(len(w.ids) for w in pool) < 32 * settings["pieces_in_batch"]:
            words = features.words_of(tokenizer, texts[at % len(texts)])
            pool += features.windows(words, features.NOTHING, pieces, config["window"]["overlap"])
            at += 1
        for batch in features.batches(pool, settings["pieces_in_batch"], random.Random(at)):
            yield at, batch
        pool = []


def masked(batch, share, vocabulary, rng):
    """ids, types, mask, chosen [B, L] and the masked pieces' ids: of the chosen words 8 in 10 are masked, 1 replaced."""
    length = max(len(w.ids) for w in batch)
    pad = lambda row, fill=0: row + [fill] * (length - len(row))
    ids, chosen, gold = [], [], []
    for w in batch:
        row, flags = list(w.ids), [False] * len(w.ids)
        ends = w.first[1:] + [len(w.ids) - 1]
        for start, end in zip(w.first, ends):
            if rng.random() >= share:
                continue
            fate = rng.random()
            for k in range(start, end):
                flags[k] = True
                gold.append(row[k])
                if fate < 0.8:
                    row[k] = MASK
                elif fate < 0.9:
                    row[k] = rng.randrange(FIRST_WORD, vocabulary)
        ids.append(pad(row))
        chosen.append(pad(flags, False))
    return (torch.tensor(ids), torch.tensor([pad(w.types) for w in batch]),
            torch.tensor([pad([1] * len(w.ids)) for w in batch]), torch.tensor(chosen), torch.tensor(gold))


def export(network, average, base, out):
    """The averaged encoder as a folder like BASE."""
    os.makedirs(out, exist_ok=True)
    weights = {k: average.values[f"encoder.{k}"] for k, _ in network.encoder.named_parameters()}
    save_file({k: v.cpu().contiguous() for k, v in weights.items()}, f"{out}/model.safetensors", metadata={"format": "pt"})
    network.encoder.config.save_pretrained(out)
    shutil.copy(f"{base}/tokenizer.json", f"{out}/tokenizer.json")


def run(args, config):
    t = config["pretrain"]
    torch.manual_seed(t["seed"])
    tokenizer = features.load_tokenizer(f"{args.base}/tokenizer.json")
    network = MaskedWords(model.widened(args.base)).to(args.device)
    average, vocabulary = train.Average(network, t["average"]), network.encoder.config.vocab_size
    head = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": network.encoder.parameters()}, {"params": head, "lr": t["head_rate"]}],
                                  lr=t["encoder_rate"], weight_decay=t["weight_decay"], fused=True)
    # Full speed up to the last stretch, so that a longer run goes on where a shorter one stood.
    rate = lambda seen: min(1.0, (seen + 1) / t["warm_up"], max(0.0, t["pieces"] - seen) / t["cool_down"])
    seen = text = step = 0
    checkpoint = f"{args.work}/checkpoint.pt"
    os.makedirs(args.work, exist_ok=True)
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint, weights_only=True, map_location=args.device)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        average.values, seen, text, step = saved["average"], saved["seen"], saved["text"], saved["step"]
    rates = [t["encoder_rate"], t["head_rate"]]

    def save():
        torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "average": average.values,
                    "seen": seen, "text": text, "step": step}, checkpoint + ".new")
        os.replace(checkpoint + ".new", checkpoint)
        export(network, average, args.base, f"{args.work}/encoder")

    print(f"starting at {seen} of {t['pieces']} pieces", flush=True)
    began, before, losses = time.time(), seen, []
    for text, batch in batches(articles(args.data_folder, args.data, t["seed"]), tokenizer, config, text):
        if seen >= t["pieces"]:
            break
        ids, types, mask, chosen, gold = (x.to(args.device) for x in masked(batch, t["masked"], vocabulary, random.Random(step)))
        if not len(gold):
            continue
        for group, full in zip(optimizer.param_groups, rates):
            group["lr"] = full * rate(seen)
        with torch.autocast(torch.device(args.device).type, dtype=torch.bfloat16):
            loss = nn.functional.cross_entropy(network(ids, types, mask, chosen).float(), gold)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
        seen += int(mask.sum())
        average.update(network, step)
        losses.append(loss.item())
        if step % 50 == 0:
            print(f"{seen} pieces, loss {sum(losses) / len(losses):.3f}, {(seen - before) / (time.time() - began):.0f} pieces/s",
                  flush=True)
            losses = []
        if step % t["checkpoint_steps"] == 0:
            save()
    save()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_folder")
    parser.add_argument("base")
    parser.add_argument("work")
    parser.add_argument("--data", choices=list(SETS), default="all")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    run(parser.parse_args(), train.settings())
