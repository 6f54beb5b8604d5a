// Every block of Block Kit that a message, a form or the home tab can hold, and attachments around them.

import { dateText } from './clock.js';
import { element } from './elements.js';
import { idOf } from './fields.js';
import { icon } from './icons.js';
import { markdown } from './markdown.js';
import { mrkdwn, plainText, textObject, unescape } from './mrkdwn.js';
import { richText } from './rich.js';
import { guarded, undrawn } from './undrawn.js';
import { h, safeUrl } from './vdom.js';

const NAMED_COLOURS = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

const BLOCKS = {
  section,
  header: (it) => h('h3.sk-header', null, textObject(it.text)),
  divider: () => h('hr.sk-divider'),
  context: (it, s) =>
    h(
      'div.sk-context',
      null,
      it.elements.map((part) => quiet(part, s)),
    ),
  actions: (it, s) =>
    h(
      'div.sk-actions',
      null,
      it.elements.map((part) => element(s, it, part)),
    ),
  context_actions: (it, s) =>
    h(
      'div.sk-actions',
      null,
      it.elements.map((part) => element(s, it, part)),
    ),
  image: (it) =>
    h('figure.sk-figure', null, it.title && h('figcaption', null, textObject(it.title)), picture(it)),
  input,
  rich_text: (it, s) => h('div.sk-richtext', null, richText(it, s.who)),
  markdown: (it) => h('div.sk-md', null, markdown(it.text)),
  table,
  alert: (it, s) =>
    h(
      'div.sk-alert',
      { class: `is-${it.level || 'default'}`, role: 'note' },
      icon('warning', 18),
      h('div', null, textObject(it.text, s.who)),
    ),
  card,
  carousel: (it, s) =>
    h(
      'div.sk-carousel',
      { tabindex: 0, role: 'group', 'aria-label': 'Cards' },
      it.elements.map((one) => card(one, s)),
    ),
};

/** The blocks of a surface: `s` says where they stand and what using them does. */
export function blocks(s, list) {
  return (list || []).map((block, at) => {
    const draw = BLOCKS[block?.type];
    const drawn = draw ? guarded(block, () => draw(block, s)) : undrawn(block);
    return h(
      'div.sk-block',
      { key: block?.block_id || `at:${at}`, class: `is-${block?.type}`, 'data-block': block?.block_id },
      drawn,
    );
  });
}

function section(block, s) {
  if (!block.text && !block.fields) return undrawn(block, 'it says nothing');
  const text = block.text && h('div.sk-text', null, textObject(block.text, s.who));
  const fields =
    block.fields &&
    h(
      'div.sk-fields',
      null,
      block.fields.map((it) => h('div.sk-text', null, textObject(it, s.who))),
    );
  const accessory = block.accessory && h('div.sk-accessory', null, beside(block, s));
  return h('div.sk-section', null, h('div.sk-section-text', null, text, fields), accessory);
}

function beside(block, s) {
  return block.accessory.type === 'image'
    ? picture(block.accessory, 'is-thumb')
    : element(s, block, block.accessory, plainText(block.text));
}

function quiet(part, s) {
  if (part.type === 'image') return picture(part, 'is-small');
  const known = part.type === 'mrkdwn' || part.type === 'plain_text';
  return known ? h('span.sk-text', null, textObject(part, s.who)) : undrawn(part);
}

// Only pictures of this very page may be loaded; any other shows its words in a frame.
function picture(image, size = '') {
  const words = image.alt_text || 'Picture';
  const url = image.image_url && safeUrl(new URL(image.image_url, document.baseURI).href);
  if (url && new URL(url).origin === window.location.origin)
    return h('img.sk-picture', { class: size, src: url, alt: words });
  return h(
    'span.sk-picture.is-frame',
    { class: size, role: 'img', 'aria-label': words, title: words },
    icon('picture', size === 'is-small' ? 14 : 20),
    size === '' && h('span', null, words),
  );
}

function input(block, s) {
  const error = s.error(block.block_id);
  const id = `${s.place}-${block.block_id}`.replace(/[^\w-]/g, '_');
  const parts = {
    label: `${id}-label`,
    hint: block.hint && `${id}-hint`,
    error: error && `${id}-error`,
    needed: !block.optional,
  };
  const group = ['checkboxes', 'radio_buttons'].includes(block.element.type);
  const label = h(
    group ? 'div.sk-label' : 'label.sk-label',
    { id: parts.label, for: group ? undefined : idOf(s, block, block.element) },
    textObject(block.label),
    block.optional && h('span.sk-optional', null, ' (optional)'),
  );
  return h(
    'div.sk-input',
    { class: error ? 'has-error' : '' },
    label,
    element(s, block, block.element, plainText(block.label), parts),
    error &&
      h('div.sk-error', { id: parts.error, role: 'alert', 'data-test': 'error' }, icon('warning', 16), error),
    block.hint && h('div.sk-hint', { id: parts.hint }, textObject(block.hint)),
  );
}

const CELLS = {
  raw_text: (cell) => unescape(cell.text),
  raw_number: (cell) => String(cell.text ?? cell.value),
  rich_text: (cell, s) => richText(cell, s.who),
};

function table(block, s) {
  const setting = (at) => block.column_settings?.[at] || {};
  const cell = (tag) => (it, at) => {
    const style = {
      'text-align': setting(at).align || 'left',
      'white-space': setting(at).is_wrapped ? 'pre-wrap' : 'nowrap',
    };
    return h(
      tag,
      { style, scope: tag === 'th' ? 'col' : undefined },
      it && (CELLS[it.type] ? CELLS[it.type](it, s) : undrawn(it)),
    );
  };
  const [head, ...body] = block.rows;
  const rows = body.map((row) => h('tr', null, row.map(cell('td'))));
  return h(
    'div.sk-table-frame',
    { tabindex: 0, role: 'group', 'aria-label': 'Table' },
    h('table.sk-table', null, h('thead', null, h('tr', null, head.map(cell('th')))), h('tbody', null, rows)),
  );
}

function card(block, s) {
  const line = (name) => block[name] && h(`div.sk-card-${name}`, null, textObject(block[name], s.who));
  const actions =
    block.actions &&
    h(
      'div.sk-actions',
      null,
      block.actions.map((part) => element(s, block, part)),
    );
  const top = h(
    'div.sk-card-top',
    null,
    block.icon && picture(block.icon, 'is-small'),
    h('div', null, line('title'), line('subtitle')),
  );
  return h(
    'div.sk-card',
    null,
    block.hero_image && picture(block.hero_image),
    top,
    line('body'),
    line('subtext'),
    actions,
  );
}

/** An attachment: blocks, or the older words, beside a bar of its colour. */
export function attachment(s, it, at) {
  const colour =
    NAMED_COLOURS[it.color] ||
    (/^#?[0-9a-f]{6}$/i.test(it.color || '') ? `#${it.color.replace('#', '')}` : null);
  const inside = it.blocks ? blocks(s, it.blocks) : guarded({ type: 'attachment' }, () => oldWords(s, it));
  const bar = h('div.sk-bar', { style: colour ? { 'background-color': colour } : {} });
  return h(
    'div.sk-attachment',
    { key: `attachment:${it.id ?? at}` },
    it.pretext && h('div.sk-text', null, mrkdwn(it.pretext, s.who)),
    h('div.sk-barred', null, bar, h('div.sk-attached', null, inside)),
  );
}

function oldWords(s, it) {
  const title =
    it.title &&
    h(
      'div.sk-attached-title',
      null,
      it.title_link ? mrkdwn(`<${it.title_link}|${it.title}>`, s.who) : unescape(it.title),
    );
  const fields = (it.fields || []).map((field) =>
    h(
      'div',
      { class: field.short ? '' : 'is-wide' },
      h('strong', null, unescape(field.title || '')),
      h('div.sk-text', null, mrkdwn(field.value || '', s.who)),
    ),
  );
  const foot = [
    it.footer && unescape(it.footer),
    it.ts && dateText(Number(it.ts), '{date_short_pretty} at {time}'),
  ]
    .filter(Boolean)
    .join('  |  ');
  const text = it.text ?? (title || fields.length ? '' : it.fallback || '');
  return [
    it.author_name && h('div.sk-attached-author', null, unescape(it.author_name)),
    title,
    text && h('div.sk-text', null, mrkdwn(text, s.who)),
    fields.length > 0 && h('div.sk-fields', null, fields),
    it.image_url && picture({ image_url: it.image_url, alt_text: it.fallback }),
    foot && h('div.sk-attached-foot', null, foot),
  ];
}
