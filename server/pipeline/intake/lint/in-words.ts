import { text } from '../../../core/decimal.ts';
import { defaultStrategy, type TradeSignal } from '../../../core/model/signal.ts';

/** What a signal asks for, as a person would say it. */
export function signalInWords(signal: TradeSignal): string {
  const parts = [
    whatIsDone(signal),
    ...sizeOf(signal),
    ...pricesOf(signal),
    ...protectionOf(signal),
    ...termsOf(signal),
  ];
  const strategy = signal.strategy === defaultStrategy ? 'the strategy default' : `the strategy ${signal.strategy}`;
  const who = signal.account === null ? `for ${strategy}` : `for ${strategy} in the account ${signal.account}`;
  return `${parts.join(', ')}; ${who}, in ${signal.requestedMode}.`;
}

function whatIsDone(signal: TradeSignal): string {
  const { action, side, ticker } = signal;
  const held = side === null ? '' : side === 'sell' ? ' what is held long of' : ' what is held short of';
  switch (action) {
    case 'buy':
    case 'sell':
      if (signal.targetPosition) return `Come to ${text(signal.targetPosition)} ${ticker}`;
      return `${action === 'buy' ? 'Buy' : 'Sell'} ${ticker}`;
    case 'exit':
      return `Exit${held} ${ticker}`;
    case 'flatten':
      return `Close all of ${ticker} and cancel its open entries`;
    case 'reverse':
      return `Close ${ticker} and enter the ${side === null ? 'other side' : side === 'buy' ? 'long side' : 'short side'}`;
    case 'add':
      return `Add to ${side === null ? 'what is held of' : side === 'buy' ? 'a long position in' : 'a short position in'} ${ticker}`;
    case 'breakeven':
      return `Move the stop of ${ticker} to what it cost${signal.breakEvenOffset ? ` and ${text(signal.breakEvenOffset)} beyond` : ''}`;
    default:
      return `Cancel the open entries in ${ticker}`;
  }
}

const sizeKinds = {
  notional: (value: string) => `for ${value} of money`,
  percent_of_equity: (value: string) => `for ${value} % of equity`,
  percent_risk: (value: string) => `with ${value} % of equity at risk`,
  percent_of_position: (value: string) => `by ${value} % of what is held`,
} as const;

function sizeOf(signal: TradeSignal): string[] {
  const { action, quantity, portion, riskAmount, sizeBy } = signal;
  if (action === 'exit') {
    if (quantity) return [`${text(quantity)} of it`];
    return [portion ? `${text(portion.times('100'))} % of it` : 'all of it'];
  }
  if (action === 'flatten' || action === 'cancel' || action === 'breakeven' || signal.targetPosition) return [];
  if (quantity) return [`${text(quantity)} of it`];
  if (riskAmount) return [`sized so that its stop costs ${text(riskAmount)}`];
  if (sizeBy) return [sizeKinds[sizeBy.kind](text(sizeBy.value))];
  return ['sized by the strategy’s settings'];
}

function pricesOf({
  action,
  orderType,
  limitPrice,
  stopPrice,
  entryTrailAmount,
  entryTrailPercent,
  entryPrice,
}: TradeSignal): string[] {
  if (action === 'flatten' || action === 'cancel' || action === 'breakeven') return [];
  const limit = limitPrice ?? (orderType === 'limit' ? entryPrice : null);
  switch (orderType) {
    case 'limit':
      return [limit ? `with a limit of ${text(limit)}` : 'with a limit at the quote'];
    case 'stop':
      return [`once ${stopPrice ? text(stopPrice) : 'its price'} is reached`];
    case 'stop_limit':
      return [
        `once ${stopPrice ? text(stopPrice) : 'its price'} is reached, with a limit of ${limit ? text(limit) : 'the quote'}`,
      ];
    case 'trailing_stop':
      return [
        `once the market turns by ${entryTrailPercent ? `${text(entryTrailPercent)} %` : entryTrailAmount ? text(entryTrailAmount) : 'its distance'}`,
      ];
    case 'market':
      return ['at the market'];
    default:
      return [entryPrice && action !== 'exit' ? `near ${text(entryPrice)}` : 'with the strategy’s type of order'];
  }
}

function protectionOf(signal: TradeSignal): string[] {
  const { action, stopLoss, stopLossPercent, stopLossAmount, trailAmount, trailPercent } = signal;
  if (action !== 'buy' && action !== 'sell' && action !== 'reverse' && action !== 'add') return [];
  const stop = stopLoss
    ? `stop at ${text(stopLoss)}`
    : stopLossPercent
      ? `stop ${text(stopLossPercent)} % away`
      : stopLossAmount
        ? `stop ${text(stopLossAmount)} away`
        : 'stop as the strategy has it';
  const trail = trailPercent
    ? [`trailing by ${text(trailPercent)} %`]
    : trailAmount
      ? [`trailing by ${text(trailAmount)}`]
      : [];
  return [stop, ...trail, ...targetOf(signal)];
}

function targetOf({
  takeProfit,
  takeProfits,
  takeProfitPercent,
  takeProfitAmount,
  takeProfitRisk,
}: TradeSignal): string[] {
  if (takeProfit) return [`target ${text(takeProfit)}`];
  if (takeProfits.length > 0) {
    return [
      `targets ${takeProfits.map(({ price, portion }) => `${text(price)} for ${text(portion.times('100'))} %`).join(' and ')}`,
    ];
  }
  if (takeProfitPercent) return [`target ${text(takeProfitPercent)} % away`];
  if (takeProfitAmount) return [`target ${text(takeProfitAmount)} away`];
  return takeProfitRisk ? [`target at ${text(takeProfitRisk)} times the risk`] : [];
}

function termsOf({
  timeInForce,
  extendedHours,
  delaySeconds,
  cancelFirst,
  opposite,
  whenHeld,
  test,
}: TradeSignal): string[] {
  return [
    ...(timeInForce ? [`good ${timeInForce === 'gtc' ? 'until cancelled' : `as ${timeInForce.toUpperCase()}`}`] : []),
    ...(extendedHours ? ['in extended hours too'] : []),
    ...(delaySeconds > 0 ? [`after ${delaySeconds} s`] : []),
    ...(cancelFirst ? ['open entries in it cancelled first'] : []),
    ...(opposite === 'reverse' ? ['what is held on the other side closed first'] : []),
    ...(whenHeld === 'reject' ? ['unless it is held on that side already'] : []),
    ...(test ? ['as a test that sends no order'] : []),
  ];
}
