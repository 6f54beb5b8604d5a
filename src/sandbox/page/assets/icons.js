// The glyphs, drawn by DOM: nothing is loaded, and they take the colour of the text around them.

import { h } from './vdom.js';

const LINES = {
  hash: 'M8 3 6.5 17M13.5 3 12 17M3.5 7.5h14M2.5 12.5h14',
  lock: 'M4.5 9h11v8h-11zM7 9V6a3 3 0 0 1 6 0v3',
  caret: 'm5.5 8 4.5 4.5L14.5 8',
  left: 'm12.5 4.5-5.5 5.5 5.5 5.5',
  right: 'm7.5 4.5 5.5 5.5-5.5 5.5',
  close: 'm4.5 4.5 11 11m0-11-11 11',
  bubble:
    'M10 3c4.1 0 7.2 2.6 7.2 6s-3.1 6-7.2 6c-.7 0-1.4-.1-2-.2L4.3 17v-3.4C3 12.5 2.8 10.9 2.8 9c0-3.4 3.1-6 7.2-6',
  eye: 'M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10M10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4',
  bold: 'M6 3.5h4.5a3 3 0 0 1 0 6H6zM6 9.5h5.5a3.4 3.4 0 0 1 0 7H6z',
  italic: 'M8.5 3.5h6M5.5 16.5h6M11.5 3.5l-3 13',
  strike:
    'M3 10h14M14 6c-.5-1.6-2-2.5-4-2.5-2.4 0-4 1.1-4 2.8 0 1 .5 1.7 1.3 2.2M6 13.7c.5 1.8 2 2.8 4.2 2.8 2.5 0 4.1-1.2 4.1-3 0-.6-.1-1-.4-1.5',
  code: 'm6.5 5.5-5 4.5 5 4.5m7-9 5 4.5-5 4.5',
  quote: 'M3.5 4v12M7.5 5.5h9M7.5 10h9M7.5 14.5h6',
  at: 'M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0m0 0v1.2c0 3.3 4.2 2.6 4.2-1.2A7.2 7.2 0 1 0 13.5 16.2',
  smile:
    'M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4M6.5 11.5c.7 1.7 2 2.5 3.5 2.5s2.8-.8 3.5-2.5M7.5 7.5v.8M12.5 7.5v.8',
  slash: 'M3.5 3.5h13v13h-13zM12.3 6l-4.6 8',
  calendar: 'M3 5h14v12H3zM3 8.5h14M6.5 2.5V6M13.5 2.5V6',
  clock: 'M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4M10 6v4.3l3 1.7',
  warning: 'M10 3 18 16.5H2zM10 8v4M10 14.2v.3',
  picture: 'M3 3.5h14v13H3zM3 14l4.5-4.5 3.5 3.5 2.5-2.5L17 14M13 7.2h.01',
  menu: 'M3 5h14M3 10h14M3 15h14',
  down: 'M10 3.5v13m-5-5 5 5 5-5',
  bolt: 'M11.5 2.5 4 11.5h5l-1 6 7.5-9h-5z',
  tick: 'm4 10.5 4 4 8-9',
};

const SOLID = {
  more: 'M10 2.7a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6m0 5.5a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6m0 5.5a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6',
  send: 'M2.5 3.2c-.2-.8.6-1.5 1.3-1.1l13.6 7c.8.4.8 1.5 0 1.9l-13.6 6.9c-.7.4-1.5-.3-1.3-1.1L4 11.2l6.5-1.2L4 8.8z',
};

/** A glyph of this many pixels. What it means is said by the control around it. */
export function icon(name, size = 20) {
  const drawn = SOLID[name]
    ? h('path', { d: SOLID[name], fill: 'currentColor' })
    : h('path', {
        d: LINES[name],
        fill: 'none',
        stroke: 'currentColor',
        'stroke-width': '1.5',
        'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
      });
  return h(
    'svg.sk-icon',
    { viewBox: '0 0 20 20', width: size, height: size, 'aria-hidden': 'true', focusable: 'false' },
    drawn,
  );
}

const STARS = [
  [4, 9.5],
  [8.5, 7.5],
  [12, 9],
  [15.5, 11.5],
  [16, 17],
  [23, 18],
  [24.5, 11.5],
];

/** The bot's face: the seven stars it is named after. */
export function dipper(size) {
  const path = [...STARS, STARS[3]].map(([x, y]) => `${x} ${y + 1.5}`).join('L');
  const dots = STARS.map(([x, y]) => h('circle', { cx: x, cy: y + 1.5, r: 1.6, fill: 'currentColor' }));
  const line = h('path', {
    d: `M${path}`,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '.8',
    opacity: '.6',
  });
  return h(
    'svg',
    { viewBox: '0 0 28 28', width: size, height: size, 'aria-hidden': 'true', focusable: 'false' },
    line,
    dots,
  );
}
