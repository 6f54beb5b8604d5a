// How a pull request stands, in one word and colour.

import { h } from './vdom.js';

export function pill(pr) {
  const word = pr.state === 'open' && pr.draft ? 'draft' : pr.state;
  return h(`span.bb-pill.is-${word}`, {}, word);
}
