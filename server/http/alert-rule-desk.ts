import type { AlertKindJson, AlertRuleJson, AlertRuleTrialJson, AlertRuleWishJson } from '../contract/index.ts';

/** What the routes of alert rules are answered by. A wish that cannot be is thrown as an `HttpProblem`. */
export interface AlertRuleDesk {
  kinds(): readonly AlertKindJson[];
  list(): Promise<readonly AlertRuleJson[]>;
  add(wish: AlertRuleWishJson, by: string): Promise<AlertRuleJson>;
  /** Null: there is none. */
  change(id: string, version: number, wish: AlertRuleWishJson, by: string): Promise<AlertRuleJson | null>;
  switch(id: string, on: boolean, by: string): Promise<AlertRuleJson | null>;
  remove(id: string, by: string): Promise<boolean>;
  /** Stores and tells nothing. */
  try(wish: AlertRuleWishJson): Promise<AlertRuleTrialJson>;
}
