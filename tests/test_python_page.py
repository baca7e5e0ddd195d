"""Every snippet of docs/python.md answers as it is shown there."""

import doctest

import pytest

from documents import blocks, page


@pytest.fixture
def place(tmp_path, monkeypatch):
    (policy,) = blocks(page("docs/python.md"), "yaml")
    (tmp_path / "our-study.yaml").write_text(policy, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("place")
def test_every_snippet_of_the_page_answers_as_shown():
    shown = "\n".join(blocks(page("docs/python.md"), "pycon"))
    test = doctest.DocTestParser().get_doctest(shown, {}, "python.md", "docs/python.md", 0)
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    assert runner.run(test).failed == 0
