// Forms and questions that stand before everything else: they hold the focus, and give it back.

import { blocks } from './blocks.js';
import { icon, dipper } from './icons.js';
import { plainText, textObject } from './mrkdwn.js';
import { viewSurface } from './surfaces.js';
import { h, tabbable } from './vdom.js';

/** The form on top of the reader's stack. */
export function modals(cx) {
  const form = cx.state.forms.at(-1);
  return form ? modal(cx, form, cx.state.forms.length) : null;
}

function modal(cx, form, depth) {
  const { view } = form;
  const close = () => cx.store.act({ do: 'form_close', view_id: form.id });
  const submit = view.submit ? () => send(cx, form) : undefined;
  const s = viewSurface(cx, form, submit);
  const sending = cx.ui.sending === form.id;
  const titleId = `${s.place}-title`;
  const frame = {
    key: `view:${form.id}`,
    role: 'dialog',
    'aria-modal': 'true',
    'aria-labelledby': titleId,
    tabindex: -1,
    'aria-busy': sending ? 'true' : undefined,
    onkeydown: (event) => keys(event, { close, submit }),
    made: enter,
    kept: (node) => toFault(node, form),
  };
  const face =
    depth > 1 ? back(close) : h('span.sk-avatar.is-bot.sk-modal-face', { 'aria-hidden': 'true' }, dipper(22));
  return h(
    'div.sk-shade',
    { key: 'modal' },
    h(
      'div.sk-modal',
      frame,
      head(face, titleId, textObject(view.title), close),
      h('div.sk-modal-body', null, trouble(form), blocks(s, view.blocks)),
      (submit || view.close) && foot(view, { close, submit, sending }),
    ),
  );
}

const back = (close) =>
  h('button.sk-plain', { type: 'button', 'aria-label': 'Back', onclick: close }, icon('left', 20));

function head(face, id, title, close) {
  const shut = h(
    'button.sk-plain.sk-modal-close',
    { type: 'button', 'aria-label': 'Close', onclick: close },
    icon('close', 20),
  );
  return h('header.sk-modal-head', null, face, h('h2', { id }, title), shut);
}

// What is wrong with the form as a whole stands above its fields.
function trouble(form) {
  const words = form.errors?.[''];
  return words && h('div.sk-trouble', { role: 'alert', 'data-test': 'error' }, icon('warning', 18), words);
}

function foot(view, { close, submit, sending }) {
  const words = view.close ? textObject(view.close) : submit ? 'Cancel' : 'Close';
  const leave = h('button.sk-button.is-big', { type: 'button', 'data-test': 'close', onclick: close }, words);
  const send =
    submit &&
    h(
      'button.sk-button.is-big.is-primary',
      {
        type: 'button',
        'data-test': 'submit',
        class: sending ? 'is-busy' : '',
        disabled: view.submit_disabled === true,
        onclick: submit,
      },
      h('span.sk-button-text', null, textObject(view.submit)),
    );
  return h('footer.sk-modal-foot', null, leave, send);
}

async function send(cx, form) {
  if (cx.ui.sending) return;
  const now = cx.state.forms.find((it) => it.id === form.id) || form;
  cx.ui.sending = form.id;
  cx.redraw();
  await cx.store.act({ do: 'form_submit', view_id: form.id, values: viewSurface(cx, now).values() });
  cx.ui.sending = null;
  cx.redraw();
}

/** The question before a deed, and its two answers. */
export function question(cx) {
  const asked = cx.ui.question;
  if (!asked) return null;
  const { title, text, confirm, deny, style } = asked.confirm;
  const no = () => cx.answer(false);
  const yes = () => cx.answer(true);
  const frame = {
    role: 'alertdialog',
    'aria-modal': 'true',
    'aria-labelledby': 'sk-question-title',
    'aria-describedby': 'sk-question-text',
    tabindex: -1,
    onkeydown: (event) => keys(event, { close: no }),
    made: (node) => node.querySelector('[data-test=confirm]').focus(),
  };
  return h(
    'div.sk-shade.is-question',
    { key: 'question' },
    h(
      'div.sk-modal.is-small',
      frame,
      head(null, 'sk-question-title', plainText(title) || 'Are you sure?', no),
      h('div.sk-modal-body', { id: 'sk-question-text' }, h('div.sk-text', null, textObject(text, cx.who))),
      h(
        'footer.sk-modal-foot',
        null,
        h(
          'button.sk-button.is-big',
          { type: 'button', 'data-test': 'deny', onclick: no },
          plainText(deny) || 'Cancel',
        ),
        h(
          'button.sk-button.is-big',
          {
            type: 'button',
            'data-test': 'confirm',
            class: style === 'danger' ? 'is-danger' : 'is-primary',
            onclick: yes,
          },
          plainText(confirm) || 'Yes',
        ),
      ),
    ),
  );
}

// Where nothing asks for the focus, the first field gets it.
function enter(node) {
  const first = node.querySelector('[data-first], .sk-input input, .sk-input textarea, .sk-input button');
  (first || node).focus({ preventScroll: true });
}

function keys(event, { close, submit }) {
  if (event.key === 'Escape') {
    event.stopPropagation();
    close();
  } else if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && submit) {
    event.preventDefault();
    submit();
  } else if (event.key === 'Tab') trap(event);
}

function trap(event) {
  const all = tabbable(event.currentTarget);
  const [first, last] = [all[0], all.at(-1)];
  const leaves = event.shiftKey
    ? [first, event.currentTarget].includes(document.activeElement)
    : document.activeElement === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

// After a form was refused, the first field at fault gets the focus; one that lost its field keeps it inside.
function toFault(node, form) {
  const fault = node.querySelector('.has-error input, .has-error textarea, .has-error button');
  if (fault && node.skFaults !== form.errors) fault.focus();
  node.skFaults = fault ? form.errors : null;
}
