// How each kind of field keeps what a person gave it: the key in its state, and the key of its first value.

const KEPT = {
  plain_text_input: ['value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  rich_text_input: ['rich_text_value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  checkboxes: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  multi_users_select: ['selected_users', 'initial_users'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
};

/** The element's id in the page, under which its label and its menu find it. */
export const idOf = (s, block, el) => `${s.place}-${block.block_id}-${el.action_id}`.replace(/[^\w-]/g, '_');

/** What the field holds: given here, else kept by the server, else what it starts with. */
export function held(s, block, el) {
  const [key, initial] = KEPT[el.type];
  const state = s.held(block.block_id, el.action_id);
  return state && key in state ? state[key] : (el[initial] ?? null);
}

/** The field holds this from now on. In an input block it waits for the form; elsewhere it acts at once. */
export function give(s, block, el, value, more = {}) {
  const state = { [KEPT[el.type][0]]: value };
  if (block.type === 'input') s.hold(block, el, state, more);
  else use(s, block, el, state);
}

/** Uses a control: asks first where it says so, and shows that it is at work until the answer is there. */
export async function use(s, block, el, action) {
  if (el.confirm && !(await s.cx.confirm(el.confirm))) return;
  if (KEPT[el.type]) s.hold(block, el, action, { quiet: true });
  const id = idOf(s, block, el);
  s.cx.ui.busy.add(id);
  s.cx.redraw();
  await s.press(block, el, action);
  s.cx.ui.busy.delete(id);
  s.cx.redraw();
}

/** The values of every input among these blocks, as a submission carries them. */
export function valuesOf(s, blocks) {
  const values = {};
  for (const block of blocks) {
    for (const el of [block.element, block.accessory, ...(block.elements || [])]) {
      if (!el || !KEPT[el.type]) continue;
      values[block.block_id] = values[block.block_id] || {};
      values[block.block_id][el.action_id] = {
        type: el.type,
        [KEPT[el.type][0]]: held(s, block, el) ?? (KEPT[el.type][0].endsWith('s') ? [] : null),
      };
    }
  }
  return values;
}
