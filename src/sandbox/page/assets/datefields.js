// Days and times: a month's page under a button, and a list of half hours that also takes what is typed.

import { combobox } from './combobox.js';
import {
  at,
  clockOf,
  halfHours,
  isoDay,
  isoTime,
  longDay,
  monthName,
  monthPage,
  plusDays,
  plusMonths,
  readTime,
  shortDay,
  today,
  weekdays,
} from './days.js';
import { give, held, idOf } from './fields.js';
import { icon } from './icons.js';
import { plainText } from './mrkdwn.js';
import { h } from './vdom.js';

/** A `datepicker`. */
export function dateField(s, block, el, label, attributes) {
  return dayButton(s.cx, {
    id: idOf(s, block, el),
    label,
    attributes,
    day: held(s, block, el),
    placeholder: plainText(el.placeholder) || 'Select a date',
    give: (day) => give(s, block, el, day),
  });
}

/** A `timepicker`. */
export function timeField(s, block, el, label, attributes) {
  return timeBox(s.cx, {
    id: idOf(s, block, el),
    label,
    attributes,
    time: held(s, block, el),
    clears: block.type === 'input' && block.optional,
    placeholder: plainText(el.placeholder) || 'Select a time',
    give: (time) => give(s, block, el, time),
  });
}

/** A `datetimepicker`: both, held as one moment. */
export function dateTimeField(s, block, el, label, attributes) {
  const seconds = held(s, block, el);
  const moment = seconds ? new Date(seconds * 1000) : null;
  const put = (day, time) => give(s, block, el, Math.floor(at(day, time).getTime() / 1000));
  const id = idOf(s, block, el);
  const day = dayButton(s.cx, {
    id,
    label,
    attributes,
    day: moment && isoDay(moment),
    placeholder: 'Select a date',
    give: (it) => put(it, moment ? isoTime(moment) : '09:00'),
  });
  const time = timeBox(s.cx, {
    id: `${id}-time`,
    label: `${label} time`,
    attributes: { 'aria-label': `${label} time`.trim() },
    time: moment && isoTime(moment),
    placeholder: 'Select a time',
    give: (it) => put(moment ? isoDay(moment) : isoDay(today()), it || '00:00'),
  });
  return h('div.sk-datetime', { key: `element:${el.action_id}` }, day, time);
}

function timeBox(cx, { id, label, attributes, time, placeholder, clears, give: put }) {
  const item = (value) => ({ key: value, value, label: clockOf(at('2024-01-01', value)) });
  const find = (query) => {
    const like = query.trim().toLowerCase();
    const typed = readTime(query);
    const near = halfHours()
      .map(item)
      .filter((it) => it.key !== typed && it.label.toLowerCase().startsWith(like));
    return typed && like ? [item(typed), ...near] : near;
  };
  return combobox(cx, {
    glyph: 'clock',
    id,
    label,
    placeholder,
    clears,
    attributes,
    find,
    chosen: time ? [item(time)] : [],
    give: ([it]) => put(it ? it.value : null),
  });
}

function dayButton(cx, { id, label, attributes, day, placeholder, give: put }) {
  const open = () => {
    const shown = { cursor: day ? at(day) : today() };
    const choose = (date) => {
      cx.menu.close({ refocus: true });
      put(isoDay(date));
    };
    cx.menu.open(id, { draw: () => calendar(cx, shown, day, choose) });
  };
  const toggle = () => (cx.menu.of(id) ? cx.menu.close() : open());
  const words = day ? shortDay(at(day)) : placeholder;
  const { 'aria-label': name, ...rest } = attributes;
  return h(
    'button.sk-day-button',
    {
      id,
      type: 'button',
      class: day ? '' : 'is-empty',
      'aria-haspopup': 'dialog',
      'aria-expanded': cx.menu.of(id) ? 'true' : 'false',
      'aria-label': `${name || label || placeholder}: ${words}`,
      onclick: toggle,
      ...rest,
    },
    icon('calendar', 16),
    h('span', null, words),
    icon('caret', 16),
  );
}

const STEPS = {
  ArrowLeft: (date) => plusDays(date, -1),
  ArrowRight: (date) => plusDays(date, 1),
  ArrowUp: (date) => plusDays(date, -7),
  ArrowDown: (date) => plusDays(date, 7),
  PageUp: (date) => plusMonths(date, -1),
  PageDown: (date) => plusMonths(date, 1),
};

function calendar(cx, shown, day, choose) {
  const go = (date) => {
    shown.cursor = date;
    cx.redraw();
  };
  const key = (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      cx.menu.close({ refocus: true });
    } else if (STEPS[event.key]) {
      event.preventDefault();
      go(STEPS[event.key](shown.cursor));
    }
  };
  const turn = (months, name, glyph) =>
    h(
      'button.sk-plain',
      { type: 'button', 'aria-label': name, onclick: () => go(plusMonths(shown.cursor, months)) },
      icon(glyph, 18),
    );
  return h(
    'div.sk-calendar',
    { role: 'dialog', 'aria-label': 'Choose a day', onkeydown: key },
    h(
      'div.sk-calendar-top',
      null,
      turn(-1, 'Month before', 'left'),
      h('div', { 'aria-live': 'polite' }, monthName(shown.cursor)),
      turn(1, 'Month after', 'right'),
    ),
    h(
      'div.sk-calendar-page',
      null,
      weekdays().map((name) => h('abbr', { title: name.long, key: name.long }, name.short)),
      monthPage(shown.cursor).map((date) => dayCell(date, shown.cursor, day, choose)),
    ),
  );
}

function dayCell(date, cursor, day, choose) {
  const iso = isoDay(date);
  const here = iso === isoDay(cursor);
  const looks = [
    date.getMonth() !== cursor.getMonth() && 'is-outside',
    iso === isoDay(today()) && 'is-today',
    iso === day && 'is-chosen',
  ];
  const focus = (node) => here && focusDay(node);
  return h(
    'button.sk-plain.sk-day',
    {
      key: iso,
      type: 'button',
      class: looks.filter(Boolean).join(' '),
      tabindex: here ? 0 : -1,
      'aria-label': longDay(date),
      'aria-pressed': iso === day ? 'true' : 'false',
      onclick: () => choose(date),
      kept: focus,
    },
    String(date.getDate()),
  );
}

// While the arrows of the month are used, they keep the focus.
function focusDay(node) {
  const active = document.activeElement;
  if (!active?.closest('.sk-calendar-top')) node.focus({ preventScroll: true });
}
