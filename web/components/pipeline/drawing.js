// What stands on the board: a column for each stage, with a card for each job.

const LINES = ["title", "work", "employer", "place", "reason", "age", "people", "step", "owner"];

class Drawing {
  // `more` asks for more cards of a stage, `label` names the menu of a card, `added` hears of a card that can be used.
  constructor(board, { more, label, added }) {
    Object.assign(this, { board, more, label, added });
    this.columns = new Map(); // stage -> the parts of its column
    this.cards = new Map(); // id of a job -> the parts of its card
  }

  draw({ columns, words, opens, moves }) {
    const cards = columns.flatMap((column) => column.cards);
    forget(this.columns, new Set(columns.map(({ stage }) => stage)), ({ whole }) => whole);
    forget(this.cards, new Set(cards.map(({ id }) => id)), ({ item }) => item);
    columns.forEach((given, place) => {
      const column = this.columns.get(given.stage) ?? this.addColumn(given.stage);
      put(this.board, column.whole, place);
      fillColumn(column, given, words);
      given.cards.forEach((one, row) => {
        const card = this.cards.get(one.id) ?? this.addCard(one.id, opens || moves);
        put(column.cards, card.item, row);
        this.fillCard(card, one, given.stage);
      });
    });
  }

  addColumn(stage) {
    const whole = make("section", "column");
    const head = make("h2", "head");
    const [name, total, still] = ["name", "total", "still"].map((part) => make("span", part));
    const [slot, cards, nothing, more] = [make("p", "slot"), make("ul", "cards"), make("p", "nothing"), make("button", "more")];
    more.type = "button";
    more.onclick = () => this.more(stage);
    head.append(name, total, still);
    whole.append(head, slot, cards, nothing, more);
    const column = { stage, whole, name, total, still, slot, cards, nothing, more };
    this.columns.set(stage, column);
    return column;
  }

  addCard(id, used) {
    const item = make("li", "item");
    const whole = make(used ? "button" : "div", "card");
    const lines = Object.fromEntries(LINES.map((name) => [name, make("span", name)]));
    whole.append(...LINES.map((name) => lines[name]));
    item.append(whole);
    const card = { item, whole, lines };
    if (used) this.added(id, card);
    this.cards.set(id, card);
    return card;
  }

  fillCard(card, given, stage) {
    card.given = given;
    card.stage = stage;
    for (const name of LINES) write(card.lines[name], given[name]);
    card.lines.step.classList.toggle("late", given.late);
    card.item.classList.remove("held", "waiting");
    card.whole.classList.remove("fresh", "waiting", "stale", "ended");
    card.whole.classList.add(given.level);
    if (card.dots) card.dots.ariaLabel = this.label(given);
  }
}

function fillColumn(column, given, words) {
  column.given = given;
  column.whole.ariaLabel = [given.label, given.counted, given.still].filter(Boolean).join(", ");
  column.whole.classList.toggle("empty", !given.cards.length);
  write(column.name, given.label);
  write(column.total, String(given.total));
  write(column.still, given.still);
  write(column.nothing, given.total ? "" : words.empty);
  write(column.more, given.more);
  column.more.ariaLabel = `${given.more}: ${given.label}`;
  column.more.hidden = !given.more;
}

// What is not wanted any more goes from the screen.
function forget(known, wanted, element) {
  for (const [key, parts] of known) {
    if (wanted.has(key)) continue;
    element(parts).remove();
    known.delete(key);
  }
}

// What stands in its place stays untouched, or it would lose the focus.
function put(parent, element, place) {
  if (parent.children[place] !== element) parent.insertBefore(element, parent.children[place] ?? null);
}
