import { readDay } from '../calendar/civil-day.ts';
import { refuse } from '../venue/refusal.ts';

/** A request's query, read strictly: what is there and wrong is refused with its name; what is absent or empty is null. */
export class Query {
  readonly #values: Readonly<Record<string, string>>;

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = values;
  }

  text(name: string): string | null {
    return this.#values[name] || null;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | null {
    const value = this.text(name);
    if (value === null) return null;
    const found = allowed.find((one) => one === value.toLowerCase());
    if (found === undefined) throw invalid(name);
    return found;
  }

  flag(name: string): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined || value === 'false' || value === '0') return false;
    if (value === 'true' || value === '1') return true;
    throw invalid(name);
  }

  /** A whole number from `least` up; more than `most` is taken as `most`. */
  count(name: string, least: number, most: number): number | null {
    const value = this.text(name);
    if (value === null) return null;
    if (!/^\d{1,9}$/.test(value) || Number(value) < least) throw invalid(name);
    return Math.min(most, Number(value));
  }

  /** A comma-separated list, null when nothing is in it; parameters repeated are not Alpaca's way. */
  list(name: string): string[] | null {
    const value = this.text(name);
    if (value === null) return null;
    const parts = value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
    return parts.length > 0 ? parts : null;
  }

  /** RFC 3339, or a date, which is its first moment in UTC; where `unix` says so, seconds since 1970 too. */
  moment(name: string, { unix = false }: { readonly unix?: boolean } = {}): Date | null {
    const value = this.text(name);
    if (value === null) return null;
    if (unix && /^\d{1,11}$/.test(value)) return new Date(Number(value) * 1000);
    const at = readMoment(value);
    if (at === null) throw invalid(name);
    return at;
  }
}

/** RFC 3339, or a date, which is its first moment in UTC; a time without an offset is Greenwich's. Null: neither. */
export function readMoment(text: string): Date | null {
  // A plus that was not encoded arrives as a space.
  const written = text.replace(/ (\d{2}:\d{2})$/, '+$1');
  const parts = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(written);
  // The 30th of February is no day, which Date takes for a day of March.
  if (!parts || readDay(written) === null) return null;
  const at = new Date(parts[1] && !parts[2] ? `${written}Z` : written);
  return Number.isNaN(at.getTime()) ? null : at;
}

const invalid = (name: string) => refuse.malformed(`invalid ${name}`);
