import type { Big, Money, Price, Quantity } from '../../../core/decimal.ts';
import type { FieldProblem, Side, SignalAction, TradeSignal } from '../../../core/model/signal.ts';
import type { OppositeWay } from '../../../core/model/signal-terms.ts';
import type { SourceReading } from '../../../core/model/source-reading.ts';
import { err, type Result } from '../../../core/result.ts';
import { checkSides } from '../check-sides.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import type { FieldReader } from '../field-reader.ts';
import { problemWith, quoted, wholeBody } from '../problem-code.ts';
import { readMode } from '../read-mode.ts';
import { readTicker } from '../read-ticker.ts';
import { signalFrom } from '../signal-from.ts';
import { textFields } from '../text-fields.ts';

/**
 * PineConnector's line `licenseid,command,symbol,risk=1,sl=148.5,tp=155`. What its bare numbers are is set in the program that it is for, so it is
 * set with the source here; `sl_price=`, `sl_pct=`, `tp_price=`, `tp_pct=` and `vol_dollar=` say it themselves. The licence is not read: the
 * address proves the sender.
 */
export const dialect: Dialect = {
  key: 'pine-connector',
  claims: ({ text, json }) => !json.ok && looksLikeIt(text),
  read: ({ text, reading }: AlertText) => readLine(text, reading),
  identity: {
    says: 'Its text within the window. A `comment=` that holds `{{timenow}}` tells apart what would else be one alert.',
  },
};

interface Command {
  readonly action: SignalAction;
  readonly side: Side | null;
  readonly orderType?: 'market' | 'limit' | 'stop';
  readonly opposite?: OppositeWay;
}

const buy: Command = { action: 'buy', side: 'buy', orderType: 'market' };
const sell: Command = { action: 'sell', side: 'sell', orderType: 'market' };

/** The side of a cancel is that of the entries, of an exit that of its order. */
const commands: Readonly<Record<string, Command>> = {
  ...{ buy, long: buy, bull: buy, bullish: buy, sell, short: sell, bear: sell, bearish: sell },
  buylimit: { ...buy, orderType: 'limit' },
  buystop: { ...buy, orderType: 'stop' },
  selllimit: { ...sell, orderType: 'limit' },
  sellstop: { ...sell, orderType: 'stop' },
  closelong: { action: 'exit', side: 'sell' },
  exitlong: { action: 'exit', side: 'sell' },
  closeshort: { action: 'exit', side: 'buy' },
  exitshort: { action: 'exit', side: 'buy' },
  closelongshort: { action: 'exit', side: null },
  closelongsell: { ...sell, opposite: 'reverse' },
  closeshortbuy: { ...buy, opposite: 'reverse' },
  cancellong: { action: 'cancel', side: 'buy' },
  cancelshort: { action: 'cancel', side: 'sell' },
};

/** Understood, and not done: what they change is not one order of one strategy, or is set elsewhere here. */
const unsupported = [
  ...['newsltplong', 'newsltpshort', 'closeall', 'closealllong', 'closeallshort', 'cancelall', 'eaon', 'eaoff'],
  ...[
    'closelongbuy',
    'closeshortsell',
    'closelongpct',
    'closeshortpct',
    'closelongvol',
    'closeshortvol',
    'cancellongbuy',
  ],
  ...['cancelshortsell', 'cancellongshort'],
];

const knownCommand = (word: string): boolean => Object.hasOwn(commands, word) || unsupported.includes(word);

/** Digits of a licence id, fewer than any has. */
const licence = /^\d{8,20}$/;

function looksLikeIt(text: string): boolean {
  const [first = '', second = ''] = text
    .trim()
    .split(',', 2)
    .map((part) => part.trim());
  if (first.includes('=') || second === '') return false;
  return licence.test(first) || knownCommand(second.toLowerCase());
}

/** Parameters that say nothing of the order. */
const ignored = ['comment', 'secret', 'mode', 'tradingMode'];
const sized = ['risk', 'vol_dollar', 'vol_lots'];

function readLine(text: string, reading?: SourceReading): Result<TradeSignal, readonly FieldProblem[]> {
  if (text.trim().includes('\n')) {
    const sentence = 'expected one line: each command is an alert of its own';
    return err([problemWith(wholeBody, 'not_supported', sentence)]);
  }
  const [id = '', command = '', symbol = '', ...others] = text.split(',').map((part) => part.trim());
  const pairs = others
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0
        ? ([part, ''] as const)
        : ([part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()] as const);
    });
  const fields = textFields([['command', command], ['symbol', symbol], ...pairs]);
  // Never quoted: it is what that sender proves itself with.
  if (!licence.test(id)) fields.problem('licenseid', 'unknown_value', 'expected a licence id of 8 to 20 digits');
  const asked = readCommand(fields);
  const ticker = readTicker(fields, ['symbol']);
  const requestedMode = readMode(fields);
  refuseOthers(
    fields,
    pairs.map(([name]) => name),
    asked,
  );
  const entry = asked !== null && asked.orderType !== undefined;
  const order = entry ? readEntry(fields, asked, reading) : {};
  return signalFrom(fields, {
    action: asked?.action ?? null,
    side: asked?.side ?? null,
    ticker,
    requestedMode,
    ...order,
  });
}

function readCommand(fields: FieldReader): Command | null {
  const known = Object.keys(commands).join(', ');
  const found = fields.requiredText(['command'], 64, `one of ${known}`);
  if (found === null) return null;
  const word = found.text.toLowerCase();
  if (Object.hasOwn(commands, word)) return commands[word]!;
  if (unsupported.includes(word)) {
    return fields.problem(
      'command',
      'not_supported',
      `expected one of ${known}, found ${quoted(word)}, which is not done here`,
    );
  }
  return fields.problem('command', 'unknown_value', `expected one of ${known}, found ${quoted(found.text)}`);
}

const entryFields = [...sized, 'price', 'sl', 'tp', 'sl_price', 'sl_pct', 'tp_price', 'tp_pct'];
const inPips = ['sl_pips', 'tp_pips'];

/** A parameter that is left out would make it another order than the one that was meant. */
function refuseOthers(fields: FieldReader, names: readonly string[], asked: Command | null): void {
  for (const name of new Set(names)) {
    const shown = name.slice(0, 64).toWellFormed();
    if (inPips.includes(name)) fields.problem(shown, 'unknown_unit', pips(name.slice(0, 2)));
    else if (!entryFields.includes(name) && !ignored.includes(name)) {
      fields.problem(
        shown,
        'not_supported',
        `expected one of ${entryFields.join(', ')}, comment, found ${quoted(name)}`,
      );
    } else if (sized.includes(name) && asked?.action === 'exit') {
      fields.problem(shown, 'not_supported', `expected no ${name} with an exit, which closes all of the position`);
    }
  }
}

const pips = (name: string): string => `expected ${name}_price or ${name}_pct: shares and coins have no pips`;

type Order = Partial<TradeSignal>;

function readEntry(fields: FieldReader, { side, orderType, opposite }: Command, reading?: SourceReading): Order {
  const price = orderType === 'market' ? null : readPending(fields, reading);
  const stop = readTarget(fields, 'sl', reading);
  const target = readTarget(fields, 'tp', reading);
  if (side) {
    const levels = { entryPrice: price, stopLoss: stop.price, takeProfit: target.price };
    const named = (name: string) => (fields.has(name) ? name : `${name}_price`);
    checkSides(fields, side, { ...levels, field: named('tp'), stopField: named('sl') });
  }
  return {
    ...{ orderType: orderType ?? null, opposite: opposite ?? null },
    ...(orderType === 'limit' ? { limitPrice: price } : { stopPrice: price }),
    ...{
      stopLoss: stop.price,
      stopLossPercent: stop.percent,
      takeProfit: target.price,
      takeProfitPercent: target.percent,
    },
    ...readVolume(fields, reading),
  };
}

function readPending(fields: FieldReader, reading?: SourceReading): Price | null {
  const price = fields.requiredPositive(['price'], 'a price') as Price | null;
  if (price === null || reading?.targetUnit === 'price') return price;
  return fields.problem('price', 'unknown_unit', unitSentence('price'));
}

const unitSentence = (name: string): string =>
  `expected the source's setting targetUnit to say that ${name} is a price${name === 'price' ? '' : ' or a percentage'}: it may be pips as well`;

interface Target {
  readonly price: Price | null;
  readonly percent: Big | null;
}

function readTarget(fields: FieldReader, name: 'sl' | 'tp', reading?: SourceReading): Target {
  const bare = fields.positive([name], 'a number');
  const unit = reading?.targetUnit ?? null;
  if (fields.has(name) && unit === null)
    fields.problem(name, 'unknown_unit', `${unitSentence(name)}. Or write ${name}_price or ${name}_pct`);
  const price = fields.positive([`${name}_price`], 'a price') as Price | null;
  const percent = fields.positive([`${name}_pct`], 'a percentage');
  const told = [name, `${name}_price`, `${name}_pct`].filter((one) => fields.has(one));
  for (const other of told.slice(1))
    fields.problem(other, 'contradictory', `expected ${told[0]} or ${other}, found both`);
  const all = { price: unit === 'price' ? (bare as Price | null) : null, percent: unit === 'percent' ? bare : null };
  const asPercent = percent ?? all.percent;
  if (name === 'sl' && asPercent?.gte('100')) {
    fields.problem(percent ? 'sl_pct' : 'sl', 'out_of_range', 'expected a percentage below 100');
  }
  return { price: price ?? all.price, percent: asPercent };
}

function readVolume(fields: FieldReader, reading?: SourceReading): Order {
  const told = sized.filter((one) => fields.has(one));
  const [name] = told;
  if (name === undefined) {
    fields.problem('risk', 'required', 'expected risk or vol_dollar, found nothing');
    return {};
  }
  for (const other of told.slice(1)) fields.problem(other, 'contradictory', `expected ${name} or ${other}, found both`);
  const value = fields.positive([name], 'a number');
  if (value === null) return {};
  if (name === 'vol_dollar') return { riskAmount: value as Money };
  const unit = reading?.volumeUnit ?? null;
  if (unit === 'shares') return { quantity: value as Quantity };
  if (name === 'vol_lots') {
    fields.problem(
      name,
      'unknown_unit',
      "expected the source's setting volumeUnit to be shares: a lot is another number of them at each broker",
    );
    return {};
  }
  switch (unit) {
    case 'money_at_risk':
      return { riskAmount: value as Money };
    case 'percent_at_risk':
    case 'percent_of_equity':
      if (value.gt('100')) fields.problem(name, 'out_of_range', 'expected a percentage of at most 100');
      return { sizeBy: { kind: unit === 'percent_at_risk' ? 'percent_risk' : 'percent_of_equity', value } };
    default: {
      const sentence =
        "expected the source's setting volumeUnit to say what risk is: it may be lots, money or a percentage. Or write vol_dollar";
      fields.problem(name, 'unknown_unit', sentence);
      return {};
    }
  }
}
