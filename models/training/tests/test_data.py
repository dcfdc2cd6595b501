"""The readers of the training sets, on a made article in each format."""
import data
import tiny


def words(article, parts):
    return [article.text[s:e] for s, e in parts]


def triples(article):
    return [tuple(" ".join(words(article, getattr(a, r))) for r in data.ROLES) for a in article.attributions]


EXPECTED = [(s, c, t) for s, c, t, _ in tiny.ATTRIBUTIONS]


def test_gold_jsonl_keeps_kinds_types_and_nesting(data_folder):
    articles = list(data.gold_jsonl(f"{data_folder}/wikinews/train.gold.jsonl"))
    assert [triples(a) for a in articles] == [EXPECTED] * 3
    assert [a.kind for a in articles[0].attributions] == [k for *_, k in tiny.ATTRIBUTIONS]
    assert articles[0].nested and {a.type for a in articles[0].attributions} == {"person"}


def test_polnear_ties_the_roles_of_a_relation_together(data_folder):
    article, = data.polnear(f"{data_folder}/polnear", "train")
    assert triples(article) == EXPECTED[:4]
    assert article.entities is None and not article.nested


def test_newswire_joins_words_and_names(data_folder):
    article = next(data.newswire_entities(f"{data_folder}/worldwide-newswire-ner/all.bio.tsv"))
    assert article.text.startswith("Ilse Brandt left Ellery.")
    assert [(article.text[s:e], label) for s, e, label in article.entities[:2]] == [
        ("Ilse Brandt", "person"), ("Ellery", "location")]


def test_iob2_joins_words_and_names(data_folder):
    article, = data.iob2_entities(f"{data_folder}/uner_english_ewt/en_ewt-ud-dev.iob2")
    assert [(article.text[s:e], label) for s, e, label in article.entities] == [
        ("Ilse Brandt", "person"), ("Ellery", "location")]


def test_propbank_takes_reporting_verbs_alone(data_folder):
    article, = data.propbank(f"{data_folder}/ewt-propbank/ewt_propbank.jsonl")
    assert triples(article) == [("Brandt", "said", "ships will come")]


def test_wrapped_lines_say_what_their_spans_say(data_folder):
    made = list(data.wrapped(list(data.polnear(f"{data_folder}/polnear", "train")), 1.0, seed=0))
    # The line with quotation marks is left alone; the dateline's and the union's are wrapped.
    assert len(made) == 2
    for article in made:
        outer, inner = article.attributions
        source, cue, content = triples(article)[0]
        assert cue in data.CUES and source in {s for s, *_ in EXPECTED}
        (start, end), = outer.content
        assert all(start <= s and e <= end for r in data.ROLES for s, e in getattr(inner, r))
        assert triples(article)[1][0].lower() in {s.lower() for s, *_ in EXPECTED}
