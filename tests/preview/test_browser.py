"""The preview as a person uses it, in a headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edition.preview import Preview
from tests.preview.browsing import IN_BROWSER, at_rest, chromium, image, opened, seen, shown, wait_for_more
from tests.preview.quay import FIRST, VOLUME, wait_until

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser, preview: Preview) -> Iterator[object]:
    with opened(browser, preview) as page:
        page.wait_for_selector("html[data-shown]")
        yield page


def test_an_edit_is_on_the_page_and_the_place_stays(page, folder: Path) -> None:
    assert page.title() == "Letters of the Quay"
    page.keyboard.press("PageDown")
    page.keyboard.press("+")
    at_rest(page)
    before, top, zoom = shown(page), page.evaluate("view.scrollTop"), page.inner_text("#zoom")
    images = [image(page, number) for number in seen(page)]
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url) if "/page/" in request.url else None)
    (folder / "documents/d1.md").write_text(FIRST.replace("A letter begins", "The letter begins"), "utf-8")
    wait_for_more(page, before)
    page.wait_for_selector("html[data-building='false']", state="attached")
    at_rest(page)
    assert page.evaluate("view.scrollTop") == top
    assert page.inner_text("#zoom") == zoom
    now = [image(page, number) for number in seen(page)]
    changed = [number for number, (one, other) in enumerate(zip(images, now, strict=True)) if one != other]
    assert len(changed) == 1
    assert len(asked_for) == 1, "only the image of the page that changed is asked for again"


def test_a_jump_is_not_undone_by_what_follows_at_once(page) -> None:
    """No frame is drawn between the two keys, as on a busy machine."""
    page.evaluate(
        """() => ["End", "+"].forEach((key) =>
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })))"""
    )
    at_rest(page)
    assert page.locator("figure").count() - 1 in seen(page)


def test_rectos_are_right(page) -> None:
    page.keyboard.press("PageDown")
    middle = 1300 / 2
    boxes = [page.locator("figure .sheet").nth(number).bounding_box() for number in range(3)]
    assert boxes[0]["x"] >= middle - 30
    assert boxes[1]["x"] + boxes[1]["width"] == pytest.approx(boxes[2]["x"], abs=1)
    assert boxes[0]["x"] == pytest.approx(boxes[2]["x"], abs=1)


def test_a_setting_is_tried_and_written(page, folder: Path) -> None:
    page.keyboard.press("s")
    before, first = shown(page), image(page, 0)
    volume = (folder / "edition.yaml").read_text("utf-8")
    page.fill("#setting-text-size", "12pt")
    wait_for_more(page, before)
    page.keyboard.press("Escape")
    assert (folder / "edition.yaml").read_text("utf-8") == volume
    assert image(page, 0).split("?")[0] == first.split("?")[0], "the title page has sizes of its own"
    assert "1 setting is" in page.inner_text("#tried")
    page.click("#write")
    page.wait_for_function("() => document.getElementById('write').disabled")
    written = (folder / "edition.yaml").read_text("utf-8")
    assert "style: # for now\n  name: reading\n  text-size: 12pt\n" in written
    assert "# The look of this edition" in written
    assert page.input_value("#setting-text-size") == "12pt"


def test_a_wrong_setting_is_said_and_discarded(page, folder: Path) -> None:
    page.keyboard.press("s")
    before = shown(page)
    page.fill("#setting-measure", "wide")
    page.wait_for_selector("#failures:not([hidden])")
    assert "L003" in page.inner_text("#failures")
    page.click("#write")
    page.wait_for_function("() => document.getElementById('refused').textContent.includes('wide')")
    page.click("#discard")
    wait_for_more(page, before)
    assert page.is_hidden("#failures")
    assert page.input_value("#setting-measure") != "wide"
    assert "wide" not in (folder / "edition.yaml").read_text("utf-8")


def test_keys_and_sliders_show_at_once(page, preview: Preview) -> None:
    page.keyboard.press("s")
    before = shown(page)
    page.focus("#setting-text-size")
    page.keyboard.press("ArrowUp")
    wait_for_more(page, before)
    assert page.input_value("#setting-text-size") == "10.7pt"
    slider = page.locator("[data-name=measure] input[type=range]")
    for step in range(10):
        slider.evaluate(f"field => {{ field.value = {300 + step}; field.dispatchEvent(new Event('input')); }}")
    assert page.input_value("#setting-measure") == "309pt"
    wait_until(lambda: preview.session.settings == {"text-size": "10.7pt", "measure": "309pt"})
    page.wait_for_selector("html[data-building='false']", state="attached")
    assert page.input_value("#setting-measure") == "309pt"


def test_findings_are_stepped_through(page, folder: Path) -> None:
    page.keyboard.press("n")
    page.wait_for_selector(".mark")
    assert page.inner_text("#place code").startswith("documents/d1.md:")
    first = page.locator("figure:has(.mark)").get_attribute("data-index")
    assert int(first) in seen(page)
    page.keyboard.press("n")
    page.wait_for_function(
        "() => document.querySelector('#place code').textContent.startsWith('documents/d2.md:')"
    )
    page.wait_for_function("old => document.querySelector('figure:has(.mark)')?.dataset.index !== old", arg=first)
    page.keyboard.press("p")
    page.wait_for_function(
        "() => document.querySelector('#place code').textContent.startsWith('documents/d1.md:')"
    )
    link = page.get_attribute("#open", "href")
    assert link == f"editor://open/{(folder / 'documents/d1.md').as_posix()}:" + ":".join(
        page.inner_text("#place code").split(":")[1:]
    )


def test_a_click_on_a_word_shows_where_it_was_written(page) -> None:
    page.keyboard.press("b")
    page.keyboard.press("PageDown")
    page.wait_for_selector(".piece", state="attached")
    at_rest(page)
    number = next(number for number in seen(page) if page.locator("figure").nth(number).locator(".piece").count())
    page.wait_for_selector(f"figure[data-index='{number}'] .piece")
    piece = page.locator(f"figure[data-index='{number}'] .piece").last.bounding_box()
    page.mouse.click(piece["x"] + 5, piece["y"] + piece["height"] / 2)
    page.wait_for_selector(".mark")
    path, line, column = page.inner_text("#place code").split(":")
    assert path.startswith("documents/")
    assert int(line) > 0
    assert int(column) > 0
    page.keyboard.press("Escape")
    assert page.locator(".mark").count() == 0


def test_a_broken_style_and_its_mending(page, folder: Path) -> None:
    own = folder / "styles/reading"
    own.mkdir(parents=True)
    before, pages = shown(page), page.locator("figure").count()
    (own / "style.yaml").write_text("title: Mine\nextends: reading\nsettings: {text-size: huge}\n", "utf-8")
    page.wait_for_selector("#failures:not([hidden])")
    assert "styles/reading/style.yaml:3" in page.inner_text("#failures")
    assert page.locator("figure").count() == pages, "the last good pages stay"
    (own / "style.yaml").write_text("title: Mine\nextends: reading\nsettings: {text-size: 9pt}\n", "utf-8")
    page.wait_for_selector("#failures", state="hidden")
    wait_for_more(page, before)
    page.wait_for_selector("html[data-building='false']")
    before = shown(page)
    (own / "text.css").write_text("p { color: #a00 }", "utf-8")
    wait_for_more(page, before)


def test_broken_from_the_start_and_its_mending(browser, folder: Path) -> None:
    (folder / "edition.yaml").write_text(VOLUME.replace("title: Letters", "title: [Letters"), "utf-8")
    with Preview(folder) as preview, opened(browser, preview) as page:
        page.wait_for_selector("#failures:not([hidden])")
        assert "edition.yaml:3:3" in page.inner_text("#failures")
        assert page.inner_text("#failures h2") == "This cannot be built"
        assert page.locator("figure").count() == 0
        assert page.is_hidden("#nothing")
        page.evaluate("window.stays = true")
        (folder / "edition.yaml").write_text(VOLUME, "utf-8")
        page.wait_for_selector("html[data-shown]")
        assert page.locator("figure").count() > 3
        assert page.is_hidden("#failures")
        assert page.evaluate("window.stays"), "the page was not loaded again"


def test_ten_rapid_saves_end_in_the_last(page, preview: Preview, folder: Path) -> None:
    builds: list[int] = []
    taken = preview.session._take
    preview.session._take = lambda told: (  # type: ignore[method-assign]
        builds.append(told.number) if hasattr(told, "number") else None, taken(told)
    )[1]  # fmt: skip
    for number in range(10):
        (folder / "documents/d1.md").write_text(FIRST.replace("A letter", f"Letter {number}"), "utf-8")
        page.wait_for_timeout(15)
    wait_until(lambda: preview.session.wished > 1 and preview.session.answered == preview.session.wished)
    wait_for_more(page, preview.session.number - 1)
    assert preview.session.shown is not None
    assert len(builds) < 10
    assert page.is_hidden("#failures")
    first = next(index for index, one in enumerate(preview.session.shown.pages) if one.originals)
    page.keyboard.press("PageDown")
    page.wait_for_selector(f"img[src*='{preview.session.shown.pages[first].digest}']")


def test_pages_are_gone_to_by_both_numbers(page) -> None:
    page.keyboard.press("o")
    page.keyboard.type("13")
    page.keyboard.press("Enter")
    at_rest(page)
    texts = [page.locator("figcaption").nth(number).inner_text() for number in seen(page)]
    assert any("13" in text.split("original")[-1] for text in texts if "original" in text)
    page.keyboard.press("g")
    page.keyboard.type("i")
    page.keyboard.press("Enter")
    at_rest(page)
    assert 0 in seen(page)
    page.keyboard.press("g")
    page.keyboard.type("999")
    page.keyboard.press("Enter")
    assert not page.evaluate("document.getElementById('folio').checkValidity()")


def test_overlays_and_surroundings_are_kept(page) -> None:
    for key in ("l", "b", "d"):
        page.keyboard.press(key)
    page.keyboard.press("PageDown")
    page.wait_for_selector(".grid-line", state="attached")
    page.wait_for_selector(".piece", state="attached")
    dark = page.get_attribute("html", "data-surroundings")
    page.reload()
    page.wait_for_selector(".grid-line", state="attached")
    assert page.get_attribute("html", "data-surroundings") == dark


def test_on_a_phone_pages_stand_one_under_the_other(page) -> None:
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    at_rest(page)
    before = set(seen(page))
    page.set_viewport_size({"width": 390, "height": 844})
    at_rest(page)
    assert before & set(seen(page)), "the place stays"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("view.scrollWidth <= view.clientWidth")
    boxes = [page.locator("figure .sheet").nth(number).bounding_box() for number in range(3)]
    assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]
    assert boxes[2]["y"] > boxes[1]["y"] + boxes[1]["height"]
    assert boxes[0]["width"] > 340
    page.click("#show-findings")
    assert page.locator("#panel").bounding_box()["width"] == 390


def test_another_site_reads_nothing(browser, preview: Preview, tmp_path: Path) -> None:
    """A page of another origin asks for everything and gets nothing."""
    other = tmp_path / "other.html"
    other.write_text(
        f"""<script>
        const gone = () => "refused";
        const ask = (path, more) => fetch("{preview.address}" + path, more).then((answer) => answer.text()).catch(gone);
        window.asked = Promise.all([ask("book"), ask("settings", {{method: "POST", body: "{{}}"}}),
          ask("settings", {{method: "POST", headers: {{"X-Edition-Preview": "1"}}, body: "{{}}"}}),
          new Promise((done) => {{ const image = new Image(); image.onload = () => done("seen");
            image.onerror = () => done("refused"); image.src = "{preview.address}icon.svg"; }})]);
        </script>""",
        "utf-8",
    )
    before = preview.session.wished
    page = browser.new_page()
    page.goto(other.as_uri())
    assert page.evaluate("window.asked") == ["refused"] * 4
    page.close()
    assert preview.session.wished == before
