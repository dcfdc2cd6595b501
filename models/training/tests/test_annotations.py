"""Annotations that are stored as places are put together with their texts, or refused."""
import json
import lzma

import pytest

import annotations
import data

TEXT = "“The pier stays shut,” Ilse Brandt said. The mayor fears more cracks."
PLACES = {"content": [[0, 22]], "cue": [[35, 39]], "source": [[23, 34]], "mode": "direct", "kind": "speech",
          "speaker_type": "person", "speaker": [23, 34]}


@pytest.fixture
def folders(tmp_path):
    """DATA with one release, and annotations of it and of an article that DATA does not have."""
    for folder in ("rawnews", "annotations/train"):
        (tmp_path / folder).mkdir(parents=True)
    with lzma.open(tmp_path / "rawnews/public-press-releases.jsonl.xz", "wt", encoding="utf8") as f:
        f.write(json.dumps({"id": "other", "text": "Nothing."}) + "\n" + json.dumps({"id": "pier", "text": TEXT}) + "\n")

    def annotate(name, digest):
        line = {"id": "pier", "sha256": digest, "attributions": [PLACES]}
        (tmp_path / f"annotations/train/{name}.jsonl").write_text(json.dumps(line) + "\n")
    annotate("allsides", annotations.digest(TEXT))
    return tmp_path, annotate


def rows(tmp_path, **options):
    return list(annotations.rows(str(tmp_path), annotations=str(tmp_path / "annotations"), **options))


@pytest.mark.parametrize("clean", [False, True])
def test_places_become_the_words_of_the_article(folders, clean):
    tmp_path, annotate = folders
    annotate("releases", annotations.digest(TEXT))
    row, = rows(tmp_path, clean=clean)
    a, = row["attributions"]
    assert row["id"] == "releases/pier"
    assert [a[r][0]["text"] for r in data.ROLES] == ["Ilse Brandt", "said", "“The pier stays shut,”"]
    assert a["speaker"] == "Ilse Brandt"


def test_sets_whose_texts_are_not_there_are_passed_over(folders):
    tmp_path, _ = folders
    (tmp_path / "rawnews/public-press-releases.jsonl.xz").unlink()
    assert rows(tmp_path) == []


def test_a_text_that_was_not_the_one_annotated_is_refused(folders):
    tmp_path, annotate = folders
    annotate("releases", annotations.digest(TEXT + " "))
    with pytest.raises(annotations.Changed, match="releases/pier"):
        rows(tmp_path)


@pytest.mark.parametrize("split", ["train", "dev"])
@pytest.mark.parametrize("source", annotations.TEXTS)
def test_what_is_shipped_is_well_formed(source, split):
    with open(f"{annotations.HERE}/{split}/{source}.jsonl", encoding="utf8") as f:
        articles = [json.loads(line) for line in f]
    assert articles and len({a["id"] for a in articles}) == len(articles)
    for article in articles:
        for a in article["attributions"]:
            assert a["content"] and all(start < end for r in data.ROLES for start, end in a[r])
            assert a["mode"] in {"direct", "mixed", "indirect"} and a["kind"] in {"speech", "thought"}
