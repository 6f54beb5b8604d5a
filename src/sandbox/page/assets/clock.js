// Time as the reader's own locale writes it; with `?still` it stands still, so that pictures are equal.

const DAY = 86_400_000;
const root = document.documentElement;

/** Whether time stands still. */
export const still = 'still' in root.dataset;

/** This moment. */
export const now = () => new Date(still ? Number(root.dataset.now) : Date.now());

const write = (options) => {
  const format = new Intl.DateTimeFormat(undefined, options);
  return (date) => (Number.isNaN(date.getTime()) ? '' : format.format(date).replaceAll('\u202f', ' '));
};

const time = write({ hour: 'numeric', minute: '2-digit' });
const timeSeconds = write({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
const zoned = write({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' });
const short = write({ year: 'numeric', month: 'short', day: 'numeric' });
const medium = write({ year: 'numeric', month: 'long', day: 'numeric' });
const long = write({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
const divider = write({ weekday: 'long', month: 'long', day: 'numeric' });

const moment = (ts) => new Date(parseFloat(ts) * 1000);
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** `Today`, `Yesterday`, `Tomorrow`, or nothing. */
function near(date) {
  const days = Math.round((midnight(date) - midnight(now())) / DAY);
  return { '-1': 'Yesterday', 0: 'Today', 1: 'Tomorrow' }[days];
}

/** `9:41 AM`. */
export const timeOf = (ts) => time(moment(ts));

/** `Today`, or `Monday, January 5`. */
export const dayOf = (ts) => near(moment(ts)) || divider(moment(ts));

/** The whole moment, for machines. */
export const isoOf = (ts) => (Number.isNaN(moment(ts).getTime()) ? '' : moment(ts).toISOString());

const STEPS = [['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3600], ['minute', 60]];

/** `3 minutes ago`. The demo's clock may be a little ahead: what it says of the future has just been. */
export const agoOf = (ts) => ago(moment(ts));

function ago(date) {
  const seconds = Math.min(0, (date - now()) / 1000);
  const [unit, size] = STEPS.find(([, length]) => -seconds >= length) || ['second', 1];
  if (unit === 'second') return 'just now';
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

const pretty = (written) => (date) => near(date)?.toLowerCase() || written(date);

const TOKENS = {
  date_num: (date) => isoOf(date / 1000).slice(0, 10),
  date: medium,
  date_short: short,
  date_long: long,
  date_long_full: long,
  date_pretty: pretty(medium),
  date_short_pretty: pretty(short),
  date_long_pretty: pretty(long),
  day_divider_pretty: (date) => near(date) || divider(date),
  time,
  time_secs: timeSeconds,
  time_with_tz: zoned,
  ago,
};

/** A date in Slack's own pattern, `{date_short_pretty} {time}`; the fallback where it holds a word unknown to us. */
export function dateText(seconds, pattern, fallback = '') {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return fallback;
  const tokens = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, token]) => token);
  if (tokens.some((token) => !(token in TOKENS))) return fallback;
  const written = pattern.replace(/\{(\w+)\}/g, (_, token) => TOKENS[token](date));
  return pattern.startsWith('{') ? written.charAt(0).toUpperCase() + written.slice(1) : written;
}
