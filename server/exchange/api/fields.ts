import { type Big, tryDecimal } from '../../core/decimal.ts';
import { refuse } from '../venue/refusal.ts';
import { undecodable } from './context.ts';

/** The fields of a JSON body. What has a type that the field never has makes the whole body unreadable, as at Alpaca. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(values: Readonly<Record<string, unknown>>, path = '') {
    this.#values = values;
    this.#path = path;
  }

  /** Null when it is absent, null or empty. */
  text(name: string): string | null {
    const value = this.#value(name);
    if (value === null) return null;
    if (typeof value !== 'string') throw undecodable();
    // Half a character, or text that no database takes.
    if (!value.isWellFormed() || value.includes('\0')) throw undecodable();
    return value;
  }

  flag(name: string): boolean {
    const value = this.#value(name);
    if (value === null) return false;
    if (typeof value !== 'boolean') throw undecodable();
    return value;
  }

  /** One of a closed list; null when it is absent. */
  choice<T extends string>(name: string, allowed: readonly T[], message = `invalid ${name}`): T | null {
    const value = this.text(name);
    if (value === null) return null;
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw refuse.malformed(message);
    return found;
  }

  /** An amount above zero, as text or as a JSON number; null when it is absent. */
  amount(name: string): Big | null {
    const value = this.#value(name);
    if (value === null) return null;
    if (typeof value !== 'string' && typeof value !== 'number') throw undecodable();
    const written = String(value);
    const amount = written.length <= 40 ? tryDecimal(written) : null;
    if (!amount || written !== written.trim()) throw refuse.malformed(`invalid ${this.#path}${name}`);
    if (!amount.gt('0')) throw refuse.malformed(`${this.#path}${name} must be > 0`);
    if (amount.gte(mostOfAnything)) throw refuse.malformed(`${this.#path}${name} is too large`);
    return amount;
  }

  object(name: string): Fields | null {
    const value = this.#value(name);
    if (value === null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) throw undecodable();
    return new Fields(value as Record<string, unknown>, `${this.#path}${name}.`);
  }

  #value(name: string): unknown {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : null;
    return value === undefined || value === '' ? null : value;
  }
}

/** Beyond it neither a price nor a number of shares means anything. */
const mostOfAnything = '1000000000';
