import type { ProblemCode } from '../problem-code.ts';
import type { LintRule } from './codes.ts';

const rule = (says: string, mend: string, text?: string, dialect?: string) =>
  ({
    severity: 'error',
    ...{ says, mend },
    ...(text !== undefined && { example: { text, ...(dialect !== undefined && { dialect }) } }),
  }) as const satisfies LintRule;
const buy = (rest: string): string => `{"signal":"BUY","ticker":"AAPL",${rest}}`;

/** What intake refuses an alert for, in its own codes. */
export const problemLintCodes = {
  malformed_json: rule(
    'JSON that is broken in a way that is not told more exactly.',
    'Compare it with the example of its dialect.',
    '{"signal":"BUY","ticker":"AAPL",!}',
  ),
  malformed_text: rule(
    'Text that does not fit its dialect, or no template of its source.',
    'Compare it with the examples of its dialect.',
    'Buy AAPL',
    'template',
  ),
  not_an_object: rule(
    'JSON that is no object: a list, a text or a number.',
    'Write the fields between { and }.',
    '["BUY","AAPL"]',
  ),
  not_text: rule('Bytes that are no text in UTF-8, or a NUL character.', 'Send UTF-8.', '{"signal":"BUY\u0000"}'),
  empty: rule('Nothing at all.', 'Write the alert’s message.', ' '),
  required: rule('A field that must be there is not.', 'Write the field.', buy('"mode":"Paper"')),
  placeholder: rule(
    'A placeholder of TradingView’s still stands in a field that is read.',
    'Write a name that TradingView knows, with no spaces in the braces, in an alert that offers it.',
    buy('"risk":100,"stopLoss":"{{low}}"'),
  ),
  wrong_type: rule(
    'A list, an object, true or false where something else belongs.',
    'Write the value itself.',
    buy('"risk":[100]'),
  ),
  unknown_value: rule(
    'A word that means nothing here, or a ticker that is none.',
    'Write one of the words that are named.',
    buy('"risk":100,"mode":"Live"'),
  ),
  not_a_number: rule('Something else where a number belongs.', 'Write digits and one point.', buy('"risk":"$1,000"')),
  not_positive: rule(
    'Zero, or a number with a minus.',
    'Write a number above zero; the action says the side.',
    buy('"quantity":-10'),
  ),
  too_precise: rule(
    'More than nine decimals, as floats have.',
    'Round it in the script: str.tostring(price, format.mintick).',
    buy('"risk":0.1000000000000001'),
  ),
  too_large: rule('A number larger than any account holds.', 'Look for a slip of the keyboard.', buy('"risk":1e20')),
  too_long: rule(
    'A text or a number that is too long.',
    'Shorten it.',
    buy('"risk":100,"timeframe":"five minutes and a half"'),
  ),
  bad_characters: rule('Control characters in a name.', 'Take them out.', buy('"risk":100,"strategy":"a\\u0007b"')),
  bad_timestamp: rule(
    'A time that cannot be read.',
    'Write "{{timenow}}", which TradingView fills in, or ISO 8601.',
    buy('"risk":100,"timestamp":"yesterday"'),
  ),
  equal_to_entry: rule(
    'A stop at the entry, so that nothing would be at risk.',
    'Write the stop’s price.',
    buy('"risk":100,"entryPrice":150,"stopLoss":150'),
  ),
  wrong_side: rule(
    'A stop or a target on the wrong side of the entry.',
    'Look whether the two are exchanged, or the action is.',
    buy('"risk":100,"entryPrice":150,"stopLoss":155'),
  ),
  duplicate_key: rule('A field that is written more than once.', 'Keep one.', buy('"risk":100,"risk":200')),
  conflicting: rule('Two names of one field, with different values.', 'Keep one.', buy('"risk":100,"riskAmount":200')),
  contradictory: rule('Fields that do not go together.', 'Keep one of them.', buy('"risk":100,"quantity":10')),
  out_of_range: rule('A number outside of what makes sense.', 'Write one within it.', buy('"risk":100,"confidence":7')),
  not_for_entries: rule(
    'A kind of quantity that entries do not have.',
    'Write another quantityType.',
    '{"ticker":"AAPL","action":"buy","quantity":10,"quantityType":"percent_of_position"}',
  ),
  not_for_exits: rule(
    'A kind of quantity that exits do not have.',
    'Write another quantityType.',
    '{"ticker":"AAPL","action":"exit","quantity":10,"quantityType":"risk_percent"}',
  ),
  not_supported: rule(
    'Something that is understood, and not done here.',
    'Leave it out, or do it another way.',
    '{"ticker":"AAPL","action":"buy","optionType":"call"}',
  ),
  unknown_unit: rule(
    'A number of which nothing says what it counts.',
    'Say it in the alert, or in the settings of its source.',
    '60123456789,buy,AAPL,risk=1',
  ),
} as const satisfies Readonly<Record<ProblemCode, LintRule>>;
