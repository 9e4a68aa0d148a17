import type { RiskRuleJson } from '../api/contract.ts';

interface RuleGroup {
  readonly title: string;
  readonly about: string;
  readonly rules: readonly string[];
}

/** What the rules are about, in the order in which a person thinks of them. Those that are named nowhere come last. */
const groups: readonly RuleGroup[] = [
  {
    title: 'Alert',
    about: 'Whether the alert is to be acted on at all: its age, its hours, its symbol, and how often.',
    rules: [
      ...[
        'alert-age',
        'alert-expired',
        'test-alert',
        'duplicate-in-bar',
        'bar-collision',
        'out-of-sequence',
        'trading-windows',
        'market-day',
      ],
      ...['market-session', 'first-minutes', 'last-minutes', 'blackout', 'allowed-symbols', 'blocked-symbols'],
      ...['known-ticker', 'orders-per-minute', 'orders-per-day'],
    ],
  },
  {
    title: 'Order',
    about: 'Each entry by itself: its price, its size, its stop, and what the market shows.',
    rules: [
      ...['max-order-value', 'min-order-value', 'max-quantity', 'order-share-of-equity', 'max-loss-of-order'],
      ...['stop-required', 'stop-side', 'stop-distance', 'stop-noise', 'reward-to-risk', 'live-quote'],
      ...['price-against-quote', 'price-floor', 'spread', 'liquidity', 'displayed-size', 'asset-shortable'],
      ...[
        'asset-fractionable',
        'something-to-send',
        'order-terms',
        'bracket-geometry',
        'wash-trade',
        'short-preflight',
      ],
      'fractional-preflight',
    ],
  },
  {
    title: 'Portfolio',
    about: 'What the account would hold after the order, with the entries that are not filled yet.',
    rules: [
      ...['max-position', 'max-exposure', 'net-exposure', 'max-leverage', 'buying-power', 'max-sector', 'max-industry'],
      ...['max-positions', 'max-strategy-positions', 'concentration', 'max-open-orders', 'other-strategy'],
      ...['correlation', 'open-risk', 'margin', 'intraday-margin', 'portfolio-volatility', 'historical-var'],
      ...['historical-shortfall', 'parametric-var', 'parametric-shortfall', 'marginal-var', 'strategy-risk-budget'],
    ],
  },
  {
    title: 'Losses',
    about: 'What was lost lately; after that, entries wait.',
    rules: [
      ...['daily-loss', 'weekly-loss', 'drawdown', 'total-loss', 'losing-streak', 'strategy-daily-loss'],
      'symbol-cool-down',
    ],
  },
  {
    title: 'Safety',
    about: 'What holds always, and for everybody.',
    rules: ['kill-switch', 'quarantine', 'mode', 'strategy-enabled', 'day-trades'],
  },
];

/** Rules by group, each in the order of its list; empty groups are left out. */
export function grouped(rules: readonly RiskRuleJson[]): { title: string; about: string; rules: RiskRuleJson[] }[] {
  const named = new Set(groups.flatMap((group) => group.rules));
  const others = rules.filter((rule) => !named.has(rule.key));
  return [
    ...groups.map(({ title, about, rules: keys }) => ({
      ...{ title, about },
      rules: keys.flatMap((key) => rules.filter((rule) => rule.key === key)),
    })),
    { title: 'Others', about: 'Further rules.', rules: others },
  ].filter((group) => group.rules.length > 0);
}
