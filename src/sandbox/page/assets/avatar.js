// A person's face: initials on a colour of their own; the bot's is its stars.

import { dipper } from './icons.js';
import { h } from './vdom.js';

const COLOURS = ['#2d7d9a', '#8c4a9e', '#b8552f', '#3f7d4e', '#a8375f', '#5b5fc7', '#8a6d1d', '#c0392b'];

/** Their face, so many pixels wide. The name stands beside it, so it is not read aloud. */
export function avatar(person, size) {
  const round = {
    width: `${size}px`,
    height: `${size}px`,
    'border-radius': `${Math.max(4, Math.round(size / 4.5))}px`,
  };
  if (person?.bot)
    return h(
      'span.sk-avatar.is-bot',
      { style: round, 'aria-hidden': 'true' },
      dipper(Math.round(size * 0.78)),
    );
  const name = person?.name || '?';
  const style = { ...round, 'background-color': colourOf(name), 'font-size': `${Math.round(size * 0.42)}px` };
  return h('span.sk-avatar', { style, 'aria-hidden': 'true' }, initials(name));
}

function colourOf(name) {
  const mixed = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7);
  return COLOURS[mixed % COLOURS.length];
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join('');
}
