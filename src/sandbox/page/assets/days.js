// Days and times of day as date fields hold them, written as the reader's own locale does.

import { now } from './clock.js';

const write = (options) => {
  const format = new Intl.DateTimeFormat(undefined, options);
  return (date) => (Number.isNaN(date.getTime()) ? '' : format.format(date).replaceAll('\u202f', ' '));
};

/** `Nov 21, 2026`. */
export const shortDay = write({ year: 'numeric', month: 'short', day: 'numeric' });
/** `Saturday, November 21, 2026`. */
export const longDay = write({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
/** `November 2026`. */
export const monthName = write({ year: 'numeric', month: 'long' });
/** `9:30 AM`. */
export const clockOf = write({ hour: 'numeric', minute: '2-digit' });

const two = (number) => String(number).padStart(2, '0');

/** `2026-11-21`, as a date field carries it. */
export const isoDay = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** `09:30`, as a time field carries it. */
export const isoTime = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;

/** The day that a date field carries, at this time of day. */
export function at(day, time = '00:00') {
  const [year, month, date] = day.split('-').map(Number);
  const [hour, minute] = time.split(':').map(Number);
  return new Date(year, month - 1, date, hour, minute);
}

export const today = () => at(isoDay(now()));
export const sameDay = (a, b) => isoDay(new Date(a * 1000)) === isoDay(new Date(b * 1000));

/** The same day of a week or month nearby. */
export const plusDays = (date, days) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);

/** The month before or after, on a day that it has. */
export function plusMonths(date, months) {
  const last = new Date(date.getFullYear(), date.getMonth() + months + 1, 0);
  return new Date(last.getFullYear(), last.getMonth(), Math.min(date.getDate(), last.getDate()));
}

/** 0 for Sunday: the day that the reader's weeks begin with. */
function firstWeekday() {
  const locale = new Intl.Locale(navigator.language);
  const week = locale.getWeekInfo?.() || locale.weekInfo;
  return (week?.firstDay ?? 7) % 7;
}

/** Names of the days of a week, from the locale's first one. 1 September 2024 was a Sunday. */
export function weekdays() {
  const [short, long] = [write({ weekday: 'short' }), write({ weekday: 'long' })];
  const days = [...Array(7).keys()].map((day) => new Date(2024, 8, 1 + firstWeekday() + day));
  return days.map((day) => ({ short: short(day).slice(0, 2), long: long(day) }));
}

/** The six weeks that a month's page shows. */
export function monthPage(date) {
  const first = new Date(date.getFullYear(), date.getMonth(), 1);
  const lead = (first.getDay() - firstWeekday() + 7) % 7;
  return [...Array(42).keys()].map((day) => plusDays(first, day - lead));
}

/** Every half hour of a day. */
export const halfHours = () =>
  [...Array(48).keys()].map((step) => `${two(Math.floor(step / 2))}:${step % 2 ? '30' : '00'}`);

/** A time of day as people type it: `9`, `9:30`, `930`, `9:30 pm`, `21.30`; null where it is none. */
export function readTime(typed) {
  const found = /^\s*(\d{1,2})(?:[:.h]?(\d{2}))?\s*([ap])?\.?m?\.?\s*$/i.exec(typed);
  if (!found) return null;
  const [, digits, minutes = '00', half] = found;
  const hour = half ? (Number(digits) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(digits);
  return hour < 24 && Number(minutes) < 60 ? `${two(hour)}:${minutes}` : null;
}
