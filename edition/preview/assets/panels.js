// The panels beside the pages: findings, and the settings of the style.

const PAUSE = 120; // milliseconds after the last letter before the pages are made, and between steps of a slider

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function whereOf(found) {
  return found.path ? `${found.path}${found.line ? `:${found.line}:${found.column}` : ""}` : "";
}

export class Findings {
  constructor(list, chosen) {
    this.list = list;
    this.chosen = chosen;
    this.findings = [];
    this.at = -1;
  }

  show(findings) {
    const before = this.findings[this.at];
    this.findings = findings;
    this.at = before ? findings.findIndex((one) => one.code === before.code && one.message === before.message) : -1;
    this.list.replaceChildren(...findings.map((finding, number) => this.#item(finding, number)));
    document.getElementById("no-findings").hidden = findings.length > 0;
    document.getElementById("finding-count").textContent = findings.length || "";
  }

  step(by) {
    if (!this.findings.length) return;
    const count = this.findings.length;
    this.choose(this.at < 0 ? (by > 0 ? 0 : count - 1) : (this.at + by + count) % count);
  }

  choose(number) {
    this.at = number;
    [...this.list.children].forEach((item, index) => item.firstChild.setAttribute("aria-current", index === number));
    this.list.children[number].scrollIntoView({ block: "nearest" });
    this.chosen(this.findings[number], number);
  }

  #item(finding, number) {
    const button = element(
      "button",
      { type: "button", className: finding.severity },
      element("strong", { textContent: `${finding.severity} ${finding.code} ` }),
      finding.message,
      element("span", { className: "where", textContent: whereOf(finding) }),
    );
    if (finding.hint) button.append(element("span", { className: "hint", textContent: finding.hint }));
    button.setAttribute("aria-current", number === this.at);
    button.onclick = () => this.choose(number);
    return element("li", {}, button);
  }
}

export class Settings {
  constructor(list, send) {
    this.list = list;
    this.send = send;
    this.settings = [];
    this.tried = {};
    this.names = "";
    this.pause = 0;
    this.sent = -Infinity; // when
    this.unanswered = 0;
    this.wished = 0; // the last build that was asked for here
    document.getElementById("setting-filter").oninput = () => this.#filter();
    list.onsubmit = (event) => event.preventDefault();
  }

  // `tried` is what the pages were built with: of these settings the file says something else.
  show(settings, tried) {
    const before = new Map(this.settings.map((setting) => [setting.name, setting.value]));
    const inFile = ({ name, value }) => (name in tried && before.has(name) ? before.get(name) : value);
    this.settings = settings.map((setting) => ({ ...setting, value: inFile(setting) }));
    const names = JSON.stringify(settings.map(({ name, type, words, low, high }) => [name, type, words, low, high]));
    if (names !== this.names) {
      this.names = names;
      this.list.replaceChildren(...settings.map((setting) => this.#control(setting)));
      this.#filter();
    }
    this.refresh();
  }

  // Bring the controls to what is tried, or is so in the pages; whoever types is not disturbed.
  refresh() {
    for (const setting of this.settings) {
      const row = this.list.querySelector(`[data-name="${CSS.escape(setting.name)}"]`);
      if (!row) continue;
      const tried = setting.name in this.tried;
      row.classList.toggle("tried", tried);
      row.querySelector(".reset").hidden = !tried;
      row.fill(tried ? this.tried[setting.name] : setting.value);
    }
    const count = Object.keys(this.tried).length;
    document.getElementById("tried").textContent = count
      ? `${count} ${count === 1 ? "setting is" : "settings are"} tried out and not in the file.`
      : "What you change here shows on the pages at once; the file stays as it is.";
    document.getElementById("write").disabled = document.getElementById("discard").disabled = !count;
  }

  written(tried) {
    for (const setting of this.settings) setting.value = tried[setting.name] ?? setting.value;
    this.tried = {};
    this.refresh();
  }

  take(tried, wished) {
    if (this.pause || this.unanswered || wished < this.wished) return; // what was set here is newer
    this.tried = { ...tried };
    this.refresh();
  }

  set(name, value, typed = false) {
    if (value === null) delete this.tried[name];
    else this.tried[name] = value;
    this.refresh();
    if (typed) {
      clearTimeout(this.pause);
      this.pause = 0;
    }
    if (this.pause) return; // then what is newest is sent
    const wait = typed ? PAUSE : Math.max(0, this.sent + PAUSE - performance.now());
    this.pause = setTimeout(() => this.#send(), wait);
  }

  async #send() {
    this.pause = 0;
    this.sent = performance.now();
    this.unanswered += 1;
    try {
      this.wished = (await this.send(this.tried)).wished;
    } finally {
      this.unanswered -= 1;
    }
  }

  #filter() {
    const wanted = document.getElementById("setting-filter").value.trim().toLowerCase();
    for (const row of this.list.children) row.hidden = Boolean(wanted) && !row.textContent.toLowerCase().includes(wanted);
  }

  #control(setting) {
    const id = `setting-${setting.name}`;
    const label = element("label", { htmlFor: id, textContent: setting.name });
    const reset = element("button", { type: "button", className: "reset", textContent: "undo", title: "As it was" });
    reset.onclick = () => this.set(setting.name, null);
    label.append(reset);
    const controls = element("div", { className: "controls" });
    const row = element(
      "div", { className: "setting" }, label, controls,
      element("p", { className: "help", textContent: `${setting.help} Default: ${setting.default}` }),
    );
    row.dataset.name = setting.name;
    const field = setting.type === "choice"
      ? element("select", { id }, ...setting.words.map((word) => element("option", { value: word, textContent: word })))
      : element("input", { id, type: "text", spellcheck: false });
    const helper = this.#helper(setting, field);
    field.addEventListener(setting.type === "choice" ? "change" : "input", (event) => {
      helper?.fill(field.value);
      this.set(setting.name, field.value, setting.type !== "choice" && event.isTrusted);
    });
    if (setting.type !== "choice") field.addEventListener("keydown", (event) => this.#nudge(event, field));
    if (helper) controls.append(helper);
    controls.append(field);
    row.fill = (value) => {
      if (document.activeElement !== field || setting.type === "choice") field.value = value;
      if (document.activeElement !== helper) helper?.fill(value);
    };
    return row;
  }

  // A slider or a well of colours beside the field.
  #helper(setting, field) {
    const given = (value) => {
      field.value = value;
      this.set(setting.name, value);
    };
    if (setting.type === "colour") {
      const well = element("input", { type: "color", ariaLabel: setting.name });
      well.fill = (value) => {
        const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value);
        const whole = short ? `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}` : value;
        if (/^#[0-9a-f]{6}$/i.test(whole)) well.value = whole;
      };
      well.oninput = () => given(well.value);
      return well;
    }
    const [low, high, now] = [setting.low, setting.high, setting.value].map(split);
    if (!low || !high || !now || low.unit !== now.unit) return null;
    const step = setting.type === "count" ? 1 : high.number - low.number > 4 ? 0.1 : 0.01;
    const slider = element("input", { type: "range", min: low.number, max: high.number, step, ariaLabel: setting.name });
    slider.fill = (value) => {
      const found = split(value);
      if (found) slider.value = found.number;
    };
    slider.oninput = () => given(`${Number(slider.value)}${split(field.value)?.unit ?? now.unit}`);
    return slider;
  }

  // Up and down change a number by a tenth, with Shift by one; counts by one.
  #nudge(event, field) {
    const found = split(field.value);
    if (!found || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const step = event.shiftKey || (!found.unit && Number.isInteger(found.number)) ? 1 : 0.1;
    const number = Math.max(0, found.number + (event.key === "ArrowUp" ? step : -step));
    field.value = `${Number(number.toFixed(3))}${found.unit}`;
    field.dispatchEvent(new Event("input"));
  }
}

function split(value) {
  const found = /^(\d*\.?\d+)([a-z]*)$/i.exec(value);
  return found ? { number: Number(found[1]), unit: found[2] } : null;
}
