// Streamlit puts headings between the items of its menu, inside the list, which a screen reader cannot make sense of.
// Without their list roles they are read as what they are: links in groups.
const repair = () => {
  for (const list of document.querySelectorAll('[data-testid="stSidebarNavItems"]')) {
    list.setAttribute("role", "none");
    for (const item of list.querySelectorAll("li")) item.setAttribute("role", "none");
  }
  // What scrolls sideways must do so with the arrow keys too.
  for (const board of document.querySelectorAll(".st-key-board:not([tabindex])")) board.tabIndex = 0;
};
// Streamlit gives the focus to the frame of a dialog, where typing does nothing; the first field is where one begins.
// Not a date, nor the hidden field behind one: that would open its calendar, and takes Escape for itself.
const FIELD = 'input:not([type="checkbox"], [tabindex="-1"], [data-testid="stDateInputField"]), textarea';
let given; // what got the focus here; what is drawn later may stand before it
const enter = () => {
  const here = document.activeElement;
  const frame = here?.closest('[role="dialog"]');
  if (!frame || (here !== frame && (here !== given || here.value))) return;
  const first = frame.querySelector(FIELD);
  if (first && first !== here) (given = first).focus();
};
// Streamlit takes what is typed when its field is left, and Escape would close the dialog before that.
const leave = ({ key, target }) => {
  if (key === "Escape" && target.matches?.('[role="dialog"] :is(input:not([role="combobox"]), textarea)')) target.blur();
};
addEventListener("keydown", leave, true);

new MutationObserver(enter).observe(document.body, { childList: true, subtree: true });

new MutationObserver(repair).observe(document.getElementById("root"), { childList: true, subtree: true });

// Who clicks twice, or holds Enter or Ctrl+Enter, means it once; the server would do both beside each other.
const ACTS = '[data-testid^="stBaseButton-primary"]';
const once = (event) => {
  const key = event.type === "keydown";
  const again = key ? event.repeat && event.key === "Enter" : event.detail > 1;
  if (!again || !((key && event.ctrlKey) || event.target.closest?.(ACTS))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
};
addEventListener("click", once, true);
addEventListener("keydown", once, true);
