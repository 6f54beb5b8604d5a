// Slack's mrkdwn, read as Slack reads it: marks only at the edges of words, references in <…>, three entities.

import { dateText } from './clock.js';
import { emoji, emojiChar, withEmoji } from './emoji.js';
import { h, safeUrl } from './vdom.js';

const MARKS = { '*': 'strong', _: 'em', '~': 's' };
const WORD = /[\p{L}\p{N}]/u;
const BARE_URL = /^https?:\/\/[^\s<>|`]+/;

/** `&lt;` as `<`; nothing else is an entity to Slack. */
export function unescape(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** A text object, or a message's own text: blocks of code and quotes among lines. `who` knows people and channels. */
export function mrkdwn(text, who, verbatim = false) {
  const reader = { who, links: !verbatim };
  return fences(text).flatMap((part) => (part.code ? [fence(part.text, reader)] : quotes(part.text, reader)));
}

/** A text object of either type. */
export function textObject(object, who) {
  if (!object) return [];
  if (object.type === 'mrkdwn') return mrkdwn(object.text, who, object.verbatim);
  const words = unescape(object.text);
  return object.emoji === false ? [words] : withEmoji(words);
}

/** The same without any marks, for titles and names read aloud. */
export function plainText(object) {
  return object
    ? unescape(object.text).replace(/:([a-z0-9_+-]+):/g, (all, name) => emojiChar(name) || all)
    : '';
}

function fences(text) {
  const parts = text.split(/```([\s\S]+?)```/);
  return parts
    .map((part, at) => ({ code: at % 2 === 1, text: trimBetween(part, at, parts.length) }))
    .filter((it) => it.text);
}

// The line break beside a block of code is the block's own.
function trimBetween(text, at, count) {
  if (at % 2 === 1) return text.replace(/^\n/, '').replace(/\n$/, '');
  const begun = at > 0 ? text.replace(/^\n/, '') : text;
  return at < count - 1 ? begun.replace(/\n$/, '') : begun;
}

const fence = (text, reader) => h('pre.sk-pre', null, h('code', null, inCode(text, reader)));

const QUOTE = /^(?:&gt;|>) ?/;
const QUOTE_ALL = /^(?:&gt;|>){3} ?/;

function quotes(text, reader) {
  const runs = [{ quote: false, lines: [] }];
  for (const line of text.split('\n')) {
    const run = runs.at(-1);
    if (run.all) run.lines.push(line);
    else if (QUOTE_ALL.test(line))
      runs.push({ quote: true, all: true, lines: [line.replace(QUOTE_ALL, '')] });
    else if (QUOTE.test(line) === run.quote) run.lines.push(line.replace(QUOTE, ''));
    else runs.push({ quote: !run.quote, lines: [line.replace(QUOTE, '')] });
  }
  return runs.filter((run) => run.lines.length).flatMap((run) => lineRun(run, reader));
}

function lineRun(run, reader) {
  const drawn = inline(run.lines.join('\n'), reader);
  return run.quote ? [h('blockquote.sk-quote', null, drawn)] : drawn;
}

/** One run of text with its marks, references and emoji. */
function inline(text, reader) {
  const out = [];
  let words = '';
  let at = 0;
  const flush = () => {
    if (words) out.push(unescape(words));
    words = '';
  };
  while (at < text.length) {
    const found = special(text, at, reader);
    if (found) {
      flush();
      out.push(...found.drawn);
      at = found.end;
    } else {
      words += text[at];
      at += 1;
    }
  }
  flush();
  return out;
}

function special(text, at, reader) {
  const letter = text[at];
  if (letter === '<') return bracket(text, at, reader);
  if (letter === '`') return code(text, at, reader);
  if (letter === ':') return named(text, at);
  if (letter in MARKS) return marked(text, at, reader);
  if (letter === 'h' && reader.links && startsWord(text, at)) return bareLink(text, at);
  return null;
}

const startsWord = (text, at) => at === 0 || !WORD.test(text[at - 1]);
const endsWord = (text, at) => at >= text.length - 1 || !WORD.test(text[at + 1]);

function bracket(text, at, reader) {
  const end = text.indexOf('>', at);
  if (end < 0) return null;
  return { drawn: [reference(text.slice(at + 1, end), reader)], end: end + 1 };
}

function code(text, at, reader) {
  const end = text.indexOf('`', at + 1);
  const inside = text.slice(at + 1, end);
  if (end < 0 || !inside.trim() || inside.includes('\n')) return null;
  if (!startsWord(text, at) || !endsWord(text, end)) return null;
  return { drawn: [h('code.sk-code', null, inCode(inside, reader))], end: end + 1 };
}

// In code only references are read.
function inCode(text, reader) {
  const parts = text.split(/<([^<>\n]+)>/);
  return parts.map((part, at) => (at % 2 ? reference(part, reader) : unescape(part)));
}

function named(text, at) {
  const found = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(text.slice(at, at + 60));
  if (!found || !emojiChar(found[1])) return null;
  return { drawn: [emoji(found[1])], end: at + found[0].length };
}

function marked(text, at, reader) {
  const mark = text[at];
  const next = text[at + 1];
  if (!startsWord(text, at) || !next || /\s/.test(next) || next === mark) return null;
  const end = closing(text, at + 1, mark);
  if (end < 0) return null;
  return { drawn: [h(MARKS[mark], null, inline(text.slice(at + 1, end), reader))], end: end + 1 };
}

function closing(text, from, mark) {
  for (let at = from; at < text.length && text[at] !== '\n'; at += 1) {
    const closes = text[at] === '<' ? '>' : text[at] === '`' ? '`' : null;
    const skip = closes ? text.indexOf(closes, at + 1) : -1;
    if (skip > 0) at = skip;
    else if (text[at] === mark && at > from && !/\s/.test(text[at - 1]) && endsWord(text, at)) return at;
  }
  return -1;
}

function bareLink(text, at) {
  const found = BARE_URL.exec(text.slice(at));
  if (!found) return null;
  const url = found[0].replace(/(&gt;|&lt;|[.,;:!?'")\]*_~])+$/, '');
  return { drawn: [link(unescape(url), [unescape(url)])], end: at + url.length };
}

function reference(inside, reader) {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : inside.slice(bar + 1);
  if (target.startsWith('@')) return userMention(target.slice(1), reader.who, unescape(label));
  if (target.startsWith('#')) return channelLink(target.slice(1), reader.who, unescape(label));
  if (target.startsWith('!')) return command(target.slice(1), unescape(label));
  const words = label
    ? inline(label, { ...reader, links: false })
    : [unescape(target).replace(/^mailto:/, '')];
  return link(unescape(target), words);
}

function command(target, label) {
  const [name, ...rest] = target.split('^');
  if (name === 'date') return date(rest[0], rest[1] || '', label, rest[2]);
  if (name === 'subteam') return broadcast(label || rest[0]);
  return broadcast(label || name);
}

/** `@here` and its kin, and groups of people. */
export function broadcast(name) {
  return h('span.sk-mention.is-loud', null, `@${name.replace(/^@/, '')}`);
}

/** A moment in the reader's own zone and words. */
export function date(seconds, pattern, fallback, url) {
  const shown = h(
    'time.sk-date',
    { datetime: isoOf(seconds) },
    dateText(Number(seconds), pattern, fallback) || fallback,
  );
  return url && safeUrl(url) ? link(url, [shown]) : shown;
}

function isoOf(seconds) {
  const moment = new Date(Number(seconds) * 1000);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** A link that opens beside the page; mere words where the address cannot be trusted. */
export function link(url, words, style = '') {
  const href = safeUrl(url);
  if (!href) return h('span', { class: style }, words);
  return h('a.sk-link', { href, class: style, target: '_blank', rel: 'noopener noreferrer' }, words);
}

/** `@grace`, marked where it is the reader. */
export function userMention(id, who, label = '') {
  const name = who.user(id)?.name || label.replace(/^@/, '') || id;
  return h('span.sk-mention', { class: id === who.me ? 'is-me' : '', 'data-user': id }, `@${name}`);
}

/** `#web`, which leads there. */
export function channelLink(id, who, label = '') {
  const known = who.channel(id);
  const words = `#${known?.name || label || id}`;
  if (!known) return h('span.sk-mention', null, words);
  return h('button.sk-mention.sk-plain', { type: 'button', onclick: () => who.goTo(id) }, words);
}
