"""Styles: found, extended, set, and every mistake in them a finding."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from edition.findings import EditionError
from edition.model import StyleChoice
from edition.source import Place
from edition.styles import load_style, style_names
from edition.typeset.fetcher import EDITION_URL, LimitedFetcher


def own_style(folder: Path, yaml: str, **sheets: str) -> StyleChoice:
    style = folder / "styles" / "mine"
    style.mkdir(parents=True)
    (style / "style.yaml").write_text(yaml, "utf-8")
    for name, text in sheets.items():
        (style / f"{name}.css").write_text(text, "utf-8")
    return StyleChoice("mine")


def findings(choice: StyleChoice, folder: Path) -> list[str]:
    with pytest.raises(EditionError) as raised:
        load_style(choice, folder)
    return [str(finding).replace(str(folder), "") for finding in raised.value.findings]


@pytest.mark.parametrize("name", style_names(Path("/nonexistent")))
def test_built_in_styles_are_sound(name: str, tmp_path: Path) -> None:
    style = load_style(StyleChoice(name), tmp_path)
    assert style.families[0].package
    assert all(setting.help.endswith(".") for setting in style.settings)


def test_settings_become_custom_properties(tmp_path: Path) -> None:
    style = load_style(StyleChoice("reading", (("leading", "14pt"), ("page-size", "A5"))), tmp_path)
    assert "--leading: 14pt;" in style.custom_properties
    assert "--page-width: 148mm; --page-height: 210mm" in style.custom_properties
    assert '--text-face: "Linux Libertine O"' in style.custom_properties


def test_a_style_of_the_edition_extends_a_built_in_one(tmp_path: Path) -> None:
    choice = own_style(tmp_path, "extends: frus\nsettings: {leading: 12.5pt}\n", text="p { color: black }")
    style = load_style(choice, tmp_path)
    assert dict(style.values)["leading"] == "12.5pt"
    assert dict(style.values)["text-face"] == "TeX Gyre Schola"
    assert [sheet.path.parent.name for sheet in style.sheets][-1] == "mine"
    assert [folder.name for folder in style.folders] == ["mine", "frus", "reading"]
    assert style_names(tmp_path) == ["documentary", "frus", "large-print", "mine", "pocket", "reading"]


def test_a_style_of_the_edition_wins_and_may_extend_its_namesake(tmp_path: Path) -> None:
    own_style(tmp_path, "extends: reading\nsettings: {lines: '30'}\n")
    (tmp_path / "styles" / "mine").rename(tmp_path / "styles" / "reading")
    style = load_style(StyleChoice("reading"), tmp_path)
    assert dict(style.values)["lines"] == "30"
    assert len(style.folders) == 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"leding": "12pt"}, "L002 style `reading` has no setting `leding`; try `leading`"),
        ({"leading": "12"}, "L003 `leading: 12` is no length from 5pt to 60pt; the default is `13.5pt`"),
        ({"leading": "72pt"}, "L003 `leading: 72pt` is no length from 5pt to 60pt"),
        ({"paragraphs": "spaced"}, "L003 `paragraphs: spaced` is no indent, space; try `space`"),
        ({"mark-lettering": "italics"}, "L003 `mark-lettering: italics` is no lettering; the default is `roman`"),
        ({"output-profile": "/etc/hostname"}, "L003 `output-profile: /etc/hostname` is no file"),
        ({"output-profile": "a/../../b"}, "L003 `output-profile: a/../../b` is no file"),
        (
            {"mark-colour": "head-colour", "head-colour": "mark-colour"},
            "L003 `head-colour` stands for itself in the end",
        ),
        ({"lines": "500"}, "L003 `lines: 500` is no count from 10 to 80; the default is `38`"),
        ({"note-share": "2"}, "L003 `note-share: 2` is no number from 0.2 to 0.9; the default is `0.6`"),
        ({"page-size": "6in"}, "L003 `page-size: 6in` is no size; the default is `6in 9in`"),
        ({"mark-colour": "url(x)"}, "L003 `mark-colour: url(x)` is no colour; the default is `#6b2b1f`"),
        ({"text-face": 'x"; } @import "y'}, 'L003 `text-face: x"; } @import "y` is no face'),
    ],
)
def test_a_wrong_setting_is_a_finding(settings: dict[str, str], message: str, tmp_path: Path) -> None:
    found = findings(StyleChoice("reading", tuple(settings.items())), tmp_path)[0]
    assert found.startswith(message)


def test_styles_that_extend_each_other_are_a_finding(tmp_path: Path) -> None:
    choice = own_style(tmp_path, "extends: other\n")
    (tmp_path / "styles/other").mkdir()
    (tmp_path / "styles/other/style.yaml").write_text("extends: mine\n", "utf-8")
    (found,) = findings(choice, tmp_path)
    assert found.startswith(
        "/styles/other/style.yaml:1:10: L001 the styles `mine` and `other` extend each other in a circle"
    )


def test_a_folder_without_a_description_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "styles/bare").mkdir(parents=True)
    (found,) = findings(StyleChoice("bare"), tmp_path)
    assert found.startswith("L001 the folder `styles/bare` has no `style.yaml` that can be read; write one")


@pytest.mark.parametrize("name", ["raeding", "../reading", "/etc", ""])
def test_an_unknown_style_is_a_finding(name: str, tmp_path: Path) -> None:
    if not name:
        pytest.skip("an empty name is the manuscript's finding")
    (found,) = findings(StyleChoice(name), tmp_path)
    assert found.startswith(f"L001 no style is named `{name}`")


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("", "/styles/mine/style.yaml:1:1: L004 it is empty"),
        ("settings: [a]\n", "/styles/mine/style.yaml:1:11: L004 `settings` is no mapping"),
        ("settings:\n  a: {type: length, default: 2pt}\n", "/styles/mine/style.yaml:2:6: L004 `help` is missing"),
        ("settings:\n  a: {type: length, default: wide, help: A.}\n", "/styles/mine/style.yaml:2:6: L004 `wide` is no length"),
        ("settings:\n  a: {type: count, default: '3', range: 1-9, help: A.}\n", "/styles/mine/style.yaml:2:41: L004 the range"),
        ("settings:\n  a: {type: length, default: 3pt, range: 4mm..2mm, help: A.}\n", "/styles/mine/style.yaml:2:42: L004 the range `4mm..2mm` is not like `6pt..30pt`"),
        ("settings:\n  a: {type: colour, default: red, range: 1..2, help: A.}\n", "/styles/mine/style.yaml:2:42: L004 the range `1..2` does not suit"),
        ("settings:\n  a: {type: lenght, default: 2pt, help: A.}\n", "/styles/mine/style.yaml:2:6: L004 `2pt` is no lenght; try `type: length`"),
        ("settings:\n  A b: {type: length, default: 2pt, help: A.}\n", "/styles/mine/style.yaml:2:8: L004 `A b` is no name of a setting"),
        ("titel: Mine\n", "/styles/mine/style.yaml:1:8: L004 `titel` is no known key; try `title`"),
        ("faces:\n  - package: x\n", "/styles/mine/style.yaml:2:5: L004 `family` is missing"),
        ("extends: nothing\n", "/styles/mine/style.yaml:1:10: L001 no style is named `nothing`"),
        ("settings: {leading: 12pt}\n", "/styles/mine/style.yaml:1:21: L002 style"),
        ("a: [\n", "/styles/mine/style.yaml:2:1: Y010"),
        ("a: &b c\n", "/styles/mine/style.yaml:1:4: Y012"),
    ],
)  # fmt: skip
def test_a_broken_style_yaml_is_a_finding(yaml: str, message: str, tmp_path: Path) -> None:
    assert findings(own_style(tmp_path, yaml), tmp_path)[0].startswith(message)


def test_a_sheet_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    choice = own_style(tmp_path, "extends: reading\n")
    (tmp_path / "styles" / "mine" / "text.css").write_bytes(b"p { content: '\xff' }")
    assert findings(choice, tmp_path)[0].startswith("/styles/mine/text.css:1:15: F104")


def test_a_link_out_of_the_styles_folder_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "style.yaml").write_text("extends: reading\n")
    (tmp_path / "edition" / "styles").mkdir(parents=True)
    (tmp_path / "edition" / "styles" / "mine").symlink_to(elsewhere)
    (found,) = findings(StyleChoice("mine"), tmp_path / "edition")
    assert found.startswith("L001")


def test_a_wrong_setting_is_found_where_it_is_written(tmp_path: Path) -> None:
    from edition import manuscript

    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "d1.md").write_text("---\nid: d1\n---\n\nText.\n")
    (tmp_path / "edition.yaml").write_text("title: T\nstyle:\n  name: frus\n  leading: 12pt\n  lines: many\n")
    edition, _ = manuscript.load(tmp_path)
    (found,) = findings(edition.style, tmp_path)
    assert found.startswith(
        "/edition.yaml:5:10: L003 `lines: many` is no count from 10 to 80; the default is `44`"
    )


def test_a_setting_may_stand_for_another(tmp_path: Path) -> None:
    style = load_style(
        StyleChoice("reading", (("text-face", "TeX Gyre Bonum"), ("quote-size", "note-size"))), tmp_path
    )
    assert style.value("head-face") == "TeX Gyre Bonum"
    assert style.value("quote-size") == style.value("note-size")
    assert [family.name for family in style.families] == ["TeX Gyre Bonum", "Linux Libertine O"]


def test_where_each_value_comes_from(tmp_path: Path) -> None:
    style = load_style(StyleChoice("frus", (("leading", "13pt"),), Place("edition.yaml", 2, 1)), tmp_path)
    written = {name: str(place).rpartition("styles/")[2] or str(place) for name, place in style.written}
    assert written["leading"] == "edition.yaml:2:1"
    assert written["text-size"].startswith("frus/style.yaml:")
    assert written["dateline-align"].startswith("reading/style.yaml:")


CONDITIONS = """p { color: red }
@container style(--figures: lining) { p { color: green; content: "}" } /* } */ }
@container not style(--figures: lining) { @page { @top-left { color: blue } } }
@container style(--paragraphs: space) and style(--figures: oldstyle) { q { color: pink } }
@container style(--paragraphs: space) or style(--figures: oldstyle) { b { color: grey } }
"""


def test_rules_apply_by_settings_and_keep_their_places(tmp_path: Path) -> None:
    own_style(tmp_path, "extends: reading\n", text=CONDITIONS)
    sheets = load_style(StyleChoice("mine"), tmp_path).sheets
    text = sheets[-1].text
    assert [word for word in ("red", "green", "blue", "pink", "grey") if word in text] == ["red", "blue", "grey"]
    assert "@container" not in text
    assert [line.rstrip() for line in text.splitlines()][2].index("@page") == CONDITIONS.splitlines()[2].index(
        "@page"
    )
    assert text.count("{") == text.count("}") == 4
    lining = load_style(StyleChoice("mine", (("figures", "lining"),)), tmp_path).sheets[-1].text
    assert [word for word in ("red", "green", "blue", "pink", "grey") if word in lining] == ["red", "green"]


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("style(--figurs: lining) {}", "L010 the style has no setting `figurs`"),
        ("(width > 3em) {}", "L010 `(width > 3em)` is not like"),
        ("style(--figures: lining);", "L010"),
    ],
)
def test_a_broken_condition_is_a_finding(condition: str, message: str, tmp_path: Path) -> None:
    choice = own_style(tmp_path, "extends: reading\n", text=f"p {{ color: red }}\n  @container {condition}\n")
    assert findings(choice, tmp_path)[0].startswith(f"/styles/mine/text.css:2:3: {message}")


def test_the_sheet_of_the_edition_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text(
        "@container style(--figures: lining) { p { color: red } } b { color: blue }"
    )
    sheet = load_style(StyleChoice("frus"), tmp_path).sheets[-1]
    assert sheet.of_edition
    assert "red" in sheet.text
    sheet = load_style(StyleChoice("reading"), tmp_path).sheets[-1]
    assert "red" not in sheet.text
    assert "blue" in sheet.text


@pytest.mark.parametrize("text", ["- a\n- b\n", "only words\n"])
def test_a_description_that_is_no_mapping(tmp_path: Path, text: str) -> None:
    (found,) = findings(own_style(tmp_path, text), tmp_path)
    assert found.startswith("/styles/mine/style.yaml:1:1: L004 this must be a mapping")


TOO_MUCH = {
    "calc": "p { width: " + "calc(" * 3000 + "1px" + ")" * 3000 + " }",
    "rules": "p {" + "a {" * 5000,
    "selectors": "p" + ":not(" * 2000 + "a" + ")" * 2000 + " { color: red }",
    "a number": "p { letter-spacing: 1e30px }",
    "a counter": "p { counter-increment: c 999999999999 } p::before { content: counter(c, upper-roman) }",
    "a string": "p::before { content: '" + "A" * 1_000_000 + "' }",
    "variables": "html { --v0: word; "
    + " ".join(f"--v{n}: {f'var(--v{n - 1}) ' * 4};" for n in range(1, 40))
    + " }",
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_would_take_the_engine_down_is_not_given_to_it(tmp_path: Path, name: str) -> None:
    (found,) = findings(own_style(tmp_path, "extends: reading\n", text=f"\n{TOO_MUCH[name]}\n"), tmp_path)
    assert found.startswith("/styles/mine/text.css:2:")
    assert ": L014 " in found


def test_what_a_sheet_may_need_is_not_too_much(tmp_path: Path) -> None:
    text = (
        "/* 1e99 ((((((((((((((((((((((((((((((((((((((( */\n"
        f'p::before {{ content: url("data:image/png;base64,{"A" * 20_000}") }}\n'
        f"a {{ background: url(data:image/png;base64,{'9e99' * 9_000}); color: #9e999999 }}\n"
        "@font-face { font-family: X; src: local(Y); unicode-range: U+1E900-1E95F }\n"
        ":root { --one: 1px; --two: var(--one) var(--one); --three: var(--three) } q { quotes: '(' '{' '[' '\\'' }\n"
    )
    assert load_style(own_style(tmp_path, "extends: reading\n", text=text), tmp_path).sheets


def test_a_folder_that_is_locked_has_no_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may read everything is kept out as others are."""
    choice, stat = own_style(tmp_path, "extends: reading\n"), os.stat

    def locked(path: Any, **how: Any) -> os.stat_result:
        if str(path).endswith("mine/style.yaml"):
            raise PermissionError(13, "Permission denied")
        return stat(path, **how)

    monkeypatch.setattr(os, "stat", locked)
    (found,) = findings(choice, tmp_path)
    assert "L001 the folder `styles/mine` has no `style.yaml` that can be read" in found


def test_a_file_that_is_locked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "map.png").write_bytes(b"")
    monkeypatch.setattr(Path, "read_bytes", locked)
    fetcher = LimitedFetcher(tmp_path)
    with pytest.raises(ValueError, match="permission denied"):
        fetcher.fetch(f"{EDITION_URL}map.png")
    assert list(fetcher.refused.values()) == ["cannot be read: permission denied"]
