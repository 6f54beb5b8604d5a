// Labelled fields and native selects for the Bitbucket side.

import { h } from './vdom.js';

/** A field under its label. */
export function field(label, input) {
  input.props.id ??= `bb-field-${label.toLowerCase().replaceAll(' ', '-')}`;
  return h('div.bb-field', { key: label }, h('label', { for: input.props.id }, label), input);
}

/** A native select of `[value, text]` pairs. */
export function select({ options, value, ...props }) {
  const each = options.map(([held, text]) => h('option', { key: held, value: held, selected: held === value }, text));
  const given = value === undefined ? props : { ...props, value };
  return h('select', given, each);
}
