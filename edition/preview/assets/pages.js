// The pages as spreads: where each stands, its image, what is laid over it.

const POINT = 96 / 72; // CSS pixels in a point at full size
const NEAR = 900; // pixels around what is seen in which images are there already
const AT_ONCE = 2; // images that are asked for: one is drawn, the next waits
const NARROW = 760;
const SVG = "http://www.w3.org/2000/svg";

export class Pages {
  constructor(view, spreads, asked) {
    this.view = view;
    this.spreads = spreads;
    this.asked = asked; // a word at a point was asked for
    this.book = { number: 0, pages: [] };
    this.figures = [];
    this.drawn = new Map(); // by digest, what is laid over a page
    this.waiting = new Set(); // figures that want an image
    this.loading = 0;
    this.overlays = { grid: false, boxes: false };
    this.zoom = 0; // 0 fits the window
    this.changed = [];
    this.mark = null;
    this.held = null; // where we were before the window changed; a jump says so itself, as its scroll event comes later
    this.watcher = new IntersectionObserver(
      (entries) => entries.forEach((entry) => this.#seen(entry.target, entry.isIntersecting)),
      { root: view, rootMargin: `${NEAR}px` },
    );
    new ResizeObserver(() => this.keeping(() => this.resize())).observe(view);
    view.addEventListener("scroll", () => { this.held = this.current(); }, { passive: true });
    window.matchMedia(`(max-width: ${NARROW}px)`).addEventListener("change", () => this.keeping(() => this.#arrange(true)));
    spreads.addEventListener("click", (event) => this.#clicked(event, false));
    spreads.addEventListener("dblclick", (event) => this.#clicked(event, true));
  }

  // A new book: pages that did not change keep their images, and the page that is looked at stays where it is.
  show(book) {
    const before = this.book;
    const known = new Set(before.pages.map((page) => page.digest));
    const first = before.pages.length === 0;
    this.changed = first ? [] : book.pages.flatMap((page, index) => (known.has(page.digest) ? [] : [index]));
    this.keeping(() => {
      this.book = book;
      this.unmark();
      this.#arrange(shape(before) !== shape(book));
      this.figures.forEach((figure, index) => this.#dress(figure, index));
    }, (index) => sameElsewhere(before.pages, book.pages, index));
    const near = this.changed.map((index) => this.figures[index]).filter((figure) => figure.near);
    void this.spreads.offsetWidth; // so that the animation begins again
    near.forEach((figure) => figure.classList.add("changed"));
    const shown = new Set(book.pages.map((page) => page.digest));
    this.drawn.forEach((_, digest) => shown.has(digest) || this.drawn.delete(digest));
  }

  get scale() {
    return POINT * (this.zoom || this.#fitting());
  }

  get columns() {
    return this.view.clientWidth < NARROW || window.innerWidth <= NARROW ? 1 : 2;
  }

  setZoom(zoom) {
    this.keeping(() => {
      this.zoom = zoom && Math.min(6, Math.max(0.1, zoom));
      this.resize();
    });
  }

  zoomBy(factor) {
    this.setZoom((this.zoom || this.#fitting()) * factor);
  }

  resize() {
    const scale = this.scale;
    this.figures.forEach((figure, index) => {
      const { width, height } = size(this.book.pages[index]);
      const sheet = figure.firstElementChild;
      sheet.style.width = `${width * scale}px`;
      sheet.style.height = `${height * scale}px`;
      figure.lastElementChild.style.width = `${width * scale}px`;
      if (figure.near) this.#load(figure);
    });
    this.#place();
  }

  overlay(name, on) {
    this.overlays[name] = on;
    this.figures.forEach((figure) => figure.near && this.#draw(figure));
  }

  // The page that is looked at, and how far down it the window's upper third is.
  current() {
    const line = this.view.getBoundingClientRect().top + this.view.clientHeight / 3;
    let best = 0;
    let least = Infinity;
    this.figures.forEach((figure, index) => {
      const box = figure.firstElementChild.getBoundingClientRect();
      const distance = Math.max(0, box.top - line, line - box.bottom);
      if (distance < least - 1) [best, least] = [index, distance];
    });
    const box = this.figures[best]?.firstElementChild.getBoundingClientRect();
    return { index: best, share: box ? (line - box.top) / box.height : 0 };
  }

  keeping(change, elsewhere = (index) => index) {
    if (!this.figures.length) return change();
    const { index, share } = this.held ?? this.current();
    change();
    const figure = this.figures[Math.min(this.figures.length - 1, elsewhere(index))];
    if (!figure) return undefined;
    const box = figure.firstElementChild.getBoundingClientRect();
    const line = this.view.getBoundingClientRect().top + this.view.clientHeight / 3;
    this.view.scrollTop += box.top + share * box.height - line;
    this.held = { index: Number(figure.dataset.index), share };
    return undefined;
  }

  go(index, y = 0) {
    const figure = this.figures[index];
    if (!figure) return;
    const box = figure.firstElementChild.getBoundingClientRect();
    const view = this.view.getBoundingClientRect();
    const down = y ? Math.max(0, y * this.scale - view.height / 3) : -12;
    this.view.scrollTop += box.top - view.top + down;
    if (box.width > view.width) this.view.scrollLeft += box.left - view.left - 8;
    this.held = this.current();
  }

  step(by) {
    const spread = this.figures[this.current().index]?.parentElement;
    const next = by > 0 ? spread?.nextElementSibling : spread?.previousElementSibling;
    if (next) this.go(Number(next.querySelector("figure").dataset.index));
  }

  isSeen(index) {
    const box = this.figures[index].firstElementChild.getBoundingClientRect();
    const view = this.view.getBoundingClientRect();
    return box.bottom > view.top + 20 && box.top < view.bottom - 20;
  }

  // Draw a frame around something on a page.
  show_mark(page, box) {
    this.unmark();
    if (!this.figures[page]) return;
    this.mark = { page, box, element: document.createElement("div") };
    this.mark.element.className = "mark";
    this.figures[page].firstElementChild.append(this.mark.element);
    this.#place();
  }

  unmark() {
    this.mark?.element.remove();
    this.mark = null;
  }

  #place() {
    if (!this.mark) return;
    const [left, top, right, bottom] = this.mark.box.map((value) => value * this.scale);
    Object.assign(this.mark.element.style, {
      left: `${left - 2}px`, top: `${top - 3}px`, width: `${right - left + 2}px`, height: `${bottom - top + 6}px`,
    });
  }

  #fitting() {
    const pages = this.book.pages;
    if (!pages.length) return 1;
    const widest = Math.max(...pages.map((page) => size(page).width));
    const highest = Math.max(...pages.map((page) => page.height));
    const wide = (this.view.clientWidth - (this.columns === 1 ? 18 : 44)) / (widest * this.columns * POINT);
    const high = (this.view.clientHeight - 60) / (highest * POINT);
    return Math.max(0.2, this.columns === 1 ? wide : Math.min(wide, high));
  }

  #arrange(anew) {
    const pages = this.book.pages;
    while (this.figures.length > pages.length) {
      const figure = this.figures.pop();
      this.watcher.unobserve(figure);
      figure.remove();
    }
    while (this.figures.length < pages.length) this.figures.push(this.#figure(this.figures.length));
    if (anew) {
      const rows = [];
      let row = [];
      pages.forEach((page, index) => {
        if (row.length && (this.columns === 1 || page.recto === pages[index - 1].recto || pages[index - 1].recto)) {
          rows.push(row);
          row = [];
        }
        row.push(index);
      });
      if (row.length) rows.push(row);
      this.spreads.replaceChildren(...rows.map((numbers) => this.#spread(numbers)));
    }
    this.resize();
  }

  #spread(numbers) {
    const spread = document.createElement("div");
    spread.className = "spread";
    spread.append(...numbers.map((number) => this.figures[number]));
    if (numbers.length === 1 && this.columns === 2) {
      // the other half stays empty: a recto is right, a verso left
      const { width } = size(this.book.pages[numbers[0]]);
      const side = this.book.pages[numbers[0]].recto ? "paddingLeft" : "paddingRight";
      spread.style[side] = `calc(${width} * var(--scale))`;
    }
    return spread;
  }

  #figure(index) {
    const figure = document.createElement("figure");
    figure.dataset.index = index;
    const sheet = document.createElement("div");
    sheet.className = "sheet";
    figure.append(sheet, document.createElement("figcaption"));
    this.watcher.observe(figure);
    return figure;
  }

  #dress(figure, index) {
    const page = this.book.pages[index];
    figure.className = page.recto ? "recto" : "verso";
    const originals = page.originals.map((start) => start.number);
    const from = page.opens_with && !originals.includes(page.opens_with) ? [page.opens_with, ...originals] : originals;
    const spans = from.length > 1 ? `${from[0]}–${from.at(-1)}` : from[0];
    figure.lastElementChild.textContent = `p. ${page.folio}${spans ? ` · original ${spans}` : ""}`;
    figure.firstElementChild.setAttribute("aria-label", `page ${page.folio}`);
    if (figure.near) {
      this.#load(figure);
      this.#draw(figure);
    }
  }

  #seen(figure, near) {
    figure.near = near;
    if (near) {
      this.#load(figure);
      this.#draw(figure);
    } else {
      figure.querySelectorAll("img, svg").forEach((element) => element.remove());
      delete figure.dataset.image;
      delete figure.dataset.wanted;
    }
  }

  #load(figure) {
    const page = this.book.pages[figure.dataset.index];
    if (!page) return;
    const width = Math.ceil((size(page).width * this.scale * window.devicePixelRatio) / 8) * 8;
    const source = `/page/${page.digest}?width=${width}`;
    if (figure.dataset.wanted === source) return;
    figure.dataset.wanted = source;
    this.waiting.add(figure);
    queueMicrotask(() => this.#next()); // when all that want one are known
  }

  // Images are drawn one after the other: those nearest to the middle of the window first.
  #next() {
    const { top, height } = this.view.getBoundingClientRect();
    const distance = (figure) => {
      const box = figure.getBoundingClientRect();
      return Math.abs(box.top + box.height / 2 - top - height / 2);
    };
    while (this.loading < AT_ONCE && this.waiting.size) {
      const [figure] = [...this.waiting].sort((one, other) => distance(one) - distance(other));
      this.waiting.delete(figure);
      if (figure.near && figure.isConnected) this.#fetch(figure);
    }
  }

  #fetch(figure) {
    const source = figure.dataset.wanted;
    const { digest } = this.book.pages[figure.dataset.index];
    const image = new Image();
    image.alt = "";
    image.draggable = false;
    const done = (loaded) => {
      this.loading -= 1;
      this.#next();
      if (figure.dataset.wanted !== source || !figure.near) return;
      if (!loaded) return void delete figure.dataset.wanted; // the pages are others by now: the next book asks again
      figure.querySelector("img")?.remove();
      figure.firstElementChild.prepend(image);
      figure.dataset.image = digest;
      this.view.dispatchEvent(new CustomEvent("drawn"));
    };
    image.onload = () => done(true);
    image.onerror = () => done(false);
    this.loading += 1;
    image.src = source;
  }

  async #draw(figure) {
    const { grid, boxes } = this.overlays;
    const index = Number(figure.dataset.index);
    if (!grid && !boxes) return figure.querySelector("svg")?.remove();
    const { digest } = this.book.pages[index];
    if (!this.drawn.has(digest)) {
      const response = await fetch(`/drawn?page=${index}&digest=${digest}`);
      const answer = response.ok ? await response.json() : null;
      if (answer) this.drawn.set(digest, answer); // else it is not known as long as the book is being made
    }
    if (this.book.pages[index]?.digest !== digest) return undefined;
    const found = this.drawn.get(digest);
    figure.querySelector("svg")?.remove();
    if (!found || !figure.near) return undefined;
    const { width, height } = size(this.book.pages[index]);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const rectangle = (box, name) => {
      const [left, top, right, bottom] = box;
      add(svg, "rect", { x: left, y: top, width: right - left, height: bottom - top, class: name });
    };
    if (boxes) {
      found.pieces.forEach((box) => rectangle(box, "piece"));
      if (found.notes) rectangle(found.notes, "note-area");
    }
    if (found.text) rectangle(found.text, "text-area");
    for (const at of grid ? found.grid : []) {
      const line = this.book.pages[index].turned ? { x1: at, x2: at, y1: 0, y2: height } : { x1: 0, x2: width, y1: at, y2: at };
      add(svg, "line", { ...line, class: "grid-line" });
    }
    figure.firstElementChild.append(svg);
    return undefined;
  }

  #clicked(event, twice) {
    const sheet = event.target.closest(".sheet");
    if (!sheet) return;
    const box = sheet.getBoundingClientRect();
    const index = Number(sheet.parentElement.dataset.index);
    this.asked(index, (event.clientX - box.left) / this.scale, (event.clientY - box.top) / this.scale, twice);
  }
}

function shape(book) {
  return book.pages.map((page) => `${page.recto}${page.turned}${page.width}`).join();
}

function size(page) {
  return page.turned ? { width: page.height, height: page.width } : page;
}

// Where the page that had an index is now: the nearest that looks the same, else the one of that index.
function sameElsewhere(before, after, index) {
  const digest = before[index]?.digest;
  let best = Math.min(index, after.length - 1);
  let least = Infinity;
  after.forEach((page, at) => {
    if (page.digest === digest && Math.abs(at - index) < least) [best, least] = [at, Math.abs(at - index)];
  });
  return best;
}

function add(svg, name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  svg.append(element);
}
