// The app's shortcuts: in the menu of a message, and in the one beside the box that messages are written in.

import { icon } from './icons.js';
import { deedList } from './menu.js';
import { h } from './vdom.js';

/** The button of such a menu; `on` is the message it stands on, none where it is offered everywhere. */
export function shortcuts(cx, id, on, glyph, words) {
  const offered = (cx.state.shortcuts || []).filter((it) => it.on_message === Boolean(on));
  if (!offered.length) return null;
  const { menu } = cx;
  const items = offered.map((it) => ({ key: it.callback_id, label: it.name, about: it.about }));
  const choose = (item) => {
    menu.close({ refocus: true });
    cx.store.act({ do: 'shortcut', callback_id: item.key, ...(on || {}) });
  };
  const toggle = () =>
    menu.of(id) ? menu.close() : menu.open(id, { items, draw: () => deedList(menu, items, choose) });
  return h(
    'button.sk-plain',
    {
      key: `shortcuts:${id}`,
      id,
      type: 'button',
      title: words,
      'aria-label': words,
      'aria-haspopup': 'menu',
      'aria-expanded': menu.of(id) ? 'true' : 'false',
      onclick: toggle,
    },
    icon(glyph, 18),
  );
}
