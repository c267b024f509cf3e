// How many messages wait. What stays the same is not touched, so nothing is drawn or read aloud for nothing.

export default lasting(class {
  constructor(root) {
    this.link = root.querySelector(".bell");
    this.count = root.querySelector(".count");
    this.words = root.querySelector(".words");
    this.news = root.querySelector(".news");
    this.link.addEventListener("click", (event) => this.clicked(event));
  }

  update({ data }) {
    const before = this.data;
    this.data = data;
    const label = `${data.label}: ${data.words}`;
    if (before?.count === data.count && this.words.textContent === label) return;
    this.link.href = data.address;
    this.link.title = label;
    this.words.textContent = label;
    this.count.textContent = data.count;
    // Only more is news: what one reads oneself needs no word.
    const more = before && Number.parseInt(data.count || 0) > Number.parseInt(before.count || 0);
    this.news.textContent = more ? data.words : "";
  }

  // Another tab opens by the link itself; here, the menu goes there without loading anew.
  clicked(event) {
    const entry = document.querySelector(`[data-testid="stSidebarNavLink"][href$="${this.data.address}"]`);
    if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    entry.click();
  }
});
