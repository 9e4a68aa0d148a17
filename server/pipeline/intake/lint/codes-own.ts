import type { LintRule } from './codes.ts';

const warning = 'warning' as const;
const note = 'note' as const;
const text = (rest: string): { readonly text: string } => ({ text: `{"signal":"BUY","ticker":"AAPL",${rest}}` });

/** What the linter tells of alerts that are taken, or that are refused for another reason. */
export const ownCodes = {
  unknown_field: {
    ...{
      severity: warning,
      says: 'A field that nothing reads, with a name like that of one that is read.',
      mend: 'Write the name that is read.',
    },
    example: text('"risk":100,"stoploss":148'),
  },
  ignored_field: {
    ...{ severity: note, says: 'A field that nothing reads.', mend: 'Leave it out, unless it is there for people.' },
    example: text('"risk":100,"indicator":"RSI"'),
  },
  field_without_effect: {
    ...{
      severity: note,
      says: 'A field that counts with another action, and not with this one.',
      mend: 'Leave it out; one message for a whole script may keep it.',
    },
    example: { text: '{"signal":"EXIT","ticker":"AAPL","stopLoss":148}' },
  },
  placeholder_elsewhere: {
    ...{
      severity: warning,
      says: 'A placeholder was not filled in, in a field that is not read.',
      mend: 'Correct its name, or leave it out.',
    },
    example: text('"risk":100,"note":"{{clsoe}}"'),
  },
  placeholder_plot: {
    ...{
      severity: note,
      says: 'A plot may have no value on a bar, and then comes out as NaN, which is refused.',
      mend: 'Fire only where the plot has a value.',
    },
    example: { ...text('"risk":100,"stopLoss":{{plot_0}}'), as: 'message' },
  },
  placeholder_strategy: {
    ...{
      severity: note,
      says: 'TradingView fills {{strategy.…}} in alerts of strategies only.',
      mend: 'Create the alert on the strategy, not on an indicator or a price.',
    },
    example: { ...text('"quantity":{{strategy.order.contracts}}'), as: 'message' },
  },
  placeholder_free_text: {
    ...{
      severity: note,
      says: 'The script writes this text; a quote or a line break in it would break the JSON.',
      mend: 'Keep quotes out of the script’s comments and alert messages.',
    },
    example: { ...text('"risk":100,"id":"{{strategy.order.comment}}-{{timenow}}"'), as: 'message' },
  },
  number_as_text: {
    severity: note,
    says: 'A number between quotes: read as well.',
    mend: 'Nothing needs to be done.',
    example: text('"risk":"100"'),
  },
  secret_in_body: {
    ...{
      severity: warning,
      says: 'A secret in the text that its source does not ask for. Everybody who sees the alert sees it.',
      mend: 'Take it out: the address holds the secret. Where a secret in the body is wanted, set the source to ask for it.',
    },
    example: text('"risk":100,"secret":"correct horse"'),
  },
  secret_expected: {
    severity: note,
    says: 'The secret that the source asks for stands in the text. It is taken out before anything is stored.',
    mend: 'Nothing needs to be done.',
  },
  licence_in_body: {
    ...{
      severity: note,
      says: 'The licence of PineConnector. It is masked in what is stored, and does not count here.',
      mend: 'Any number of 8 to 20 digits will do.',
    },
    example: { text: '60123456789,buy,AAPL,vol_dollar=100' },
  },
  address_in_body: {
    ...{
      severity: warning,
      says: 'The address of a webhook stands in the text, with its secret.',
      mend: 'Take it out, and make the secret of the address anew.',
    },
    example: text('"risk":100,"url":"https://example.com/hooks/tradingview/abcdefghijklmnop"'),
  },
  ticker_exchange: {
    severity: note,
    says: 'The exchange before a ticker is dropped: brokers go by the ticker alone.',
    mend: 'Nothing needs to be done.',
    example: { text: '{"signal":"BUY","ticker":"NASDAQ:AAPL","risk":100}' },
  },
  ticker_share_class: {
    ...{
      severity: warning,
      says: 'A class of shares that is not written with a point. With a slash it is a pair of coins.',
      mend: 'Write BRK.B.',
    },
    example: { text: '{"signal":"BUY","ticker":"BRK/B","risk":100}' },
  },
  ticker_pair: {
    severity: note,
    says: 'A pair of coins without its slash, which is put in.',
    mend: 'Nothing needs to be done.',
    example: { text: '{"signal":"BUY","ticker":"BTCUSD","risk":100}' },
  },
  ticker_continuous: {
    ...{
      severity: warning,
      says: 'A chart’s own name for a future or a perpetual, which no venue of shares and coins trades.',
      mend: 'Write the symbol that your broker trades.',
    },
    example: { text: '{"signal":"BUY","ticker":"NQ1!","risk":100}' },
  },
  no_identity: {
    ...{
      severity: warning,
      says: 'It has no id and no time of its own: the same text again, within the window, is a resend, and after it another alert.',
      mend: 'Write an id or the time of firing into it.',
    },
    example: text('"risk":100'),
  },
  constant_id: {
    ...{
      severity: warning,
      says: 'Its id is the same in every alert: only the first would ever be carried out.',
      mend: 'Put {{timenow}} into the id.',
    },
    example: { ...text('"risk":100,"id":"my-alert"'), as: 'message' },
  },
  bar_time: {
    ...{
      severity: note,
      says: '{{time}} is the bar’s time: all alerts of a bar share it, and it may be a bar’s length old.',
      mend: 'Write {{timenow}}, the moment of firing.',
    },
    example: { ...text('"risk":100,"timestamp":"{{time}}"'), as: 'message' },
  },
  long_message: {
    ...{
      severity: warning,
      says: 'It has more than 4,096 characters, the shortest bound that is known for a text of Pine.',
      mend: 'Leave out what is not read.',
    },
    example: text(`"risk":100,"note":"${'x'.repeat(4096)}"`),
  },
  mode_not_named: {
    severity: note,
    says: 'It names no mode, and is traded on paper.',
    mend: 'Write "mode": "Production" where real money is meant.',
    example: text('"risk":100'),
  },
  mode_production: {
    ...{
      severity: note,
      says: 'It asks for production, which the strategy, the account and the master switch must allow as well.',
      mend: 'Nothing needs to be done.',
    },
    example: text('"risk":100,"mode":"Production"'),
  },
  strategy_not_named: {
    severity: note,
    says: 'It names no strategy, and counts for “default”.',
    mend: 'Write "strategy": "…", or set one with the source.',
    example: text('"risk":100'),
  },
  strategy_unknown: {
    severity: warning,
    says: 'Nobody has set up its strategy: it is decided by the settings of “default”.',
    mend: 'Set the strategy up, or correct its name.',
  },
  account_unknown: {
    severity: warning,
    says: 'There is no account of the name that it gives.',
    mend: 'Correct the name, or leave it out.',
  },
  seen_before: {
    severity: warning,
    says: 'The same alert was taken in already: it would be answered with the first one’s id, and nothing would be done.',
    mend: 'Give each alert an id or a time of its own.',
  },
  proof_missing: {
    severity: warning,
    says: 'A proof that its source asks for is not in the text, or TradingView cannot give it: the sender would be answered as if there were no such address.',
    mend: 'See the settings of its source.',
  },
} as const satisfies Readonly<Record<string, LintRule>>;
