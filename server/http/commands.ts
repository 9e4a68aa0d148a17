import type {
  Acknowledgement,
  CancelAllWish,
  ClosedAll,
  KillSwitchesJson,
  KillSwitchJson,
  KillSwitchWish,
  OrderChangeWish,
  PositionClosing,
  Reconciliation,
  Setup,
  Status,
  TestAlert,
} from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** What the routes can set going; wired in build.ts. Each throws an `HttpProblem` or an error with a sentence. */
export interface Commands {
  status(): Promise<Status>;
  setup(caller: Caller): Promise<Setup>;
  /** Whether nothing is set up here yet, and nobody was shown how. */
  setupWanted(): Promise<boolean>;
  /** From now on nobody is shown the set-up who does not ask for it. */
  setupSeen(caller: Caller): Promise<void>;
  sendTestAlert(alert: TestAlert, caller: Caller): Promise<Acknowledgement>;
  /** Asks for the cancel; null: there is no such order. */
  cancelOrder(orderId: string, caller: Caller): Promise<'asked' | 'final' | null>;
  /** Asks for another order in the place of this one; null: there is no such order. Throws an `HttpProblem` for what may not be asked. */
  replaceOrder(orderId: string, wish: OrderChangeWish, caller: Caller): Promise<'asked' | null>;
  /**
   * Sends exits through intake, of one strategy's shares or (null) of all, and of so many of them or (null) of every one; null: there is no
   * such position. Throws an `HttpProblem` for more than is held, and where it is not said whose part.
   */
  closePosition(
    position: {
      readonly accountId: string;
      readonly symbol: string;
      readonly strategy: string | null;
      readonly quantity: string | null;
    },
    caller: Caller,
  ): Promise<PositionClosing | null>;
  /** The same for every position of an account, or (null) of every account. One that cannot be sent does not keep the others. */
  closeAll(accountId: string | null, caller: Caller): Promise<ClosedAll>;
  killSwitches(): Promise<KillSwitchesJson>;
  engageKillSwitch(wish: KillSwitchWish, caller: Caller): Promise<KillSwitchJson>;
  /** Null: it is not engaged. */
  liftKillSwitch(id: string, reason: string, caller: Caller): Promise<KillSwitchJson | null>;
  /** Asks for the cancel of all that is open of the target, and stops nothing. */
  cancelAll(wish: CancelAllWish, caller: Caller): Promise<{ asked: number }>;
  /** Null: there is no such account, or it is not worked on by this process. */
  reconcile(accountId: string): Promise<Reconciliation | null>;
  /** Whether alerts can be stored. */
  ready(): Promise<boolean>;
  quotes(symbols: readonly string[]): Promise<{ symbol: string; bid: string; ask: string; at: string }[]>;
}
