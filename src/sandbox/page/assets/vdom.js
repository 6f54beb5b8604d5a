// Turns plain descriptions into DOM and, given new ones, changes only what differs, so that focus, scroll and selection live on.

const SVG = 'http://www.w3.org/2000/svg';
const LIVE = new Set(['value', 'checked']);
const HOOKS = new Set(['key', 'made', 'kept', 'gone', 'style']);
const TEXT = '#text';

/** Describes an element: `h('div.row', {role: 'list'}, child, [children], 'text')`. */
export function h(name, props, ...children) {
  const [tag, ...classes] = name.split('.');
  const given = props || {};
  const named = [...classes, given.class].filter(Boolean).join(' ');
  return { tag, key: given.key, props: named ? { ...given, class: named } : given, children: flat(children) };
}

/** A part that is described again only when `memo` (a string) has changed. */
export function lazy(key, memo, build) {
  return { key, memo, build };
}

function flat(children) {
  const kept = children
    .flat(Infinity)
    .filter((it) => it !== null && it !== undefined && it !== false && it !== '');
  return kept.map((it) =>
    typeof it === 'object' ? it : { tag: TEXT, text: String(it), props: {}, children: [] },
  );
}

/** Makes the children of `parent` what the descriptions say. */
export function patch(parent, children) {
  const later = [];
  patchChildren(parent, flat([children]), parent.namespaceURI === SVG, later);
  later.forEach((run) => run());
}

function patchChildren(parent, wanted, inSvg, later) {
  const before = parent.skKids || new Map();
  const after = new Map();
  const counts = {};
  for (const part of wanted) {
    const id = identity(part, counts);
    const old = before.get(id);
    before.delete(id);
    after.set(id, settle(old, part, inSvg, later));
  }
  before.forEach((kid) => remove(kid));
  parent.skKids = after;
  order(parent, after);
}

// Without a key, the first `div` answers to the first `div` of before, and so on.
function identity(part, counts) {
  if (part.key !== undefined) return `key:${part.key}`;
  counts[part.tag] = (counts[part.tag] || 0) + 1;
  return `${part.tag}:${counts[part.tag]}`;
}

function settle(old, part, inSvg, later) {
  if (part.build && old && old.memo === part.memo) return old;
  const made = part.build ? part.build() : part;
  const fits = old && old.part.tag === made.tag;
  if (old && !fits) remove(old);
  const kid = fits ? old : { node: create(made, inSvg), part: { tag: made.tag, props: {}, children: [] } };
  update(kid, made, inSvg, later);
  if (!fits && made.props.made) later.push(() => made.props.made(kid.node));
  if (made.props.kept) later.push(() => made.props.kept(kid.node));
  kid.memo = part.memo;
  return kid;
}

function create(part, inSvg) {
  if (part.tag === TEXT) return document.createTextNode('');
  return inSvg || part.tag === 'svg'
    ? document.createElementNS(SVG, part.tag)
    : document.createElement(part.tag);
}

function update(kid, part, inSvg, later) {
  if (part.tag === TEXT) {
    if (kid.node.data !== part.text) kid.node.data = part.text;
  } else {
    // Children first: a select can only take a value that it offers.
    patchChildren(kid.node, part.children, inSvg || part.tag === 'svg', later);
    setAll(kid.node, kid.part.props, part.props);
  }
  kid.part = part;
}

function setAll(node, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) set(node, name, undefined);
  for (const [name, value] of Object.entries(after)) {
    if (LIVE.has(name) || value !== before[name]) set(node, name, value);
  }
  if (before.style || after.style) restyle(node, before.style || {}, after.style || {});
}

function set(node, name, value) {
  if (HOOKS.has(name)) return;
  if (name.startsWith('on')) listen(node, name.slice(2), value);
  else if (LIVE.has(name)) setLive(node, name, value);
  else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? '' : value);
}

function setLive(node, name, value) {
  const now = name === 'value' ? String(value ?? '') : Boolean(value);
  if (node[name] !== now) node[name] = now;
}

// One listener for each kind of event; what it does may change with every drawing.
function listen(node, type, does) {
  node.skOn = node.skOn || {};
  if (!(type in node.skOn)) node.addEventListener(type, (event) => node.skOn[type]?.(event));
  node.skOn[type] = does;
}

function restyle(node, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) node.style.removeProperty(name);
  for (const [name, value] of Object.entries(after)) {
    if (before[name] !== value) node.style.setProperty(name, value);
  }
}

function remove(kid) {
  leave(kid);
  kid.node.remove();
}

function leave(kid) {
  kid.part.props?.gone?.(kid.node);
  kid.node.skKids?.forEach(leave);
}

// Nodes that stand where they should are not touched: moving one would take its focus away.
function order(parent, kids) {
  let next = null;
  for (const { node } of [...kids.values()].reverse()) {
    if (node.parentNode !== parent || node.nextSibling !== next) parent.insertBefore(node, next);
    next = node;
  }
}

/** The elements inside `root` that Tab reaches. */
export function tabbable(root) {
  const all = root.querySelectorAll('a[href],button,input,textarea,select,[tabindex]');
  return [...all].filter((it) => !it.disabled && it.tabIndex >= 0 && it.offsetParent !== null);
}

/** An address that a person may be led to; none for scripts and the like. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return ['http:', 'https:', 'mailto:'].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}
