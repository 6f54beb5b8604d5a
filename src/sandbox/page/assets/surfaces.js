// What using a control does, by where it stands: a message acts at once, a form keeps what is typed and sends it along.

import { idOf, valuesOf } from './fields.js';

const PAUSE = 150;
const clean = (text) => text.replace(/[^\w-]/g, '_');

/** The names that texts refer to. */
export function makeWho(cx) {
  return {
    get me() {
      return cx.state.me;
    },
    user: (id) => cx.state.people.find((it) => it.id === id),
    channel: (id) => cx.state.channels.find((it) => it.id === id),
    goTo: (id) => cx.store.show({ channel: id }),
  };
}

/** The place under which a message's controls have their ids; it is drawn in two panes at times. */
export const placeOf = (pane, channel, ts) => clean(`${pane}-${channel}-${ts}`);

/** A message in a pane. */
export function messageSurface(cx, pane, channel, ts) {
  const scope = `${channel}/${ts}`;
  const about = (block, el) => ({ channel, ts, block_id: block.block_id, action_id: el.action_id });
  return {
    cx,
    who: cx.who,
    place: placeOf(pane, channel, ts),
    error: () => null,
    held: (block, action) => cx.ui.held.get(scope)?.[block]?.[action],
    hold(block, el, value) {
      keep(cx.ui.held, scope, block.block_id, el.action_id, value);
      cx.redraw();
    },
    press: (block, el, action) => cx.store.act({ do: 'press', ...about(block, el), action }),
    query: (block, el, query) => cx.store.act({ do: 'options', ...about(block, el), query }, { quiet: true }),
  };
}

/** A modal or the home tab: `form` is as the state has it. */
export function viewSurface(cx, form, submit) {
  const about = (block, el) => ({ view_id: form.id, block_id: block.block_id, action_id: el.action_id });
  const s = {
    cx,
    who: cx.who,
    place: clean(`v-${form.id}`),
    submit,
    error: (block) => form.errors?.[block],
    held: (block, action) => cx.ui.edits.get(form.id)?.[block]?.[action] ?? form.values?.[block]?.[action],
    hold(block, el, value, more = {}) {
      keep(cx.ui.edits, form.id, block.block_id, el.action_id, value);
      if (!more.quiet) tell(cx, s, { ...about(block, el), value }, { block, el, more });
      cx.redraw();
    },
    press: (block, el, action) => cx.store.act({ do: 'form_press', ...about(block, el), action }),
    query: (block, el, query) => cx.store.act({ do: 'options', ...about(block, el), query }, { quiet: true }),
    values: () => valuesOf(s, form.view.blocks),
  };
  return s;
}

function keep(kept, scope, block, action, value) {
  const blocks = kept.get(scope) || {};
  kept.set(scope, { ...blocks, [block]: { ...blocks[block], [action]: value } });
}

/** Tells the server what a field holds, a moment after the last key. */
function tell(cx, s, said, { block, el, more }) {
  const id = idOf(s, block, el);
  window.clearTimeout(cx.ui.timers.get(id));
  const send = () => {
    cx.ui.timers.delete(id);
    cx.store.act({ do: 'form_change', ...said, ...(more.enter ? { enter: true } : {}) }, { quiet: true });
  };
  if (more.typing) cx.ui.timers.set(id, window.setTimeout(send, PAUSE));
  else send();
}

/** Forgets what the server has heard, and what belongs to fields or forms that are gone. */
export function settleEdits(cx) {
  const open = new Map([...cx.state.forms, cx.state.home].filter(Boolean).map((form) => [form.id, form]));
  for (const [id, blocks] of cx.ui.edits) {
    const form = open.get(id);
    if (form)
      cx.ui.edits.set(
        id,
        unheard(blocks, form.values || {}, (block) => waits(cx, id, block)),
      );
    else cx.ui.edits.delete(id);
  }
}

const waits = (cx, view, block) =>
  [...cx.ui.timers.keys()].some((id) => id.startsWith(clean(`v-${view}-${block}-`)));

function unheard(blocks, values, waiting) {
  const left = {};
  for (const [block, actions] of Object.entries(blocks)) {
    for (const [action, value] of Object.entries(actions)) {
      const heard = values[block]?.[action];
      const same =
        heard && Object.keys(value).every((key) => JSON.stringify(heard[key]) === JSON.stringify(value[key]));
      if (heard && (!same || waiting(block))) left[block] = { ...left[block], [action]: value };
    }
  }
  return left;
}
