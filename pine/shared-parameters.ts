import { choice, float, int, type Template, type TemplateParameter } from './template.ts';

/** What a script is: for one chart, with TradingView's own test of its past, or an indicator that watches many tickers. */
export const scriptKinds = ['strategy', 'scanner'] as const;
export type ScriptKind = (typeof scriptKinds)[number];

/** TradingView stops an alert that triggers more than 15 times within 3 minutes (support article 43000597494). */
export const stopsAboveAlerts = 15;
export const alertWindowSeconds = 180;

const trading: readonly TemplateParameter[] = [
  choice('direction', ['long', 'short', 'both'], 'Which sides are traded; with both, an opposite signal reverses.'),
  float('rewardMultiple', 2, 0, 100, 'The target is so many times as far away as the stop; 0: no target.'),
];

const sending = (key: string): readonly TemplateParameter[] => [
  choice(
    'mode',
    ['Paper', 'Production'],
    'Which mode the alerts ask for; Signalbox trades live only where all else says so too.',
  ),
  choice(
    'sizing',
    ['risk', 'quantity', 'strategy'],
    'What sizes an entry: riskAmount, quantity, or the settings of the strategy in Signalbox.',
  ),
  float('riskAmount', 100, 0.01, 1_000_000_000, 'Money that an entry loses at its stop, in the account’s currency.'),
  float('quantity', 1, 0.000001, 1_000_000_000, 'Shares, contracts or coins of an entry.'),
  {
    name: 'strategyName',
    kind: 'text',
    default: key,
    says: 'The strategy’s key in Signalbox, at most 40 characters; settings and positions are kept by it.',
  },
];

const scanning: readonly TemplateParameter[] = [
  int(
    'mostAlerts',
    12,
    1,
    stopsAboveAlerts - 1,
    'So many alerts are sent within 3 minutes, and the others after; above 15 TradingView stops the alert.',
  ),
];

/** Every parameter of a template's script, in the order in which they are shown: its own first. */
export const parametersOf = (template: Template, kind: ScriptKind): readonly TemplateParameter[] => [
  ...template.parameters,
  ...trading,
  ...sending(template.key),
  ...(kind === 'scanner' ? scanning : []),
];
