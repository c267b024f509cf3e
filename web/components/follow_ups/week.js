// A week in which follow-ups are dragged to another moment, with the pointer or with the keys. The server says what is
// kept: until it does, a card only waits where it was put, and when it refuses the card is back in its place.

const QUARTER = 15; // minutes
const SHOWN = 30; // minutes that a card takes up on the screen
const LANES = 4; // beside each other on a day; of more the last place says how many
const NARROW = matchMedia("(max-width: 48rem)");
const STEPS = { ArrowUp: [0, -QUARTER], ArrowDown: [0, QUARTER], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export default lasting(class {
  constructor(root) {
    for (const name of ["how", "week", "heads", "body", "hours", "columns", "cards", "rest", "empty", "live"]) {
      this[name] = root.querySelector(`.${name}`);
    }
    this.buttons = new Map(); // id of a follow-up -> its card
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.emit = setTriggerValue;
    this.held = null;
    this.waiting = null;
    this.drawDays();
    this.drawCards();
    if (data.answer && data.answer.number !== this.heard) {
      if (this.heard !== undefined || this.sent) this.say(data.answer.words);
      this.heard = data.answer.number;
    }
  }

  drawDays() {
    const { days, first, last, words } = this.data;
    this.week.style.setProperty("--days", days.length);
    this.week.style.setProperty("--quarters", (last - first) / QUARTER);
    this.week.ariaLabel = words.label;
    this.how.textContent = NARROW.matches ? words.tap : words.how;
    this.empty.textContent = this.data.items.length ? "" : words.empty;
    this.heads.replaceChildren(...days.map(head));
    this.hours.replaceChildren(...hours(first, last));
    this.columns.replaceChildren(...days.map((day) => column(day, first)));
  }

  drawCards() {
    const { items } = this.data;
    const focused = [...this.buttons].find(([, button]) => button.matches(":focus"))?.[0];
    const wanted = new Set(items.map((item) => item.id));
    const { places, rest } = arranged(items);
    this.places = places;
    this.rest.replaceChildren(...rest.map((some) => this.more(some)));
    for (const [id, button] of this.buttons) {
      if (!wanted.has(id)) {
        button.remove();
        this.buttons.delete(id);
      }
    }
    items.forEach((item, place) => {
      const button = this.buttons.get(item.id) ?? this.add(item.id);
      if (this.cards.children[place] !== button) this.cards.insertBefore(button, this.cards.children[place] ?? null);
      button.classList.remove("held", "waiting");
      button.classList.toggle("late", item.late);
      button.classList.toggle("over", !places.has(item.id));
      this.put(item, item);
    });
    if (focused && this.buttons.has(focused)) this.buttons.get(focused).focus({ preventScroll: true });
  }

  add(id) {
    const button = make("button", "card");
    button.type = "button";
    button.append(...["day", "line", "what"].map((name) => make("span", name)));
    button.onkeydown = (event) => this.pressed(event, id);
    button.onkeyup = (event) => event.key === " " && !NARROW.matches && event.preventDefault(); // it would click
    draggable(button, {
      may: () => !NARROW.matches && !this.waiting && !this.held,
      lift: () => this.lift(id, true),
      to: (x, y, { top }) => this.under(x, y - top),
      drop: () => this.drop(),
      cancel: () => this.cancel(),
    });
    button.onblur = () => this.held?.id === id && !this.held.pointer && this.cancel();
    button.onclick = () => this.clicked(id);
    this.buttons.set(id, button);
    return button;
  }

  // How many more there are around this time; a click opens all of that day.
  more({ day, minute, count }) {
    const button = make("button", "more", `+${count}`);
    button.type = "button";
    button.ariaLabel = `${this.data.words.more.replace("{n}", count)}, ${this.spoken(day, minute)}`;
    button.title = button.ariaLabel;
    place(button, this.data, { day, minute }, [LANES - 1, LANES]);
    button.onclick = () => this.emit("day", { day: this.data.days[day].date, number: Date.now() });
    return button;
  }

  item(id) {
    return this.data.items.find((item) => item.id === id);
  }

  // A card where it is, or where somebody holds it.
  put(item, { day, minute }) {
    const { days, words } = this.data;
    const button = this.buttons.get(item.id);
    const lane = this.held?.id !== item.id && this.places.get(item.id);
    place(button, this.data, { day, minute }, lane || [0, 1]);
    const [when, line, what] = button.children;
    when.textContent = `${days[day].label} ${clock(minute)}`;
    line.replaceChildren(make("span", "time", `${clock(minute)} `), item.late ? "⚠ " : "", item.title);
    what.textContent = item.about;
    button.title = item.words;
    const parts = [item.name, this.spoken(day, minute), item.late ? words.late : ""];
    button.ariaLabel = parts.filter(Boolean).join(", ");
  }

  spoken(day, minute) {
    const { spoken, holiday } = this.data.days[day];
    return [spoken, holiday, clock(minute)].filter(Boolean).join(", ");
  }

  say(words) {
    this.live.textContent = words;
  }

  // With the keys

  pressed(event, id) {
    if (NARROW.matches || event.ctrlKey || event.metaKey || event.altKey) return;
    const held = this.held?.id === id && this.held;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (held) this.drop();
      else if (!this.waiting && !event.repeat) this.lift(id);
    } else if (held && event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    } else if (held && STEPS[event.key]) {
      event.preventDefault();
      const [days, minutes] = STEPS[event.key];
      this.to(held.day + days, held.minute + minutes);
      this.say(this.spoken(held.day, held.minute));
    }
  }

  lift(id, pointer = null) {
    const item = this.item(id);
    this.held = { id, day: item.day, minute: item.minute, pointer };
    this.buttons.get(id).classList.add("held");
    if (!pointer) this.say(`${this.data.words.lifted} ${this.spoken(item.day, item.minute)}`);
  }

  to(day, minute) {
    const { days, first, last } = this.data;
    this.held.day = Math.min(Math.max(day, 0), days.length - 1);
    this.held.minute = Math.min(Math.max(minute, first), last - QUARTER);
    this.put(this.item(this.held.id), this.held);
    if (!this.held.pointer) this.buttons.get(this.held.id).scrollIntoView({ block: "nearest" });
  }

  cancel() {
    const item = this.item(this.held.id);
    this.held = null;
    this.buttons.get(item.id).classList.remove("held");
    this.put(item, item);
    this.say(this.data.words.cancelled);
  }

  drop() {
    const { id, day, minute } = this.held;
    const item = this.item(id);
    if (day === item.day && minute === item.minute) {
      this.cancel();
      return;
    }
    this.held = null;
    this.waiting = id;
    this.sent = true;
    const { classList } = this.buttons.get(id);
    classList.remove("held");
    classList.add("waiting");
    this.emit("moved", { follow_up_id: id, seen_version: item.version, day: this.data.days[day].date, minute });
  }

  // With the pointer

  under(x, y) {
    const box = this.cards.getBoundingClientRect();
    const { days, first, last } = this.data;
    const quarters = ((last - first) / QUARTER) * ((y - box.top) / box.height);
    this.to(Math.floor(((x - box.left) / box.width) * days.length), first + Math.round(quarters) * QUARTER);
  }

  // A click, or a tap in the list, opens the question; of a key it lifts the card instead.
  clicked(id) {
    if (!this.waiting) this.emit("opened", { follow_up_id: id, number: Date.now() });
  }
});

function place(button, { days, first }, { day, minute }, [lane, lanes]) {
  const width = 100 / days.length;
  button.style.top = `calc(var(--quarter) * ${(minute - first) / QUARTER})`;
  button.style.left = `calc(${width * (day + lane / lanes)}% + 2px)`;
  button.style.width = `calc(${width / lanes}% - 4px)`;
}

// Cards that would cover each other stand beside each other: for each its place, and among how many. What finds no
// place is counted, for each half hour.
function arranged(items) {
  const places = new Map();
  const rest = [];
  for (const { together, lanes } of clusters(items)) {
    const all = lanes <= LANES;
    const over = [];
    for (const [item, lane] of together) {
      if (all || lane < LANES - 1) places.set(item.id, [lane, all ? lanes : LANES]);
      else over.push(item);
    }
    for (const some of halfHours(over)) {
      if (some.length === 1) places.set(some[0].id, [LANES - 1, LANES]);
      else rest.push({ day: some[0].day, minute: some[0].minute, count: some.length });
    }
  }
  return { places, rest };
}

// What is on the screen at the same time, each with its lane.
function clusters(items) {
  const found = [];
  let ends = []; // when the last card of each lane ends
  let day = null;
  for (const item of items) {
    if (item.day !== day || ends.every((end) => end <= item.minute)) {
      found.push({ together: [], lanes: 0 });
      [day, ends] = [item.day, []];
    }
    const free = ends.findIndex((end) => end <= item.minute);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = item.minute + SHOWN;
    found.at(-1).together.push([item, lane]);
    found.at(-1).lanes = ends.length;
  }
  return found;
}

function halfHours(items) {
  const found = [];
  for (const item of items) {
    if (!found.length || item.minute >= found.at(-1)[0].minute + SHOWN) found.push([]);
    found.at(-1).push(item);
  }
  return found;
}

function head(day) {
  const element = make("div", day.today ? "head today" : "head");
  element.append(day.label, day.holiday ? make("span", "holiday", day.holiday) : "");
  return element;
}

function column(day, first) {
  const element = make("div", "column");
  if (day.until) {
    const open = make("span", "open", "");
    open.style.top = `calc(var(--quarter) * ${(day.from - first) / QUARTER})`;
    open.style.height = `calc(var(--quarter) * ${(day.until - day.from) / QUARTER})`;
    element.append(open);
  }
  return element;
}

function hours(first, last) {
  const found = [];
  for (let minute = first; minute < last; minute += 60) {
    const element = make("span", "hour", clock(minute));
    element.style.top = `calc(var(--quarter) * ${(minute - first) / QUARTER})`;
    found.push(element);
  }
  return found;
}

function clock(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
