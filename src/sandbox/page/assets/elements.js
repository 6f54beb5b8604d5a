// Every element that can be pressed, chosen or filled in, wherever its block stands.

import { dateField, dateTimeField, timeField } from './datefields.js';
import { give, held, idOf, use } from './fields.js';
import { icon } from './icons.js';
import { deedList } from './menu.js';
import { plainText, textObject } from './mrkdwn.js';
import { select } from './selects.js';
import { undrawn } from './undrawn.js';
import { h, safeUrl } from './vdom.js';

const ELEMENTS = {
  button,
  workflow_button: button,
  icon_button: button,
  feedback_buttons: feedback,
  overflow,
  checkboxes: boxes,
  radio_buttons: boxes,
  datepicker: dateField,
  timepicker: timeField,
  datetimepicker: dateTimeField,
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
  rich_text_input: typed,
};

/** Draws one. `label` is what names it; `parts` are the ids of the label, hint and error around an input. */
export function element(s, block, el, label = '', parts = {}) {
  const draw = ELEMENTS[el?.type] || (el?.type?.endsWith('_select') ? select : undrawn);
  if (draw === undrawn) return undrawn(el);
  return draw(s, block, el, label, attributesOf(s, el, label, parts));
}

function attributesOf(s, el, label, parts) {
  const about = [parts.error, parts.hint].filter(Boolean).join(' ');
  return {
    'data-action': el.action_id,
    'aria-label': parts.label ? undefined : label || plainText(el.placeholder) || undefined,
    'aria-describedby': about || undefined,
    'aria-invalid': parts.error ? 'true' : undefined,
    'aria-required': parts.needed ? 'true' : undefined,
    'data-first': el.focus_on_load ? 'true' : undefined,
  };
}

function button(s, block, el) {
  const id = idOf(s, block, el);
  const busy = s.cx.ui.busy.has(id);
  const press = () => {
    if (busy) return;
    const url = el.url && safeUrl(el.url);
    if (url) window.open(url, '_blank', 'noopener');
    use(s, block, el, {});
  };
  const looks = [el.style && `is-${el.style}`, busy && 'is-busy'].filter(Boolean).join(' ');
  return h(
    'button.sk-button',
    {
      key: `element:${el.action_id}`,
      id,
      type: 'button',
      class: looks,
      'data-action': el.action_id,
      'aria-label': el.accessibility_label,
      'aria-busy': busy ? 'true' : undefined,
      onclick: press,
    },
    h('span.sk-button-text', null, textObject(el.text)),
  );
}

function feedback(s, block, el) {
  const one = (part) =>
    h(
      'button.sk-button',
      {
        type: 'button',
        'data-action': el.action_id,
        'aria-label': part.accessibility_label,
        onclick: () => use(s, block, el, { value: part.value }),
      },
      textObject(part.text),
    );
  return [one(el.positive_button), one(el.negative_button)];
}

function overflow(s, block, el, label) {
  const id = idOf(s, block, el);
  const { menu } = s.cx;
  const items = el.options.map((option) => ({
    key: option.value,
    label: textObject(option.text),
    about: plainText(option.description),
    option,
  }));
  const choose = ({ option }) => {
    menu.close({ refocus: true });
    const url = option.url && safeUrl(option.url);
    if (url) window.open(url, '_blank', 'noopener');
    use(s, block, el, { selected_option: option });
  };
  const toggle = () =>
    menu.of(id) ? menu.close() : menu.open(id, { items, draw: () => deedList(menu, items, choose) });
  const open = menu.of(id) ? 'true' : 'false';
  return h(
    'button.sk-button.is-icon',
    {
      key: `element:${el.action_id}`,
      id,
      type: 'button',
      'data-action': el.action_id,
      'aria-haspopup': 'menu',
      'aria-expanded': open,
      'aria-label': label ? `More for ${label}` : 'More',
      onclick: toggle,
    },
    icon('more', 18),
  );
}

function boxes(s, block, el, label, attributes) {
  const many = el.type === 'checkboxes';
  const now = held(s, block, el);
  const chosen = new Set((many ? now || [] : [now]).filter(Boolean).map((it) => it.value));
  const id = idOf(s, block, el);
  const box = (option, at) =>
    h(
      'label.sk-box',
      { key: option.value },
      h('input', {
        type: many ? 'checkbox' : 'radio',
        name: id,
        id: at === 0 ? id : `${id}-${at}`,
        checked: chosen.has(option.value),
        onchange: () => toggle(option),
      }),
      h(
        'span.sk-text',
        null,
        textObject(option.text, s.who),
        option.description && h('span.sk-box-about', null, textObject(option.description, s.who)),
      ),
    );
  const toggle = (option) => {
    const rest = el.options.filter((it) => chosen.has(it.value) !== (it.value === option.value));
    give(s, block, el, many ? rest : option);
  };
  const { 'data-first': first, ...group } = attributes;
  return h(
    'div.sk-boxes',
    {
      key: `element:${el.action_id}`,
      role: many ? 'group' : 'radiogroup',
      'aria-labelledby':
        label && block.type === 'input'
          ? `${s.place}-${block.block_id}-label`.replace(/[^\w-]/g, '_')
          : undefined,
      ...group,
    },
    el.options.map(box),
  );
}

const TYPES = { email_text_input: 'email', url_text_input: 'url', number_input: 'text' };
const MODES = { number_input: 'decimal', email_text_input: 'email', url_text_input: 'url' };

function typed(s, block, el, label, attributes) {
  const rich = el.type === 'rich_text_input';
  const long = el.multiline || rich;
  const value = rich ? richWords(held(s, block, el)) : (held(s, block, el) ?? '');
  const keep = (text, more) => give(s, block, el, rich ? richOf(text) : text, more);
  const eager = el.dispatch_action_config?.trigger_actions_on?.includes('on_character_entered');
  const enter = (event) => {
    if (event.key !== 'Enter' || event.isComposing || long) return;
    event.preventDefault();
    if (block.dispatch_action) keep(event.target.value, { enter: true });
    else s.submit?.();
  };
  const tag = long ? 'textarea' : 'input';
  return h(`${tag}.sk-typed`, {
    key: `element:${el.action_id}`,
    id: idOf(s, block, el),
    value,
    class: long ? 'is-long' : '',
    type: long ? undefined : TYPES[el.type] || 'text',
    inputmode: MODES[el.type],
    rows: long ? 5 : undefined,
    autocomplete: 'off',
    placeholder: plainText(el.placeholder) || undefined,
    maxlength: el.max_length,
    onkeydown: enter,
    oninput: (event) =>
      keep(event.target.value, { typing: true, enter: Boolean(block.dispatch_action && eager) }),
    ...attributes,
  });
}

const richOf = (text) =>
  text
    ? { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] }
    : null;
const richWords = (value) =>
  (value?.elements || [])
    .flatMap((part) => part.elements || [])
    .map((it) => it.text || '')
    .join('');
