// Streamlit speaks English. What it says of its own accord is put in the reader's language; nothing that people typed.
const words = JSON.parse(document.querySelector('meta[name="words"]')?.content ?? "{}");

const ITS_OWN = ["InputInstructions", "stFileUploaderDropzone", "stMainMenuPopover", "stSkipToContent"]
  .map((name) => `[data-testid="${name}"]`)
  .concat('[role="listbox"]', '[role="tooltip"]', '[data-testid="stTooltipContent"]')
  .concat('[data-testid="stDateInputField"] [data-placeholder]')
  .join(",");
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder"];
const LABELLED = ATTRIBUTES.map((name) => `[${name}]`).join(",");
const WITH_A_GAP = Object.keys(words)
  .filter((word) => word.includes("{}"))
  .map((word) => [new RegExp(`^${word.replace("{}", "(.+)")}$`), words[word]]);

const inTheirLanguage = (said) => {
  if (Object.hasOwn(words, said)) return words[said];
  const [pattern, wanted] = WITH_A_GAP.find(([gap]) => gap.test(said)) ?? [];
  return pattern && wanted.replace("{}", () => pattern.exec(said)[1]);
};

const translateText = (text) => {
  const wanted = inTheirLanguage(text.data.trim());
  if (wanted && text.parentElement?.closest(ITS_OWN)) text.data = wanted;
};

const translateLabels = (element) => {
  for (const name of ATTRIBUTES) {
    const wanted = inTheirLanguage(element.getAttribute(name) ?? "");
    if (wanted) element.setAttribute(name, wanted);
  }
};

const translate = (node) => {
  if (node.nodeType === Node.TEXT_NODE) translateText(node);
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  translateLabels(node);
  for (const element of node.querySelectorAll(LABELLED)) translateLabels(element);
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) translateText(texts.currentNode);
};

if (Object.keys(words).length) {
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translate);
      else if (change.type === "characterData") translateText(change.target);
      else translateLabels(change.target);
    }
  }).observe(document.body, {
    attributeFilter: ATTRIBUTES,
    characterData: true,
    childList: true,
    subtree: true,
  });
}
