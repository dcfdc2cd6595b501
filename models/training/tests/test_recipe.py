"""The recipe from end to end: pretraining, training, export."""
import json
import os
import types

import distill
import export
import numpy as np
import onnx
import onnxruntime
import pretrain
import pytest
import recipe
import rounding
import safetensors.torch
import tiny
import torch
import train


def arguments(**values):
    return types.SimpleNamespace(**{"device": "cpu", **values})


def trained(data_folder, base, work, config, which="all"):
    train.run(arguments(data_folder=data_folder, base=base, work=str(work), data=which), config)
    return torch.load(f"{work}/final.pt", weights_only=True)


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


class Cut(Exception):
    """Stands for a power cut."""


@pytest.mark.parametrize("which", ["all", "clean"])
def test_training_that_was_cut_off_ends_as_one_that_was_not(data_folder, base, tmp_path, monkeypatch, which):
    config = tiny.config()
    config["model"]["dropout"] = 0.0    # its random numbers are not part of a checkpoint
    # The encoder's own dropout as well.
    plain = train.model.widened
    still = lambda folder: plain(folder).apply(lambda m: setattr(m, "p", 0.0) if isinstance(m, torch.nn.Dropout) else None)
    monkeypatch.setattr(train.model, "widened", still)
    whole = trained(data_folder, base, tmp_path / "whole", config, which)
    save, saved = train.save, []

    def cut(*args):
        save(*args)
        saved.append(args)
        if len(saved) == 2:
            raise Cut

    monkeypatch.setattr(train, "save", cut)
    with pytest.raises(Cut):
        trained(data_folder, base, tmp_path / "cut", config, which)
    assert same(trained(data_folder, base, tmp_path / "cut", config, which), whole)


def test_training_learns_the_article(data_folder, base, tmp_path):
    config = tiny.config(train={"epochs": 150, "encoder_rate": 3e-3, "checkpoint_steps": 10**6, "average": 0.9})
    trained(data_folder, base, tmp_path, config)
    network = export.load(f"{tmp_path}/final.pt", base, config)
    tokenizer = train.features.load_tokenizer(f"{base}/tokenizer.json")
    article = next(train.data.gold_jsonl(f"{data_folder}/wikinews/train.gold.jsonl"))
    words, gold = train.prepare(tokenizer, [(article, 1)])[0]
    window, = train.features.windows(words, gold, 128)
    with torch.no_grad():
        (roles, *_, inner, _, _), _ = train.word_scores(network, [window], bf16=False)
    for scores, crf, labels in ((roles, network.crf, window.roles), (inner, network.inner_crf, window.inner)):
        wrong = sum(a != b for a, b in zip(crf.decode(scores[0]), labels))
        assert wrong <= len(labels) // 20, f"{wrong} of {len(labels)} labels are wrong"


def test_a_student_comes_nearer_to_its_teachers(data_folder, base, tmp_path):
    config = tiny.config(distill={"epochs": 12, "checkpoint_steps": 5, "encoder_rate": 3e-3, "head_rate": 3e-3, "average": 0.9})
    trained(data_folder, base, tmp_path / "teacher", tiny.config(train={"epochs": 30, "encoder_rate": 3e-3}))
    trained(data_folder, base, tmp_path / "student", tiny.config(train={"epochs": 1, "encoder_rate": 1e-5, "head_rate": 1e-5}))
    teacher, student = f"{tmp_path}/teacher/final.pt", f"{tmp_path}/student/final.pt"
    args = arguments(data_folder=data_folder, base=base, work=str(tmp_path), data="all", student=student,
                     teachers=[teacher, teacher])
    distill.run(args, config)
    raw = distill.label(args, config, train.features.load_tokenizer(f"{base}/tokenizer.json"), None)
    assert sum(len(w.ids) for w in raw) >= 900
    distance = lambda path: sum(distill.losses(export.load(path, base, config), raw).values()).item()
    assert rounding.is_in_place(torch.load(f"{tmp_path}/final.pt", weights_only=True))
    assert distance(f"{tmp_path}/final.pt") < (distance(student) + distance(teacher)) / 2


def test_one_command_makes_a_model_and_goes_on_where_it_was_cut_off(data_folder, base, tmp_path, monkeypatch):
    args = arguments(data_folder=data_folder, base=base, work=str(tmp_path / "work"), out=str(tmp_path / "out"), data="clean",
                     scorers=False)
    plain = distill.run

    def cut(*_):
        raise Cut

    monkeypatch.setattr(distill, "run", cut)
    with pytest.raises(Cut):
        recipe.run(args, tiny.config())
    monkeypatch.setattr(distill, "run", plain)
    monkeypatch.setattr(train, "run", cut)
    recipe.run(args, tiny.config())
    monkeypatch.setattr(distill, "run", cut)
    recipe.run(args, tiny.config())
    onnx.checker.check_model(f"{args.out}/model.onnx")
    with open(f"{args.out}/config.json", encoding="utf8") as f:
        assert json.load(f)["dixit"]["antecedents"]


def test_pretraining_goes_on_and_makes_a_base(data_folder, base, tmp_path):
    args = arguments(data_folder=data_folder, base=base, work=str(tmp_path), data="clean", device="cpu")
    pretrain.run(args, tiny.config(pretrain={"pieces": 1500}))
    before = torch.load(f"{tmp_path}/checkpoint.pt", weights_only=True)
    pretrain.run(args, tiny.config())
    after = torch.load(f"{tmp_path}/checkpoint.pt", weights_only=True)
    assert before["seen"] < 3000 <= 4000 <= after["seen"] and before["step"] < after["step"]
    encoder = train.model.widened(f"{tmp_path}/encoder")
    assert encoder.config.type_vocab_size == 8 and os.path.exists(f"{tmp_path}/encoder/tokenizer.json")
    word = after["average"]["encoder.embeddings.word_embeddings.weight"]
    assert torch.equal(encoder.embeddings.word_embeddings.weight, word)


def test_masking_hides_whole_words(base):
    tokenizer = train.features.load_tokenizer(f"{base}/tokenizer.json")
    words = train.features.words_of(tokenizer, tiny.ARTICLE + " Unheard-of words.")
    window, = train.features.windows(words, train.features.NOTHING, 400)
    ids, _, mask, chosen, gold = pretrain.masked([window], 0.5, 3000, pretrain.random.Random(3))
    assert gold.tolist() == [i for i, c in zip(window.ids, chosen[0].tolist()) if c]
    for start, end in zip(window.first, window.first[1:] + [len(window.ids) - 1]):
        assert len(set(chosen[0, start:end].tolist())) == 1
    assert not chosen[0, 0] and not chosen[0, -1] and (ids[0] == pretrain.MASK).any()


@pytest.fixture(scope="module")
def folder(data_folder, base, tmp_path_factory):
    """A model folder, and the network in it."""
    work, config = tmp_path_factory.mktemp("export"), tiny.config()
    torch.manual_seed(0)
    trained(data_folder, base, work, config)
    export.run(arguments(checkpoint=f"{work}/final.pt", base=base, data_folder=data_folder, out=f"{work}/out"), config)
    return f"{work}/out", export.load(f"{work}/final.pt", base, config)


def test_the_exported_graph_scores_as_the_network_does(folder):
    out, network = folder
    session = onnxruntime.InferenceSession(f"{out}/model.onnx")
    with open(f"{out}/reference.json", encoding="utf8") as f:
        windows = [w for w in json.load(f) if w["ids"]]
    assert windows
    for w in windows:
        inputs = {"ids": w["ids"], "types": w["types"], "mask": [1] * len(w["ids"])}
        scores, = session.run(None, {k: np.array([v], np.int32) for k, v in inputs.items()})
        assert scores.shape[2] == sum(network.sizes)
        roles = scores[0, w["first"], :7]
        assert np.abs(roles - np.array(w["roles"])).max() < 0.3
        assert np.abs(roles - np.array(w["rounded"])).max() < 0.02


def test_a_text_scores_the_same_in_any_batch(folder):
    out, _ = folder
    session = onnxruntime.InferenceSession(f"{out}/model.onnx")
    row = [101, 2001, 2002, 2003, 102]
    run = lambda ids, mask: session.run(None, {"ids": np.array(ids, np.int32), "types": np.zeros_like(ids, np.int32),
                                               "mask": np.array(mask, np.int32)})[0]
    alone = run([row], [[1] * 5])[0]
    beside = run([row + [0, 0], [101, 2005, 2006, 2007, 2008, 2009, 102]], [[1] * 5 + [0, 0], [1] * 7])[0, :5]
    assert np.abs(alone - beside).max() < 1e-4


def test_the_exported_weights_are_the_networks(folder):
    out, network = folder
    weights = safetensors.torch.load_file(f"{out}/model.safetensors")
    assert torch.equal(weights["heads.weight"], network.heads.weight.to(torch.float16))
    assert {k for k in weights if not k.startswith(("bert.", "heads.")) or k.endswith((".factor", ".range"))} == set()


def test_no_sum_of_two_products_leaves_16_bits(folder):
    out, _ = folder
    weights = [onnx.numpy_helper.to_array(t) for t in onnx.load(f"{out}/model.onnx").graph.initializer if t.name.endswith(".w")]
    assert len(weights) == 2 * 6 + 1
    assert all(2 * 255 * np.abs(w.astype(int)).max() < 2 ** 15 for w in weights)


def test_a_folder_gives_back_the_network(folder, base):
    out, network = folder
    again = export.load(out, base, tiny.config()).state_dict()
    for name, value in network.state_dict().items():
        if not name.endswith("affinity_distance"):      # only training reads it
            assert torch.allclose(again[name], value, atol=1e-3), name


def test_the_configuration_has_what_the_program_reads(folder):
    out, network = folder
    with open(f"{out}/config.json", encoding="utf8") as f:
        config = json.load(f)
    dixit = config["dixit"]
    assert config["type_vocab_size"] == 8 and config["hidden_size"] == 32
    assert len(dixit["transitions"]) == len(dixit["inner_transitions"]) == len(dixit["roles"]) == 7
    assert np.abs(np.array(dixit["inner_transitions"]) - network.inner_crf.transitions.detach().numpy()).max() < 1e-4
