// Rich text, element by element; its words are never parsed, they stand as they came.

import { h } from './vdom.js';
import { emojiChar } from './emoji.js';
import { broadcast, channelLink, date, link, userMention } from './mrkdwn.js';
import { undrawn } from './undrawn.js';

const STYLES = [
  ['bold', 'strong'],
  ['italic', 'em'],
  ['strike', 's'],
  ['underline', 'u'],
  ['highlight', 'mark'],
];
const COLOUR = /^#[0-9a-f]{3,8}$/i;

const PARTS = {
  rich_text_section: (part, who) => h('div.sk-rich', null, run(part.elements, who)),
  rich_text_preformatted: (part, who) => h('pre.sk-pre', null, h('code', null, run(part.elements, who))),
  rich_text_quote: (part, who) => h('blockquote.sk-quote', null, run(part.elements, who)),
  rich_text_list: list,
};

const ELEMENTS = {
  text: (it) => styled(it, it.text),
  link: (it, who) => styled(it, link(it.url, [it.text || it.url]), who),
  user: (it, who) => styled(it, userMention(it.user_id, who)),
  channel: (it, who) => styled(it, channelLink(it.channel_id, who)),
  usergroup: (it) => broadcast(it.usergroup_id),
  team: (it) => broadcast(it.team_id),
  broadcast: (it) => broadcast(it.range),
  emoji: (it) => styled(it, drawnEmoji(it)),
  date: (it) => styled(it, date(it.timestamp, it.format, it.fallback || '', it.url)),
  color: colour,
};

/** The parts of a rich text block. */
export function richText(block, who) {
  return block.elements.map((part) => drawn(PARTS, part, who));
}

const drawn = (kinds, part, who) => (kinds[part?.type] ? kinds[part.type](part, who) : undrawn(part));
const run = (elements, who) => elements.map((it) => drawn(ELEMENTS, it, who));

function styled(element, drawn) {
  const style = element.style || {};
  const marked = STYLES.reduce((inside, [name, tag]) => (style[name] ? h(tag, null, inside) : inside), drawn);
  return style.code ? h('code.sk-code', null, marked) : marked;
}

// A skin tone is a second character that follows the first.
function drawnEmoji({ name, unicode, skin_tone: tone }) {
  const points = unicode ? unicode.split('-').map((code) => parseInt(code, 16)) : [];
  const char = points.length ? String.fromCodePoint(...points) : emojiChar(name);
  if (!char) return `:${name}:`;
  const toned = tone > 1 && !points.length ? char + String.fromCodePoint(0x1f3f9 + tone) : char;
  return h(
    'span.sk-emoji',
    { role: 'img', 'aria-label': `${name.replaceAll('_', ' ')} emoji`, title: `:${name}:` },
    toned,
  );
}

function colour({ value }) {
  const shown = COLOUR.test(value) ? h('span.sk-swatch', { style: { 'background-color': value } }) : null;
  return h('span', null, value, shown);
}

// Slack sends each level of a nested list as a list of its own, with how far it is set in.
function list(part, who) {
  const indent = Math.min(part.indent || 0, 8);
  const ordered = part.style === 'ordered';
  const items = part.elements.map((item) => h('li', null, drawn(PARTS, item, who)));
  const shape = ordered ? ['decimal', 'lower-alpha', 'lower-roman'] : ['disc', 'circle', 'square'];
  const style = { 'list-style-type': shape[indent % 3], 'margin-left': `${indent * 28}px` };
  const border = part.border ? 'has-border' : '';
  return h(
    ordered ? 'ol.sk-list' : 'ul.sk-list',
    { class: border, style, start: ordered && part.offset ? part.offset + 1 : undefined },
    items,
  );
}
