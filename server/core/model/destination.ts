/** An account that an alert is decided for. */
export interface Destination {
  /** Null: no account was found, and the decision says so. */
  readonly accountId: string | null;
  /** What the risk amount and a quantity that the alert names are multiplied by: decimal text above 0. */
  readonly weight: string;
  /** Beside the alert: whatever becomes of it is not the alert's outcome. */
  readonly shadow: boolean;
  /** The strategy enters nothing there any more: what it still has there is closed. Absent: it is routed to. */
  readonly exitOnly?: true;
}
