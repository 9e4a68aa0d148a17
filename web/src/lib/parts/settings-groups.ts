import type { SettingsGroupOf } from './SettingsGroup.svelte';

/** Everything that is set for all accounts and strategies, by what it is about. */
export const settingsGroups: readonly SettingsGroupOf[] = [
  {
    key: 'protection',
    title: 'Protection',
    about:
      'Shares that have no working stop for so long get one; when that fails they are sold, and when that fails a person is paged.',
    fields: {
      withinSeconds: { label: 'A stop within, seconds' },
      exitSeconds: { label: 'An exit protects for, seconds', hint: 'Shares being sold need no stop' },
      stopLimitOffset: { label: 'Limit behind a stop, fraction', hint: 'Coins have no plain stop' },
    },
    done: 'Shares are watched over by these from now on.',
  },
  {
    key: 'reconciliation',
    title: 'Comparison with the broker',
    about: 'Orders, fills, positions and cash are compared at the start, after every cut, and on this schedule.',
    fields: {
      everySeconds: { label: 'Compared every, seconds' },
      staleSeconds: { label: 'Counts for, seconds', hint: 'Then new entries wait' },
      failingSeconds: { label: 'Fails for, seconds', hint: 'Then new entries wait' },
      alarmSeconds: { label: 'Fails for, seconds: alarm', hint: 'Then a person is told' },
    },
    done: 'Accounts are compared by these from now on.',
  },
  {
    key: 'brokers',
    title: 'Brokers',
    about:
      'How often a broker is asked, and when it is left alone for a while. Exits come first, and are always tried.',
    fields: {
      requestsPerMinute: { label: 'Requests a minute, Alpaca', hint: 'Of each account; 0: no limit' },
      embeddedRequestsPerMinute: { label: 'Requests a minute, embedded', hint: '0: no limit' },
      breakerFailures: { label: 'No entries after failures in a row' },
      breakerPauseSeconds: { label: 'Tried again after, seconds', hint: 'Doubled, up to eight times' },
    },
    done: 'Brokers are asked by these limits from now on.',
  },
  {
    key: 'approvals',
    title: 'Approvals by a person',
    about:
      'Entries wait for a person where a limit, their strategy or their mode asks. They are judged anew once they are approved; without an answer nothing is sent. Exits never wait.',
    fields: {
      expirySeconds: { label: 'Answered within, seconds' },
      maxMove: { label: 'The market may move by, fraction', hint: 'Between the ask and the order' },
      inProduction: { label: 'Every entry with real money', flag: { yes: 'Waits for a person', no: 'Waits if asked' } },
      twoInProduction: { label: 'Real money takes', flag: { yes: 'Two people', no: 'One person' } },
      twoAbove: { label: 'Two people above, USD', hint: 'What an entry is worth. Empty: never', optional: true },
    },
    done: 'Entries are asked for by these from now on.',
  },
  {
    key: 'promotion',
    title: 'Evidence for production',
    about: 'What a strategy must have shown on paper before it may trade real money.',
    fields: {
      minDays: { label: 'Trading days with a fill' },
      minTrades: { label: 'Trades opened and closed' },
      maxSlippageBps: { label: 'Median fill worse by, basis points', hint: 'At most, than the market at the decision' },
    },
    done: 'The next promotion asks for this.',
  },
  {
    key: 'intake',
    title: 'Intake',
    about: 'What is taken at the webhook. What comes faster is refused, and TradingView is told so.',
    fields: {
      repeatWindowSeconds: { label: 'Same bytes are one alert for, seconds' },
      ratePerSecond: { label: 'Alerts a second' },
      burst: { label: 'Alerts at once' },
    },
    done: 'Alerts are taken by these from now on.',
  },
];
