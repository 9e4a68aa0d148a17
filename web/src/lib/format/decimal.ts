/** Exact arithmetic on the contract's decimal text. Money never becomes a float here. */
type Scaled = { units: bigint; scale: number };

function scaled(text: string): Scaled {
  // The text of a float may come as "5e-7".
  const [digits = '0', exponent = '0'] = text.split(/e/i);
  const [whole = '0', fraction = ''] = digits.split('.');
  const units = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

function unscaled({ units, scale }: Scaled): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const body = fraction ? `${whole}.${fraction}` : whole;
  return negative && body !== '0' ? `-${body}` : body;
}

function aligned(a: string, b: string): [bigint, bigint, number] {
  const x = scaled(a);
  const y = scaled(b);
  const scale = Math.max(x.scale, y.scale);
  return [x.units * 10n ** BigInt(scale - x.scale), y.units * 10n ** BigInt(scale - y.scale), scale];
}

export function add(a: string, b: string): string {
  const [x, y, scale] = aligned(a, b);
  return unscaled({ units: x + y, scale });
}

export const subtract = (a: string, b: string): string => add(a, negate(b));

export const negate = (a: string): string => (a.startsWith('-') ? a.slice(1) : /^0*(\.0*)?$/.test(a) ? a : `-${a}`);

export const absolute = (a: string): string => (a.startsWith('-') ? a.slice(1) : a);

export const sum = (values: Iterable<string>): string => [...values].reduce(add, '0');

export function multiply(a: string, b: string): string {
  const x = scaled(a);
  const y = scaled(b);
  return unscaled({ units: x.units * y.units, scale: x.scale + y.scale });
}

export function compare(a: string, b: string): -1 | 0 | 1 {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export const signOf = (a: string): -1 | 0 | 1 => compare(a, '0');

/** Half away from zero, to exactly `places` digits; trailing zeros stay, as columns need them. */
export function rounded(a: string, places: number): string {
  const { units, scale } = scaled(a);
  const negative = units < 0n;
  let whole = negative ? -units : units;
  if (scale > places) {
    const step = 10n ** BigInt(scale - places);
    whole = (whole + step / 2n) / step;
  } else whole *= 10n ** BigInt(places - scale);
  const digits = whole.toString().padStart(places + 1, '0');
  const body = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return negative && whole !== 0n ? `-${body}` : body;
}

/** How many percent of `whole` a part is, half away from zero, to exactly `places` digits. Null: of nothing. */
export function percentOf(part: string, whole: string, places: number): string | null {
  const [x, y] = aligned(part, whole);
  if (y === 0n) return null;
  const negative = x < 0n !== y < 0n;
  const [over, under] = [x < 0n ? -x : x, y < 0n ? -y : y];
  const units = (2n * over * 10n ** BigInt(places + 2) + under) / (2n * under);
  return rounded(unscaled({ units: negative ? -units : units, scale: places }), places);
}
