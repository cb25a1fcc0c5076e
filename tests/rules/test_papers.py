"""The papers are true: drawings, words, settings and links are held against the code."""

import importlib
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from app.domain.roles import TABLE
from app.settings import Settings
from app.web.metrics import Metrics
from tests.papers import APP, ARCHITECTURE, FOLDERS, GLOSSARY, LIVES, PARTS, SHARED, areas_in, with_part
from tests.servers import ROOT

PAPERS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "bench").glob("*.md"),
        *(ROOT / "examples").glob("*.md"),
    ]
)
DECISIONS = sorted(set((ROOT / "docs" / "decisions").glob("*.md")) - {ROOT / "docs" / "decisions" / "README.md"})


def in_code_font(text: str) -> set[str]:
    """Every word that stands in backticks, in lower case: `/tickets/{ticket_id}/hold` is three words."""
    spans = re.findall(r"`([^`\n]+)`", text)
    return {word.lower() for span in spans for word in re.findall(r"[A-Za-z0-9_-]+", span)}


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9_-]+", text.lower()))


def areas() -> set[str]:
    """The names that stand alone in the glossary's column of areas."""
    rows = re.findall(r"^\|(.+)\|$", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    columns = [cells[3].strip() for cells in (row.split("|") for row in rows) if len(cells) == 5]
    return {name for each in columns for name in re.findall(r"(?:^|, )`([a-z_]+)`(?=,|$)", each)}


@pytest.mark.parametrize("paper", PARTS, ids=lambda paper: paper.name)
def test_what_the_code_writes_into_a_paper_is_there(paper: Path) -> None:
    text, (name, part) = paper.read_text("utf-8"), PARTS[paper]
    assert with_part(text, name, part()) == text, "run `make papers`"


def test_every_lifecycle_is_drawn() -> None:
    rules = "".join(path.read_text("utf-8") for path in (APP / "domain").glob("*.py"))
    assert len(re.findall(r"^\w+: Lifecycle\[", rules, re.MULTILINE)) == len(LIVES)


def test_the_architectures_table_of_layers_names_every_folder_and_module() -> None:
    named = in_code_font(ARCHITECTURE.read_text("utf-8"))
    there = {each.stem for each in APP.iterdir() if each.suffix == ".py" or (each / "__init__.py").exists()}
    assert there - {"__init__"} - named == set()


def test_the_readme_opens_with_the_two_commands() -> None:
    first = (ROOT / "README.md").read_text("utf-8").split("```")[1]
    assert [line.split("  ")[0] for line in first.strip().splitlines()[1:]] == ["make run", "make test"]


def test_a_file_is_named_for_an_area_of_the_glossary_and_an_area_has_a_file() -> None:
    for folder in FOLDERS:
        assert all((APP / folder / f"{each}.py").exists() for each in SHARED.get(folder, ())), folder
        assert areas_in(folder) <= areas(), folder
    assert areas() <= {name for folder in FOLDERS for name in areas_in(folder)}


def test_the_glossary_names_every_word_of_the_paths() -> None:
    paths = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))["paths"]
    fixed = {word for path in paths for word in words(re.sub(r"\{\w+\}", "", path))}
    assert fixed - {"v1"} - in_code_font(GLOSSARY.read_text("utf-8")) == set()


def enums() -> Iterator[type[StrEnum]]:
    """Every enum of the rules, but for the permissions: these are made of words that stand elsewhere."""
    permissions = {type(each) for each in TABLE}
    for path in sorted((APP / "domain").glob("*.py")):
        module = importlib.import_module(f"app.domain.{path.stem}")
        found = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, StrEnum)]
        yield from (each for each in found if each.__module__ == module.__name__ and each not in permissions)


@pytest.mark.parametrize("enum", list(enums()), ids=lambda enum: enum.__name__)
def test_the_glossary_names_every_value_of_an_enum(enum: type[StrEnum]) -> None:
    # an event is named by its subject and a verb: the subject is the noun
    nouns = {word for value in enum for word in words(value.split(".")[0])}
    assert nouns - in_code_font(GLOSSARY.read_text("utf-8")) == set()


def test_the_glossary_names_nothing_that_the_code_lacks() -> None:
    files = [path for path in APP.rglob("*") if "__pycache__" not in path.parts]
    code = " ".join([*map(str, files), *(path.read_text("utf-8") for path in files if path.suffix == ".py")])
    of_today = GLOSSARY.read_text("utf-8").split("## Still to come")[0]
    spans = re.findall(r"`([^`\n]+)`", of_today)
    assert [word for span in spans for word in re.findall(r"[A-Za-z_]\w+", span) if word not in code] == []


def test_the_manual_names_every_setting_and_no_other() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `(MPP_\w+)` \|", manual, re.MULTILINE))
    assert rows == {f"MPP_{name.upper()}" for name in Settings.model_fields}


def test_the_manual_names_every_metric() -> None:
    made = {each.name for each in Metrics().registry.collect() if each.name.startswith("mpp_")}
    assert made
    assert made - in_code_font((ROOT / "docs" / "operations.md").read_text("utf-8")) == set()


@pytest.mark.parametrize("paper", DECISIONS, ids=lambda paper: paper.stem)
def test_a_decision_has_a_name_a_context_and_says_what_was_decided(paper: Path) -> None:
    title, *decisions = re.split(r"^## ", paper.read_text("utf-8"), flags=re.MULTILINE)
    assert title.startswith("# ")
    assert decisions
    for each in decisions:
        name, _, text = each.partition("\n")
        labels = re.findall(r"^\*\*(\w+)\.\*\* ", text, re.MULTILINE)
        assert labels[:2] == ["Context", "Decision"], name
        assert set(labels) <= {"Context", "Decision", "Price", "Rejected"}, name


def test_no_two_decisions_have_one_name() -> None:
    names = [name for paper in DECISIONS for name in re.findall(r"^## (.+)", paper.read_text("utf-8"), re.MULTILINE)]
    assert len(names) == len(set(names)) > 39


def anchors(paper: Path) -> set[str]:
    """The names by which links reach a paper's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)", paper.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_links_between_the_papers_lead_somewhere(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", paper.read_text("utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        there = (paper.parent / name).resolve() if name else paper
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_what_the_walk_through_a_verb_quotes_is_in_the_code() -> None:
    parts = re.split(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), flags=re.DOTALL)
    quoted = list(zip(parts[::2], parts[1::2], strict=False))
    assert len(quoted) > 6
    named = ""
    for before, quote in quoted:
        named = (re.findall(r"`((?:app|tests)/[\w/]+\.py)`", before) or [named])[-1]
        lines = [line.strip() for line in (ROOT / named).read_text("utf-8").splitlines()]
        whole = "\n".join(["", *(line.strip() for line in quote.strip().splitlines()), ""])
        assert whole in "\n".join(["", *lines, ""]), quote


def files_named_in(paper: Path) -> set[str]:
    """Every file or folder that stands in backticks, from the root or from `app/`: `models/prepared.py`, `routers/`."""
    return set(re.findall(r"`([a-z_]+/(?:[\w.-]+/)*(?:[\w-]+\.(?:py|json|md|sh|yaml))?)`", paper.read_text("utf-8")))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_the_papers_name_no_file_that_is_not_there(paper: Path) -> None:
    places = (ROOT, APP, paper.parent)
    assert [each for each in files_named_in(paper) if not any((place / each).exists() for place in places)] == []
