// The settings: what each is, where its value comes from, and a field where it can change while the machine runs.

import { act, get, Problem, replaceToken } from './api.js';
import { byId, bytes, element, notice, setText, whole } from './dom.js';

const IN_BYTES = new Set(['size', 'power_of_two']);
const NUMBERS = new Set(['number', ...IN_BYTES]);

export class SettingList {
  #rows = new Map();

  constructor() {
    for (const id of ['settings-filter', 'settings-changed']) byId(id).addEventListener('input', () => this.#filter());
  }

  async poll() {
    const { settings } = await get('settings');
    for (const setting of settings) this.#show(setting);
    this.#filter();
  }

  #show(setting) {
    let row = this.#rows.get(setting.name);
    if (!row) {
      row = new SettingRow(setting, (changed) => changed.forEach((one) => this.#show(one)));
      this.#rows.set(setting.name, row);
      byId('setting-rows').append(row.node);
    }
    row.update(setting);
  }

  #filter() {
    const wanted = byId('settings-filter').value.trim().toLowerCase();
    let count = 0;
    for (const row of this.#rows.values()) {
      row.node.hidden = !row.text.includes(wanted) || (byId('settings-changed').checked && row.isDefault);
      if (!row.node.hidden) count++;
    }
    setText(byId('settings-note'), `${count} of ${this.#rows.size}`);
  }
}

/** One of them. What somebody has typed and not yet saved stays, whatever the machine says meanwhile. */
class SettingRow {
  #setting;
  #changed;
  #source = element('small');
  #value = element('span', { class: 'value' });
  #field = null;
  #save = null;
  #reset = null;
  #error;
  #isTyped = false;

  constructor(setting, changed) {
    const { name, help } = setting;
    this.#setting = setting;
    this.#changed = changed;
    this.text = `${name} ${setting.switch ?? ''} ${help}`.toLowerCase();
    this.#error = element('p', { class: 'error', id: `error-${name}`, role: 'alert' });
    this.node = element('li', {},
      element('div', { class: 'about' },
        element('h3', {}, element('code', {}, name), ' ', this.#source), element('p', { class: 'quiet' }, help)),
      setting.change === 'run' ? this.#form() : this.#value, this.#error);
  }

  get isDefault() {
    return this.#setting.source === 'default';
  }

  update(setting) {
    this.#setting = setting;
    const from = this.isDefault ? 'default' : `from ${setting.source}; default ${this.#told(setting.default, setting.default_text)}`;
    const unit = setting.unit ? `; in ${setting.unit}` : '';
    setText(this.#source, setting.change === 'run' ? from + unit : `${from}; chosen while booting`);
    setText(this.#value, setting.is_secret ? (setting.is_set ? 'set' : 'not set') : this.#told(setting.value, setting.default_text));
    if (!this.#field) return;
    if (!this.#isTyped) this.#field.value = this.#shown();
    this.#field.placeholder = setting.is_secret ? (setting.is_set ? 'set' : 'not set') : setting.default_text ?? '';
    this.#reset.hidden = this.isDefault || setting.is_secret;
    this.#save.hidden = !this.#isTyped;
  }

  #form() {
    const { name, type, choices, is_secret: isSecret } = this.#setting;
    const attributes = { 'aria-label': name, 'aria-describedby': `error-${name}`, autocomplete: 'off', spellcheck: 'false', input: () => this.#touched() };
    const options = type === 'flag' ? ['true', 'false'] : choices;
    this.#field = options
      ? element('select', attributes, ...options.map((option) => element('option', {}, option)))
      : element('input', { ...attributes, type: isSecret ? 'password' : 'text', inputmode: NUMBERS.has(type) ? 'numeric' : null });
    this.#save = element('button', { class: 'primary', 'aria-label': `Save ${name}` }, 'Save');
    this.#reset = element('button', { type: 'button', 'aria-label': `Default for ${name}`, click: () => this.#send(null) }, 'Default');
    return element('form', {
      submit: (event) => {
        event.preventDefault();
        this.#send(this.#typed());
      },
    }, this.#field, this.#save, this.#reset);
  }

  #touched() {
    this.#isTyped = this.#field.value !== this.#shown();
    this.#save.hidden = !this.#isTyped;
  }

  /** What the field holds when nobody has typed. */
  #shown() {
    const { value, is_secret: isSecret } = this.#setting;
    return isSecret || value === null ? '' : String(value);
  }

  /** What somebody has typed, as JSON. A number that is none goes as text: the machine says best what is wrong. */
  #typed() {
    const { type } = this.#setting;
    const text = this.#field.value;
    if (type === 'flag') return text === 'true';
    if (NUMBERS.has(type) && /^\d+$/.test(text)) return Number(text);
    return text === '' ? null : text;
  }

  async #send(value) {
    const { name, is_secret: isSecret } = this.#setting;
    this.#complain('');
    try {
      const response = await act('PATCH', 'settings', { body: { [name]: value } });
      if (!response) return;
      if (name === 'api.token') replaceToken(value);
      const { settings } = await response.json();
      this.#isTyped = false;
      this.#changed(settings);
      notice(isSecret ? `${name} is changed.` : `${name} is ${this.#told(this.#setting.value, this.#setting.default_text)} now.`);
    } catch (error) {
      const mine = error instanceof Problem && error.errors.find(({ setting }) => setting === name);
      this.#complain(mine ? mine.detail : error.message);
    }
    // The button that was pressed may be gone.
    this.#field.focus();
  }

  #complain(text) {
    this.#error.textContent = text;
    this.#field.toggleAttribute('aria-invalid', text !== '');
  }

  #told(value, words) {
    const { type, unit } = this.#setting;
    if (value === null || value === undefined) return words || 'none';
    if (IN_BYTES.has(type)) return bytes(value);
    return typeof value === 'number' ? `${unit ? whole(value) : value} ${unit ?? ''}`.trim() : String(value);
  }
}
