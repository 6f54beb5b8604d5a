// The one menu that may be open: where it stands, what it offers, and the keys that move in it.

import { h } from './vdom.js';

const GAP = 4;
const EDGE = 8;

/** Keeps which menu is open. It hangs on the element with its id, and goes when that goes. */
export function makeMenu(redraw) {
  const menu = {
    at: null,
    of: (id) => (menu.at?.id === id ? menu.at : null),
    open(id, state) {
      menu.at = { id, active: 0, ...state };
      redraw();
    },
    close({ refocus = false } = {}) {
      if (!menu.at) return;
      const { id } = menu.at;
      menu.at = null;
      redraw();
      if (refocus) document.getElementById(id)?.focus();
    },
    draw() {
      if (!menu.at) return null;
      const anchor = document.getElementById(menu.at.id);
      if (!anchor) menu.at = null;
      return (
        menu.at &&
        h(
          'div.sk-pop',
          { key: `pop:${menu.at.id}`, kept: (node) => place(node, menu.at?.id), onmousedown: keepFocus },
          menu.at.draw(),
        )
      );
    },
  };
  document.addEventListener('mousedown', (event) => {
    const inside =
      event.target.closest?.('.sk-pop') ||
      document.getElementById(menu.at?.id)?.closest('.sk-anchor, button')?.contains(event.target);
    if (menu.at && !inside) menu.close();
  });
  const follow = () => menu.at && place(document.querySelector('.sk-pop'), menu.at.id);
  window.addEventListener('resize', follow);
  document.addEventListener('scroll', follow, true);
  return menu;
}

// The field keeps the focus while the mouse is used in its list.
function keepFocus(event) {
  if (!event.target.closest('button, input')) event.preventDefault();
}

function place(pop, id) {
  const anchor = document.getElementById(id);
  if (!pop || !anchor) return;
  const frame = (anchor.closest('.sk-anchor') || anchor).getBoundingClientRect();
  if (pop.querySelector('.sk-options')) pop.style.minWidth = `${frame.width}px`;
  const { width, height } = pop.getBoundingClientRect();
  const below = window.innerHeight - frame.bottom - EDGE;
  const top = height <= below || below > frame.top ? frame.bottom + GAP : frame.top - GAP - height;
  const left = Math.min(frame.left, window.innerWidth - width - EDGE);
  pop.style.top = `${Math.max(EDGE, top)}px`;
  pop.style.left = `${Math.max(EDGE, left)}px`;
}

/** Options under a field: `items` have `key`, `label`, and may have `group` and `about`. */
export function optionList(state, pick) {
  const row = (item, at) =>
    h(
      'div.sk-option',
      {
        key: `option:${item.key}`,
        id: `${state.id}-o${at}`,
        role: 'option',
        class: at === state.active ? 'is-active' : '',
        'aria-selected': item.chosen ? 'true' : 'false',
        onclick: () => pick(item),
        onmousemove: () => state.point?.(at),
        kept: (node) => at === state.active && node.scrollIntoView({ block: 'nearest' }),
      },
      item.face,
      h('span.sk-option-text', null, item.label, item.about && h('span.sk-option-about', null, item.about)),
      item.chosen && h('span.sk-option-tick', { 'aria-hidden': 'true' }, '✓'),
    );
  const rows = state.items.flatMap((item, at) => {
    const begins = item.group && item.group !== state.items[at - 1]?.group;
    return [
      begins && h('div.sk-option-group', { key: `group:${item.group}`, role: 'presentation' }, item.group),
      row(item, at),
    ];
  });
  return [
    h(
      'div.sk-options',
      {
        key: 'options',
        id: `${state.id}-list`,
        role: 'listbox',
        'aria-label': state.label,
        'aria-multiselectable': state.multi ? 'true' : undefined,
      },
      rows,
    ),
    state.note && h('div.sk-option-note', { key: 'note', role: 'status' }, state.note),
  ];
}

/** A menu of deeds: focus moves among its items, and goes back to its button when it closes. */
export function deedList(menu, items, choose) {
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...event.currentTarget.children];
    const leaves = event.key === 'Escape' || event.key === 'Tab';
    if (!step && !leaves) return;
    event.preventDefault();
    event.stopPropagation();
    if (leaves) menu.close({ refocus: true });
    else all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  };
  const row = (item) =>
    h(
      'button.sk-deed',
      { key: item.key, type: 'button', role: 'menuitem', onclick: () => choose(item) },
      h('span', null, item.label),
      item.about && h('span.sk-option-about', null, item.about),
    );
  return h(
    'div.sk-deeds',
    { role: 'menu', onkeydown: move, made: (node) => node.firstElementChild?.focus({ preventScroll: true }) },
    items.map(row),
  );
}
