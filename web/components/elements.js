function make(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}

// What stays the same is not touched, so nothing is drawn or read aloud for nothing.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
