/**
 * A JSON value as the one text that everybody makes of it: RFC 8785. Names sorted by their UTF-16 code units, no space, numbers and texts as
 * ECMAScript writes them. Throws a TypeError for what is no JSON: undefined, functions, NaN, infinities, half of a surrogate pair.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is no JSON number`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('a text has half of a surrogate pair');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
    // The default order of texts is that of their UTF-16 code units, as the RFC asks.
    members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${members.map(([name, inner]) => `${canonicalJson(name)}:${canonicalJson(inner)}`).join(',')}}`;
  }
  throw new TypeError(`${typeof value} is no JSON`);
}
