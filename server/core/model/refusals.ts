/**
 * Every reason for which an alert or an order is not carried out. A closed list: the code is for machines, the title for
 * tables, the sentence that goes with a refusal is made by whoever refuses, with its numbers.
 */
export const refusals = {
  INTAKE_MALFORMED: 'The alert could not be understood',
  INTAKE_INVALID: 'The alert has missing or impossible values',
  RISK_ALERT_AGE: 'The alert is too old',
  RISK_MODE: 'No account may trade in this mode',
  RISK_STRATEGY_DISABLED: 'The strategy is switched off',
  RISK_UNKNOWN_TICKER: 'The ticker is not known or not tradable',
  RISK_NO_QUOTE: 'There is no fresh price for the ticker',
  RISK_PRICE_AWAY: 'The entry is too far from the market',
  RISK_STOP_SIDE: 'The stop is on the wrong side of the market',
  RISK_NO_STOP: 'There is no stop to size the position by',
  RISK_ZERO_QUANTITY: 'The risk amount buys less than one share',
  RISK_MAX_POSITION: 'The position would be too large',
  RISK_MAX_EXPOSURE: 'The portfolio would be too large',
  RISK_MAX_ORDER_VALUE: 'The order would be too large',
  RISK_OTHER_STRATEGY: 'Another strategy holds the other side in this account',
  RISK_BUYING_POWER: 'There is not enough buying power',
  RISK_MAX_OPEN_ORDERS: 'Too many orders are open',
  RISK_DAILY_LOSS: 'The daily loss limit is reached',
  RISK_DUPLICATE_IN_BAR: 'The same signal was already taken in this bar',
  RISK_KILL_SWITCH: 'The kill switch is on',
  RISK_LIMIT_UNREADABLE: 'A limit that holds for the order cannot be read',
  RISK_RULE_FAILED: 'A rule failed, and says nothing of the order',
  RISK_NOTHING_TO_CLOSE: 'There is no position to close',
  RISK_NOTHING_TO_ADD_TO: 'There is no position to add to',
  RISK_NOTHING_TO_REVERSE: 'There is no position to reverse',
  RISK_OTHER_SIDE: 'The position is on another side than the alert says',
  RISK_NOTHING_TO_MOVE: 'There is no stop that break-even would better',
  RISK_BREAK_EVEN_SIDE: 'The market is not beyond what the position cost',
  RISK_NOTHING_TO_CANCEL: 'There is no open entry to cancel',
  RISK_SHORT_NOT_ALLOWED: 'Opening a short is not allowed',
  EXECUTION_BROKER_REFUSED: 'The broker refused the order',
  EXECUTION_NOTHING_LEFT: 'Nothing was left to close when the order was to be sent',
  EXECUTION_AFTER_FAILED: 'The order it waited for did not end as it had to',
  EXECUTION_KILLED: 'The kill switch stopped the order before it was sent',
  EXECUTION_TOO_LATE: 'The order could not be sent while its alert still counted',
  EXECUTION_NOT_COMPARED: 'The account could not be compared with the broker while the alert still counted',
} as const;

export type RefusalCode = keyof typeof refusals;
export const refusalCodes = Object.keys(refusals) as RefusalCode[];
