// What can be done with something, in a menu under its button; with the keys of every menu.
class Menu {
  // `say` tells why something cannot be done; `left` is told when somebody goes away without a choice.
  constructor(element, frame, { say, left }) {
    Object.assign(this, { element, frame, say, left });
    element.onkeydown = (event) => this.pressed(event);
    this.onPointer = (event) => {
      const inside = event.composedPath();
      if (this.isOpen && !inside.includes(element) && !inside.includes(this.button)) this.leave();
    };
    document.addEventListener("pointerdown", this.onPointer, true);
  }

  stop() {
    document.removeEventListener("pointerdown", this.onPointer, true);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  // Of each choice its words and what it does, and `why` when that is not possible now.
  open(button, label, choices) {
    this.button = button;
    button.ariaExpanded = "true";
    this.element.replaceChildren(...choices.map((choice) => this.entry(choice)));
    this.element.ariaLabel = label;
    this.element.hidden = false;
    const [below, frame] = [button.getBoundingClientRect(), this.frame.getBoundingClientRect()];
    const right = Math.min(below.right, frame.right) - frame.left - this.element.offsetWidth;
    const top = Math.min(below.bottom - frame.top, frame.height - this.element.offsetHeight);
    this.element.style.left = `${Math.max(right, 0)}px`;
    this.element.style.top = `${Math.max(top, 0)}px`;
    this.element.firstChild.focus({ preventScroll: true });
  }

  entry({ words, act, why }) {
    const entry = make("button", "entry", words);
    entry.type = "button";
    entry.role = "menuitem";
    entry.tabIndex = -1;
    if (why) {
      entry.ariaDisabled = "true";
      entry.append(make("span", "why", why));
    }
    entry.onclick = () => {
      if (why) return this.say(why);
      this.close();
      act();
    };
    return entry;
  }

  pressed(event) {
    const entries = [...this.element.children];
    const place = entries.indexOf(this.element.getRootNode().activeElement);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) entries.at(to % entries.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.leave();
    else return;
    event.preventDefault();
  }

  close() {
    this.element.hidden = true;
    this.button.ariaExpanded = "false";
    this.button.focus({ preventScroll: true });
  }

  leave() {
    this.close();
    this.left();
  }
}
