import type { KillSwitch } from './kill-switch.ts';
import type { Mode } from './mode.ts';
import type { StoredLimit } from './risk-limit.ts';
import type { GapSettings, HeartbeatSettings } from './sequence.ts';

/** One of the accounts a strategy trades. */
export type StrategyRoute = {
  /** The account's id. */
  readonly account: string;
  /** What the risk amount is multiplied by there: decimal text above 0. */
  readonly weight: string;
};

/** A way of working something out, by its key, and what it is told. Parameters that are not there have their defaults. */
export type ChosenMethod = {
  readonly method: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
};

/** What an order may be, however it was sized. What is beyond it is rounded down, and never up. Decimal text. */
export type SizeBounds = {
  /** Parts of a share where the broker sells them, or whole ones only. */
  readonly shares: 'whole' | 'fractional';
  /** What a quantity is a multiple of, above 0; null: one share. */
  readonly lot: string | null;
  /** An entry that is worth less is not sent; null: what the venue takes. */
  readonly minNotional: string | null;
  /** The most shares of an entry; null: any number. */
  readonly maxQuantity: string | null;
  /** The most an entry is worth; null: anything. */
  readonly maxNotional: string | null;
  /** An entry that is worth more than the buying power is made smaller, where it would be refused otherwise. */
  readonly fitBuyingPower: boolean;
};

/** Which entries of a strategy wait for a person: none, all, or those that are worth more than an amount. */
export type StrategyApproval = {
  readonly when: 'none' | 'always' | 'above';
  /** Decimal text; of `above` alone, null otherwise. */
  readonly notional: string | null;
};

/** What a strategy's alerts mean where the alert does not say. */
export interface StrategySettings {
  /** Distance of the stop from the entry, as a fraction of the entry, for alerts without a stop and for shares that have none. */
  readonly stopDistance: string;
  /** How large an entry is: a method of pipeline/sizing/methods. */
  readonly sizing: ChosenMethod;
  /** Where the stop is, for alerts without one: a method of pipeline/sizing/stops. */
  readonly stop: ChosenMethod;
  readonly bounds: SizeBounds;
  /** Distance of the take-profit in multiples of the risk per share, for alerts without one; null: none. */
  readonly takeProfitRiskMultiple: string | null;
  /** Whether a sell without a position (or a buy, when short) may open a position the other way. */
  readonly allowShort: boolean;
  /** A sell against a long position closes all of it, or only what the risk amount sizes. */
  readonly exit: 'close' | 'reduce';
  /** Whether entries are sent as market orders or as limit orders at the entry price. */
  readonly entryType: 'market' | 'limit';
  /** Whether an alert that asks for it is sent outside the hours of entries. */
  readonly ignoreTradingWindows: boolean;
  /** Where its alerts go; none: to the first enabled account of the mode, by name. */
  readonly routes: StrategyRoute[];
  /** Which of its entries wait for a person, whatever the limits say. */
  readonly approval: StrategyApproval;
  /** Whether what it trades in production is also traded on paper, to be compared. */
  readonly shadow: boolean;
  /** What is done when it does not hold what its script held. */
  readonly gap: GapSettings;
  /** How often it is heard of at least; null: it may be silent. */
  readonly heartbeat: HeartbeatSettings | null;
}

export interface IntakeSettings {
  /** An alert without id and time of its own is the same one when its bytes come again within this. */
  readonly repeatWindowSeconds: number;
  /** Alerts a token may send: sustained per second, and at once. */
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** How brokers are spared: what an account may ask of one, and when one that does not answer is left alone. */
export interface BrokerSettings {
  /** Requests a minute of each account at Alpaca, which allows 200; 0: no limit. */
  readonly requestsPerMinute: number;
  /** Likewise at the embedded exchange. */
  readonly embeddedRequestsPerMinute: number;
  /** After so many requests in a row without a clear answer no entries are sent. */
  readonly breakerFailures: number;
  /** For so long at first, before it is tried again; doubled with each try that fails, up to eight times. */
  readonly breakerPauseSeconds: number;
}

/** How long shares may be without a stop, and what is done then. */
export interface ProtectionSettings {
  /** Shares that have no working stop for this long get one; if that has not worked after as long again, they are sold. */
  readonly withinSeconds: number;
  /** An exit that works for longer than this protects nothing any more. */
  readonly exitSeconds: number;
  /** Where a venue has no plain stop, how far the limit of a stop-limit order is behind its stop, as a fraction of it. */
  readonly stopLimitOffset: string;
}

/** What a strategy must have shown on paper before it may trade real money. */
export interface PromotionCriteria {
  /** Trading days with at least one fill. */
  readonly minDays: number;
  /** Trades opened and closed. */
  readonly minTrades: number;
  /** The most the median fill may have been worse than the market at the decision, in basis points as decimal text. */
  readonly maxSlippageBps: string;
}

/** How often accounts are compared with their brokers, and for how long that counts. */
export interface ReconciliationSettings {
  /** Between two comparisons that nothing else asked for. */
  readonly everySeconds: number;
  /** A comparison older than this does not count: new entries wait. */
  readonly staleSeconds: number;
  /** When comparisons fail for this long, new entries wait, however fresh the last good one is. */
  readonly failingSeconds: number;
  /** When they fail for this long, a person is told. */
  readonly alarmSeconds: number;
}

/** How entries that wait for a person are asked for. Decimal text. */
export interface ApprovalSettings {
  /** Who has not answered by then has refused. */
  readonly expirySeconds: number;
  /** As a fraction: an approved entry is not sent once the market has moved further than this since it was asked for. */
  readonly maxMove: string;
  /** Whether every entry with real money waits for a person. */
  readonly inProduction: boolean;
  /** Whether two people must approve an entry with real money. */
  readonly twoInProduction: boolean;
  /** An entry that is worth more than this needs two people; null: none does. */
  readonly twoAbove: string | null;
}

/** Every setting by its key in the table `settings`. */
export interface StoredSettings {
  readonly 'mode.master': Mode;
  readonly intake: IntakeSettings;
  readonly brokers: BrokerSettings;
  readonly protection: ProtectionSettings;
  readonly reconciliation: ReconciliationSettings;
  readonly approvals: ApprovalSettings;
  /** What a strategy must have shown on paper before it may trade real money. */
  readonly promotion: PromotionCriteria;
  /** IANA zone in which the dashboard shows times. */
  readonly 'display.zone': string;
  /** Whether somebody was shown the set-up: it comes by itself once. */
  readonly 'setup.seen': boolean;
}
export type SettingKey = keyof StoredSettings;

/** What everything that runs goes by. */
export interface Settings extends StoredSettings {
  /** Those that are engaged. They have a store of their own, and are changed there. */
  readonly killSwitches: readonly KillSwitch[];
  /** Limits that a person set, over the rules’ defaults. They have a store of their own, and are changed there. */
  readonly limits: readonly StoredLimit[];
}

export const defaultSettings: Settings = {
  'mode.master': 'paper',
  intake: { repeatWindowSeconds: 60, ratePerSecond: 100, burst: 500 },
  brokers: { requestsPerMinute: 200, embeddedRequestsPerMinute: 0, breakerFailures: 5, breakerPauseSeconds: 5 },
  protection: { withinSeconds: 5, exitSeconds: 60, stopLimitOffset: '0.01' },
  reconciliation: { everySeconds: 60, staleSeconds: 300, failingSeconds: 30, alarmSeconds: 60 },
  approvals: { expirySeconds: 300, maxMove: '0.005', inProduction: false, twoInProduction: false, twoAbove: null },
  promotion: { minDays: 20, minTrades: 30, maxSlippageBps: '25' },
  'display.zone': 'America/New_York',
  'setup.seen': false,
  killSwitches: [],
  limits: [],
};

export const defaultStrategySettings: StrategySettings = {
  stopDistance: '0.01',
  sizing: { method: 'fixed-risk', parameters: {} },
  stop: { method: 'percent', parameters: {} },
  bounds: {
    shares: 'whole',
    lot: null,
    minNotional: null,
    maxQuantity: null,
    maxNotional: null,
    fitBuyingPower: false,
  },
  takeProfitRiskMultiple: '2',
  allowShort: false,
  exit: 'close',
  entryType: 'market',
  ignoreTradingWindows: false,
  routes: [],
  approval: { when: 'none', notional: null },
  shadow: true,
  gap: { act: 'ignore', compare: 'side', sizeDifference: '0.1' },
  heartbeat: null,
};
