// What the desk does in the browser: dial, run the clock from then on, begin each question at its top, put the focus
// where the next key belongs, and take no key for a question that nobody can have read.
// Where a telephone system dials, the server asks it to; else the link of the number does.

const TABS = "kopkoffie-desk";
const TAB = (window.kopkoffieTab ??= Math.random().toString(36).slice(2));
const AWAY = 3000; // ms out of sight
const UNREAD = 250; // ms that a question is on screen before anybody can have read it
const PATIENCE = 5000; // ms without an answer of the server before a key is heard again
const ANSWERS = /^[0-9abefo]$/i;
const LOOKS = 15; // times, 100 ms apart, that a new screen is looked at until it is drawn
const PLACES = {
  dial: ".st-key-who .kk-row .kk-dial",
  say: ".st-key-say .kk-say",
  result: "[class*='st-key-disposition-'] input",
  summary: "[name=summary]",
  save: ".st-key-bar [class*='st-key-save-'] button",
};

export default lasting(class {
  constructor(root) {
    this.line = root.querySelector(".early");
    this.onClick = (event) => this.clicked(event, event.target.closest?.(".kk-dial"));
    this.onKey = (event) => this.pressed(event);
    document.addEventListener("click", this.onClick);
    document.addEventListener("keydown", this.onKey);
    this.onSave = (event) => this.saves(event);
    document.addEventListener("keydown", this.onSave, true);
    this.onAnswer = (event) => this.answers(event);
    document.addEventListener("keydown", this.onAnswer, true);
    document.addEventListener("click", this.onAnswer, true);
    this.ticking = setInterval(() => this.tick(), 1000);
    this.tabs = new BroadcastChannel(TABS);
    this.tabs.onmessage = ({ data }) => data !== TAB && this.look();
    this.onVisible = () => this.visible();
    document.addEventListener("visibilitychange", this.onVisible);
    this.app = document.querySelector(".stApp");
    this.watcher = new MutationObserver(() => this.connection());
    this.watcher.observe(this.app, { attributeFilter: ["data-test-connection-state"] });
    this.running = new MutationObserver(() => this.app.dataset.testScriptState === "notRunning" && this.hears());
    this.running.observe(this.app, { attributeFilter: ["data-test-script-state"] });
  }

  stop() {
    clearInterval(this.ticking);
    clearInterval(this.settling);
    document.removeEventListener("click", this.onClick);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("keydown", this.onSave, true);
    document.removeEventListener("keydown", this.onAnswer, true);
    document.removeEventListener("click", this.onAnswer, true);
    document.removeEventListener("visibilitychange", this.onVisible);
    clearTimeout(this.reading);
    this.watcher.disconnect();
    this.running.disconnect();
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
    if (!sameCall || before.step !== data.step) {
      this.settle();
      this.deaf(UNREAD);
    }
    if (!before) return;
    this.announce(before);
    const changed = !sameCall ? ["who", "say", "outcome"] : before.step !== data.step ? ["say"] : [];
    for (const zone of changed) document.querySelector(`.st-key-${zone}`)?.scrollTo(0, 0);
  }

  // What is drawn anew takes the focus along with what it replaces, so it is put there until all is drawn.
  settle() {
    clearInterval(this.settling);
    let look = 0;
    this.moving = true;
    this.settling = setInterval(() => {
      this.land(look);
      if (++look === LOOKS) clearInterval(this.settling);
    }, 100);
  }

  // Never out of a field or a dialog; a button is left once, when it has led to another question.
  land(look = LOOKS) {
    const here = document.activeElement;
    const pressed = this.moving && here.closest(".st-key-say, .st-key-bar, .kk-dial") && !isField(here);
    if (!document.hasFocus() || document.querySelector(".stDialog") || (here !== document.body && !pressed)) return;
    const place = find(PLACES[this.data.place]) ?? (look > LOOKS / 2 ? find(PLACES.say) : null);
    if (!place) return;
    if (place.matches(PLACES.say)) place.tabIndex = -1;
    place.focus({ preventScroll: true });
    this.moving = false;
  }

  clicked(event, link) {
    if (!link) return;
    if ("system" in link.dataset) event.preventDefault();
    if (!this.data.over) this.since ??= performance.now();
    this.tick();
    this.emit("dialled", link.dataset.number);
  }

  pressed(event) {
    if (event.key === "Escape") setTimeout(() => this.land());
    if (event.key.toLowerCase() !== "d" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.composedPath().some(isField)) document.querySelector(".kk-dial")?.click();
  }

  // A choice that was just clicked takes every Enter as another click on it, which would undo the choice; a number dials.
  saves(event) {
    if (event.key !== "Enter" || !event.ctrlKey || !event.target.closest?.(".st-key-desk :is([role=radio], .kk-dial)")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector(PLACES.save)?.click();
  }

  // Pressed too early, held down or clicked twice: that is said, and answers nothing.
  answers(event) {
    const click = event.type === "click";
    const meant = click ? event.target.closest?.(".st-key-say button") : isAnswer(event);
    if (!meant || document.querySelector(".stDialog")) return;
    const again = click ? event.detail > 1 : event.repeat || this.busy;
    if (again) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      this.deaf(PATIENCE);
    }
    this.line.textContent = again ? this.data.early : "";
  }

  // Until the next question can have been read, or the server said something else.
  deaf(duration) {
    clearTimeout(this.reading);
    this.busy = duration;
    this.reading = setTimeout(() => this.hears(true), duration);
    this.mark();
  }

  hears(read) {
    if (!read && this.busy === UNREAD) return;
    this.busy = 0;
    this.mark();
  }

  // A text comes as busy from the server.
  mark() {
    const text = document.querySelector(PLACES.say);
    if (text) text.ariaBusy = this.busy ? "true" : null;
  }

  tick() {
    this.land();
    this.mark();
    document.querySelector(".kk-dial")?.setAttribute("aria-keyshortcuts", "D"); // from now on the key is heard
    const timer = document.querySelector(".kk-timer");
    if (!timer || this.since === undefined) return;
    const seconds = this.data.over ? this.data.seconds : Math.floor((performance.now() - this.since) / 1000);
    timer.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
});

function isAnswer(event) {
  return ANSWERS.test(event.key) && !(event.ctrlKey || event.metaKey || event.altKey) && !event.composedPath().some(isField);
}

function isField(element) {
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || Boolean(element.shadowRoot);
}

// Texts that save themselves are in a shadow of their own.
function find(selector) {
  const shadows = [...document.querySelectorAll(".st-key-outcome *")].flatMap((element) => element.shadowRoot ?? []);
  return [document, ...shadows].map((root) => root.querySelector(selector)).find(Boolean);
}
