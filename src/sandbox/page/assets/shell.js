// The bar above: who one is, light or dark, the guide, and on narrow windows which side is shown.

import { avatar } from './avatar.js';
import { dipper } from './icons.js';
import { toggleTheme } from './theme.js';
import { h, patch } from './vdom.js';

const root = document.documentElement;

/** Draws the bar and keeps it true. */
export function mountShell(bar, store) {
  const draw = () => patch(bar, [name(store), people(store, draw), tools(draw)]);
  store.subscribe(draw);
  draw();
}

const name = (store) =>
  h('div.bar-name', {}, dipper(22), h('strong', {}, 'Dipper demo'), h('span.bar-seed', {}, `seed ${store.state.seed}`));

function people(store) {
  const cast = store.state.people.filter((it) => it.title);
  const choose = (id) => store.become(id);
  return h(
    'div.bar-people',
    { role: 'radiogroup', 'aria-label': 'Who you are' },
    h('span.bar-you', { 'aria-hidden': 'true' }, 'You are'),
    cast.map((it) => person(it, it.id === store.me, choose, (step) => neighbour(cast, it, step, choose))),
  );
}

function person(it, mine, choose, move) {
  const apart = it.connected.length === 0;
  const says = `${it.name}, ${it.title}${apart ? ', no Bitbucket account connected yet' : ''}`;
  return h(
    `button.bar-person${mine ? '.is-me' : ''}`,
    {
      key: it.id,
      type: 'button',
      role: 'radio',
      'aria-checked': String(mine),
      'aria-label': says,
      title: says,
      tabindex: mine ? '0' : '-1',
      'data-person': it.name,
      onclick: () => choose(it.id),
      onkeydown: (event) => move({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]),
    },
    avatar(it, 24),
    h('span.bar-who', {}, h('b', {}, it.name), h('small', {}, apart ? `${it.title} · not connected` : it.title)),
  );
}

async function neighbour(cast, from, step, choose) {
  if (!step) return;
  const next = cast[(cast.indexOf(from) + step + cast.length) % cast.length];
  await choose(next.id);
  document.querySelector(`[data-person="${CSS.escape(next.name)}"]`)?.focus();
}

const tool = (props, glyph, text) =>
  h('button.bar-tool', { type: 'button', title: text, 'aria-label': text, ...props }, glyph);

function tools(draw) {
  const dark = root.dataset.theme === 'dark';
  const side = root.dataset.pane === 'side';
  const flip = (change) => () => {
    change();
    draw();
  };
  return h(
    'div.bar-tools',
    {},
    h(
      'button.bar-pane',
      { type: 'button', onclick: flip(() => (root.dataset.pane = side ? 'slack' : 'side')), 'data-test': 'pane' },
      side ? 'Show Slack' : 'Show Bitbucket',
    ),
    tool({ onclick: flip(toggleTheme), 'data-test': 'theme' }, sunOrMoon(dark), dark ? 'Light colours' : 'Dark colours'),
  );
}

const SUN = 'M10 6.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16';
const MOON = 'M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z';

function sunOrMoon(dark) {
  const line = { d: dark ? SUN : MOON, fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  return h('svg', { viewBox: '0 0 20 20', width: 18, height: 18, 'aria-hidden': 'true' }, h('path', line));
}
