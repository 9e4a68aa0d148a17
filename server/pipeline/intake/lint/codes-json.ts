import type { LintRule } from './codes.ts';

const error = 'error' as const;
const buy = (rest: string): { readonly text: string } => ({ text: `{"signal":"BUY","ticker":"AAPL",${rest}` });

/** Mistakes in the JSON itself: nothing of such an alert is read, and it is refused as INTAKE_MALFORMED. */
export const jsonCodes = {
  trailing_comma: {
    severity: error,
    says: 'A comma that nothing follows.',
    mend: 'Take it away.',
    example: buy('"risk":100,}'),
  },
  missing_comma: {
    severity: error,
    says: 'Two fields without a comma between them.',
    mend: 'Write one.',
    example: buy('"risk":100 "mode":"Paper"}'),
  },
  smart_quotes: {
    ...{
      severity: error,
      says: 'Quotes as word processors and chats make them: “ ”.',
      mend: 'Write straight ones: ".',
    },
    example: { text: '{“signal”:“BUY”,“ticker”:“AAPL”,“risk”:100}' },
  },
  single_quotes: {
    ...{ severity: error, says: 'Single quotes: JSON knows double ones only.', mend: 'Write double quotes.' },
    example: { text: "{'signal':'BUY','ticker':'AAPL','risk':100}" },
  },
  unescaped_quote: {
    ...{ severity: error, says: 'A quote within a text, which ends it.', mend: 'Write \\" for it.' },
    example: buy('"risk":100,"comment":"the "big" one"}'),
  },
  html_escaped: {
    ...{ severity: error, says: 'Quotes written as &quot;, as in the source of a web page.', mend: 'Write ".' },
    example: { text: '{&quot;signal&quot;:&quot;BUY&quot;,&quot;ticker&quot;:&quot;AAPL&quot;,&quot;risk&quot;:100}' },
  },
  unquoted_name: {
    ...{ severity: error, says: 'A field’s name without quotes.', mend: 'Write quotes around it.' },
    example: { text: '{signal:"BUY","ticker":"AAPL","risk":100}' },
  },
  unquoted_text: {
    ...{
      severity: error,
      says: 'A text without quotes; also a placeholder that comes to text, such as {{ticker}}.',
      mend: 'Write quotes around it.',
    },
    example: { text: '{"signal":"BUY","ticker":{{ticker}},"risk":100}', as: 'message' },
  },
  missing_colon: {
    severity: error,
    says: 'No colon between a field’s name and its value.',
    mend: 'Write one.',
    example: buy('"risk"=100}'),
  },
  missing_value: {
    severity: error,
    says: 'A field without a value.',
    mend: 'Write one, or leave the field out.',
    example: buy('"risk":100,"stopLoss":}'),
  },
  not_a_number_word: {
    ...{
      severity: error,
      says: 'NaN, na, None or the like, as a plot without a value comes out.',
      mend: 'Send null, or leave the field out.',
    },
    example: buy('"risk":100,"stopLoss":NaN}'),
  },
  word_form: {
    ...{ severity: error, says: 'True or False as Python has them.', mend: 'Write true and false in small letters.' },
    example: buy('"risk":100,"extendedHours":True}'),
  },
  number_form: {
    ...{
      severity: error,
      says: 'A number with a currency, a unit, thousands, leading zeros or a bare point.',
      mend: 'Write digits and one point.',
    },
    example: buy('"risk":1,000}'),
  },
  comment_in_json: {
    severity: error,
    says: 'A comment: JSON has none.',
    mend: 'Take it away.',
    example: buy('"risk":100 // play money\n}'),
  },
  line_break_in_text: {
    ...{ severity: error, says: 'A line break or a tab within a text.', mend: 'Write \\n or \\t, or a space.' },
    example: buy('"risk":100,"comment":"two\nlines"}'),
  },
  bad_escape: {
    ...{
      severity: error,
      says: 'A backslash before a letter that it means nothing with.',
      mend: 'Write \\\\ for a backslash.',
    },
    example: buy('"risk":100,"comment":"C:\\Users"}'),
  },
  not_closed: {
    severity: error,
    says: 'A bracket or a quote that is never closed: often a text that was cut off.',
    mend: 'Close it.',
    example: buy('"risk":100'),
  },
  text_around: {
    ...{ severity: error, says: 'Text before or behind the JSON.', mend: 'Take it away.' },
    example: { text: 'Alert: {"signal":"BUY","ticker":"AAPL","risk":100}' },
  },
  two_alerts: {
    ...{ severity: error, says: 'Several alerts in one.', mend: 'Send each as an alert of its own.' },
    example: { text: '{"signal":"BUY","ticker":"AAPL","risk":100}\n{"signal":"BUY","ticker":"MSFT","risk":100}' },
  },
  plain_text: {
    ...{
      severity: error,
      says: 'Text that no dialect knows.',
      mend: 'Write JSON, or a template with the source that says how its text is read.',
    },
    example: { text: 'AAPL crossed its average, time to get in' },
  },
} as const satisfies Readonly<Record<string, LintRule>>;
