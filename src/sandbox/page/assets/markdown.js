// The `markdown` block: ordinary Markdown (headings, lists, tables, fences), not Slack's own marks.

import { h } from './vdom.js';
import { emoji, emojiChar } from './emoji.js';
import { link } from './mrkdwn.js';

const RULE = /^ {0,3}([-*_])( *\1){2,} *$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const FENCE = /^ {0,3}(```|~~~)/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

const INLINE = [
  [/`([^`]+)`/, (m) => h('code.sk-code', null, m[1])],
  [/!?\[([^\]]*)\]\(([^\s)]+)[^)]*\)/, (m) => link(m[2], inline(m[1] || m[2]))],
  [/<(https?:\/\/[^>\s]+)>/, (m) => link(m[1], [m[1]])],
  [/https?:\/\/[^\s<>)\]]*[^\s<>)\].,;:!?'"*_]/, (m) => link(m[0], [m[0]])],
  [/\*\*(\S(?:.*?\S)?)\*\*/s, (m) => h('strong', null, inline(m[1]))],
  [/(?<![\p{L}\p{N}])__(\S(?:.*?\S)?)__(?![\p{L}\p{N}])/su, (m) => h('strong', null, inline(m[1]))],
  [/\*(\S(?:.*?\S)?)\*/s, (m) => h('em', null, inline(m[1]))],
  [/(?<![\p{L}\p{N}])_(\S(?:.*?\S)?)_(?![\p{L}\p{N}])/su, (m) => h('em', null, inline(m[1]))],
  [/~~(\S(?:.*?\S)?)~~/s, (m) => h('s', null, inline(m[1]))],
  [/:([a-z0-9_+'-]+):/, (m) => (emojiChar(m[1]) ? emoji(m[1]) : m[0])],
  [/\\([\\`*_{}[\]()#+.!~>|-])/, (m) => m[1]],
];

/** The whole text of a block. */
export function markdown(text) {
  return blocksOf(text.replaceAll('\r\n', '\n').split('\n'));
}

function blocksOf(lines) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const [drawn, next] = block(lines, at);
    if (drawn) out.push(drawn);
    at = next;
  }
  return out;
}

function block(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) return fence(lines, at);
  if (RULE.test(line)) return [h('hr.sk-divider'), at + 1];
  const heading = HEADING.exec(line);
  if (heading)
    return [
      h(`h${Math.min(heading[1].length + 2, 6)}.sk-md-${heading[1].length}`, null, inline(heading[2])),
      at + 1,
    ];
  if (/^ {0,3}>/.test(line)) return quote(lines, at);
  if (ITEM.test(line)) return list(lines, at);
  if (line.includes('|') && TABLE_RULE.test(lines[at + 1] || '')) return table(lines, at);
  return paragraph(lines, at);
}

/** Where a run of lines that are like this ends. */
function endOf(lines, from, like) {
  let at = from;
  while (at < lines.length && like(lines[at])) at += 1;
  return at;
}

function fence(lines, at) {
  const mark = FENCE.exec(lines[at])[1];
  const end = endOf(lines, at + 1, (line) => !line.trimStart().startsWith(mark));
  return [h('pre.sk-pre', null, h('code', null, lines.slice(at + 1, end).join('\n'))), end + 1];
}

function quote(lines, at) {
  const end = endOf(lines, at, (line) => /^ {0,3}>/.test(line));
  const inside = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ''));
  return [h('blockquote.sk-quote', null, blocksOf(inside)), end];
}

function paragraph(lines, at) {
  const plain = (line) =>
    line.trim() && !FENCE.test(line) && !HEADING.test(line) && !ITEM.test(line) && !/^ {0,3}>/.test(line);
  const end = Math.max(endOf(lines, at, plain), at + 1);
  return [h('p.sk-md-p', null, inline(lines.slice(at, end).join('\n'))), end];
}

function list(lines, at) {
  const [, indent, mark] = ITEM.exec(lines[at]);
  const inner = (line) => /^\s+\S/.test(line) && line.search(/\S/) > indent.length;
  const mine = (line) => ITEM.test(line) && ITEM.exec(line)[1].length === indent.length;
  const items = [];
  let next = at;
  while (next < lines.length && mine(lines[next])) {
    const end = endOf(lines, next + 1, inner);
    items.push(item(ITEM.exec(lines[next])[3], lines.slice(next + 1, end)));
    next = end;
  }
  const ordered = /\d/.test(mark);
  return [
    h(ordered ? 'ol.sk-list' : 'ul.sk-list', { start: ordered ? parseInt(mark, 10) : undefined }, items),
    next,
  ];
}

function item(text, inside) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const box =
    task && h('input', { type: 'checkbox', disabled: true, checked: task[1] !== ' ', 'aria-label': 'task' });
  const indent = Math.min(...inside.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return h(
    'li',
    { class: task ? 'is-task' : undefined },
    box,
    inline(task ? task[2] : text),
    blocksOf(inside.map((line) => line.slice(indent))),
  );
}

function table(lines, at) {
  const end = endOf(lines, at + 2, (line) => line.includes('|'));
  const cells = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => inline(cell.trim()));
  const row = (line, tag) =>
    h(
      'tr',
      null,
      cells(line).map((cell) => h(tag, null, cell)),
    );
  const body = lines.slice(at + 2, end).map((line) => row(line, 'td'));
  return [
    h(
      'div.sk-table-frame',
      null,
      h('table.sk-table', null, h('thead', null, row(lines[at], 'th')), h('tbody', null, body)),
    ),
    end,
  ];
}

// The mark that begins first is read first; of two that begin together, the one higher in the list.
function inline(text) {
  const found = INLINE.map(([mark, draw]) => ({ match: mark.exec(text), draw })).filter((it) => it.match);
  if (!found.length) return [text];
  const first = found.reduce((best, it) => (it.match.index < best.match.index ? it : best));
  const { index, 0: whole } = first.match;
  return [text.slice(0, index), first.draw(first.match), ...inline(text.slice(index + whole.length))];
}
