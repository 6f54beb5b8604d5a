// The channel in the middle and the thread beside it: heads, lists that keep their place, and their composers.

import { avatar } from './avatar.js';
import { blocks } from './blocks.js';
import { composer } from './composer.js';
import { icon } from './icons.js';
import { repliesLine, rows } from './messages.js';
import { viewSurface } from './surfaces.js';
import { h } from './vdom.js';

const NEAR = 40;

/** What hangs under a channel's first message or stands alone. */
const inChannel = (message) => !message.thread_ts || message.thread_ts === message.ts || message.broadcast;

/** The channel that is shown. */
export function channelPane(cx) {
  const { channel } = cx;
  const app = cx.who.user(channel.with)?.bot;
  const home = app && cx.ui.tab === 'home';
  return h(
    'section.sk-main',
    { key: 'main', 'aria-label': titleOf(cx, channel) },
    head(cx, channel, app),
    home ? homeTab(cx) : conversation(cx, channel),
  );
}

const titleOf = (cx, channel) =>
  channel.kind === 'im' ? cx.who.user(channel.with)?.name || channel.name : `#${channel.name}`;

function head(cx, channel, hasHome) {
  const person = channel.kind === 'im' && cx.who.user(channel.with);
  const drawer = h(
    'button.sk-plain.sk-drawer',
    {
      type: 'button',
      'aria-label': 'Show channels',
      'aria-expanded': cx.ui.drawer ? 'true' : 'false',
      onclick: () => cx.toggleDrawer(),
    },
    icon('menu', 20),
  );
  return h(
    'header.sk-main-head',
    null,
    h(
      'div.sk-main-title',
      null,
      drawer,
      person ? avatar(person, 24) : icon(channel.kind === 'private' ? 'lock' : 'hash', 18),
      h('h2', null, person ? person.name : channel.name),
      person?.bot && h('span.sk-app', null, 'APP'),
      h('span.sk-topic', null, channel.topic || (person && !person.bot && person.title) || ''),
    ),
    hasHome && tabs(cx),
  );
}

function tabs(cx) {
  const tab = (name, words) =>
    h(
      'button.sk-tab',
      {
        type: 'button',
        role: 'tab',
        'aria-selected': cx.ui.tab === name ? 'true' : 'false',
        onclick: () => cx.showTab(name),
      },
      words,
    );
  return h(
    'div.sk-tabs',
    { role: 'tablist', 'aria-label': 'App' },
    tab('home', 'Home'),
    tab('messages', 'Messages'),
  );
}

function homeTab(cx) {
  if (!cx.state.home) return h('div.sk-scroll', { key: 'home' }, h('div.sk-home', null, 'Loading…'));
  const form = cx.state.home.view ? cx.state.home : { id: cx.state.home.id, view: cx.state.home };
  return h(
    'div.sk-scroll',
    { key: 'home', tabindex: 0, role: 'tabpanel', 'aria-label': 'Home' },
    h('div.sk-home', null, blocks(viewSurface(cx, form), form.view.blocks)),
  );
}

function conversation(cx, channel) {
  const list = (cx.state.messages[channel.id] || []).filter(inChannel);
  return [
    scroller(cx, `m:${channel.id}`, 'Messages', [
      opening(cx, channel),
      rows(cx, 'm', channel.id, list, cx.ui.newAfter),
    ]),
    channel.member === false
      ? joinBar(cx, channel)
      : composer(cx, {
          key: channel.id,
          channel: channel.id,
          placeholder: `Message ${titleOf(cx, channel)}`,
          test: 'composer',
        }),
  ];
}

function opening(cx, channel) {
  const person = channel.kind === 'im' && cx.who.user(channel.with);
  const words = person
    ? ['This is the very beginning of your messages with ', h('strong', null, person.name), '.']
    : ['This is the very beginning of the ', h('strong', null, `#${channel.name}`), ' channel.'];
  return h(
    'div.sk-opening',
    { key: 'opening' },
    person
      ? avatar(person, 56)
      : h('span.sk-opening-hash', null, icon(channel.kind === 'private' ? 'lock' : 'hash', 28)),
    h('h3', null, person ? person.name : `#${channel.name}`),
    h('p', null, words),
  );
}

function joinBar(cx, channel) {
  return h(
    'div.sk-join',
    null,
    h('p', null, 'You are looking at ', h('strong', null, `#${channel.name}`)),
    h(
      'button.sk-button.is-primary.is-big',
      { type: 'button', onclick: () => cx.store.act({ do: 'join', channel: channel.id }) },
      'Join channel',
    ),
  );
}

/** A list that stays at its end, unless the reader has scrolled up. */
function scroller(cx, key, label, children) {
  const away = cx.ui.away === key;
  const list = h(
    'div.sk-scroll',
    {
      key,
      role: 'log',
      'aria-live': 'off',
      'aria-label': label,
      tabindex: 0,
      id: key.startsWith('m') ? 'sk-messages' : undefined,
      onscroll: (event) => scrolled(cx, key, event.currentTarget),
      onkeydown: walk,
      made: begin,
      kept: (node) => settle(cx, key, node),
      gone: (node) => node.skWatch?.disconnect(),
    },
    h('div.sk-scroll-fill', { role: 'presentation' }),
    children,
  );
  return h(
    'div.sk-scroll-frame',
    { key: `frame:${key}` },
    list,
    away &&
      h(
        'button.sk-latest',
        { type: 'button', onclick: () => cx.stick(key[0]) },
        icon('down', 14),
        'Latest messages',
      ),
  );
}

function begin(node) {
  node.skPinned = true;
  const line = node.querySelector('.sk-new-line');
  stay(node);
  if (line && line.offsetTop < node.scrollTop) {
    node.skPinned = false;
    node.scrollTop = line.offsetTop - NEAR;
  }
  node.skWatch = new ResizeObserver(() => stay(node));
  node.skWatch.observe(node);
}

function stay(node) {
  if (node.skPinned) node.scrollTop = node.scrollHeight;
}

// What came below while the reader is further up is offered, not jumped to.
function settle(cx, key, node) {
  const grew = node.scrollHeight > (node.skTall ?? node.scrollHeight);
  node.skTall = node.scrollHeight;
  stay(node);
  if (grew && !node.skPinned) setAway(cx, key);
}

function scrolled(cx, key, node) {
  const left = node.scrollHeight - node.scrollTop - node.clientHeight;
  node.skPinned = left < NEAR;
  if (left > node.clientHeight) setAway(cx, key);
  else if (node.skPinned && cx.ui.away === key) setAway(cx, null);
}

function setAway(cx, key) {
  if (cx.ui.away === key) return;
  cx.ui.away = key;
  cx.redraw();
}

// Arrows walk from message to message; Enter opens the thread, Escape goes back to writing.
function walk(event) {
  const all = [...event.currentTarget.querySelectorAll('.sk-message')];
  const at = all.indexOf(event.target);
  if (at < 0 && event.target !== event.currentTarget) return;
  const to = { ArrowUp: at < 0 ? all.length - 1 : at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[
    event.key
  ];
  if (event.key === 'Enter') all[at]?.querySelector('.sk-summary, .sk-strip button')?.click();
  else if (event.key === 'Escape') event.currentTarget.closest('section')?.querySelector('textarea')?.focus();
  else if (to === undefined) return;
  event.preventDefault();
  all[to]?.focus();
}

/** The thread that is open, if one is. */
export function threadPane(cx) {
  const { channel } = cx;
  const root = (cx.state.messages[channel.id] || []).find((it) => it.ts === cx.thread);
  if (!root) return null;
  const replies = cx.state.messages[channel.id].filter((it) => it.thread_ts === root.ts && it.ts !== root.ts);
  const shut = () => cx.closeThread();
  const escape = (event) => event.key === 'Escape' && shut();
  return h(
    'section.sk-thread',
    { key: 'thread', 'aria-label': `Thread in ${titleOf(cx, channel)}`, onkeydown: escape },
    h(
      'header.sk-thread-head',
      null,
      h('h2', null, 'Thread'),
      h('span.sk-topic', null, titleOf(cx, channel)),
      h(
        'button.sk-plain',
        { type: 'button', 'aria-label': 'Close thread', onclick: shut },
        icon('close', 18),
      ),
    ),
    scroller(cx, `t:${root.ts}`, 'Thread', [
      rows(cx, 't', channel.id, [root]),
      replies.length > 0 && repliesLine(replies.length),
      rows(cx, 't', channel.id, replies),
    ]),
    channel.member !== false &&
      composer(cx, {
        key: `${channel.id}/${root.ts}`,
        channel: channel.id,
        thread: root.ts,
        placeholder: 'Reply…',
        test: 'thread-composer',
      }),
  );
}
