import type { SignOfLifeJson, Strategy } from '../api/contract.ts';

/** What a strategy does about missing alerts, as the fields have it: text throughout. */
export const missingTexts = ({ gap, heartbeat }: Strategy['settings']) => ({
  act: gap.act as string,
  compare: gap.compare as string,
  sizeDifference: gap.sizeDifference,
  everyMinutes: heartbeat ? String(heartbeat.everyMinutes) : '',
  graceMinutes: heartbeat ? String(heartbeat.graceMinutes) : '5',
  when: (heartbeat?.when ?? 'market_hours') as string,
});
export type MissingTexts = ReturnType<typeof missingTexts>;

/** What was changed of it, as it is sent; what is no number is sent as it stands, so that the answer says so. */
export function missingWish(now: MissingTexts, settings: Strategy['settings']): Record<string, unknown> {
  const before = missingTexts(settings);
  const differ = (...names: (keyof MissingTexts)[]): boolean => names.some((name) => now[name].trim() !== before[name]);
  const number = (text: string): number | string => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());
  const heartbeat =
    now.everyMinutes.trim() === ''
      ? null
      : { everyMinutes: number(now.everyMinutes), graceMinutes: number(now.graceMinutes), when: now.when };
  const asked = differ('everyMinutes') || (heartbeat !== null && differ('graceMinutes', 'when'));
  return {
    ...(differ('act', 'compare', 'sizeDifference')
      ? { gap: { act: now.act, compare: now.compare, sizeDifference: now.sizeDifference.trim() } }
      : {}),
    ...(asked ? { heartbeat } : {}),
  };
}

export const bySignOfLife = (signs: readonly SignOfLifeJson[]): ReadonlyMap<string, SignOfLifeJson> =>
  new Map(signs.map((one) => [one.strategy, one]));
