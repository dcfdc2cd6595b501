"""A pretrained encoder and training sets small enough to train on in seconds. All text is made for the tests."""
import json
import lzma
import os

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

import train

ARTICLE = """Harbour to close for repairs

PORT ELLERY (Coast Wire) - The harbour will close in May, Mayor Ilse Brandt said on Friday.

"We waited too long," Brandt told reporters. She hopes that ships return by June.

The union said that the council believes the work is cheap."""

# Source, cue, content; the last is nested in the one before it.
ATTRIBUTIONS = [
    ("Mayor Ilse Brandt", "said", "The harbour will close in May", "speech"),
    ("Brandt", "told", '"We waited too long,"', "speech"),
    ("She", "hopes", "that ships return by June", "thought"),
    ("The union", "said", "that the council believes the work is cheap", "speech"),
    ("the council", "believes", "the work is cheap", "thought"),
]


def span(words, near=0):
    """The occurrence of the words that is nearest to a place."""
    starts = [k for k in range(len(ARTICLE)) if ARTICLE.startswith(words, k)]
    at = min(starts, key=lambda k: abs(k - near))
    return at, at + len(words)


def spans():
    """For each attribution its source, cue and content as (start, end), and its kind."""
    for source, cue, content, kind in ATTRIBUTIONS:
        at = span(content)
        side = min(at, key=lambda edge: abs(edge - span(source, edge)[0]))
        yield span(source, side), span(cue, side), at, kind


def gold():
    parts = lambda s: [{"start": s[0], "end": s[1], "text": ARTICLE[s[0]:s[1]]}]
    attributions = [{"source": parts(s), "cue": parts(c), "content": parts(t), "kind": kind, "speaker_type": "person",
                     "speaker": "the union" if s == span("The union") else "Ilse Brandt"}
                    for s, c, t, kind in spans()]
    return {"id": "harbour", "text": ARTICLE, "attributions": attributions}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf8", newline="") as f:
        f.write(text)


def data(folder):
    """A DATA folder with each set in its own format."""
    lines = "".join(json.dumps(gold() | {"id": f"harbour-{k}"}) + "\n" for k in range(3))
    write(f"{folder}/wikinews/train.gold.jsonl", lines)
    ann = []
    for n, (source, cue, content, _) in enumerate(list(spans())[:4]):
        for k, (role, (start, end)) in enumerate((("Source", source), ("Cue", cue), ("Content", content))):
            ann.append(f"T{3 * n + k}\t{role} {start} {end}\t{ARTICLE[start:end]}")
        ann.append(f"E{n}\tCue:T{3 * n + 1} Source:T{3 * n} Content:T{3 * n + 2}")
    write(f"{folder}/polnear/data/train/text/harbour.txt", ARTICLE)
    write(f"{folder}/polnear/data/train/attributions/harbour.ann", "\n".join(ann) + "\n")
    words = [("Ilse", "B-Person"), ("Brandt", "I-Person"), ("left", "O"), ("Ellery", "B-Location"), (".", "O")]
    bio = "# file = a\n" + "".join(f"{w}\t{t}\n" for w, t in words) + "\n"
    write(f"{folder}/worldwide-newswire-ner/all.bio.tsv", bio * 4)
    short = {"Person": "PER", "Location": "LOC"}
    iob2 = "".join(f"{k + 1}\t{w}\t{t[:2] + short[t[2:]] if t != 'O' else t}\t-\t-\n" for k, (w, t) in enumerate(words))
    for split in ("train", "dev"):
        write(f"{folder}/uner_english_ewt/en_ewt-ud-{split}.iob2", iob2 + "\n")
    sentence = {"text": "Brandt said ships will come.", "tokens": ["Brandt", "said", "ships", "will", "come", "."],
                "preds": [{"roleset": "say.01", "args": [["ARG0", 0, 1], ["V", 1, 2], ["ARG1", 2, 5]]},
                          {"roleset": "come.01", "args": [["ARG0", 2, 3], ["V", 4, 5]]}]}
    write(f"{folder}/ewt-propbank/ewt_propbank.jsonl", json.dumps({"id": "a", "sentences": [sentence]}) + "\n")
    os.makedirs(f"{folder}/rawnews")
    for name in ("allsides", "public-press-releases"):
        with lzma.open(f"{folder}/rawnews/{name}.jsonl.xz", "wt", encoding="utf8") as f:
            f.writelines(json.dumps({"id": str(k), "text": ARTICLE}) + "\n" for k in range(8))
    return folder


def base(folder):
    """A BASE folder: a BERT of two thin layers, its special pieces numbered as MiniLM numbers them."""
    os.makedirs(folder)
    words = sorted({w for w in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(ARTICLE.lower()) for w in [w[0]]})
    pieces = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "[MASK]": 103}
    letters = sorted(set(ARTICLE.lower()) - {" ", "\n"})
    pieces |= {piece: 200 + k for k, piece in enumerate(letters + ["##" + c for c in letters])}
    pieces |= {w: 1996 + k for k, w in enumerate(w for w in words if w not in pieces)}
    tokenizer = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(f"{folder}/tokenizer.json")
    size = max(pieces.values()) + 1
    BertModel(BertConfig(vocab_size=size, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                         intermediate_size=64, max_position_embeddings=128, type_vocab_size=2)).save_pretrained(folder)
    return folder


def config(**changes):
    """The recipe's configuration, with changes to its parts."""
    out = train.settings()
    out["train"] |= {"epochs": 2, "pieces_in_batch": 256, "checkpoint_steps": 1} | changes.get("train", {})
    out["pretrain"] |= {"pieces": 4000, "pieces_in_batch": 512, "warm_up": 500, "cool_down": 1000,
                        "checkpoint_steps": 2} | changes.get("pretrain", {})
    out["distill"] |= {"pieces_in_batch": 256, "checkpoint_steps": 1, "raw_pieces": 900,
                       "quiet_share": 1.0} | changes.get("distill", {})
    out["data"] |= {"wrapped_share": 1.0, "entity_share": 1.0}
    return out
