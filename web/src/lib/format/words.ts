/** "submit_unknown" as "Submit unknown": codes of the contract, as words. */
export function words(code: string | null | undefined): string {
  if (!code) return '\u2013';
  const text = code.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

/** What an alert asked for. */
export const actionInWords = (action: string | null | undefined): string =>
  action === 'breakeven' ? 'Break even' : words(action);

/** "1 order", "3 orders". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

export const modeName = (mode: 'paper' | 'production' | null): string =>
  mode === null ? '\u2013' : mode === 'paper' ? 'Paper' : 'Live';
