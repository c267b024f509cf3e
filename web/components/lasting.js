// For a component with a memory: one object of this class for as long as it is on the screen. It is told of all that the
// server sends by `update`, and may have a `stop`.
function lasting(Class) {
  const known = new WeakMap();
  return (component) => {
    const root = component.parentElement;
    if (!known.has(root)) known.set(root, new Class(root));
    const me = known.get(root);
    me.update(component);
    return () => me.stop?.();
  };
}
