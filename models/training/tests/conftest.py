import os
import sys

import pytest
import torch

sys.path[:0] = [os.path.dirname(os.path.dirname(__file__)), os.path.dirname(__file__)]

import tiny


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory):
    return tiny.data(str(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    return tiny.base(str(tmp_path_factory.mktemp("base") / "tiny"))
