// The number, a link that dials it, and a clock that runs from then on without asking the server.

const instances = new WeakMap();

export default function (component) {
  let me = instances.get(component.parentElement);
  if (!me) {
    me = new Dial(component.parentElement);
    instances.set(component.parentElement, me);
  }
  me.update(component);
  return () => me.stop();
}

class Dial {
  constructor(root) {
    this.number = root.querySelector(".number");
    this.link = root.querySelector(".dial");
    this.timer = root.querySelector(".timer");
    this.others = root.querySelector(".others");
    this.link.onclick = () => this.dialled(this.data.e164);
    this.onKey = (event) => this.shortcut(event);
    document.addEventListener("keydown", this.onKey);
  }

  stop() {
    clearInterval(this.ticking);
    document.removeEventListener("keydown", this.onKey);
  }

  update({ data, setTriggerValue }) {
    if (this.data?.call !== data.call) this.since = undefined;
    this.data = data;
    this.emit = setTriggerValue;
    this.number.textContent = data.number;
    this.link.href = data.href;
    this.link.hidden = !data.href;
    this.link.querySelector(".words").textContent = data.words.dial;
    this.others.replaceChildren(...data.others.map((other) => this.other(other)));
    if (data.seconds !== null) this.since ??= performance.now() - data.seconds * 1000;
    this.run();
  }

  other({ number, href, e164 }) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.textContent = number;
    link.href = href;
    link.onclick = () => this.dialled(e164);
    item.append(`${this.data.words.also} `, link);
    return item;
  }

  dialled(e164) {
    this.since ??= performance.now();
    this.run();
    this.emit("dialled", e164);
  }

  run() {
    this.timer.hidden = this.since === undefined;
    clearInterval(this.ticking);
    if (this.timer.hidden) return;
    this.tick();
    this.ticking = setInterval(() => this.tick(), 1000);
  }

  tick() {
    const seconds = Math.floor((performance.now() - this.since) / 1000);
    const rest = String(seconds % 60).padStart(2, "0");
    this.timer.textContent = `${Math.floor(seconds / 60)}:${rest}`;
  }

  shortcut(event) {
    if (event.key.toLowerCase() !== "d" || event.ctrlKey || event.metaKey || event.altKey || this.link.hidden) return;
    const typing = event.composedPath().some((e) => e.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName));
    if (!typing) this.link.click();
  }
}
