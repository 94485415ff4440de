// The preview: listens for news of the builder, shows pages and panels, takes clicks and keys.

import { Pages } from "/pages.js";
import { Findings, Settings, element, whereOf } from "/panels.js";

const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const kept = {
  get: (name) => localStorage.getItem(`edition-${name}`),
  set: (name, value) => localStorage.setItem(`edition-${name}`, value),
};

const pages = new Pages($("view"), $("spreads"), askWord);
const findings = new Findings($("finding-list"), showFinding);
const settings = new Settings($("setting-list"), (tried) => post("/settings", tried));
let state = { number: 0, failures: [] };
let fetching = false;
let looking = 0;

// News

const news = new EventSource("/events");
news.onmessage = (event) => {
  state = JSON.parse(event.data);
  tell();
  settings.take(state.tried, state.wished);
  if (state.number && state.number !== pages.book.number) fetchBook();
};
news.onerror = () => {
  $("doing").textContent = "the preview has ended; start it again with: edition preview";
};

async function fetchBook() {
  if (fetching) return;
  fetching = true;
  let book = { number: 0 };
  try {
    book = await (await fetch("/book")).json();
  } finally {
    fetching = false;
  }
  const first = !pages.book.number;
  if (book.number && book.number !== pages.book.number) showBook(book, first);
  if (state.number > pages.book.number) fetchBook();
}

function showBook(book, first) {
  pages.show(book);
  if (first) goBack();
  findings.show(book.findings);
  settings.show(book.settings, book.tried);
  $("nothing").hidden = true;
  $("title").textContent = document.title = book.title;
  $("style-name").textContent = book.style;
  const numbers = book.pages.flatMap((page) => page.originals.map((start) => start.number));
  $("originals").replaceChildren(...numbers.map((number) => element("option", { value: number })));
  showChanges();
  told();
  follow();
}

function tell() {
  const failed = state.failures.length > 0;
  $("doing").textContent = state.building
    ? state.doing || "building"
    : failed ? "not built" : state.number ? `built in ${state.seconds.toFixed(1)} s` : "";
  root.dataset.building = state.building;
  document.body.classList.toggle("old", failed);
  $("failures").hidden = !failed;
  if (!failed) return;
  $("nothing").hidden = true;
  const errors = state.failures.filter((finding) => finding.severity === "error");
  const shown = (errors.length ? errors : state.failures).slice(0, 20);
  $("failures").querySelector("h2").textContent = pages.book.number
    ? "These pages are from before: what is saved or tried out now cannot be built"
    : "This cannot be built";
  $("failures").querySelector("ol").replaceChildren(...shown.map((finding) => {
    const where = element(finding.link ? "a" : "span", { className: "where", textContent: whereOf(finding) });
    if (finding.link) where.href = finding.link;
    return element("li", {}, where, `${finding.code} ${finding.message}${finding.hint ? `; ${finding.hint}` : ""}`);
  }));
}

// What is on the screen is said on the root: for those who wait for it.
function told() {
  const seen = pages.figures.filter((figure, index) => pages.isSeen(index));
  const done = seen.every((figure) => figure.dataset.image === pages.book.pages[figure.dataset.index]?.digest);
  if (done) root.dataset.shown = pages.book.number;
}
$("view").addEventListener("drawn", told);

function showChanges() {
  const { changed } = pages;
  root.dataset.changed = changed.join(",");
  if (!changed.length || changed.some((index) => pages.isSeen(index))) {
    $("changes").hidden = true;
  } else if ($("follow").getAttribute("aria-pressed") === "true") {
    pages.go(changed[0]);
  } else {
    const more = changed.length > 1 ? ` and ${changed.length - 1} more` : "";
    $("changes").textContent = `changed: p. ${pages.book.pages[changed[0]].folio}${more}`;
    $("changes").hidden = false;
  }
}

$("changes").onclick = goToChange;
function goToChange() {
  if (pages.changed.length) pages.go(pages.changed[0]);
  $("changes").hidden = true;
}

// Requests that change something

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Edition-Preview": "1" },
    body: JSON.stringify(body),
  });
  return response.json();
}

$("write").onclick = async () => {
  const tried = { ...settings.tried };
  const answer = await post("/settings/write", tried);
  if (answer.written) settings.written(tried);
  $("refused").textContent = (answer.refused ?? [])
    .map((finding) => `${whereOf(finding)} ${finding.message}${finding.hint ? `; ${finding.hint}` : ""}`)
    .join("\n");
};
$("discard").onclick = () => {
  settings.tried = {};
  settings.refresh();
  post("/settings", {});
};

// Places

async function askWord(page, x, y, twice) {
  const response = await fetch(`/word?page=${page}&x=${x.toFixed(1)}&y=${y.toFixed(1)}`);
  const found = response.ok ? await response.json() : null;
  if (!found) {
    forgetPlace();
    if (state.building) say("what is written where is known when the build is done");
    return undefined;
  }
  pages.show_mark(found.page, found.box);
  showPlace(found);
  if (twice && found.link) window.location.href = found.link;
  return undefined;
}

async function showFinding(finding, number) {
  showPlace(finding);
  const response = await fetch(`/finding?number=${number}`);
  const found = response.ok ? await response.json() : null;
  if (!found) return pages.unmark();
  pages.go(found.page, found.box[1]);
  pages.show_mark(found.page, found.box);
  return undefined;
}

function showPlace(found) {
  const where = whereOf(found);
  $("place").hidden = !where;
  $("place").querySelector("code").textContent = where;
  $("open").hidden = !found.link;
  $("copy").hidden = false;
  if (found.link) $("open").href = found.link;
}

function say(what) {
  $("place").hidden = false;
  $("place").querySelector("code").textContent = what;
  $("open").hidden = $("copy").hidden = true;
}

function forgetPlace() {
  pages.unmark();
  $("place").hidden = true;
}
$("copy").onclick = () => navigator.clipboard.writeText($("place").querySelector("code").textContent);
$("close-place").onclick = forgetPlace;

// Where we are

function follow() {
  const { index } = pages.current();
  const page = pages.book.pages[index];
  if (!page) return;
  if (document.activeElement !== $("folio")) $("folio").value = page.folio;
  if (document.activeElement !== $("original")) $("original").value = page.opens_with || page.originals[0]?.number || "";
  kept.set("page", index);
  clearTimeout(looking);
  looking = setTimeout(() => fetch(`/looking?page=${index}`).catch(() => {}), 150);
}
let waiting = 0;
$("view").addEventListener("scroll", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => { follow(); told(); });
}, { passive: true });

function goBack() {
  pages.go(Number(kept.get("page")) || 0);
}

$("go-folio").onsubmit = (event) => {
  event.preventDefault();
  const wanted = $("folio").value.trim();
  const index = pages.book.pages.findIndex((page) => page.folio === wanted);
  found($("folio"), index >= 0);
  if (index >= 0) pages.go(index);
};
$("go-original").onsubmit = (event) => {
  event.preventDefault();
  const wanted = $("original").value.trim().replace(/^\[(.*)\]$/, "$1");
  const begins = (page) => page.originals.find((start) => start.number === wanted);
  let index = pages.book.pages.findIndex(begins);
  const y = index >= 0 ? begins(pages.book.pages[index]).y : 0;
  if (index < 0) index = pages.book.pages.findIndex((page) => page.opens_with === wanted);
  found($("original"), index >= 0);
  if (index < 0) return;
  pages.go(index, y);
  if (y) pages.show_mark(index, [begins(pages.book.pages[index]).x - 2, y, begins(pages.book.pages[index]).x + 14, y + 11]);
};
function found(field, is) {
  field.setCustomValidity(is ? "" : "There is no such page");
  if (!is) field.reportValidity();
  else $("view").focus();
}
for (const field of [$("folio"), $("original")]) {
  field.onfocus = () => field.select();
  field.oninput = () => field.setCustomValidity("");
}

// How it looks

function zoomed(change) {
  change();
  kept.set("zoom", pages.zoom);
  root.style.setProperty("--scale", `${pages.scale}px`);
  $("zoom").textContent = pages.zoom ? `${Math.round(pages.zoom * 100)}%` : "fit";
}
$("smaller").onclick = () => zoomed(() => pages.zoomBy(1 / 1.2));
$("larger").onclick = () => zoomed(() => pages.zoomBy(1.2));
$("zoom").onclick = () => zoomed(() => pages.setZoom(0));
new ResizeObserver(() => root.style.setProperty("--scale", `${pages.scale}px`)).observe($("spreads"));

function surroundings(name) {
  root.dataset.surroundings = name;
  $("surroundings").textContent = name === "dark" ? "light" : "dark";
  kept.set("surroundings", name);
}
$("surroundings").onclick = () => surroundings(root.dataset.surroundings === "dark" ? "light" : "dark");

function pressed(id, on, then) {
  $(id).setAttribute("aria-pressed", on);
  kept.set(id, on);
  then(on);
}
const toggles = { grid: (on) => pages.overlay("grid", on), boxes: (on) => pages.overlay("boxes", on), follow: () => {} };
for (const [id, then] of Object.entries(toggles)) {
  $(id).onclick = () => pressed(id, $(id).getAttribute("aria-pressed") !== "true", then);
  pressed(id, kept.get(id) === "true", then);
}

function panel(name) {
  pages.keeping(() => {
    $("panel").hidden = !name;
    for (const one of ["findings", "settings"]) {
      $(one).hidden = one !== name;
      $(`show-${one}`).setAttribute("aria-selected", one === name);
    }
    pages.resize();
  });
}
const toggled = (name) => panel($(name).hidden ? name : "");
$("show-findings").onclick = () => toggled("findings");
$("show-settings").onclick = () => toggled("settings");

const keys = {
  ArrowRight: () => pages.step(1), ArrowLeft: () => pages.step(-1), PageDown: () => pages.step(1), PageUp: () => pages.step(-1),
  Home: () => pages.go(0), End: () => pages.go(pages.figures.length - 1),
  "+": () => $("larger").click(), "=": () => $("larger").click(), "-": () => $("smaller").click(), 0: () => $("zoom").click(),
  n: () => stepFinding(1), p: () => stepFinding(-1), g: () => $("folio").focus(), o: () => $("original").focus(),
  c: goToChange, f: () => toggled("findings"), s: () => toggled("settings"), l: () => $("grid").click(),
  b: () => $("boxes").click(), d: () => $("surroundings").click(), Escape: () => { forgetPlace(); panel(""); },
};
function stepFinding(by) {
  if ($("findings").hidden && window.innerWidth > 760) panel("findings");
  findings.step(by);
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (typing && event.key === "Escape") return typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return undefined;
  event.preventDefault();
  keys[event.key]();
  return undefined;
});

surroundings(kept.get("surroundings") ?? (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
zoomed(() => { pages.zoom = Number(kept.get("zoom")) || 0; });
