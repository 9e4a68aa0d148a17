import type { SizingChoice, SizingChoices, Strategy } from '../api/contract.ts';
import { money, none, percent, quantity } from '../format/number.ts';
import { modeName } from '../format/words.ts';

type Settings = Strategy['settings'];
/** A strategy as it is, or as an older version of it was kept: what was not there then is missing. */
export interface StrategyState {
  readonly mode?: Strategy['mode'];
  readonly enabled?: boolean;
  readonly settings?: Partial<Settings>;
}
/** One thing that a strategy is told, in words. */
export interface StrategyFact {
  readonly key: string;
  readonly label: string;
  readonly says: string;
}
export interface StrategyDifference {
  readonly key: string;
  readonly label: string;
  /** Null: it was not there. */
  readonly was: string | null;
  readonly is: string;
}
interface Names {
  readonly choices: SizingChoices | null;
  readonly nameOf: (accountId: string) => string;
}

function chosenWords(chosen: Settings['sizing'], choices: readonly SizingChoice[] | undefined): string {
  const known = choices?.find((one) => one.key === chosen.method);
  const told = known?.parameters.map((one) => ({ ...one, value: chosen.parameters[one.name] ?? one.default })) ?? [];
  const said = told.map(({ kind, label, value }) => {
    const text = String(value);
    if (!/^-?\d+(\.\d+)?$/.test(text)) return `${label} ${text}`;
    if (kind === 'share') return `${label} ${percent(text)}`;
    if (kind === 'money') return `${label} ${money(text)} USD`;
    return `${label} ${quantity(text)}`;
  });
  return [known?.name ?? chosen.method, ...said].join(', ');
}

/** A decimal, or as it was typed where it is none yet. */
const shown = (text: string | null, as: (text: string) => string, otherwise: string): string =>
  text === null || text.trim() === '' ? otherwise : /^-?\d+(\.\d+)?$/.test(text.trim()) ? as(text.trim()) : text.trim();
const usd = (text: string): string => `${money(text)} USD`;

/** Everything a strategy is told, a line each, in the order of its form. */
export function factsOfStrategy({ mode, enabled, settings = {} }: StrategyState, names: Names): StrategyFact[] {
  const facts: (StrategyFact | null)[] = [];
  const tell = (key: string, label: string, says: string): void => void facts.push({ key, label, says });
  const { sizing, stop, bounds, approval, gap, heartbeat, routes } = settings;
  if (mode !== undefined) tell('mode', 'Mode', modeName(mode));
  if (enabled !== undefined) tell('enabled', 'Its alerts are', enabled ? 'traded' : 'denied');
  if (settings.entryType !== undefined) {
    tell('entryType', 'Entry', settings.entryType === 'market' ? 'market order' : 'limit at the entry');
  }
  if (settings.ignoreTradingWindows !== undefined) {
    const ignored = settings.ignoreTradingWindows;
    tell('ignoreTradingWindows', 'Hours of entries', ignored ? 'alerts may ask to ignore them' : 'hold for all alerts');
  }
  if (settings.stopDistance !== undefined) {
    tell('stopDistance', 'Stop, part of the entry', shown(settings.stopDistance, percent, none));
  }
  if (settings.takeProfitRiskMultiple !== undefined) {
    const target = shown(settings.takeProfitRiskMultiple, (text) => `${quantity(text)} × risk`, 'none');
    tell('takeProfitRiskMultiple', 'Target', target);
  }
  if (settings.allowShort !== undefined) {
    tell('allowShort', 'A sell', settings.allowShort ? 'may open a short' : 'only closes');
  }
  if (settings.exit !== undefined)
    tell('exit', 'An exit', settings.exit === 'close' ? 'closes all' : 'reduces by risk');
  if (approval !== undefined) {
    const above = (text: string): string => `entries above ${usd(text)}`;
    const asked = {
      none: 'only where a limit asks',
      always: 'every entry',
      above: shown(approval.notional, above, ''),
    };
    tell('approval', 'A person approves', asked[approval.when] ?? approval.when);
  }
  if (settings.shadow !== undefined) tell('shadow', 'Shadow on paper', settings.shadow ? 'beside production' : 'none');
  if (sizing !== undefined) tell('sizing', 'Size of an entry', chosenWords(sizing, names.choices?.methods));
  if (stop !== undefined) tell('stop', 'Stop, where the alert says none', chosenWords(stop, names.choices?.stops));
  if (bounds !== undefined) {
    const shares = (text: string): string => quantity(text);
    tell('bounds.shares', 'Shares', bounds.shares === 'whole' ? 'whole ones' : 'parts, where sold');
    tell('bounds.lot', 'Lot, shares', shown(bounds.lot, shares, 'none'));
    tell('bounds.maxQuantity', 'Most shares of an entry', shown(bounds.maxQuantity, shares, 'any number'));
    tell('bounds.maxNotional', 'An entry is worth at most', shown(bounds.maxNotional, usd, 'anything'));
    tell('bounds.minNotional', 'An entry is worth at least', shown(bounds.minNotional, usd, 'anything'));
    tell('bounds.fit', 'Over the buying power', bounds.fitBuyingPower ? 'made smaller' : 'not sent');
  }
  if (gap !== undefined) {
    const acts = {
      ignore: 'it is noted',
      quarantine: 'the symbol is quarantined',
      converge: 'what is too much is closed',
    };
    tell('gap.act', 'When an alert seems to be missing', acts[gap.act] ?? gap.act);
    tell('gap.compare', 'What is compared', gap.compare === 'side' ? 'the side' : 'side and size');
    if (gap.compare === 'size') tell('gap.size', 'Sizes may differ by', shown(gap.sizeDifference, percent, none));
  }
  if (heartbeat !== undefined) {
    const counted = heartbeat?.when === 'always' ? 'all minutes count' : 'minutes of market hours count';
    const often =
      heartbeat && `every ${heartbeat.everyMinutes} min, ${heartbeat.graceMinutes} min of grace, ${counted}`;
    tell('heartbeat', 'It is heard of', often ?? 'whenever it likes');
  }
  if (routes !== undefined) {
    const to = routes.map(({ account, weight }) => `${names.nameOf(account)} × ${weight}`).join(', ');
    tell('routes', 'Its alerts go to', to || 'the first account of its mode that is on');
  }
  return facts.filter((fact) => fact !== null);
}

/** What differs between two states of a strategy, in words. What both say the same way is no difference. */
export function differencesOfStrategy(from: StrategyState, to: StrategyState, names: Names): StrategyDifference[] {
  const before = new Map(factsOfStrategy(from, names).map((fact) => [fact.key, fact.says]));
  return factsOfStrategy(to, names)
    .filter(({ key, says }) => before.get(key) !== says)
    .map(({ key, label, says }) => ({ key, label, was: before.get(key) ?? null, is: says }));
}
