import type { AlarmSeverity } from './alarm.ts';
import type { ParameterValue } from './risk-limit.ts';

/** What an alert rule looks at; what its kind does not need is null. */
export interface AlertScope {
  readonly accountId: string | null;
  readonly strategy: string | null;
  readonly symbol: string | null;
}

/** Hours of the day in a zone, as "09:30" to "16:00". One that ends before it begins goes on past midnight. */
export interface DayHours {
  readonly from: string;
  /** Not included. */
  readonly until: string;
  /** IANA. */
  readonly zone: string;
}

/** What a person wants to be told of. */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  /** The key of its kind, a file of platform/alert-rules/kinds. */
  readonly kind: string;
  /** By name, as they are stored; the kind reads them. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly scope: AlertScope;
  readonly severity: AlarmSeverity;
  /** After it has fired it switches itself off. */
  readonly once: boolean;
  /** It does not fire again within this, however often its condition comes and goes. */
  readonly cooldownMinutes: number;
  /** It is looked at only then; null: always. */
  readonly activeHours: DayHours | null;
  /** It does not fire then: what still holds afterwards is told when they end. Null: none. */
  readonly quietHours: DayHours | null;
  readonly on: boolean;
  /** From 1; another one with each change. */
  readonly version: number;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** What the kind of a rule has to remember between two looks, such as the side of a price; JSON. */
export type AlertMemory = Readonly<Record<string, string | number | readonly string[]>>;

/** How it stands with a rule; it outlives a restart. */
export interface AlertRuleState {
  /** Its condition held when it was looked at last, and somebody was told. */
  readonly firing: boolean;
  readonly firedAt: Date | null;
  readonly firedCount: number;
  readonly memory: AlertMemory | null;
  /** What was found last, for people: "186.20 USD". */
  readonly value: string | null;
  /** Why it cannot tell: "No price of AAPL since …". Null: it can. */
  readonly problem: string | null;
  readonly problemSince: Date | null;
  readonly lookedAt: Date | null;
}

/** Of a rule that nobody has looked at yet. */
export const untouched: AlertRuleState = {
  firing: false,
  firedAt: null,
  firedCount: 0,
  memory: null,
  value: null,
  problem: null,
  problemSince: null,
  lookedAt: null,
};
