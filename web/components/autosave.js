// Text fields that save themselves. What is typed stays in the browser's own storage until the server
// has said that it is kept, so a lost connection or a server that stops loses nothing.

const PAUSE = 600; // ms without a key before it is sent
const PATIENCE = 3000; // ms without an answer before it is sent again
const MOST_BASES = 20; // texts on their way that may have arrived although nothing was heard of them
const TABS = "kopkoffie-desk"; // the other windows of this browser hear here that something was saved
const TAB = (window.kopkoffieTab ??= Math.random().toString(36).slice(2));

export default lasting(class {
  constructor(root) {
    this.form = root.querySelector(".fields");
    this.line = root.querySelector(".line");
    this.inputs = new Map();
    this.unsaved = new Map(); // name -> {text, bases}: what was typed, and what the server may have of it by now
    this.server = new Map(); // name -> what the server has
    this.seen = new Map(); // name -> what the server last told
    this.sent = 0;
    this.onPageHide = () => this.send();
    addEventListener("pagehide", this.onPageHide);
    // Before a click leads to another page: what is sent after that would empty it, as it asks for the page that was left.
    this.onPointer = () => this.send();
    document.addEventListener("pointerdown", this.onPointer, true);
    this.tabs = new BroadcastChannel(TABS);
    this.app = document.querySelector(".stApp");
    this.onConnection = () => this.connected();
    addEventListener("online", this.onConnection);
    addEventListener("offline", this.onConnection);
    this.watcher = new MutationObserver(this.onConnection);
    this.watcher.observe(this.app, { attributeFilter: ["data-test-connection-state"] });
    this.onKey = (event) => this.pressed(event);
    document.addEventListener("keydown", this.onKey);
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey) this.send(); // before a shortcut acts on what is not sent yet
    });
  }

  stop() {
    clearTimeout(this.timer);
    clearInterval(this.retry);
    removeEventListener("pagehide", this.onPageHide);
    document.removeEventListener("pointerdown", this.onPointer, true);
    removeEventListener("online", this.onConnection);
    removeEventListener("offline", this.onConnection);
    this.watcher.disconnect();
    document.removeEventListener("keydown", this.onKey);
    this.send();
    this.tabs.close();
  }

  // Said at once when the line goes, and what waits goes along at once when it is back.
  connected() {
    if (!this.data) return;
    const back = this.offline && !gone(this.app);
    this.offline = gone(this.app);
    this.tell();
    if (back) this.send();
  }

  // A key leads to its field when nobody is typing; Escape leads out again, so that keys are keys once more.
  pressed(event) {
    const focused = [...this.inputs.values()].find(({ input }) => input.matches(":focus"));
    if (event.key === "Escape") focused?.input.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    const wanted = this.data?.fields.find((field) => field.shortcut && field.shortcut === event.key.toUpperCase());
    if (!wanted) return;
    event.preventDefault();
    this.inputs.get(wanted.name).input.focus();
  }

  update({ data, setStateValue }) {
    if (this.data && this.data.scope !== data.scope) this.empty();
    this.data = data;
    this.emit = setStateValue;
    this.hear(data.answer);
    this.draw();
    this.tell();
  }

  empty() {
    for (const known of [this.unsaved, this.server, this.seen, this.inputs]) known.clear();
    this.form.replaceChildren();
  }

  // What the server has kept is safe; what was typed since then is not.
  hear(answer) {
    if (!answer || answer.sent > this.sent || answer.sent === this.heard) return;
    this.heard = answer.sent;
    this.lost = false;
    this.refused = answer.saved === null;
    if (this.refused) return;
    this.merged = Object.keys(answer.merged).length > 0;
    for (const [name, text] of Object.entries(answer.texts)) this.kept(name, text, answer.merged[name] ?? text);
    this.tabs.postMessage(TAB);
  }

  // `whole` is what the server made of `text`: the two versions together when another window was first.
  kept(name, text, whole) {
    this.server.set(name, whole);
    const typed = this.unsaved.get(name);
    if (!typed) return;
    const since = typed.text.startsWith(text) ? typed.text.slice(text.length) : `\n${typed.text}`;
    if (typed.text !== whole && this.inputs.has(name) && whole !== text) {
      this.inputs.get(name).input.value = typed.text === text ? whole : whole + since;
    }
    if (typed.text === text) this.settle(name);
    else this.unsaved.set(name, { text: whole === text ? typed.text : whole + since, bases: [whole] });
  }

  draw() {
    const wanted = new Set(this.data.fields.map((field) => field.name));
    for (const [name, { label }] of this.inputs) {
      if (!wanted.has(name)) {
        label.remove();
        this.inputs.delete(name);
      }
    }
    this.data.fields.forEach((field, place) => {
      if (!this.inputs.has(field.name)) this.add(field);
      const { label, caption, input } = this.inputs.get(field.name);
      if (this.form.children[place] !== label) this.form.insertBefore(label, this.form.children[place] ?? null);
      caption.textContent = field.label;
      input.ariaKeyShortcuts = field.shortcut || null;
      input.placeholder = field.placeholder;
      if (this.seen.get(field.name) !== field.value) this.learn(field, input);
    });
  }

  // Never under the hands of somebody who is typing.
  learn(field, input) {
    this.seen.set(field.name, field.value);
    if (this.unsaved.has(field.name)) return;
    this.server.set(field.name, field.value);
    if (!input.matches(":focus")) input.value = field.value;
  }

  add(field) {
    const label = document.createElement("label");
    const caption = document.createElement("span");
    const input = document.createElement(field.lines > 1 ? "textarea" : "input");
    if (field.lines > 1) input.rows = field.lines;
    input.maxLength = field.longest;
    input.autocomplete = "off";
    input.name = field.name;
    input.oninput = () => this.typed(field.name, input.value);
    input.onchange = () => this.send();
    label.className = field.half ? "half" : "";
    label.append(caption, input);
    this.form.append(label);
    this.inputs.set(field.name, { label, caption, input });
    this.learn(field, input);
    this.recover(field, input);
  }

  // A copy that never reached the server is sent again. When the server has other text, both are kept.
  recover(field, input) {
    const copy = read(this.place(field.name));
    if (!copy) return;
    const known = copy.bases?.some((base) => base.trim() === field.value.trim());
    const follows = known || copy.text.startsWith(field.value.trim());
    const text = follows ? copy.text : `${field.value}${field.lines > 1 ? "\n" : " "}${copy.text}`;
    if (text.trim() === field.value.trim()) {
      forget(this.place(field.name));
      return;
    }
    input.value = text;
    this.typed(field.name, text);
  }

  typed(name, text) {
    const bases = this.unsaved.get(name)?.bases ?? [this.server.get(name) ?? ""];
    this.refused = false;
    this.unsaved.set(name, { text, bases });
    write(this.place(name), { text, bases });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
    this.retry ??= setInterval(() => this.again(), PATIENCE);
    this.tell();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.unsaved.size) return;
    this.sent = Math.max(Date.now(), this.sent + 1);
    this.sentAt = performance.now();
    const waiting = [...this.unsaved];
    const texts = Object.fromEntries(waiting.map(([name, { text }]) => [name, text]));
    const bases = Object.fromEntries(waiting.map(([name, typed]) => [name, typed.bases]));
    for (const [name, { text, bases: before }] of waiting) {
      this.unsaved.set(name, { text, bases: [...before.filter((base) => base !== text), text].slice(-MOST_BASES) });
    }
    this.emit("typed", { sent: this.sent, texts, bases });
  }

  again() {
    const waiting = this.timer === undefined && this.unsaved.size && !this.refused;
    if (waiting && performance.now() - this.sentAt >= PATIENCE) {
      this.lost = true;
      this.tell();
      this.send();
    }
  }

  settle(name) {
    this.unsaved.delete(name);
    forget(this.place(name));
    if (this.unsaved.size) return;
    clearInterval(this.retry);
    this.retry = undefined;
    this.lost = false;
  }

  tell() {
    const { words, saved } = this.data;
    const open = this.unsaved.size > 0;
    const here = open || this.data.fields.some((field) => field.shortcut); // once on a screen is enough
    const offline = here && (this.offline || (open && this.lost));
    const kept = this.merged ? words.merged : saved;
    const text = offline ? words.offline : !open ? kept : this.refused ? words.refused : words.typing;
    this.line.classList.toggle("trouble", Boolean(offline || (open ? this.refused : this.merged)));
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  place(name) {
    return `kopkoffie:${this.data.scope}:${name}`;
  }
});

function gone(app) {
  return !navigator.onLine || app.dataset.testConnectionState !== "CONNECTED";
}

function typing(event) {
  return event.composedPath().some((e) => e.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName));
}

// A browser may refuse storage (private windows): then the server is the only copy.
function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null;
  }
}

function write(place, copy) {
  try {
    localStorage.setItem(place, JSON.stringify(copy));
  } catch {
    return;
  }
}

function forget(place) {
  try {
    localStorage.removeItem(place);
  } catch {
    return;
  }
}
