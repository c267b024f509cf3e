// The board of hidden jobs: cards go from column to column with the pointer, with the keys or by a menu. The server says
// what is kept: until it does, a card only waits, and when it refuses the card is back in its place.

const EDGE = 70; // pixels from a side, where the board moves along with what is dragged
const PACE = 14; // pixels in each of these steps
const STEP = 30; // ms
const SIDES = { ArrowLeft: -1, ArrowRight: 1 };
const UPRIGHT = { ArrowUp: -1, ArrowDown: 1 };

export default lasting(class {
  constructor(root) {
    this.root = root;
    for (const name of ["how", "hint", "keys", "said", "frame", "board", "ghost"]) this[name] = root.querySelector(`.${name}`);
    this.drawing = new Drawing(this.board, {
      more: (stage) => this.emit("more", { stage, number: Date.now() }),
      label: (given) => this.words("menu", given),
      added: (id, card) => this.makeReachable(id, card),
    });
    ({ columns: this.columns, cards: this.cards } = this.drawing);
    this.menu = new Menu(root.querySelector(".menu"), this.frame, {
      say: (why) => this.say(why, true),
      left: () => this.later && this.show(this.later),
    });
  }

  stop() {
    this.menu.stop();
    clearInterval(this.scrolling);
  }

  // Never under the hands of somebody: what comes in meanwhile is shown when they are free.
  update({ data, setTriggerValue }) {
    this.emit = setTriggerValue;
    if (this.held || this.menu.isOpen) this.later = data;
    else this.show(data);
  }

  show(data) {
    this.later = null;
    this.data = data;
    this.waiting = null;
    this.how.hidden = this.said.hidden = !data.moves;
    write(this.hint, data.words.hint);
    write(this.keys, data.words.keys);
    this.board.ariaLabel = data.words.label;
    const focused = this.root.activeElement?.dataset?.job;
    const part = this.root.activeElement?.className.split(" ")[0];
    this.drawing.draw(data);
    if (!this.cards.has(this.current)) this.current = data.columns.flatMap(({ cards }) => cards)[0]?.id;
    this.reachable();
    if (focused && this.root.activeElement?.dataset?.job !== focused) this.focus(Number(focused), part);
    this.hear(data.answer);
  }

  hear(answer) {
    if (!answer || answer.number === this.heard) return;
    if (this.heard !== undefined || this.sent) this.say(answer.words, answer.trouble);
    this.heard = answer.number;
  }

  say(words, trouble = false) {
    this.said.classList.toggle("trouble", Boolean(trouble));
    this.said.textContent = words;
  }

  // What is there

  makeReachable(id, card) {
    card.whole.type = "button";
    card.whole.dataset.job = id;
    card.whole.onclick = () => this.clicked(id);
    card.whole.onkeydown = (event) => this.pressed(event, id);
    card.whole.onkeyup = (event) => event.key === " " && this.data.moves && event.preventDefault(); // it would click
    card.whole.onfocus = () => this.goTo(id);
    card.whole.onblur = () => this.held?.id === id && !this.held.pointer && !this.moving && this.cancel();
    if (!this.data.moves) return;
    draggable(card.whole, {
      may: () => !this.waiting && !this.held,
      lift: (grip) => this.carry(id, grip),
      to: (x, y, grip) => this.under(x, y, grip),
      drop: () => this.drop(),
      cancel: () => this.cancel(),
    });
    card.dots = make("button", "dots", "⋯");
    card.dots.type = "button";
    card.dots.dataset.job = id;
    card.dots.ariaHasPopup = "menu";
    card.dots.onclick = () => (this.menu.isOpen ? this.menu.leave() : this.openMenu(id));
    card.dots.onfocus = () => this.goTo(id);
    card.item.append(card.dots);
  }

  words(name, given) {
    return this.data.words[name].replace(/\{(\w+)\}/g, (_all, field) => given[field]);
  }

  // One card at a time can be reached with Tab; the arrows go to the others.
  reachable() {
    for (const [id, { whole, dots }] of this.cards) {
      whole.tabIndex = id === this.current ? 0 : -1;
      if (dots) dots.tabIndex = id === this.current ? 0 : -1;
    }
  }

  goTo(id) {
    if (this.current === id) return;
    this.current = id;
    this.reachable();
  }

  focus(id, part = "card") {
    const card = this.cards.get(id) ?? this.cards.get(this.current);
    (part === "dots" ? card?.dots : card?.whole)?.focus({ preventScroll: true });
  }

  // As the kind of work of this card calls it; a stage that it does not have, as the board does.
  name({ given }, stage) {
    return this.data.kinds[given.kind][stage]?.name ?? this.columns.get(stage).given.label;
  }

  targets({ given, stage }) {
    return this.data.kinds[given.kind][stage].targets;
  }

  // Why a card cannot go there; nothing when it can.
  obstacle(card, target) {
    const { title, obstacles } = card.given;
    if (this.targets(card).includes(target)) return obstacles[target] ?? "";
    return this.words("refused", { title, before: this.name(card, card.stage), after: this.name(card, target) });
  }

  // With the keys

  pressed(event, id) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const act = this.held?.id === id ? this.actHeld(event, id) : this.actFree(event, id);
    if (!act) return;
    event.preventDefault();
    act();
  }

  actHeld({ key }) {
    if (key === "Enter" || key === " ") return () => this.drop();
    if (key === "Escape") return () => this.cancel();
    if (SIDES[key]) return () => this.side(SIDES[key]);
    return UPRIGHT[key] && (() => {}); // the page stays where it is
  }

  actFree({ key, repeat }, id) {
    const { moves, opens } = this.data;
    if (moves && (key === "Enter" || key === " ")) return () => !repeat && !this.waiting && this.lift(id);
    if (opens && key.toLowerCase() === "o") return () => this.open(id);
    if (SIDES[key]) return () => this.across(id, SIDES[key]);
    return UPRIGHT[key] && (() => this.along(id, UPRIGHT[key]));
  }

  along(id, step) {
    const { cards } = this.columns.get(this.cards.get(id).stage).given;
    const next = cards[cards.findIndex((card) => card.id === id) + step];
    if (next) this.look(next.id);
  }

  // To the same place in the next column that has cards.
  across(id, step) {
    const { columns } = this.data;
    const { stage } = this.cards.get(id);
    let place = columns.findIndex((column) => column.stage === stage);
    const row = columns[place].cards.findIndex((card) => card.id === id);
    do place += step;
    while (columns[place] && !columns[place].cards.length);
    const cards = columns[place]?.cards;
    if (cards) this.look(cards[Math.min(row, cards.length - 1)].id);
  }

  look(id) {
    const { whole } = this.cards.get(id);
    whole.focus({ preventScroll: true });
    whole.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  side(step) {
    const stages = this.data.columns.map(({ stage }) => stage);
    const next = stages[stages.indexOf(this.held.over) + step];
    if (next) this.over(next);
  }

  // Held by a key or by the pointer

  lift(id, pointer = null) {
    const card = this.cards.get(id);
    this.held = { id, pointer, over: card.stage };
    card.item.classList.add("held");
    for (const [stage, { whole, slot }] of this.columns) {
      const why = stage === card.stage ? "" : this.obstacle(card, stage);
      whole.classList.toggle("allowed", stage !== card.stage && !why);
      whole.classList.toggle("refused", Boolean(why));
      slot.textContent = why || (stage === card.stage ? "" : this.words("here", card.given));
    }
    if (!pointer) this.say(this.words("lifted", { title: card.given.title, stage: this.name(card, card.stage) }));
  }

  over(stage) {
    const card = this.cards.get(this.held.id);
    this.columns.get(this.held.over)?.whole.classList.remove("over");
    this.held.over = stage;
    const { whole } = this.columns.get(stage);
    whole.classList.add("over");
    if (this.held.pointer) return;
    whole.scrollIntoView({ block: "nearest", inline: "nearest" });
    const name = { stage: this.name(card, stage) };
    const why = stage === card.stage ? this.words("own", name) : this.obstacle(card, stage);
    this.say(why || this.words("may", name));
  }

  letGo() {
    clearInterval(this.scrolling);
    this.ghost.replaceChildren();
    for (const { whole, slot } of this.columns.values()) {
      whole.classList.remove("allowed", "refused", "over");
      slot.textContent = "";
    }
    const { id } = this.held;
    this.held = null;
    this.cards.get(id).item.classList.remove("held");
    return this.cards.get(id);
  }

  cancel(words = "") {
    const card = this.letGo();
    this.say(words || this.words("cancelled", card.given), Boolean(words));
    if (this.later) this.show(this.later);
  }

  drop() {
    const { id, over } = this.held;
    const card = this.cards.get(id);
    const why = over && over !== card.stage && this.obstacle(card, over);
    if (!over || over === card.stage || why) {
      this.cancel(why || "");
      return;
    }
    this.letGo();
    this.send(id, over);
  }

  send(id, stage) {
    const card = this.cards.get(id);
    const { item, given } = card;
    this.later = null;
    this.waiting = id;
    this.sent = true;
    item.classList.add("waiting");
    this.say(stage === this.data.lost ? "" : this.words("sending", { title: given.title, stage: this.name(card, stage) }));
    this.emit("moved", { job_id: id, seen_version: given.version, stage });
  }

  // With the pointer

  carry(id, { width }) {
    const picture = this.cards.get(id).whole.cloneNode(true);
    picture.tabIndex = -1;
    this.ghost.style.width = `${width}px`;
    this.ghost.replaceChildren(picture);
    this.lift(id, true);
    this.scrolling = setInterval(() => this.board.scrollBy(this.pull ?? 0, 0), STEP);
  }

  under(x, y, { left, top }) {
    const frame = this.frame.getBoundingClientRect();
    const board = this.board.getBoundingClientRect();
    this.ghost.style.transform = `translate(${x - left - frame.left}px, ${y - top - frame.top}px) rotate(2deg)`;
    this.pull = x > board.right - EDGE ? PACE : x < board.left + EDGE ? -PACE : 0;
    for (const [stage, { whole }] of this.columns) {
      const box = whole.getBoundingClientRect();
      if (x >= box.left && x <= box.right && stage !== this.held.over) this.over(stage);
    }
  }

  clicked(id) {
    if (this.data.opens && !this.waiting) this.open(id);
  }

  open(id) {
    this.emit("opened", { job_id: id, number: Date.now() });
  }

  // By the menu

  openMenu(id) {
    if (this.waiting) return;
    const card = this.cards.get(id);
    const choices = this.targets(card).map((stage) => ({
      words: this.words("to", { stage: this.name(card, stage) }),
      act: () => this.send(id, stage),
      why: this.obstacle(card, stage),
    }));
    const open = { words: this.data.words.open, act: () => this.open(id) };
    this.menu.open(card.dots, this.words("menu", card.given), [open, ...choices]);
  }
});
