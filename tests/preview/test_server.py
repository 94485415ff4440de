"""The preview as it is spoken to by HTTP: what it answers, what it refuses, what it builds."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from http.client import HTTPConnection, HTTPResponse
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops

from edition.preview import Preview
from edition.preview.session import is_editor_link
from tests.preview.quay import FIRST, wait_until

PNG = b"\x89PNG"


def asked(
    preview: Preview, path: str, *, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", preview.server.server_port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def found(preview: Preview, path: str) -> Any:
    return json.loads(asked(preview, path)[1])


def own(preview: Preview) -> dict[str, str]:
    return {"Origin": preview.address.rstrip("/"), "X_Edition_Preview": "1"}


def image_of(preview: Preview, page: dict[str, Any]) -> bytes:
    return asked(preview, f"/page/{page['digest']}?width=300")[1]


def test_what_a_browser_asks_for(standing: Preview) -> None:
    for path in ("/", "/preview.css", "/preview.js", "/pages.js", "/panels.js", "/icon.svg"):
        response, content = asked(standing, path)
        assert response.status == 200
        assert content
        assert "default-src 'none'" in str(response.getheader("Content-Security-Policy"))
        assert response.getheader("Access-Control-Allow-Origin") is None
    book = found(standing, "/book")
    assert book["title"] == "Letters of the Quay"
    assert [page["recto"] for page in book["pages"][:4]] == [True, False, True, False]
    assert {start["number"] for page in book["pages"] for start in page["originals"]} == {"11", "12", "13"}
    assert {finding["code"] for finding in book["findings"]} == {"R001"}
    assert image_of(standing, book["pages"][0]).startswith(PNG)


def test_a_word_leads_to_its_place_and_a_finding_to_its_word(standing: Preview) -> None:
    book = found(standing, "/book")
    number, finding = next(
        (number, one) for number, one in enumerate(book["findings"]) if one["path"] == "documents/d2.md"
    )
    spot = found(standing, f"/finding?number={number}")
    left, top, right, bottom = spot["box"]
    word = found(standing, f"/word?page={spot['page']}&x={(left + right) / 2}&y={(top + bottom) / 2}")
    assert (word["path"], word["line"]) == (finding["path"], finding["line"])
    assert word["link"].startswith(
        f"editor://open/{standing.directory.as_posix()}/documents/d2.md:{finding['line']}:"
    )
    line = (standing.directory / word["path"]).read_text("utf-8").splitlines()[word["line"] - 1]
    assert line[word["column"] - 1 :].startswith(("98", "8", "p.", ".", "[")) or "98" in line[word["column"] - 4 :]
    assert found(standing, "/word?page=0&x=1&y=1") is None
    assert found(standing, "/word?page=999&x=1&y=1") is None


def test_the_grid_is_where_the_lines_of_text_stand(standing: Preview) -> None:
    pages = found(standing, "/book")["pages"]
    number = next(number for number, page in enumerate(pages) if page["originals"])
    drawn = found(standing, f"/drawn?page={number}&digest={pages[number]['digest']}")
    assert standing.session.lookup is not None
    lines = {y for y, size in standing.session.lookup.baselines(number) if size == pytest.approx(10.6, abs=0.05)}
    assert len(lines) > 10
    on_grid = [y for y in lines if min(abs(y - at) for at in drawn["grid"]) < 0.2]
    assert len(on_grid) > 0.9 * len(lines)
    assert all(drawn["text"][1] <= at <= drawn["text"][3] for at in drawn["grid"])
    assert found(standing, f"/drawn?page={number}&digest={pages[0]['digest']}") is None, "another page by now"


def test_an_image_has_its_colours_where_there_are_any(standing: Preview) -> None:
    digests = [page.digest for page in standing.session.shown.pages]  # type: ignore[union-attr]
    document = pypdfium2.PdfDocument(standing.session.shown.pdf)  # type: ignore[union-attr]
    modes = set()
    for number, digest in enumerate(digests):
        image = Image.open(BytesIO(asked(standing, f"/page/{digest}?width=432")[1]))
        wanted = document[number].render(scale=1).to_pil().convert("RGB")
        assert ImageChops.difference(image.convert("RGB"), wanted).getbbox() is None
        modes.add(image.mode)
    assert modes == {"L", "RGB"}


def test_only_pages_that_changed_have_other_images(preview: Preview) -> None:
    before = found(preview, "/book")["pages"]
    path = preview.directory / "documents/d2.md"
    path.write_text(path.read_text("utf-8").replace("An answer begins", "The answer begins"), "utf-8")
    wait_until(lambda: preview.session.wished > 1 and preview.session.answered == preview.session.wished)
    after = found(preview, "/book")["pages"]
    changed = [one for one, other in zip(before, after, strict=True) if one["digest"] != other["digest"]]
    assert len(changed) == 1
    assert image_of(preview, before[0]).startswith(PNG)
    gone, _ = asked(preview, f"/page/{changed[0]['digest']}?width=301")
    assert gone.status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""])
def test_other_hosts_are_refused(standing: Preview, host: str) -> None:
    for path in ("/", "/book", "/events"):
        response, content = asked(standing, path, Host=host)
        assert response.status == 421
        assert b"quay" not in content.lower()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_other_origins_are_refused(standing: Preview, origin: str) -> None:
    for path in ("/", "/book"):
        assert asked(standing, path, Origin=origin)[0].status == 403
    refused, _ = asked(standing, "/settings", method="POST", body="{}", Origin=origin, X_Edition_Preview="1")
    assert refused.status == 403


def test_what_other_sites_embed_is_refused(standing: Preview) -> None:
    assert asked(standing, "/book", Sec_Fetch_Site="cross-site")[0].status == 403
    assert asked(standing, "/", Sec_Fetch_Site="same-site", Sec_Fetch_Mode="no-cors")[0].status == 403
    assert asked(standing, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")[0].status == 200
    assert asked(standing, "/book", Sec_Fetch_Site="same-origin")[0].status == 200


def test_changes_come_from_the_page_alone(standing: Preview) -> None:
    before = standing.session.wished
    ours = own(standing)
    for headers in ({}, {"Origin": ours["Origin"]}, {"X_Edition_Preview": "1"}):
        assert (
            asked(standing, "/settings", method="POST", body='{"text-size": "20pt"}', **headers)[0].status == 403
        )
    for body in ("", "[", "[1]", '{"text-size": 12}', '{"name": "frus"}', "[" * 50_000):
        assert asked(standing, "/settings", method="POST", body=body, **ours)[0].status in (400, 413)
    big = json.dumps({"text-size": "1" * 70_000})
    assert asked(standing, "/settings", method="POST", body=big, **ours)[0].status == 413
    assert asked(standing, "/book", method="PUT", body="{}", **ours)[0].status == 501
    assert asked(standing, "/book", method="OPTIONS", Origin="http://evil.example")[0].status == 501
    assert standing.session.wished == before


@pytest.mark.parametrize(
    "path",
    [
        "/edition.yaml", "/documents/d1.md", "/../edition.yaml", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
        "/assets/preview.js", "/page/../../etc/passwd", "/page/%2e%2e", "/page/", "/static/..%2fsession.py",
    ],
)  # fmt: skip
def test_no_path_is_that_of_a_file(standing: Preview, path: str) -> None:
    assert asked(standing, path)[0].status == 404


@pytest.mark.parametrize("path", ["/word?page=a&x=1&y=1", "/word?page=1", "/finding?number=-1", "/drawn?page=1e9"])
def test_what_is_no_number_is_refused(standing: Preview, path: str) -> None:
    assert asked(standing, path)[0].status == 400


def test_settings_are_tried_and_written(preview: Preview, folder: Path) -> None:
    before = found(preview, "/book")["pages"]
    asked(preview, "/settings", method="POST", body='{"text-size": "12pt"}', **own(preview))
    wait_until(lambda: preview.session.answered == 2)
    book = found(preview, "/book")
    assert next(one for one in book["settings"] if one["name"] == "text-size")["value"] == "12pt"
    assert book["pages"][2]["digest"] != before[2]["digest"]
    volume = (folder / "edition.yaml").read_text("utf-8")
    assert "12pt" not in volume
    _, answer = asked(preview, "/settings/write", method="POST", body='{"text-size": "12pt"}', **own(preview))
    assert json.loads(answer) == {"written": True}
    assert (folder / "edition.yaml").read_text("utf-8") == volume.replace(
        "style: reading   # for now\n", "style: # for now\n  name: reading\n  text-size: 12pt\n"
    )
    assert preview.session.settings == {}
    response, answer = asked(
        preview, "/settings/write", method="POST", body='{"text-size": "wide"}', **own(preview)
    )
    assert response.status == 409
    assert json.loads(answer)["refused"][0]["code"] == "L003"


def test_a_mistake_shows_over_the_last_good_pages(preview: Preview, folder: Path) -> None:
    path = folder / "documents/d1.md"
    path.write_text(FIRST.replace("id: d1", "identity: d1"), "utf-8")
    wait_until(lambda: preview.session.failures)
    state = preview.session.state()
    assert state["failures"][0]["path"] == "documents/d1.md"
    assert state["failures"][0]["line"] > 0
    assert len(found(preview, "/book")["pages"]) > 3
    path.write_text(FIRST, "utf-8")
    wait_until(lambda: not preview.session.failures)


def test_a_builder_that_was_killed_starts_again(preview: Preview, folder: Path) -> None:
    assert preview.session.process is not None
    os.kill(int(preview.session.process.pid or 0), signal.SIGKILL)
    wait_until(lambda: preview.session.failures)
    assert "starts again" in preview.session.failures[0].message
    (folder / "documents/d1.md").write_text(FIRST.replace("A letter", "The letter"), "utf-8")
    wait_until(lambda: not preview.session.failures and preview.session.number > 1)


def test_memory_is_steady_over_many_builds(preview: Preview, folder: Path) -> None:
    path = folder / "documents/d1.md"

    def rebuilt(times: int) -> tuple[int, int]:
        for number in range(times):
            path.write_text(FIRST.replace("A letter", f"Letter {number % 7}"), "utf-8")
            wished = preview.session.wish()
            wait_until(lambda wished=wished: preview.session.answered >= wished)
            for page in preview.session.shown.pages if preview.session.shown else ():
                preview.session.images.get(page.digest, 400 + number)
        return resident(os.getpid()), resident(int(preview.session.process.pid or 0))  # type: ignore[union-attr]

    server, builder = rebuilt(20)
    server_after, builder_after = rebuilt(40)
    assert server_after - server < 24 * 1024, "KiB that the server grew by"
    assert builder_after - builder < 24 * 1024, "KiB that the builder grew by"


def resident(process: int) -> int:
    """KiB of memory of a process."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not tell how much memory another process has")
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def test_the_command_ends_by_ctrl_c_and_leaves_no_process(folder: Path) -> None:
    words = [sys.executable, "-m", "edition", "preview", str(folder), "--port", "0"]
    running = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    line = running.stdout.readline()
    assert line.startswith("http://127.0.0.1:")
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does it
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output, errors) == (0, "ended\n", "")
    with pytest.raises(ProcessLookupError):
        wait_until(lambda: os.killpg(running.pid, 0))


def test_a_port_that_is_taken_is_said(standing: Preview, folder: Path) -> None:
    port = str(standing.server.server_port)
    words = [sys.executable, "-m", "edition", "preview", str(folder), "--port", port]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_opens_no_editor_is_refused() -> None:
    assert is_editor_link("vscode://file/{path}:{line}:{column}")
    assert is_editor_link("txmt://open?url=file://{path}&line={line}")
    for link in ("javascript:alert('{path}')", "data:text/html,{path}", "vscode://file", "{path}", "a b:{path}"):
        assert not is_editor_link(link)
