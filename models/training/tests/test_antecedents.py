"""The fit of the antecedent scorers, on made dumps."""
import json
import random

import antecedents


def candidate(name, features):
    return {"name": name, "mentions": [], "features": features, "score": features[0]}


def made(folder, texts=40):
    """Texts in which the first feature shows a pronoun's entity, and the second whom a description means."""
    rng = random.Random(1)
    rows, dumps = [], []
    for number in range(texts):
        names = [f"Name{number}", f"Other{number}"]
        rows.append({"id": str(number), "text": "", "speakers": [[[0, 9], [names[0]]]]})
        def anaphor(right):
            candidates = []
            for name in names:
                features = [rng.random(), rng.random()]
                features[right] = float(name == names[0])
                candidates.append(candidate(name, features))
            return {"span": [0, 1], "contents": [[2, 9]], "candidates": candidates}
        dumps.append({"id": str(number), **{
            scorer: {"features": ["first", "second"], "anaphors": [anaphor(right)]}
            for right, scorer in enumerate(antecedents.SCORERS)}})
    paths = [f"{folder}/annotated.texts.jsonl", f"{folder}/annotated.dump.jsonl"]
    for path, lines in zip(paths, (rows, dumps)):
        with open(path, "w", encoding="utf8") as f:
            f.writelines(json.dumps(line) + "\n" for line in lines)
    return paths


def test_each_scorer_is_fitted_on_its_own_anaphors(tmp_path, capsys):
    with open(tmp_path / "config.json", "w", encoding="utf8") as f:
        json.dump({"dixit": {"antecedents": {}}}, f)
    antecedents.fit(str(tmp_path), *made(tmp_path))
    with open(tmp_path / "config.json", encoding="utf8") as f:
        fitted = json.load(f)["dixit"]
    first, second = (fitted[scorer]["linear"] for scorer in antecedents.SCORERS)
    assert first[0] > first[1] and second[1] > second[0]
    printed = capsys.readouterr().out
    assert "descriptions annotated" in printed and "held-out accuracy 100.0 %" in printed


def test_the_score_counts_anaphors_with_a_right_candidate(tmp_path, capsys):
    antecedents.score(*made(tmp_path, texts=10))
    pronouns, descriptions = capsys.readouterr().out.splitlines()
    assert pronouns == "antecedents: 10 of 10 with a right candidate, 100.0 % (10 in all)"
    assert descriptions.startswith("descriptions: ") and descriptions.endswith("(10 in all)")


def test_a_chain_says_nothing_of_descriptions():
    assert set(antecedents.SCORERS["descriptions"]) == {"wikinews", "annotated"}
