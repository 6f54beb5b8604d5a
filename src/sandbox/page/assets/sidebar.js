// The aubergine side: channels, direct messages and the app, with what is unread in them.

import { avatar } from './avatar.js';
import { icon } from './icons.js';
import { h } from './vdom.js';

/** Draws it. */
export function sidebar(cx) {
  const { channels, team } = cx.state;
  const direct = channels.filter((it) => it.kind === 'im');
  const withBot = (it) => cx.who.user(it.with)?.bot;
  return h(
    'nav.sk-sidebar',
    { 'aria-label': 'Channels and direct messages', onkeydown: (event) => move(cx, event) },
    h('div.sk-team', null, h('span.sk-team-name', null, team)),
    h(
      'div.sk-sidebar-lists',
      null,
      group(
        cx,
        'Channels',
        channels.filter((it) => it.kind !== 'im'),
      ),
      group(
        cx,
        'Direct messages',
        direct.filter((it) => !withBot(it)),
      ),
      group(cx, 'Apps', direct.filter(withBot)),
    ),
  );
}

function group(cx, title, list) {
  if (!list.length) return null;
  const folded = cx.ui.folded.has(title);
  const toggle = () => {
    if (folded) cx.ui.folded.delete(title);
    else cx.ui.folded.add(title);
    cx.redraw();
  };
  // What wants to be read stays in sight of a folded list, as does the channel shown.
  const shown = list.filter((it) => !folded || it.unread > 0 || it.id === cx.channel?.id);
  return h(
    'section.sk-group',
    { key: title },
    h(
      'button.sk-group-title',
      { type: 'button', 'aria-expanded': folded ? 'false' : 'true', onclick: toggle },
      icon(folded ? 'right' : 'caret', 14),
      title,
    ),
    h(
      'ul',
      { 'aria-label': title },
      shown.map((it) => h('li', { key: it.id }, item(cx, it))),
    ),
  );
}

function item(cx, channel) {
  const person = channel.kind === 'im' ? cx.who.user(channel.with) : null;
  const name = person?.name || channel.name;
  const here = channel.id === cx.channel?.id;
  const unread = channel.unread > 0 && !here;
  const looks = [here && 'is-here', unread && 'is-unread', !channel.member && 'is-outside']
    .filter(Boolean)
    .join(' ');
  const count = (channel.mention || person) && unread ? channel.unread : 0;
  const words = [name, unread && `${channel.unread} unread`, channel.kind === 'private' && 'private']
    .filter(Boolean)
    .join(', ');
  return h(
    'button.sk-item',
    {
      type: 'button',
      class: looks,
      'data-channel': name,
      'aria-current': here ? 'page' : undefined,
      'aria-label': words,
      onclick: () => cx.goTo(channel.id),
    },
    person ? avatar(person, 20) : icon(channel.kind === 'private' ? 'lock' : 'hash', 16),
    h('span.sk-item-name', null, name, channel.with === cx.state.me && h('span.sk-you', null, ' you')),
    count > 0 && h('span.badge.sk-badge', { 'aria-hidden': 'true' }, String(count)),
    unread && !count && h('span.badge.sk-dot-badge', { 'aria-hidden': 'true' }),
  );
}

// Arrows walk through the list, as they do in Slack.
function move(cx, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape' && cx.ui.drawer) cx.toggleDrawer();
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll('button')];
  const next = all[all.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
