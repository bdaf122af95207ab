// Requests to the machine that served the page, and the token that some of them need.

import { byId, notice } from './dom.js';

const TIMEOUT_MILLISECONDS = 8000;
const TOKEN_NAME = 'memcachier.token';

/** The machine answered, and said no: problem details (RFC 9457). */
export class Problem extends Error {
  constructor(status, details) {
    super(details.detail || details.title || `The machine answered ${status}.`);
    this.status = status;
    this.errors = details.errors ?? [];
  }
}

/** There was no answer, or half of one. */
export class Unreachable extends Error {}

// sessionStorage, so that the token outlives a reload, and neither the tab nor the browser's restart.
const keep = (token) => {
  if (token) sessionStorage.setItem(TOKEN_NAME, token);
  else sessionStorage.removeItem(TOKEN_NAME);
  byId('token-button').textContent = token ? 'Forget token' : 'Enter token';
};

/** Null if there is none. */
export const kept = () => sessionStorage.getItem(TOKEN_NAME);

/** The response to a request, if it is a good one. */
export async function send(method, path, { body, signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS), token = kept() } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/merge-patch+json';
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method, headers, signal, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw new Unreachable(error.message, { cause: error });
  }
  if (response.ok) return response;
  throw new Problem(response.status, await response.json().catch(() => ({})));
}

/** What a resource tells. The token goes along only where it is needed: reading seldom needs it. */
export async function get(path, { needsToken = false } = {}) {
  const response = await send('GET', path, needsToken ? {} : { token: null });
  try {
    return await response.json();
  } catch (error) {
    throw new Unreachable('The answer broke off.', { cause: error });
  }
}

/** Does what needs the token, and asks for it as often as it is wrong. Null if somebody thought better of it. */
export async function act(method, path, options) {
  let complaint = '';
  while (true) {
    if ((!kept() || complaint) && !await askToken(complaint)) return null;
    try {
      return await send(method, path, options);
    } catch (error) {
      if (!(error instanceof Problem) || (error.status !== 401 && error.status !== 429)) throw error;
      keep(null);
      complaint = error.message;
    }
  }
}

/** Shows the dialog; whether a token was entered. */
async function askToken(complaint) {
  const dialog = byId('token');
  const value = byId('token-value');
  value.value = '';
  byId('token-error').textContent = complaint;
  value.toggleAttribute('aria-invalid', complaint !== '');
  const isGiven = await shown(dialog) === 'yes' && value.value !== '';
  if (isGiven) keep(value.value.trim());
  value.value = '';
  return isGiven;
}

/** Asks before something that cannot be undone. */
export async function confirmed(title, text, verb) {
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  byId('confirm-yes').textContent = verb;
  return await shown(byId('confirm')) === 'yes';
}

function shown(dialog) {
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => { dialog.addEventListener('close', () => resolve(dialog.returnValue), { once: true }); });
}

/** The token was changed by this page. */
export const replaceToken = keep;

export function startToken() {
  keep(kept());
  // The first button that submits is the one that Enter presses: it must not be this one.
  for (const button of document.querySelectorAll('[data-cancel]')) {
    button.addEventListener('click', () => button.closest('dialog').close());
  }
  byId('token-button').addEventListener('click', async () => {
    if (kept()) {
      keep(null);
      return;
    }
    try {
      // A change of nothing: whether the token is right is better known now than in an emergency.
      if (await act('PATCH', 'settings', { body: {} })) notice('The token is right.');
    } catch (error) {
      notice(error.message, true);
    }
  });
}
