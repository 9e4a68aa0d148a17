import { type Money, type Price, text } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type { FieldProblem, Side, TradeSignal } from '../../../core/model/signal.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import { FieldReader } from '../field-reader.ts';
import { type JsonFault, JsonObject } from '../json-text.ts';
import { placeholderIn, placeholderSentence, problemWith, quoted, wholeBody } from '../problem-code.ts';

/**
 * Signalbox's own payload, in its long form
 * `{"signal":"BUY","ticker":"AAPL","tradingMode":"Paper","riskAmount":100.00,"entryPrice":150.25,"stopLoss":148.50,…}`
 * and its short one `{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100}`. Fields it does not know are ignored.
 */
export const dialect: Dialect = {
  key: 'native',
  // It is what a body is held to that no other dialect claims, so that its author learns what was expected.
  claims: () => true,
  read(alert: AlertText): Result<TradeSignal, readonly FieldProblem[]> {
    if (!alert.json.ok) return err([notJson(alert.text, alert.json.error)]);
    if (!(alert.json.value instanceof JsonObject)) {
      return err([problemWith(wholeBody, 'not_an_object', 'expected a JSON object: {"signal": "BUY", "ticker": …}')]);
    }
    return readFields(new FieldReader(alert.json.value));
  },
};

function notJson(body: string, fault: JsonFault): FieldProblem {
  if (body.trim() === '') return problemWith(wholeBody, 'empty', 'expected a JSON object, found nothing');
  // A placeholder without quotes around it is what most often breaks the JSON.
  const placeholder = placeholderIn(body);
  if (placeholder !== null) return problemWith(wholeBody, 'placeholder', placeholderSentence(placeholder));
  return problemWith(
    wholeBody,
    'malformed_json',
    `expected ${fault.expected} at line ${fault.line}, column ${fault.column} (offset ${fault.offset}), found ${fault.found}`,
  );
}

/** Letters and digits, and what share classes, futures and pairs are written with: BRK.B, ES1!, EUR/USD. */
const tickerPattern = /^[A-Z0-9][A-Z0-9.\-/!_]*$/;
const maxTicker = 20;

function readFields(fields: FieldReader): Result<TradeSignal, readonly FieldProblem[]> {
  const side = readSide(fields);
  const ticker = readTicker(fields);
  const requestedMode = readMode(fields);
  const riskAmount = fields.requiredPositive(['riskAmount', 'risk'], 'an amount of money') as Money | null;
  const entryPrice = fields.positive(['entryPrice'], 'a price') as Price | null;
  const stopLoss = fields.positive(['stopLoss'], 'a price') as Price | null;
  const takeProfit = fields.positive(['takeProfit'], 'a price') as Price | null;
  const firedAt = fields.moment(['timestamp']);
  const strategy = fields.text(['strategy'], 64)?.text ?? 'default';
  const timeframe = fields.text(['timeframe'], 16)?.text ?? null;
  const alertId = fields.text(['id', 'alertId'], 128)?.text ?? null;
  if (side !== null) checkSides(fields, side, { entryPrice, stopLoss, takeProfit });
  if (fields.problems.length > 0 || side === null || ticker === null || requestedMode === null || riskAmount === null) {
    return err(fields.problems);
  }
  return ok({
    side,
    ticker,
    requestedMode,
    riskAmount,
    entryPrice,
    stopLoss,
    takeProfit,
    firedAt,
    alertId,
    strategy,
    timeframe,
  });
}

function readSide(fields: FieldReader): Side | null {
  const found = fields.requiredText(['signal'], 64, 'BUY or SELL');
  if (found === null) return null;
  const side = found.text.toLowerCase();
  if (side === 'buy' || side === 'sell') return side;
  return fields.problem(found.field, 'unknown_value', `expected BUY or SELL, found ${quoted(found.text)}`);
}

function readMode(fields: FieldReader): Mode | null {
  const before = fields.problems.length;
  const found = fields.text(['tradingMode', 'mode'], 64);
  if (found === null) return fields.problems.length === before ? 'paper' : null;
  const mode = found.text.toLowerCase();
  if (mode === 'paper' || mode === 'production') return mode;
  return fields.problem(found.field, 'unknown_value', `expected Paper or Production, found ${quoted(found.text)}`);
}

function readTicker(fields: FieldReader): string | null {
  const found = fields.requiredText(['ticker'], 64, 'a ticker like AAPL');
  if (found === null) return null;
  // {{exchange}}:{{ticker}} is how TradingView writes a symbol in full.
  const ticker = found.text.slice(found.text.lastIndexOf(':') + 1).toUpperCase();
  if (ticker.length > maxTicker) {
    return fields.problem(found.field, 'too_long', `expected at most ${maxTicker} characters, found ${ticker.length}`);
  }
  if (tickerPattern.test(ticker)) return ticker;
  return fields.problem(found.field, 'unknown_value', `expected a ticker like AAPL, found ${quoted(found.text)}`);
}

/** A stop loses and a target wins: both must be on their side of the entry, and of each other when there is no entry. */
function checkSides(
  fields: FieldReader,
  side: Side,
  prices: { entryPrice: Price | null; stopLoss: Price | null; takeProfit: Price | null },
): void {
  const { entryPrice, stopLoss, takeProfit } = prices;
  const losing = side === 'buy' ? 'below' : 'above';
  const winning = side === 'buy' ? 'above' : 'below';
  const wins = (price: Price, than: Price) => (side === 'buy' ? price.gt(than) : price.lt(than));
  if (entryPrice && stopLoss) {
    const entry = text(entryPrice);
    if (stopLoss.eq(entryPrice)) {
      fields.problem(
        'stopLoss',
        'equal_to_entry',
        `expected a price other than the entry ${entry}: the risk per share would be zero`,
      );
    } else if (wins(stopLoss, entryPrice)) {
      fields.problem(
        'stopLoss',
        'wrong_side',
        `expected a price ${losing} the entry ${entry} of a ${side}, found ${text(stopLoss)}`,
      );
    }
  }
  if (entryPrice && takeProfit && !wins(takeProfit, entryPrice)) {
    const found = text(takeProfit);
    fields.problem(
      'takeProfit',
      'wrong_side',
      `expected a price ${winning} the entry ${text(entryPrice)} of a ${side}, found ${found}`,
    );
  }
  if (!entryPrice && stopLoss && takeProfit && !wins(takeProfit, stopLoss)) {
    const found = text(takeProfit);
    fields.problem(
      'takeProfit',
      'wrong_side',
      `expected a price ${winning} the stop ${text(stopLoss)} of a ${side}, found ${found}`,
    );
  }
}
