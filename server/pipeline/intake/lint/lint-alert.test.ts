// Each code's own example has the mistake, at a place, and what is mended is what the linter says it is.
import { describe, expect, it } from 'vitest';
import { loadDialects } from '../load-dialects.ts';
import { byShape } from '../read-alert.ts';
import { lintCodes, ruleOf } from './codes.ts';
import { type LintInput, lintAlert } from './lint-alert.ts';
import { withEdits } from './placed-text.ts';

const dialects = await loadDialects();
const now = new Date('2026-11-21T14:30:00Z');

function lint(text: string, more: Partial<LintInput> = {}) {
  const body = new TextEncoder().encode(text);
  const plain = { as: 'received', asked: byShape, how: 'shape', secretField: null, sourceStrategy: null } as const;
  const input = { ...plain, body, repeatWindowSeconds: 60, now, ...more };
  const report = lintAlert(input, dialects);
  const codes = report.findings.map(({ code }) => code);
  const one = (code: string) => report.findings.find((finding) => finding.code === code)!;
  const stands = (code: string) => {
    const { place } = one(code);
    return place && text.slice(place.from, place.until);
  };
  return { ...report, codes, one, stands };
}

describe('the example of', () => {
  it.each(lintCodes.flatMap((code) => (ruleOf(code).example ? [[code, ruleOf(code).example!] as const] : [])))(
    '%s',
    (code, { text, as, dialect = null }) => {
      const report = lint(text, {
        as: as ?? 'received',
        asked: { dialect, reading: null },
        how: dialect ? 'asked' : 'shape',
      });
      expect(report.codes).toContain(code);
      expect(report.one(code).severity).toBe(ruleOf(code).severity);
      expect(report.verdict.kind).toBe(
        report.findings.some(({ severity }) => severity === 'error') ? 'refused' : 'accepted',
      );
      if (report.mended) expect(withEdits(text, report.mended.edits)).toBe(report.mended.text);
    },
  );
});

describe('an alert', () => {
  it('that is right is told in words, with nothing but notes', () => {
    const report = lint(
      '{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100,"stopLoss":148,"takeProfit":155,"strategy":"swing","id":"AAPL-1"}',
    );
    expect(report.findings).toEqual([]);
    expect(report.says).toBe(
      'Buy AAPL, sized so that its stop costs 100, with the strategy’s type of order, stop at 148, target 155; for the strategy swing, in paper.',
    );
    expect(report.mended).toBeNull();
  });

  it('says where each mistake is, and is mended as a whole', () => {
    const text = '{\n  “signal”: “BUY”,\n  ticker: "AAPL",\n  "risk": $1,000,\n  "stoploss": 148,\n}';
    const report = lint(text);
    expect(report.verdict).toEqual({ kind: 'refused', code: 'INTAKE_MALFORMED' });
    expect(report.one('smart_quotes').place).toMatchObject({ line: 2, column: 3 });
    expect(report.stands('unquoted_name')).toBe('ticker');
    expect(report.stands('unknown_field')).toBe('"stoploss"');
    expect(report.one('unknown_field').place).toMatchObject({ line: 5, column: 3, pointer: '/stoploss' });
    expect(report.mended).toMatchObject({ verdict: { kind: 'accepted', code: null }, dialect: 'native' });
    expect(JSON.parse(report.mended!.text)).toEqual({ signal: 'BUY', ticker: 'AAPL', risk: 1000, stopLoss: 148 });
  });

  it('has its words and its names corrected', () => {
    expect(lint('{"signal":"LONG","symbol":"M&amp;M","qty":"10 shares"}').mended!.text).toBe(
      '{"signal":"BUY","ticker":"M&M","quantity":"10"}',
    );
    expect(lint('{"signal":"BYU","ticker":"M&amp;M","risk":"$1,000.50"}').mended).toMatchObject({
      text: '{"signal":"BUY","ticker":"M&M","risk":"1000.50"}',
      verdict: { kind: 'accepted' },
    });
    // A percentage is another number than the one it is written with.
    for (const risk of ['"5%"', '5%', '10k', '"10k"']) {
      expect(lint(`{"signal":"BUY","ticker":"AAPL","risk":${risk}}`).mended?.verdict.kind ?? 'refused').toBe('refused');
    }
    expect(lint('{"ticker":"AAPL","action":"buy","quantiy":5}').one('unknown_field').message).toContain('quantity');
    expect(lint('{"ticker":"AAPL","action":"buy","takeProfit":{"percentage":4}}').one('unknown_field')).toMatchObject({
      place: { pointer: '/takeProfit/percentage' },
      mend: 'Write "percent".',
    });
  });

  it('with many mistakes is mended', () => {
    const texts = [
      `{'signal':'BUY', ticker:'AAPL' 'risk':100`,
      '```json\n{"signal":"BUY","ticker":"AAPL","risk":100,"mode":paper}\n```',
      '{"signal":"BUY","ticker":"AAPL","risk":007,"stopLoss":.5,"takeProfit":None,"test":False,}',
      '{&quot;signal&quot;:&quot;BUY&quot;,&quot;ticker&quot;:&quot;M&amp;M&quot;,&quot;risk&quot;:1,000.50}',
      '{“signal”:“BUY”,"ticker":"AAPL”,"risk":100 USD}',
      '{"signal":"BUY";"ticker"="AAPL","risk":[100,],"risk":100}',
    ];
    const kinds = texts.map((text) => lint(text).mended!.verdict.kind);
    // The last has two risks, of which only a person knows which one was meant.
    expect(kinds).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'refused']);
  });

  it('keeps one of two equal fields, and leaves two that differ to a person', () => {
    expect(lint('{"signal":"BUY","ticker":"AAPL","risk":1,"risk":1}').mended!.text).toBe(
      '{"signal":"BUY","ticker":"AAPL","risk":1}',
    );
    const differ = lint('{"signal":"BUY","ticker":"AAPL","risk":1,"risk":2}');
    expect(differ.mended).toBeNull();
    expect(differ.stands('duplicate_key')).toBe('"risk":2');
  });

  it('that speaks another dialect is told by its own fields', () => {
    const report = lint('buy,AAPL');
    expect(report.codes).toContain('plain_text');
    expect(lint('e=alpaca s=AAPL b=sideways q=10').stands('unknown_value')).toBe('sideways');
    expect(lint('60123456789,byu,AAPL,vol_dollar=100').stands('unknown_value')).toBe('byu');
    expect(lint('{"ticker":"AAPL","action":"exit"}').dialect).toMatchObject({ key: 'traders-post', how: 'shape' });
  });
});

describe('placeholders', () => {
  const message =
    '{"signal":"BUY","ticker":"{{ticker}}","risk":{{plot_0}},"stopLoss":{{low}},"id":"{{ticker}}-{{timenow}}"}';

  it('are filled in a message, and stay in what is mended', () => {
    expect(lint(message, { as: 'message' })).toMatchObject({
      verdict: { kind: 'accepted' },
      signal: { ticker: 'AAPL' },
    });
    const bad = lint('{"signal":"BUY","ticker":{{ticker}},"risk":100,}', { as: 'message' });
    expect(bad.stands('unquoted_text')).toBe('{{ticker}}');
    expect(bad.mended).toMatchObject({
      text: '{"signal":"BUY","ticker":"{{ticker}}","risk":100}',
      verdict: { kind: 'accepted' },
    });
  });

  it('are a mistake in what arrived, each at its place', () => {
    const report = lint(message);
    expect(report.verdict).toEqual({ kind: 'refused', code: 'INTAKE_INVALID' });
    const places = report.findings
      .filter(({ code }) => code === 'placeholder')
      .map(({ place }) => message.slice(place!.from, place!.until));
    expect(places).toEqual(expect.arrayContaining(['{{ticker}}', '{{plot_0}}', '{{low}}']));
  });

  it('that TradingView does not know are told with what was meant', () => {
    const report = lint('{"signal":"BUY","ticker":"{{tikcer}}","risk":100}', { as: 'message' });
    expect(report.one('placeholder')).toMatchObject({ mend: 'Write {{ticker}}.' });
    expect(report.stands('placeholder')).toBe('{{tikcer}}');
    expect(report.mended).toMatchObject({
      text: '{"signal":"BUY","ticker":"{{ticker}}","risk":100}',
      verdict: { kind: 'accepted' },
    });
    const bare = lint('{"signal":"BUY","ticker":"{{ticker}}","risk":100,"stopLoss":{{lwo}},}', { as: 'message' });
    expect(bare.stands('placeholder')).toBe('{{lwo}}');
    expect(bare.codes.filter((code) => code === 'placeholder')).toHaveLength(1);
    expect(bare.mended).toMatchObject({
      text: '{"signal":"BUY","ticker":"{{ticker}}","risk":100,"stopLoss":{{low}}}',
      verdict: { kind: 'accepted' },
    });
    expect(lint('{"signal":"BUY","ticker":"{{ ticker }}","risk":100}', { as: 'message' }).mended!.text).toContain(
      '"{{ticker}}"',
    );
    expect(lint('{"signal":"BUY","ticker":"AAPL","risk":{{plot_20}}}', { as: 'message' }).verdict.kind).toBe('refused');
    expect(lint('{"signal":"BUY","ticker":"AAPL","risk":{{plot("RSI")}}}', { as: 'message' }).verdict.kind).toBe(
      'accepted',
    );
  });
});

describe('secrets', () => {
  it('are told by name alone', () => {
    const text =
      '{"signal":"BUY","ticker":"AAPL","risk":"hunter2hunter2","secret":"hunter2hunter2","url":"https://x.example/hooks/tv/tok-en-tok-en"}';
    const report = lint(text);
    expect(report.stands('secret_in_body')).toBe('"hunter2hunter2"');
    expect(report.stands('address_in_body')).toBe('tok-en-tok-en');
    expect(JSON.stringify(report.findings)).not.toMatch(/hunter2|tok-en/);
  });

  it('that the source asks for are expected, and count as intake takes them', () => {
    const report = lint('{"signal":"BUY","ticker":"AAPL","risk":100,"secret":"correct horse"}', {
      secretField: 'secret',
    });
    expect(report.codes).toContain('secret_expected');
    expect(report.codes).not.toContain('secret_in_body');
    expect(report.verdict.kind).toBe('accepted');
    expect(Buffer.from(report.bytes).toString()).not.toContain('horse');
  });
});
