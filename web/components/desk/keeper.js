// What the desk does in the browser: dial, run the clock from then on, and begin each question at its top.
// Where a telephone system dials, the server asks it to; else the link of the number does.

const TABS = "kopkoffie-desk";
const TAB = (window.kopkoffieTab ??= Math.random().toString(36).slice(2));
const AWAY = 3000; // ms out of sight

const instances = new WeakMap();

export default function (component) {
  let me = instances.get(component.parentElement);
  if (!me) {
    me = new Desk();
    instances.set(component.parentElement, me);
  }
  me.update(component);
  return () => me.stop();
}

class Desk {
  constructor() {
    this.onClick = (event) => this.clicked(event, event.target.closest?.(".kk-dial"));
    this.onKey = (event) => this.pressed(event);
    document.addEventListener("click", this.onClick);
    document.addEventListener("keydown", this.onKey);
    this.onSave = (event) => this.saves(event);
    document.addEventListener("keydown", this.onSave, true);
    this.ticking = setInterval(() => this.tick(), 1000);
    this.tabs = new BroadcastChannel(TABS);
    this.tabs.onmessage = ({ data }) => data !== TAB && this.look();
    this.onVisible = () => this.visible();
    document.addEventListener("visibilitychange", this.onVisible);
    this.app = document.querySelector(".stApp");
    this.watcher = new MutationObserver(() => this.connection());
    this.watcher.observe(this.app, { attributeFilter: ["data-test-connection-state"] });
  }

  stop() {
    clearInterval(this.ticking);
    document.removeEventListener("click", this.onClick);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("keydown", this.onSave, true);
    document.removeEventListener("visibilitychange", this.onVisible);
    this.watcher.disconnect();
    this.tabs.close();
  }

  // A server that was started anew knows nothing of this screen, and would not hear the next key: it draws first.
  connection() {
    const away = this.app.dataset.testConnectionState !== "CONNECTED";
    if (this.away && !away) this.look();
    this.away = away;
  }

  // Another window of this caller did something. One that nobody sees looks when it is seen again.
  look() {
    if (document.hidden) {
      this.behind = true;
      return;
    }
    this.behind = false;
    this.looking = true;
    this.emit("looked", Date.now());
  }

  // A window on another computer cannot tell, so whoever comes back after a while looks anyway.
  visible() {
    if (document.hidden) this.hiddenAt = performance.now();
    else if (this.behind || performance.now() - this.hiddenAt > AWAY) this.look();
  }

  announce(before) {
    const same = before.call === this.data.call && before.step === this.data.step && before.mark === this.data.mark;
    if (!same && !this.looking) this.tabs.postMessage(TAB);
    this.looking = false;
  }

  update({ data, setTriggerValue }) {
    const before = this.data;
    this.data = data;
    this.emit = setTriggerValue;
    const sameCall = before?.call === data.call;
    if (!sameCall || before.stage !== data.stage) this.since = undefined;
    if (data.seconds !== null) this.since ??= performance.now() - data.seconds * 1000;
    this.tick();
    if (!before) return;
    this.announce(before);
    const changed = !sameCall ? ["who", "say", "outcome"] : before.step !== data.step ? ["say"] : [];
    for (const zone of changed) document.querySelector(`.st-key-${zone}`)?.scrollTo(0, 0);
  }

  clicked(event, link) {
    if (!link) return;
    if ("system" in link.dataset) event.preventDefault();
    if (!this.data.over) this.since ??= performance.now();
    this.tick();
    this.emit("dialled", link.dataset.number);
  }

  pressed(event) {
    if (event.key.toLowerCase() !== "d" || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.composedPath().some((e) => e.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName));
    if (!typing) document.querySelector(".kk-dial")?.click();
  }

  // A choice that was just clicked takes every Enter as another click on it, which would undo the choice.
  saves(event) {
    if (event.key !== "Enter" || !event.ctrlKey || !event.target.closest?.(".st-key-desk [role=radio]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector(".st-key-save button")?.click();
  }

  tick() {
    document.querySelector(".kk-dial")?.setAttribute("aria-keyshortcuts", "D"); // from now on the key is heard
    const timer = document.querySelector(".kk-timer");
    if (!timer || this.since === undefined) return;
    const seconds = this.data.over ? this.data.seconds : Math.floor((performance.now() - this.since) / 1000);
    timer.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}
