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

  /** A comma-separated list; parameters repeated are not Alpaca's way. */
  list(name: string): string[] | null {
    const value = this.text(name);
    if (value === null) return null;
    return value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  }

  /** RFC 3339, or a date, which is its first moment in UTC; where `unix` says so, seconds since 1970 too. */
  moment(name: string, { unix = false }: { readonly unix?: boolean } = {}): Date | null {
    const value = this.text(name);
    if (value === null) return null;
    if (unix && /^\d{1,11}$/.test(value)) return new Date(Number(value) * 1000);
    // A plus that was not encoded arrives as a space.
    const written = value.replace(/ (\d{2}:\d{2})$/, '+$1');
    const at = new Date(written);
    if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(written) || Number.isNaN(+at)) {
      throw invalid(name);
    }
    return /T.*\d$/.test(written) && !/[+-]\d{2}:\d{2}$/.test(written) ? new Date(`${written}Z`) : at;
  }
}

const invalid = (name: string) => refuse.malformed(`invalid ${name}`);
