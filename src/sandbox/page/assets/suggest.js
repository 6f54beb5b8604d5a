// What may be meant by the letters before the caret: a command of the bot, a person, a channel, an emoji.

import { avatar } from './avatar.js';
import { emojiLike } from './emoji.js';
import { icon } from './icons.js';

const MOST = 30;
const SIGIL = /(?:^|[\s([{,;"'])([@#:])([\p{L}\p{N}._+-]*)$/u;

/** `{items, usage}` for a text and the caret in it; an item says what takes the place of `from`…caret. */
export function suggest(cx, text, caret, { inThread }) {
  const typed = text.slice(0, caret);
  const named = names(cx, typed);
  if (named.length) return { items: named, usage: null };
  const grammar = cx.store.grammar;
  if (inThread || !grammar || !typed.startsWith('/')) return { items: [], usage: null };
  return commands(grammar, typed);
}

function commands(grammar, typed) {
  const { command } = grammar;
  const rest = typed.slice(command.length);
  if (!typed.startsWith(command) || (rest && !/^\s/.test(rest))) {
    const begun = command.startsWith(typed.trimEnd()) && !/\s/.test(typed);
    return { items: begun ? entries(grammar, '') : [], usage: null };
  }
  const meant = meantBy(grammar, rest);
  const items = meant
    ? flags(meant.entry, meant.rest, typed)
    : entries(grammar, rest.trimStart().toLowerCase());
  return { items, usage: meant && { ...meant, command } };
}

/** The command whose words are all there, followed by a space. */
function meantBy(grammar, rest) {
  const words = rest.trimStart();
  const fits = grammar.entries.filter(
    (it) => it.words.length && words.toLowerCase().startsWith(`${it.words.join(' ')} `),
  );
  const entry = fits.sort((a, b) => b.words.length - a.words.length)[0];
  return entry && { entry, rest: words.slice(entry.words.join(' ').length + 1) };
}

function entries(grammar, wanted) {
  const itself = { words: [], usage: grammar.command, about: grammar.about, arguments: [] };
  const all = [itself, ...grammar.entries.filter((it) => it.words.length)];
  const begun = all.filter((it) => it.words.join(' ').startsWith(wanted));
  const found = begun.length
    ? begun
    : all.filter((it) => wanted && it.words.some((word) => word.startsWith(wanted.split(/\s+/).pop())));
  return found.slice(0, MOST).map((it) => commandItem(grammar.command, it));
}

function commandItem(command, entry) {
  const whole = [command, ...entry.words].join(' ');
  const more = (entry.arguments || [])
    .filter((it) => !it.flag)
    .map(argumentWords)
    .join(' ');
  return {
    key: whole,
    label: whole,
    more,
    about: entry.about,
    face: avatar({ bot: true }, 20),
    from: 0,
    put: `${whole} `,
  };
}

/** `<pr>` where it is needed, `[repo]` where it is not. */
export function argumentWords({ name, flag, required, many }) {
  const value = flag && name ? ` <${name}>` : '';
  const words = flag ? `${flag}${name && !name.startsWith('-') ? value : ''}` : name;
  const framed = required && !flag ? `<${words}>` : `[${words}]`;
  return many ? `${framed}…` : framed;
}

function flags(entry, rest, typed) {
  const word = /(^|\s)(-[\w-]*)$/.exec(rest)?.[2];
  if (!word) return [];
  const left = entry.arguments.filter(
    (it) => it.flag?.startsWith(word) && (it.many || !rest.includes(`${it.flag} `)),
  );
  return left.map((it) => ({
    key: it.flag,
    label: it.flag,
    about: it.help,
    face: icon('slash', 16),
    from: typed.length - word.length,
    put: `${it.flag} `,
  }));
}

/** Which of the arguments is being written: by its flag, else by its place. */
export function argumentAt(entry, rest) {
  const all = entry.arguments || [];
  const words = rest.match(/"[^"]*"?|\S+/g) || [];
  const done = /\s$/.test(rest) || !rest ? words : words.slice(0, -1);
  const flag = all.find((it) => it.flag && it.flag === done.at(-1));
  if (flag) return all.indexOf(flag);
  const placed = done.filter((word, at) => !word.startsWith('-') && !done[at - 1]?.startsWith('--')).length;
  const places = all.filter((it) => !it.flag);
  const place = places[placed] || places.filter((it) => it.many).at(-1);
  return all.indexOf(place);
}

function names(cx, typed) {
  const [whole, sigil, letters] = SIGIL.exec(typed) || [];
  if (!whole) return [];
  const from = typed.length - letters.length - 1;
  const items = { '@': people, '#': channels, ':': faces }[sigil](cx, letters.toLowerCase());
  const only = items.length === 1 && items[0].put.trim() === `${sigil}${letters}`;
  return only ? [] : items.map((it) => ({ ...it, from }));
}

const people = (cx, letters) =>
  cx.state.people
    .filter((it) => it.name.toLowerCase().startsWith(letters))
    .map((it) => ({
      key: it.id,
      label: it.name,
      about: it.title,
      face: avatar(it, 20),
      put: `@${it.name} `,
    }));

const channels = (cx, letters) =>
  cx.state.channels
    .filter((it) => it.kind !== 'im' && it.name.toLowerCase().startsWith(letters))
    .map((it) => ({
      key: it.id,
      label: it.name,
      about: it.topic,
      face: icon(it.kind === 'private' ? 'lock' : 'hash', 16),
      put: `#${it.name} `,
    }));

const faces = (_, letters) =>
  (letters.length < 2 ? [] : emojiLike(letters)).map((it) => ({
    key: it.name,
    label: `:${it.name}:`,
    face: it.char,
    put: `:${it.name}: `,
  }));
