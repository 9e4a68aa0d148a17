import type { AlertText } from '../dialect.ts';

/** How the dialect of an alert was chosen: the source is set to it, the question asked for it, or its shape told. */
export type DialectChoice = 'source' | 'asked' | 'shape';

/** What each dialect is known by. One that is not here is a file somebody added: then its key has to do. */
const shapes: Readonly<Record<string, string>> = {
  'key-value': 'it is made of name=value',
  'pine-connector': 'it is a line with a licence and a command of PineConnector between commas',
  'signal-stack': 'it has symbol and action',
  'target-position': 'it says which position to come to',
  template: 'it fits a template of its source',
  'three-commas': 'it has bot_uuid or tv_instrument',
  'traders-post': 'it has ticker and action, and no signal',
  'tradingview-text': 'it is the text that TradingView writes for a strategy by itself',
};

/** Why an alert is read in its dialect, as a sentence. */
export function whyDialect(key: string, how: DialectChoice, { json }: Pick<AlertText, 'json'>): string {
  if (how === 'source') return `Its source is set to ${key}, whatever the text looks like.`;
  if (how === 'asked') return `You asked for it to be read as ${key}.`;
  if (Object.hasOwn(shapes, key)) return `Taken for ${key} because ${shapes[key]}.`;
  if (key !== 'native') return `Taken for ${key} by its shape.`;
  if (!json.ok) return 'Held to the native form, because it is no whole JSON and no text that another dialect knows.';
  return 'Taken for the native form, which is what no other dialect claims.';
}
