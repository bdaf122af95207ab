// Elements, and figures as text. What strangers wrote (keys, addresses, log lines) becomes text nodes only.

export const byId = (id) => document.getElementById(id);

/** An element with attributes or, where a value is a function, listeners, and children: strings are text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Sets a text only if it changed, so that selections and screen readers are left alone. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** What cannot be seen, or would turn the line around, as its number. */
export const visible = (text) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);

const wholeFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const shortFormat = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const fineFormat = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export const whole = (value) => wholeFormat.format(value);

/** Three digits or so: 0.25, 12, 340, 1.2K. */
export function short(value) {
  if (value === 0) return '0';
  if (value >= 10000) return shortFormat.format(value);
  return value >= 100 ? wholeFormat.format(value) : fineFormat.format(value);
}

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value >= 100 || unit === 0 ? wholeFormat.format(value) : fineFormat.format(value)} ${units[unit]}`;
}

/** Where it matters, near all of it, two digits behind the point: 99.95 %. */
export const percent = (ratio, digits = ratio === 0 || ratio === 1 ? 0 : ratio > 0.9 ? 2 : 1) => `${(ratio * 100).toFixed(digits)} %`;

export const micros = (value) =>
  value < 1000 ? `${fineFormat.format(value)} µs` : value < 1e6 ? `${fineFormat.format(value / 1e3)} ms` : `${fineFormat.format(value / 1e6)} s`;

/** The two largest units: 3 d 4 h, 12 min 5 s. */
export function duration(seconds) {
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  let first = parts.findIndex(([size]) => seconds >= size);
  if (first < 0) first = parts.length - 1;
  const told = [];
  let rest = Math.floor(seconds);
  for (const [size, unit] of parts.slice(first, first + 2)) {
    told.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return told.join(' ');
}

export const clock = (milliseconds) => new Date(milliseconds).toLocaleTimeString('en-GB');

let noticeTimer;

/** Says that something was done, or was not, where screen readers hear it. */
export function notice(text, isError = false) {
  const place = byId('notice');
  place.textContent = text;
  place.classList.toggle('bad', isError);
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { place.textContent = ''; }, isError ? 15000 : 6000);
}
