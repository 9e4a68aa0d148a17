import type { Price } from '../../../core/decimal.ts';
import type { Asked } from '../blank-signal.ts';
import type { FieldReader } from '../field-reader.ts';
import { readPercent, readWord } from '../read-terms.ts';

type Target = Pick<Asked, 'takeProfit' | 'takeProfitPercent' | 'takeProfitAmount'>;
const noTarget: Target = { takeProfit: null, takeProfitPercent: null, takeProfitAmount: null };

/** `takeProfit`: exactly one of `limitPrice`, `percent` and `amount`. */
export function readTakeProfit(fields: FieldReader): Target {
  const target = fields.object('takeProfit', 'an object like {"percent": 4}');
  if (target === null) return noTarget;
  const read = {
    takeProfit: target.positive(['limitPrice'], 'a price') as Price | null,
    takeProfitPercent: readPercent(target, 'percent'),
    takeProfitAmount: target.positive(['amount'], 'an amount a share') as Price | null,
  };
  if (!['limitPrice', 'percent', 'amount'].some((name) => target.has(name))) {
    fields.problem('takeProfit', 'required', 'expected one of limitPrice, percent and amount, found none');
  }
  refuseSecond(target, 'limitPrice');
  return read;
}

type Stop = Pick<
  Asked,
  'stopLoss' | 'stopLossPercent' | 'stopLossAmount' | 'stopLossLimit' | 'trailAmount' | 'trailPercent'
>;
const noStop: Stop = {
  ...{ stopLoss: null, stopLossPercent: null, stopLossAmount: null, stopLossLimit: null },
  ...{ trailAmount: null, trailPercent: null },
};

/** `stopLoss`: a `type`, and what that type needs. */
export function readStopLoss(fields: FieldReader): Stop {
  const stop = fields.object('stopLoss', 'an object like {"type": "stop", "percent": 2}');
  if (stop === null) return noStop;
  const before = fields.problems.length;
  const named = readWord(stop, 'type', ['stop', 'stop_limit', 'trailing_stop']);
  if (fields.problems.length > before) return noStop;
  const trails = named === 'trailing_stop' || (named === null && trailNames.some((name) => stop.has(name)));
  const at: Stop = {
    ...noStop,
    stopLoss: stop.positive(['stopPrice'], 'a price') as Price | null,
    stopLossPercent: readPercent(stop, 'percent', '100'),
    stopLossAmount: stop.positive(['amount'], 'an amount a share') as Price | null,
  };
  const placed = ['stopPrice', 'percent', 'amount'].some((name) => stop.has(name));
  refuseSecond(stop, 'stopPrice');
  if (trails) return { ...at, ...readTrail(stop, placed) };
  const limited = named === 'stop_limit';
  if (!placed && limited) {
    stop.problem('stopPrice', 'required', 'expected stopPrice, percent or amount with type stop_limit, found none');
  } else if (!placed) {
    fields.problem('stopLoss', 'required', 'expected one of stopPrice, percent and amount, found none');
  }
  if (limited && !stop.has('limitPrice')) {
    stop.problem('limitPrice', 'required', 'expected a limit with type stop_limit, found nothing');
  }
  const limit = stop.positive(['limitPrice'], 'a price') as Price | null;
  if (limit && !limited) stop.problem('limitPrice', 'contradictory', 'expected type stop_limit with limitPrice');
  return { ...at, stopLossLimit: limited ? limit : null };
}

const trailNames = ['trailAmount', 'trailPrice', 'trailPercent'];

/** A stop that trails starts at its distance, unless the alert says where. */
function readTrail(stop: FieldReader, placed: boolean): Partial<Stop> {
  const trailAmount = stop.positive(['trailAmount', 'trailPrice'], 'an amount a share') as Price | null;
  const trailPercent = readPercent(stop, 'trailPercent', '100');
  const amounts = stop.has('trailAmount') || stop.has('trailPrice');
  if (amounts === stop.has('trailPercent')) {
    const found = amounts ? 'both' : 'neither';
    stop.problem('trailAmount', 'contradictory', `expected trailAmount or trailPercent, found ${found}`);
  }
  if (stop.has('limitPrice')) {
    stop.problem('limitPrice', 'contradictory', 'expected no limitPrice with a stop that trails: venues know none');
  }
  const starts = placed ? {} : { stopLossPercent: trailPercent, stopLossAmount: trailAmount };
  return { trailAmount, trailPercent, ...starts };
}

/** At most one of a price, a percentage and an amount. */
function refuseSecond(part: FieldReader, price: string): void {
  const [percent, amount] = [part.has('percent'), part.has('amount')];
  if (percent && amount) part.problem('amount', 'contradictory', 'expected percent or amount, found both');
  if ((percent || amount) && part.has(price)) {
    const other = percent ? 'percent' : 'amount';
    part.problem(price, 'contradictory', `expected ${price} or ${other}, found both`);
  }
}
