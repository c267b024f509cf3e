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
new MutationObserver(repair).observe(document.getElementById("root"), { childList: true, subtree: true });
