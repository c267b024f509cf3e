// Hidden jobs as a table. The server sorts; the head of a column asks for that, and a title opens its job.

export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.querySelector(".frame").ariaLabel = data.label;
  const head = parentElement.querySelector("thead tr");
  const focused = parentElement.activeElement?.dataset?.column;
  head.replaceChildren(...data.columns.map((column) => heading(column, data.words, setTriggerValue)));
  parentElement.querySelector("tbody").replaceChildren(...data.rows.map((row) => line(row, data.opens, setTriggerValue)));
  if (focused) head.querySelector(`[data-column="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function heading({ code, label, sorted }, words, emit) {
  const cell = make("th");
  cell.scope = "col";
  if (sorted === null) {
    cell.textContent = label;
    return cell;
  }
  const button = make("button", "sort", label);
  const sign = make("span", "sign", { ascending: "▲", descending: "▼" }[sorted] ?? "");
  button.type = "button";
  button.dataset.column = code;
  button.title = words.sort.replace("{column}", label);
  sign.ariaHidden = "true";
  button.append(sign);
  button.onclick = () => emit("sorted", { column: code, descending: sorted === "ascending" });
  cell.ariaSort = sorted || "none";
  cell.append(button);
  return cell;
}

function line({ id, cells, level }, opens, emit) {
  const row = make("tr", level);
  const [title, ...others] = cells;
  const first = make("th");
  first.scope = "row";
  if (opens) {
    const button = make("button", "open", title);
    button.type = "button";
    button.onclick = () => emit("opened", { job_id: id, number: Date.now() });
    first.append(button);
  } else first.textContent = title;
  row.append(first, ...others.map((text) => make("td", "", text)));
  return row;
}
