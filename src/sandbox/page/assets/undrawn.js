// What this page cannot draw is shown as an error, never left out: a test looks for it.

import { h } from './vdom.js';

/** The box that stands for something unknown or malformed. */
export function undrawn(what, why) {
  const type = (what && what.type) || 'something without a type';
  const words = why
    ? `This page failed to draw \u201c${type}\u201d: ${why}`
    : `This page cannot draw \u201c${type}\u201d.`;
  return h('span.sk-undrawn', { 'data-undrawn': type, role: 'note' }, words);
}

/** Draws, or says why it could not. */
export function guarded(what, draw) {
  try {
    return draw();
  } catch (error) {
    return undrawn(what, error.message);
  }
}
