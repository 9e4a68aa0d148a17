import type { SizingChoice, Strategy } from '../api/contract.ts';

type Settings = Strategy['settings'];
type Chosen = Settings['sizing'];

/** A chosen method as the fields have it: text throughout. */
export interface MethodTexts {
  method: string;
  values: Record<string, string>;
}

export const methodTexts = ({ method, parameters }: Chosen): MethodTexts => ({
  method,
  values: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
});

/** As it is sent: counts as numbers, everything else as decimal text; what is empty, or its default, is left out. */
export function chosenOf({ method, values }: MethodTexts, choices: readonly SizingChoice[]): Chosen {
  const known = choices.find((one) => one.key === method)?.parameters ?? [];
  const parameters = known.flatMap(({ name, kind, default: fallback }) => {
    const text = values[name]?.trim() ?? '';
    if (text === '' || text === String(fallback)) return [];
    const whole = (kind === 'count' || kind === 'seconds') && /^-?\d+$/.test(text);
    return [[name, whole ? Number(text) : text] as const];
  });
  return { method, parameters: Object.fromEntries(parameters) };
}

/** Whether two choices come to the same. */
export function sameChoice(a: Chosen, b: Chosen): boolean {
  const told = ({ method, parameters }: Chosen): string =>
    JSON.stringify([method, Object.entries(parameters).sort(([x], [y]) => (x < y ? -1 : 1))]);
  return told(a) === told(b);
}

/** The bounds as the fields have them; empty: none. */
export const boundsTexts = ({ bounds }: Settings) => ({
  shares: bounds.shares as string,
  lot: bounds.lot ?? '',
  minNotional: bounds.minNotional ?? '',
  maxQuantity: bounds.maxQuantity ?? '',
  maxNotional: bounds.maxNotional ?? '',
  fitBuyingPower: bounds.fitBuyingPower ? 'yes' : 'no',
});
export type BoundsTexts = ReturnType<typeof boundsTexts>;

export const boundsOf = (texts: BoundsTexts): Settings['bounds'] => ({
  shares: texts.shares === 'fractional' ? 'fractional' : 'whole',
  lot: texts.lot.trim() || null,
  minNotional: texts.minNotional.trim() || null,
  maxQuantity: texts.maxQuantity.trim() || null,
  maxNotional: texts.maxNotional.trim() || null,
  fitBuyingPower: texts.fitBuyingPower === 'yes',
});
