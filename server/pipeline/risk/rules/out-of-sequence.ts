import { quantity, text, zeroQuantity } from '../../../core/decimal.ts';
import { closable } from '../../../core/model/account-view.ts';
import type { PreviousPosition } from '../../../core/model/signal.ts';
import { percent } from '../figures.ts';
import { flag, share } from '../parameters.ts';
import { breach, type EntryContext, entryRule, notApplicable, pass } from '../rule.ts';

/**
 * A script that believes in a position which is not there has had an alert that did not arrive, or an order that was not filled: what it
 * asks for now builds on that. Entries that are not filled yet count as held or as not, whichever agrees.
 */
export const rule = entryRule({
  key: 'out-of-sequence',
  order: 200,
  name: 'Sequence of alerts',
  says: 'Where an alert says what its script held before, the strategy must hold the same; its size counts if wanted.',
  parameters: {
    compareSize: flag('Whether the size counts, and not only the side', false),
    maxSizeDifference: share('Furthest the sizes may be apart, of the larger', '0', 'lower'),
  },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate(context, { compareSize, maxSizeDifference }) {
    const { signal, sized, account } = context;
    const { previousPosition: said, previousSize: size, ticker } = signal;
    if (said === null && size === null) return notApplicable('The alert does not say what its script held before.');
    const inputs = { previousPosition: said, previousSize: size && text(size) };
    if (context.converges && said !== null) {
      return pass('What the strategy holds is brought to what the script held before.', inputs);
    }
    if (said === null) return breach(code, 'the alert says how many were held before, and not on which side.', inputs);
    if (signal.action === 'reverse') {
      const before = sized.side === 'buy' ? 'short' : 'long';
      if (said === before) return pass(`The script held ${ticker} ${said}, and so did the strategy.`, inputs);
      return breach(code, `the script held ${held(said, ticker)} before, and the strategy was ${before}.`, inputs);
    }
    if (account === null) return breach(code, 'what the strategy holds is not known: there is no account.', inputs);
    const { filled, coming } = holdings(context);
    const ours = { ...inputs, held: text(filled), withOpenEntries: text(coming) };
    const agreeing = [filled, coming].filter((one) => wayOf(one) === said);
    if (agreeing.length === 0) {
      const sentence = `the script held ${held(said, ticker)} before, and the strategy ${holds(wayOf(filled), ticker)}: an alert may be missing.`;
      return breach(code, sentence, ours);
    }
    if (!compareSize) return pass(`The script held ${held(said, ticker)} before, and so does the strategy.`, ours);
    const limit = `${percent(maxSizeDifference)} apart`;
    if (size === null) return breach(code, 'how many shares the script held before is not known.', ours, limit);
    const near = agreeing.some((one) => {
      const shares = one.abs();
      const larger = shares.gt(size) ? shares : size;
      return shares.minus(size).abs().lte(larger.times(maxSizeDifference));
    });
    if (near) return pass(`The script held ${text(size)} ${ticker} before, and so does the strategy.`, ours, limit);
    const sentence = `the script held ${text(size)} ${ticker} before, and the strategy holds ${text(filled.abs())}.`;
    return breach(code, sentence, ours, limit);
  },
});

const code = 'RISK_OUT_OF_SEQUENCE';

const wayOf = (shares: { gt(other: string): boolean; lt(other: string): boolean }): PreviousPosition =>
  shares.gt('0') ? 'long' : shares.lt('0') ? 'short' : 'flat';

const held = (way: PreviousPosition, ticker: string): string => (way === 'flat' ? `no ${ticker}` : `${ticker} ${way}`);
const holds = (way: PreviousPosition, ticker: string): string =>
  way === 'flat' ? `holds no ${ticker}` : `holds ${ticker} ${way}`;

/** What the strategy has in the ticker, filled, and with what its open entries may still add. */
function holdings({ account, signal }: EntryContext) {
  const position = account?.positions.find(({ symbol }) => symbol === signal.ticker);
  const own = position?.lots.find(({ strategy }) => strategy === signal.strategy);
  const filled = position && own ? closable(own.quantity, position.quantity) : zeroQuantity;
  let coming = filled;
  for (const { role, symbol, strategy, side, remaining } of account?.openOrders ?? []) {
    if (role !== 'entry' || symbol !== signal.ticker || strategy !== signal.strategy) continue;
    coming = quantity(side === 'buy' ? coming.plus(remaining) : coming.minus(remaining));
  }
  return { filled, coming };
}
