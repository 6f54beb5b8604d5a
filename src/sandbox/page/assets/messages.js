// Messages in a row: who said it and when, what it shows, and what hangs on it.

import { avatar } from './avatar.js';
import { attachment, blocks } from './blocks.js';
import { dateText, dayOf, isoOf, timeOf } from './clock.js';
import { sameDay } from './days.js';
import { emoji } from './emoji.js';
import { icon } from './icons.js';
import { mrkdwn } from './mrkdwn.js';
import { shortcuts } from './shortcuts.js';
import { messageSurface, placeOf } from './surfaces.js';
import { h, lazy } from './vdom.js';

const TOGETHER = 300;

/** The rows of a pane: `pane` is `m` or `t`, `newAfter` where the line "New" goes. */
export function rows(cx, pane, channel, list, newAfter = null) {
  const first = newAfter && list.find((it) => it.ts > newAfter && !it.ephemeral && it.user !== cx.state.me);
  return list.flatMap((message, at) => {
    const before = list[at - 1];
    const parted = pane === 'm' && (!before || !sameDay(before.ts, message.ts));
    const compact = !parted && message !== first && follows(before, message);
    return [
      parted && line('day', `day:${message.ts}`, dayOf(message.ts)),
      message === first && line('new', 'new', 'New'),
      lazy(`message:${message.ts}`, memo(cx, pane, channel, message, compact), () =>
        row(cx, pane, channel, message, compact),
      ),
    ];
  });
}

function line(kind, key, words) {
  return h(`div.sk-${kind}-line`, { key, role: 'separator', 'aria-label': words }, h('span', null, words));
}

function follows(before, message) {
  const alike = before && before.user === message.user && before.ephemeral === message.ephemeral;
  return (
    alike && !message.ephemeral && !before.replies && !message.broadcast && message.ts - before.ts < TOGETHER
  );
}

// A row is drawn anew only when something in it differs, or one of its controls is in use.
function memo(cx, pane, channel, message, compact) {
  const place = placeOf(pane, channel, message.ts);
  const used = cx.menu.at?.id.startsWith(place) || [...cx.ui.busy].some((id) => id.startsWith(place));
  const held = cx.ui.held.get(`${channel}/${message.ts}`);
  return JSON.stringify([message, compact, held, used && cx.tick, cx.names, cx.ui.selected === message.ts]);
}

function row(cx, pane, channel, message, compact) {
  const person = cx.who.user(message.user);
  const looks = [
    compact && 'is-compact',
    message.ephemeral && 'is-private',
    cx.ui.selected === message.ts && pane === 'm' && 'is-selected',
  ];
  return h(
    'div.sk-message',
    {
      class: looks.filter(Boolean).join(' '),
      role: 'article',
      'aria-label': `${spoken(cx, message)}, ${timeOf(message.ts)}`,
      tabindex: -1,
      'data-ts': message.ts,
    },
    h(
      'div.sk-gutter',
      null,
      compact ? h('time.sk-gutter-time', null, shortTime(message.ts)) : avatar(person, 36),
    ),
    h(
      'div.sk-message-main',
      null,
      message.ephemeral && h('div.sk-only-you', null, icon('eye', 14), 'Only visible to you'),
      message.broadcast && pane === 'm' && h('div.sk-only-you', null, 'replied to a thread'),
      !compact && head(person, message),
      h('div.sk-message-body', null, body(cx, pane, channel, message)),
      reactions(cx, message),
      pane === 'm' && message.replies > 0 && summary(cx, channel, message),
    ),
    !message.ephemeral && strip(cx, pane, channel, message),
  );
}

const shortTime = (ts) => timeOf(ts).replace(/\s?[AP]M$/i, '');

function head(person, message) {
  const bot = person?.bot ?? message.bot;
  return h(
    'div.sk-head',
    null,
    h('span.sk-name', null, person?.name || message.user),
    bot && h('span.sk-app', null, 'APP'),
    h(
      'time.sk-time',
      { datetime: isoOf(message.ts), title: `${dayOf(message.ts)} at ${timeOf(message.ts)}` },
      timeOf(message.ts),
    ),
  );
}

function body(cx, pane, channel, message) {
  const s = messageSurface(cx, pane, channel, message.ts);
  const edited = message.edited && h('span.sk-edited', null, '(edited)');
  const shown = message.blocks?.length
    ? blocks(s, message.blocks)
    : message.text && h('div.sk-text', null, mrkdwn(message.text, cx.who), edited && ' ', edited);
  const inText = edited && !message.blocks?.length && message.text;
  return [
    shown,
    (message.attachments || []).map((it, at) => attachment(s, it, at)),
    !inText && edited && h('div.sk-edited-line', null, edited),
  ];
}

function reactions(cx, message) {
  const all = Object.entries(message.reactions || {}).filter(([, users]) => users.length);
  if (!all.length) return null;
  const one = ([name, users]) => {
    const names = users.map((id) => cx.who.user(id)?.name || id).join(', ');
    return h(
      'span.sk-reaction',
      {
        key: name,
        class: users.includes(cx.state.me) ? 'is-mine' : '',
        title: `${names} reacted with :${name}:`,
      },
      emoji(name),
      h('span', null, String(users.length)),
    );
  };
  return h('div.sk-reactions', null, all.map(one));
}

const counted = (replies) => (replies === 1 ? '1 reply' : `${replies} replies`);

function summary(cx, channel, message) {
  const open = () => cx.openThread(channel, message.ts);
  const last =
    message.last_reply && dateText(Math.floor(message.last_reply), '{date_short_pretty} at {time}');
  return h(
    'button.sk-summary',
    { type: 'button', onclick: open },
    h(
      'span.sk-summary-faces',
      null,
      (message.repliers || []).slice(0, 4).map((id) => avatar(cx.who.user(id), 24)),
    ),
    h('span.sk-summary-count', null, counted(message.replies)),
    last && h('span.sk-summary-last', null, `Last reply ${last.charAt(0).toLowerCase()}${last.slice(1)}`),
    h('span.sk-summary-view', { 'aria-hidden': 'true' }, 'View thread'),
    icon('right', 14),
  );
}

function strip(cx, pane, channel, message) {
  const id = `${placeOf(pane, channel, message.ts)}:more`;
  const reply = () =>
    h(
      'button.sk-plain',
      {
        type: 'button',
        title: 'Reply in thread',
        'aria-label': 'Reply in thread',
        onclick: () => cx.openThread(channel, message.ts),
      },
      icon('bubble', 18),
    );
  return h(
    'div.sk-strip',
    { class: cx.menu.of(id) ? 'is-open' : '' },
    pane === 'm' && reply(),
    shortcuts(cx, id, { channel, ts: message.ts }, 'more', 'More actions'),
  );
}

/** What a screen reader says of a message that has just come. */
export function spoken(cx, message) {
  const name = cx.who.user(message.user)?.name || 'Somebody';
  const words =
    message.text || message.attachments?.map((it) => it.fallback || '').join(' ') || 'sent a message';
  const names = words.replace(/<@(\w+)(\|[^>]*)?>/g, (_, id) => `@${cx.who.user(id)?.name || id}`);
  return `${name}: ${names.replace(/<[^|>]*\|([^>]*)>/g, '$1').slice(0, 300)}`;
}

/** The line above a thread's replies. */
export const repliesLine = (count) => line('replies', 'replies', counted(count));
