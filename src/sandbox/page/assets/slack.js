// Slack, as the reader's window shows it: joins the store's state with what is open here, and draws both.

import { question, modals } from './modal.js';
import { makeMenu } from './menu.js';
import { spoken } from './messages.js';
import { channelPane, threadPane } from './panes.js';
import { sidebar } from './sidebar.js';
import { makeWho, settleEdits } from './surfaces.js';
import { h, patch } from './vdom.js';

/** Draws Slack into `root` from now on. */
export function mountSlack(root, store) {
  const cx = makeContext(store);
  const layer = layerFor();
  cx.draw = () => {
    if (!cx.state || !cx.channel) return;
    cx.tick += 1;
    patch(root, page(cx));
    patch(layer.views, [modals(cx), question(cx)]);
    patch(layer.menus, cx.menu.draw());
    shield(cx, layer.frame);
    cx.queue.splice(0).forEach((run) => run());
  };
  root.classList.add('sk-root');
  store.subscribe((state, before) => take(cx, state, before));
  if (store.state) take(cx, store.state, null);
}

function layerFor() {
  const frame = document.createElement('div');
  const [views, menus] = [document.createElement('div'), document.createElement('div')];
  frame.className = 'sk-overlays';
  frame.append(views, menus);
  (document.getElementById('overlays') || document.body).append(frame);
  return { frame, views, menus };
}

const freshUi = () => ({
  busy: new Set(),
  drafts: new Map(),
  held: new Map(),
  edits: new Map(),
  timers: new Map(),
  folded: new Set(),
  sent: [],
  question: null,
  sending: null,
  newAfter: null,
  away: null,
  tab: 'messages',
  drawer: false,
  selected: null,
});

function makeContext(store) {
  const cx = { store, state: null, ui: freshUi(), queue: [], tick: 0, names: '', said: '' };
  let waiting = false;
  cx.redraw = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      cx.draw();
    });
  };
  cx.after = (run) => cx.queue.push(run);
  cx.who = makeWho(cx);
  cx.menu = makeMenu(cx.redraw);
  return Object.assign(cx, deeds(cx));
}

/** What the parts of the page ask for. */
function deeds(cx) {
  return {
    confirm: (confirm) =>
      new Promise((done) => {
        cx.ui.question = { confirm, done, back: document.activeElement };
        cx.redraw();
      }),
    answer(yes) {
      const { done, back } = cx.ui.question;
      cx.ui.question = null;
      cx.after(() => back?.focus());
      cx.redraw();
      done(yes);
    },
    goTo(id) {
      cx.ui.drawer = false;
      cx.store.show({ channel: id });
      cx.after(() => document.querySelector('.sk-main textarea')?.focus());
      cx.redraw();
    },
    openThread(channel, ts) {
      cx.store.show({ channel, thread: ts });
      cx.after(() => document.querySelector('.sk-thread textarea')?.focus());
      cx.redraw();
    },
    closeThread() {
      cx.store.show({ thread: null });
      cx.after(() => document.querySelector('.sk-main textarea')?.focus());
      cx.redraw();
    },
    toggleDrawer() {
      cx.ui.drawer = !cx.ui.drawer;
      cx.after(() =>
        document.querySelector(cx.ui.drawer ? '.sk-sidebar [aria-current]' : '.sk-drawer')?.focus(),
      );
      cx.redraw();
    },
    showTab(name) {
      cx.ui.tab = name;
      if (name === 'home') cx.store.act({ do: 'home' }, { quiet: true });
      cx.redraw();
    },
    stick(pane) {
      const list = document.querySelector(pane === 't' ? '.sk-thread .sk-scroll' : '.sk-main .sk-scroll');
      if (!list) return;
      list.skPinned = true;
      list.scrollTop = list.scrollHeight;
    },
  };
}

/** A new state, or another channel to look at. */
function take(cx, state) {
  const before = cx.state;
  if (before && before.me !== state.me) cx.ui = freshUi();
  cx.state = state;
  const shown = cx.channel?.id;
  cx.channel = channelShown(cx, state);
  cx.thread = cx.store.look?.thread ?? null;
  cx.ui.selected = cx.thread;
  if (cx.channel && (cx.channel.id !== shown || before?.me !== state.me)) arrive(cx);
  cx.names = JSON.stringify([state.people, state.channels.map((it) => [it.id, it.name])]);
  cx.said = news(cx, before, state) || cx.said;
  settleEdits(cx);
  cx.redraw();
}

function channelShown(cx, state) {
  const wanted = cx.store.look?.channel;
  return (
    state.channels.find((it) => it.id === wanted) ||
    state.channels.find((it) => it.member !== false) ||
    state.channels[0]
  );
}

function arrive(cx) {
  cx.ui.newAfter = cx.channel.unread > 0 ? cx.channel.read_ts || null : null;
  cx.ui.away = null;
  cx.menu.at = null;
}

function news(cx, before, state) {
  const last = (from) => from?.messages[cx.channel?.id]?.at(-1);
  const message = last(state);
  if (
    !before ||
    before.me !== state.me ||
    !message ||
    message.ts === last(before)?.ts ||
    message.user === state.me
  )
    return '';
  return spoken(cx, message);
}

function page(cx) {
  const looks = [cx.thread && 'has-thread', cx.ui.drawer && 'has-drawer'].filter(Boolean).join(' ');
  return [
    h('a.sk-skip', { key: 'skip', href: '#sk-messages', onclick: skip }, 'Skip to messages'),
    h(
      'div.sk-frame',
      { key: 'frame', class: looks },
      sidebar(cx),
      cx.ui.drawer && h('div.sk-drawer-shade', { onclick: () => cx.toggleDrawer() }),
      channelPane(cx),
      cx.thread && threadPane(cx),
    ),
    h('div.sk-quiet', { key: 'news', role: 'status', 'aria-live': 'polite' }, cx.said),
  ];
}

function skip(event) {
  event.preventDefault();
  document.getElementById('sk-messages')?.focus();
}

/** While a form or a question is open, the rest of the page is out of reach; afterwards the focus goes back. */
function shield(cx, frame) {
  const open = Boolean(cx.state.forms.length || cx.ui.question);
  if (open && !cx.shielded)
    cx.focusBefore = document.activeElement?.closest('.sk-overlays')
      ? cx.focusBefore
      : document.activeElement;
  for (const child of document.body.children) {
    const live = child.contains(frame) || child.matches('script, [role=status], [role=alert], [aria-live]');
    if (!live) child.inert = open;
  }
  if (open) holdFocus(frame);
  else if (cx.shielded) comeBack(cx.focusBefore);
  cx.shielded = open;
}

// A field or button that had the focus may be gone from the form that came in its place.
function holdFocus(frame) {
  const top = [...frame.querySelectorAll('.sk-modal')].at(-1);
  const inside = document.activeElement?.closest('.sk-pop') || top?.contains(document.activeElement);
  if (!inside) top?.focus({ preventScroll: true });
}

function comeBack(element) {
  if (element?.isConnected && element !== document.body) element.focus({ preventScroll: true });
  else document.querySelector('.sk-main textarea')?.focus({ preventScroll: true });
}
