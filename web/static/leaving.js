// What stands in a form or a dialog is kept when it is saved; leaving the page before that would lose it, so that is asked.
const QUESTION = "What you filled in is not saved. Leave this page all the same?";
const TYPED_IN = ':is([role="dialog"], [data-testid="stForm"]) :is(.stTextInput input, .stTextArea textarea)';
const SAVES = '[kind^="primary"], [data-testid="stFormSubmitButton"] button';
const ELSEWHERE = ':is([data-testid="stSidebarNavLink"], [data-testid="stPageLink-NavLink"])';
const typedIn = new Set();

const isUnsaved = () => [...typedIn].some((field) => field.isConnected && field.value);

addEventListener("input", ({ target }) => target.matches?.(TYPED_IN) && typedIn.add(target), true);

// Enter saves a form too; in a text of several lines it is typed, and counts as such right after this.
addEventListener("keydown", ({ key }) => key === "Enter" && typedIn.clear(), true);

addEventListener(
  "click",
  (event) => {
    if (event.target.closest?.(SAVES)) typedIn.clear();
    if (!event.target.closest?.(ELSEWHERE) || !isUnsaved()) return;
    if (confirm(words[QUESTION] ?? QUESTION)) {
      typedIn.clear();
    } else {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

addEventListener("beforeunload", (event) => isUnsaved() && event.preventDefault());
