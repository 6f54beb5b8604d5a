// The menus of Block Kit: options that came with them, people, channels, or what the bot finds.

import { avatar } from './avatar.js';
import { combobox } from './combobox.js';
import { give, held, idOf } from './fields.js';
import { plainText } from './mrkdwn.js';

const PROMPTS = {
  users: 'Choose a person',
  conversations: 'Choose a conversation',
  channels: 'Choose a channel',
};

/** Draws a select or multi-select. */
export function select(s, block, el, label, attributes) {
  const multi = el.type.startsWith('multi_');
  const kind = el.type.replace('multi_', '').replace('_select', '');
  const now = held(s, block, el);
  const source = kind === 'static' || kind === 'external' ? optionItem : (id) => idItem(s, id);
  const chosen = (multi ? now || [] : [now].filter(Boolean)).map(source);
  const values = (items) => items.map((item) => item.value);
  return combobox(s.cx, {
    id: idOf(s, block, el),
    label: label || plainText(el.placeholder),
    multi,
    chosen,
    attributes,
    placeholder: plainText(el.placeholder) || PROMPTS[kind] || 'Choose an option',
    least: kind === 'external' ? (el.min_query_length ?? 3) : 0,
    most: el.max_selected_items,
    clears: block.type === 'input' && block.optional,
    find: (query) => fitting(offered(s, kind, el), query),
    asks: kind === 'external' ? (query) => lookedUp(s, block, el, query) : null,
    give: (items) => give(s, block, el, multi ? values(items) : (values(items)[0] ?? null)),
  });
}

const optionItem = (option) => ({
  key: option.value,
  value: option,
  label: plainText(option.text),
  about: plainText(option.description),
});

async function lookedUp(s, block, el, query) {
  const answer = await s.query(block, el, query);
  return answer.ok ? itemsOf(answer) : null;
}

/** The items of options, in groups or not. */
function itemsOf({ options, option_groups: groups }) {
  const grouped = (groups || []).flatMap((group) =>
    group.options.map((it) => ({ ...optionItem(it), group: plainText(group.label) })),
  );
  return [...(options || []).map(optionItem), ...grouped];
}

function idItem(s, id) {
  const channel = s.who.channel(id);
  const person = s.who.user(channel?.with || id);
  if (person)
    return { key: id, value: id, label: person.name, about: person.title, face: avatar(person, 20) };
  return { key: id, value: id, label: channel ? `#${channel.name}` : id };
}

function offered(s, kind, el) {
  const { people, channels } = s.cx.state;
  const ids = (list) => list.map((it) => idItem(s, it.id));
  if (kind === 'users') return ids(people.filter((it) => !it.bot));
  if (kind === 'channels') return ids(channels.filter((it) => it.kind === 'public'));
  if (kind === 'conversations')
    return ids(channels.filter((it) => !el.filter?.include || el.filter.include.includes(it.kind)));
  return itemsOf(el);
}

function fitting(items, query) {
  const wanted = query.trim().toLowerCase();
  return items.filter((item) => item.label.toLowerCase().includes(wanted));
}
