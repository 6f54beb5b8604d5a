// The first minute: a few steps that tick themselves off, until they are sent away.

import { icon } from './icons.js';
import { h, patch } from './vdom.js';

const HIDDEN = 'dipper-guide-hidden';

/** What each step says, and how it shows the way. */
const STEPS = {
  approve: {
    title: 'Press Approve',
    says: 'Grace opened a pull request, and Dipper told #web. Approve it from the card.',
    go: 'Show me the card',
    way: (to) => to.card(),
  },
  command: {
    title: 'Type a command',
    says: 'Type /bb in the message box and pick one, say /bb pr show web/api#1.',
    go: 'Go to the message box',
    way: (to) => to.composer(),
  },
  form: {
    title: 'Open a pull request with a form',
    says: 'Type /bb pr open. The branch retry-webhooks in web/api waits for one.',
    go: 'Go to the message box',
    way: (to) => to.composer(),
  },
  bitbucket: {
    title: 'Do something in Bitbucket',
    says: 'Merge or approve below, as anybody would there, and see it arrive in Slack.',
    go: 'Show me a pull request',
    way: (to) => to.pullRequest(),
  },
  connect: {
    title: 'Be somebody new',
    says: 'Mira has no account connected yet. As her, approve something and follow the link.',
    go: 'Be Mira',
    way: (to) => to.stranger(),
  },
};

/** Draws the guide and keeps it true. */
export function mountGuide(root, store, bitbucket) {
  const ways = waysIn(store, bitbucket);
  let open = null;
  const draw = () => {
    const { steps } = store.state.guide;
    const hidden = localStorage.getItem(HIDDEN) === 'yes';
    const next = steps.find((it) => !it.done)?.id;
    const choose = (id) => {
      open = id;
      draw();
    };
    patch(root, hidden ? again(draw) : card(steps, open ?? next, choose, ways, draw));
  };
  store.subscribe((state, before) => {
    const news = state.guide.steps.some((it, at) => it.done !== before?.guide.steps[at]?.done);
    if (news) open = null;
    draw();
  });
  draw();
}

const keep = (hidden, draw) => () => {
  localStorage.setItem(HIDDEN, hidden);
  draw();
  document.querySelector(hidden === 'yes' ? '[data-test=guide-again]' : '[data-test=guide-close]')?.focus();
};

const again = (draw) =>
  h('button.guide-again', { type: 'button', onclick: keep('no', draw), 'data-test': 'guide-again' }, 'Show the first minute again');

function card(steps, open, choose, ways, draw) {
  const done = steps.filter((it) => it.done).length;
  const all = done === steps.length;
  return h(
    'div.guide-card',
    {},
    h(
      'header.guide-head',
      {},
      h('h2', {}, all ? 'That was the first minute' : 'The first minute'),
      h('span.guide-count', { 'aria-label': `${done} of ${steps.length} done` }, `${done}/${steps.length}`),
      h('button.guide-close', { type: 'button', 'aria-label': 'Close the guide', onclick: keep('yes', draw), 'data-test': 'guide-close' }, icon('close', 16)),
    ),
    h('ol.guide-steps', {}, steps.map((it) => step(it, it.id === open, choose, ways))),
    all && h('p.guide-end', {}, 'Everything you saw is the real bot: only Slack and Bitbucket are played.'),
  );
}

function step({ id, done }, isOpen, choose, ways) {
  const { title, says, go, way } = STEPS[id];
  return h(
    `li.guide-step${done ? '.is-done' : ''}${isOpen ? '.is-open' : ''}`,
    { key: id, 'data-step': id, 'data-done': String(done) },
    h('span.guide-mark', { 'aria-hidden': 'true' }, done ? icon('tick', 14) : null),
    h(
      'div.guide-body',
      {},
      h('button.guide-title', { type: 'button', 'aria-expanded': String(isOpen), onclick: () => choose(isOpen ? null : id) }, title, done && h('span.away', {}, ' (done)')),
      isOpen && h('p', {}, says),
      isOpen && !done && h('button.guide-go', { type: 'button', onclick: () => way(ways) }, go),
    ),
  );
}

function waysIn(store, bitbucket) {
  const channel = (name) => store.state.channels.find((it) => it.name === name)?.id;
  const later = (selector) => requestAnimationFrame(() => document.querySelector(selector)?.focus());
  const toSlack = () => (document.documentElement.dataset.pane = 'slack');
  return {
    card() {
      toSlack();
      store.show({ channel: channel('web') });
      later('#slack [data-ts] [data-action]');
    },
    composer() {
      toSlack();
      later('[data-test=composer]');
    },
    pullRequest() {
      document.documentElement.dataset.pane = 'side';
      bitbucket.show('cloud', 'web/api', 1);
    },
    async stranger() {
      toSlack();
      const stranger = store.state.people.find((it) => it.title && it.connected.length === 0);
      if (stranger) await store.become(stranger.id);
      store.show({ channel: channel('web') });
    },
  };
}
