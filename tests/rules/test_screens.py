"""The screens of `examples/` run on an old Android WebView (Chrome 70, of 2018), and are short enough to be copied."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ROOT

EXAMPLES = ROOT / "examples"
SCREENS = ("kiosk", "counter", "display", "visitor")
NEWER_SCRIPT = {
    "optional chaining": r"\?\.[^\d]",
    "nullish coalescing, logical assignment": r"\?\?|\|\|=|&&=",
    "a wait outside of a function": r"^await ",
    "members of a class": r"^(export )?class .*\{\n  \w+( =.*)?;|^  static ",
    "private members": r"^  #\w|this\.#",
    "numbers with lines between": r"\d_\d|\d+n\b",
    "functions of later years": r"\.(at|flat|flatMap|replaceAll|matchAll|replaceChildren|trimStart|trimEnd)\(",
    "objects of later years": r"\b(globalThis|structuredClone|queueMicrotask|ResizeObserver|BigInt)\b",
    "what promises learned": r"Promise\.(allSettled|any)|Object\.(fromEntries|hasOwn)|AbortSignal\.",
    "randomUUID, which also wants https": r"crypto\.randomUUID\(",
}
NEWER_STYLE = {
    "functions of later years": r"\b(min|max|clamp|color-mix)\(",
    "selectors of later years": r":(is|where|has|focus-visible)\b",
    "nesting and layers": r"^\s*&|@layer|@container|@property",
    "sizes of later years": r"\d(dvh|svh|lvh|cqw)\b|aspect-ratio:|\binset:",
}


def scripts() -> list[Path]:
    return sorted(EXAMPLES.rglob("*.js"))


def code(path: Path) -> str:
    """A script without its comments and what stands in quotes."""
    text = re.sub(r"^\s*//.*$|\s// .*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    return re.sub(r"'(?:[^'\\\n]|\\.)*'", "''", text)


def rules(style: str) -> Iterator[str]:
    yield from re.findall(r"\{([^{}]*)\}", style)


def test_every_screen_has_a_page_a_script_and_a_style() -> None:
    assert len(scripts()) > 12
    for name in SCREENS:
        for file in ("index.html", f"{name}.js", f"{name}.css"):
            assert (EXAMPLES / name / file).exists(), f"{name}/{file}"


@pytest.mark.parametrize("path", scripts(), ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_a_script_is_short_and_an_old_browser_reads_it(path: Path) -> None:
    assert path.read_text("utf-8").startswith("// "), "it says first what it is for"
    assert len(path.read_text("utf-8").splitlines()) <= 260
    for what, pattern in NEWER_SCRIPT.items():
        assert not re.search(pattern, code(path), re.MULTILINE), what
    for module in re.findall(r"^import .*from '(.*)';$|^import '(.*)';$", path.read_text("utf-8"), re.MULTILINE):
        assert (path.parent / (module[0] or module[1])).exists(), module


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.css")), ids=lambda path: path.name)
def test_a_style_is_one_that_an_old_browser_has(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for what, pattern in NEWER_STYLE.items():
        assert not re.search(pattern, text, re.MULTILINE), what
    grids = " ".join(re.findall(r"([^{}]+)\{[^{}]*display: grid", text)).split()
    for selector, rule in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        of_a_grid = "display: grid" in rule or selector.split()[-1] in grids
        assert of_a_grid or not re.search(r"\bgap:", rule), f"{selector.strip()}: gaps only in grids"


def test_the_rule_for_old_browsers_sees_what_is_new() -> None:
    for seen in ("a?.b", "a ?? b", "await x", "  #own = 1", "a.at(-1)", "Object.fromEntries(a)"):
        assert any(re.search(each, seen, re.MULTILINE) for each in NEWER_SCRIPT.values()), seen


def test_a_page_has_no_script_or_style_in_it_and_asks_nothing_from_elsewhere() -> None:
    for path in EXAMPLES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?! type=\"module\" src=)|<style|\son\w+=|\sstyle=|https?://", text), path
        assert text.startswith('<!doctype html>\n<html lang="id">'), path


def test_nothing_becomes_html_or_code_that_an_answer_says() -> None:
    for path in scripts():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", code(path)
        )


def test_every_word_is_there_in_both_languages_and_is_used() -> None:
    for screen in ("kiosk", "counter", "visitor"):
        said = (EXAMPLES / screen / "words.js").read_text("utf-8") + (EXAMPLES / "shared" / "words.js").read_text(
            "utf-8"
        )
        there = set(re.findall(r"^ +(\w+): \[", said, re.MULTILINE))
        used = {
            word
            for path in (EXAMPLES / screen).glob("*.js")
            for word in re.findall(r"\bt\('(\w+)'", path.read_text("utf-8"))
        }
        assert used - there == set(), screen


def test_every_path_that_a_screen_asks_is_in_the_contract() -> None:
    contract = (ROOT / "openapi" / "openapi.json").read_text("utf-8")
    for path in scripts():
        for asked in re.findall(r"'/([a-z][a-z-]*)(?=[/?'])", path.read_text("utf-8")):
            assert asked == "v1" or f"/{asked}" in contract, f"{path.name}: /{asked}"


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.rglob("*.png")) + sorted(EXAMPLES.rglob("*.webp")), ids=lambda path: path.name
)
def test_a_picture_is_small(path: Path) -> None:
    assert path.stat().st_size < 150_000
