// Dragging with a mouse, a pen or a finger. A finger that moves at once scrolls, as everywhere; one that rests for a moment
// picks up what is under it.

const FAR = 5; // pixels that make a drag of a click, and a scroll of a press
const HOLD = 350; // ms; before the browser itself makes something of a long press

// `may` says whether somebody may begin. `lift` gets where in the element it was taken hold of, `to` that and where the
// pointer is. It ends with `drop` or `cancel`, and the click that a browser makes of it is swallowed.
function draggable(element, { may, lift, to, drop, cancel }) {
  let lifted = false;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || !may()) return;
    const finger = event.pointerType === "touch";
    const grip = gripOf(element, event);
    const over = new AbortController();
    const listen = (name, act) => addEventListener(name, act, { signal: over.signal, capture: true });
    const begin = () => {
      lifted = true;
      lift(grip);
      to(event.clientX, event.clientY, grip);
    };
    const resting = finger && setTimeout(begin, HOLD);
    const end = (act) => {
      clearTimeout(resting);
      over.abort();
      if (lifted) act();
    };
    element.setPointerCapture(event.pointerId);
    listen("pointermove", ({ clientX, clientY }) => {
      const near = Math.hypot(clientX - event.clientX, clientY - event.clientY) < FAR;
      if (!lifted && near) return;
      if (!lifted && finger) return end();
      if (!lifted) begin();
      to(clientX, clientY, grip);
    });
    listen("pointerup", () => end(drop));
    listen("pointercancel", () => end(cancel));
    listen("keydown", (key) => {
      if (key.key !== "Escape" || !lifted) return;
      key.preventDefault();
      end(cancel);
    });
  });
  const swallow = (event) => lifted && (event.preventDefault(), event.stopImmediatePropagation());
  // Not passive, and there before a finger is: or the browser would scroll while it drags.
  element.addEventListener("touchmove", swallow, { passive: false });
  element.addEventListener("contextmenu", swallow);
  element.addEventListener("click", swallow, true);
  element.addEventListener("lostpointercapture", () => setTimeout(() => (lifted = false))); // after that click
}

function gripOf(element, { clientX, clientY }) {
  const { left, top, width } = element.getBoundingClientRect();
  return { left: clientX - left, top: clientY - top, width };
}
