import type { AlertRule, AlertRuleState } from '../model/alert-rule.ts';

/** A rule as a person wants it. */
export type AlertRuleWish = Omit<AlertRule, 'id' | 'version' | 'changedBy' | 'changedAt'>;

export interface StoredAlertRule {
  readonly rule: AlertRule;
  readonly state: AlertRuleState;
}

/** What people want to be told of, and how it stands with each. Changes are one transaction with their event `alert_rule.changed`. */
export interface AlertRules {
  /** Every rule that was not removed, by name. */
  list(): Promise<readonly StoredAlertRule[]>;
  find(id: string): Promise<StoredAlertRule | null>;
  add(wish: AlertRuleWish, by: string): Promise<StoredAlertRule>;
  /** Puts the wish in its place and begins anew with its state, but for when and how often it fired. Null: another version is in force, or none. */
  change(id: string, version: number, wish: AlertRuleWish, by: string): Promise<StoredAlertRule | null>;
  /** Switches it on or off, whatever its version. Null: there is none. */
  switch(id: string, on: boolean, by: string): Promise<StoredAlertRule | null>;
  /** False: there is none. */
  remove(id: string, by: string): Promise<boolean>;
  /** Keeps how it stands. Nothing happens when the rule was changed meanwhile. */
  keep(id: string, version: number, state: AlertRuleState): Promise<void>;
}
