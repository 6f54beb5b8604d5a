// A field with a list under it: typing narrows the list or asks the bot, arrows and Enter choose.

import { icon } from './icons.js';
import { optionList } from './menu.js';
import { h } from './vdom.js';

const PAUSE = 200;

/**
 * Draws one. `spec` says: `id`, `label`, `chosen` (items), `multi`, `placeholder`, `find(query)` → items, or
 * `asks(query)` → a promise of items once there are `least` letters; `give(items)`; `attributes` of the field.
 */
export function combobox(cx, spec) {
  const open = cx.menu.of(spec.id);
  const [only] = spec.multi ? [] : spec.chosen;
  const active = open?.items[open.active] ? `${spec.id}-o${open.active}` : undefined;
  const field = h('input.sk-select-field', {
    id: spec.id,
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-expanded': open ? 'true' : 'false',
    'aria-controls': open ? `${spec.id}-list` : undefined,
    'aria-autocomplete': 'list',
    'aria-activedescendant': active,
    placeholder:
      (only && open ? only.label : '') || (spec.multi && spec.chosen.length ? '' : spec.placeholder),
    value: open ? open.query : (only?.label ?? ''),
    onclick: () => show(cx, spec, ''),
    // Who comes by keyboard types over what is chosen.
    onfocus: (event) => event.target.select(),
    oninput: (event) => show(cx, spec, event.target.value),
    onkeydown: (event) => key(cx, spec, event),
    onblur: () => cx.menu.of(spec.id) && cx.menu.close(),
    ...spec.attributes,
  });
  return h(
    'div.sk-select.sk-anchor',
    { class: open ? 'is-open' : '' },
    spec.multi && spec.chosen.map((item) => chip(cx, spec, item)),
    spec.glyph && h('span.sk-select-glyph', null, icon(spec.glyph, 16)),
    only?.face,
    field,
    only && spec.clears && clearer(spec),
    h('span.sk-select-caret', null, icon('caret', 16)),
  );
}

function chip(cx, spec, item) {
  const drop = () => {
    spec.give(spec.chosen.filter((it) => it.key !== item.key));
    document.getElementById(spec.id)?.focus();
  };
  return h(
    'span.sk-chip',
    { key: `chip:${item.key}` },
    item.face,
    item.label,
    h(
      'button.sk-plain',
      { type: 'button', 'aria-label': `Remove ${item.label}`, onclick: drop },
      icon('close', 12),
    ),
  );
}

function clearer(spec) {
  const clear = () => {
    spec.give([]);
    document.getElementById(spec.id)?.focus();
  };
  return h(
    'button.sk-plain.sk-clear',
    { type: 'button', 'aria-label': `Clear ${spec.label}`, onclick: clear },
    icon('close', 14),
  );
}

/** Opens the list, or narrows the one that is open, to what fits these letters. */
async function show(cx, spec, query) {
  const was = cx.menu.of(spec.id);
  if (was && was.query === query) return;
  const short = query.length < (spec.least || 0);
  const state = {
    label: spec.label,
    multi: spec.multi,
    query,
    items: was && !short ? was.items : [],
    note: short ? letters(spec.least) : null,
  };
  state.point = (at) => point(cx, spec, at);
  state.draw = () => optionList(cx.menu.at, (item) => pick(cx, spec, item));
  cx.menu.open(spec.id, state);
  if (!short) await fill(cx, spec, query, was);
}

const letters = (least) => `Type ${least} ${least === 1 ? 'letter' : 'letters'} or more to search`;

async function fill(cx, spec, query, was) {
  if (!spec.asks) {
    offer(cx, spec, query, spec.find(query));
    return;
  }
  note(cx, spec, query, 'Searching…');
  if (was) await new Promise((done) => setTimeout(done, PAUSE));
  if (cx.menu.of(spec.id)?.query === query) offer(cx, spec, query, await spec.asks(query));
}

function note(cx, spec, query, words) {
  const open = cx.menu.of(spec.id);
  if (open?.query !== query) return;
  open.note = open.items.length ? null : words;
  cx.redraw();
}

// An answer to letters that have changed since is not shown.
function offer(cx, spec, query, items) {
  const open = cx.menu.of(spec.id);
  if (open?.query !== query) return;
  const chosen = new Set(spec.chosen.map((item) => item.key));
  if (!items) {
    Object.assign(open, { items: [], note: 'The results could not be loaded' });
    cx.redraw();
    return;
  }
  open.items = items.map((item) => ({ ...item, chosen: chosen.has(item.key) }));
  open.active = Math.max(0, query ? 0 : open.items.findIndex((item) => item.chosen));
  open.note = items.length ? null : 'No results';
  cx.redraw();
}

function point(cx, spec, at) {
  const open = cx.menu.of(spec.id);
  if (!open || open.active === at) return;
  open.active = at;
  cx.redraw();
}

function pick(cx, spec, item) {
  const others = spec.chosen.filter((it) => it.key !== item.key);
  const gone = spec.multi && others.length < spec.chosen.length;
  if (spec.multi && !gone && spec.most && others.length >= spec.most) return;
  cx.menu.close();
  spec.give(spec.multi ? [...others, ...(gone ? [] : [item])] : [item]);
}

function key(cx, spec, event) {
  const open = cx.menu.of(spec.id);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    if (!open) show(cx, spec, '');
    else if (open.items.length) point(cx, spec, (open.active + step + open.items.length) % open.items.length);
  } else if (open && (event.key === 'Enter' || (event.key === 'Tab' && open.query))) {
    event.preventDefault();
    event.stopPropagation();
    if (open.items[open.active]) pick(cx, spec, open.items[open.active]);
  } else if (open && event.key === 'Escape') {
    event.stopPropagation();
    cx.menu.close();
  } else if (spec.multi && event.key === 'Backspace' && !event.target.value && spec.chosen.length) {
    spec.give(spec.chosen.slice(0, -1));
  }
}
