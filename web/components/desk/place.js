// Another question begins at its top; another company at the top of every zone.

const places = new WeakMap();

export default function ({ data, parentElement }) {
  const before = places.get(parentElement);
  places.set(parentElement, data);
  if (!before) return;
  const zones = before.call !== data.call ? ["who", "say", "outcome"] : before.step !== data.step ? ["say"] : [];
  for (const zone of zones) document.querySelector(`.st-key-${zone}`)?.scrollTo(0, 0);
}
