// The box that messages are written in: suggestions above it, history on the up arrow, Enter to send.

import { icon } from './icons.js';
import { shortcuts } from './shortcuts.js';
import { argumentAt, argumentWords, suggest } from './suggest.js';
import { h } from './vdom.js';

const MARKS = [
  ['bold', 'Bold', '*'],
  ['italic', 'Italic', '_'],
  ['strike', 'Strikethrough', '~'],
  null,
  ['quote', 'Quote', '> '],
  null,
  ['code', 'Code', '`'],
];

/** Draws it. `spec`: `key` (one draft each), `channel`, `thread`, `placeholder`, `test`. */
export function composer(cx, spec) {
  const draft = draftOf(cx, spec.key);
  const offer = draft.offer;
  const id = `sk-composer-${spec.key.replace(/[^\w-]/g, '_')}`;
  const box = { cx, spec, draft, id };
  const active = offer?.items[draft.active] ? `${id}-s${draft.active}` : undefined;
  const field = h('textarea.sk-composer-field', {
    id,
    rows: 1,
    value: draft.text,
    placeholder: spec.placeholder,
    'aria-label': spec.placeholder,
    'data-test': spec.test,
    role: 'textbox',
    'aria-multiline': 'true',
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    'aria-controls': offer?.items.length ? `${id}-list` : undefined,
    'aria-activedescendant': active,
    oninput: (event) => typed(box, event.target),
    onkeydown: (event) => key(box, event),
    onclick: (event) => look(box, event.target),
    onblur: () => hush(box),
    kept: grow,
    spellcheck: 'true',
  });
  return h(
    'div.sk-composer',
    { key: `composer:${spec.key}` },
    suggestions(box),
    h('div.sk-composer-box', { onmousedown: keepField }, marks(box), field, foot(box)),
    h(
      'div.sk-composer-hint',
      { 'aria-hidden': 'true' },
      draft.text.length > 1 && [h('strong', null, 'Shift + Return'), ' to add a new line'],
    ),
  );
}

function draftOf(cx, key) {
  if (!cx.ui.drafts.has(key)) cx.ui.drafts.set(key, { text: '', offer: null, active: 0, past: -1 });
  return cx.ui.drafts.get(key);
}

// A press beside the field must not take the focus from it.
function keepField(event) {
  if (event.target.tagName === 'TEXTAREA') return;
  event.preventDefault();
  event.currentTarget.querySelector('textarea').focus();
}

function grow(field) {
  if (field.skGrown === field.value) return;
  field.skGrown = field.value;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}

function marks(box) {
  const one = (it, at) =>
    it
      ? h(
          'button.sk-plain',
          {
            key: it[0],
            type: 'button',
            tabindex: -1,
            title: it[1],
            'aria-label': it[1],
            onclick: () => mark(box, it[2]),
          },
          icon(it[0], 18),
        )
      : h('span.sk-rule', { key: `rule:${at}` });
  return h('div.sk-marks', { role: 'group', 'aria-label': 'Formatting' }, MARKS.map(one));
}

function foot(box) {
  const ready = box.draft.text.trim() !== '';
  const insert = (glyph, words, letter) =>
    h(
      'button.sk-plain',
      { key: glyph, type: 'button', title: words, 'aria-label': words, onclick: () => put(box, letter) },
      icon(glyph, 18),
    );
  return h(
    'div.sk-composer-foot',
    null,
    insert('smile', 'Emoji', ':'),
    insert('at', 'Mention someone', '@'),
    !box.spec.thread && insert('slash', 'Run a command', '/'),
    shortcuts(box.cx, `${box.id}-shortcuts`, null, 'bolt', 'Shortcuts'),
    h(
      'button.sk-send',
      {
        key: 'send',
        type: 'button',
        class: ready ? 'is-ready' : '',
        disabled: !ready,
        title: 'Send now',
        'aria-label': 'Send now',
        onclick: () => send(box),
      },
      icon('send', 16),
    ),
  );
}

function suggestions({ draft, id, cx, spec }) {
  const { items = [], usage } = draft.offer || {};
  if (!items.length && !usage) return null;
  const row = (item, at) =>
    h(
      'div.sk-option',
      {
        key: item.key,
        id: `${id}-s${at}`,
        role: 'option',
        class: at === draft.active ? 'is-active' : '',
        'aria-selected': at === draft.active ? 'true' : 'false',
        onmousedown: (event) => event.preventDefault(),
        onclick: () => complete({ draft, id, cx, spec }, item),
        kept: (node) => at === draft.active && node.scrollIntoView({ block: 'nearest' }),
      },
      h('span.sk-suggest-face', null, item.face),
      h(
        'span.sk-suggest-text',
        null,
        h('strong', null, item.label),
        item.more && h('span.sk-suggest-more', null, item.more),
      ),
      item.about && h('span.sk-suggest-about', null, item.about),
    );
  const list =
    items.length > 0 &&
    h('div.sk-options', { id: `${id}-list`, role: 'listbox', 'aria-label': 'Suggestions' }, items.map(row));
  return h('div.sk-suggest', { key: 'suggest' }, usage && hint(usage), list, items.length > 0 && keys());
}

const keys = () =>
  h(
    'div.sk-suggest-keys',
    { 'aria-hidden': 'true' },
    [
      ['↑↓', 'to choose'],
      ['Tab', 'to take it'],
      ['Esc', 'to close'],
    ].map(([key, does]) => h('span', { key }, h('kbd', null, key), ` ${does}`)),
  );

function hint({ entry, rest, command }) {
  const now = argumentAt(entry, rest);
  const part = (it, at) => h('span', { key: `${at}`, class: at === now ? 'is-now' : '' }, argumentWords(it));
  const about = entry.arguments?.[now]?.help || entry.about;
  return h(
    'div.sk-usage',
    { role: 'note' },
    h(
      'div.sk-usage-line',
      null,
      h('strong', null, [command, ...entry.words].join(' ')),
      (entry.arguments || []).map(part),
    ),
    h('div.sk-usage-about', null, about),
    entry.example && h('div.sk-usage-about', null, 'For example ', h('code.sk-code', null, entry.example)),
  );
}

function typed(box, field) {
  box.draft.text = field.value;
  box.draft.past = -1;
  box.draft.hushed = false;
  look(box, field);
}

/** Offers what fits where the caret stands. */
function look({ cx, draft, spec }, field) {
  draft.offer = draft.hushed
    ? null
    : suggest(cx, draft.text, field.selectionStart, { inThread: Boolean(spec.thread) });
  draft.active = 0;
  cx.redraw();
}

function hush({ cx, draft }) {
  draft.offer = null;
  cx.redraw();
}

const fieldOf = ({ id }) => document.getElementById(id);

/** Puts a text into the draft in place of what is selected, with the caret after it. */
function write(box, from, to, text, caret = from + text.length) {
  const { draft, cx } = box;
  draft.text = draft.text.slice(0, from) + text + draft.text.slice(to);
  draft.hushed = false;
  cx.redraw();
  cx.after(() => {
    const field = fieldOf(box);
    field?.focus();
    field?.setSelectionRange(caret, caret);
    if (field) look(box, field);
  });
}

function complete(box, item) {
  write(box, item.from, fieldOf(box).selectionStart, item.put);
}

function put(box, letter) {
  const { selectionStart: from, selectionEnd: to } = fieldOf(box);
  const { text } = box.draft;
  if (letter === '/') write(box, 0, text.length, '/');
  else write(box, from, to, from > 0 && !/\s$/.test(text.slice(0, from)) ? ` ${letter}` : letter);
}

function mark(box, sign) {
  const { selectionStart: from, selectionEnd: to } = fieldOf(box);
  const inside = box.draft.text.slice(from, to);
  if (sign === '> ') write(box, from, to, `> ${inside}`);
  else write(box, from, to, sign + inside + sign, inside ? to + 2 : from + 1);
}

function key(box, event) {
  const { draft, cx } = box;
  const items = draft.offer?.items || [];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing) return;
  if (step && items.length) {
    event.preventDefault();
    draft.active = (draft.active + step + items.length) % items.length;
    cx.redraw();
  } else if (step && recall(box, step)) event.preventDefault();
  else if (event.key === 'Escape' && draft.offer) {
    event.stopPropagation();
    draft.hushed = true;
    hush(box);
  } else if (event.key === 'Tab' && !event.shiftKey && items.length) {
    event.preventDefault();
    complete(box, items[draft.active]);
  } else if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    enter(box, items[draft.active]);
  }
}

// What is offered but stands there already, letter by letter, is sent.
function enter(box, item) {
  const there = item && box.draft.text.slice(item.from).trim() === item.put.trim();
  if (item && !there) complete(box, item);
  else send(box);
}

/** Walks through what was sent before, from an empty box. */
function recall({ cx, draft }, step) {
  const sent = cx.ui.sent;
  const next = draft.past - step;
  if (!sent.length || (draft.text && draft.past < 0) || next < -1 || next >= sent.length) return false;
  draft.past = next;
  draft.text = next < 0 ? '' : sent[sent.length - 1 - next];
  draft.offer = null;
  cx.redraw();
  return true;
}

async function send(box) {
  const { cx, draft, spec } = box;
  const text = draft.text.trim();
  if (!text) return;
  if (spec.thread && text.startsWith('/')) {
    cx.store.toast(`${text.split(/\s/)[0]} is not supported in threads. Sorry!`);
    return;
  }
  Object.assign(draft, { text: '', offer: null, past: -1 });
  cx.ui.sent = [...cx.ui.sent.filter((it) => it !== text), text].slice(-50);
  cx.stick(spec.thread ? 't' : 'm');
  cx.redraw();
  const answer = await cx.store.act({
    do: 'say',
    channel: spec.channel,
    text,
    ...(spec.thread ? { thread_ts: spec.thread } : {}),
  });
  if (!answer.ok && !draft.text) {
    draft.text = text;
    cx.redraw();
  }
}
