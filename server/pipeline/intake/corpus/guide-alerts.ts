import type { SourceReading } from '../../../core/model/source-reading.ts';

/** An alert that a guide shows, as its author writes it, and what the guide says of it. */
export interface GuideAlert {
  readonly dialect: string;
  readonly refused: boolean;
  readonly reading: SourceReading | null;
  /** With placeholders. */
  readonly text: string;
  /** The sentence below it, where it has one. */
  readonly says: string | null;
}

/** What TradingView fills in, of a strategy that has bought ten at the close of a five-minute bar. */
const filled: Readonly<Record<string, string>> = {
  ticker: 'AAPL',
  exchange: 'NASDAQ',
  interval: '5',
  close: '150.25',
  time: '2026-11-20T15:00:00Z',
  timenow: '2026-11-20T15:05:00Z',
  'strategy.order.action': 'buy',
  'strategy.order.contracts': '10',
  'strategy.position_size': '10',
  'strategy.market_position': 'long',
  'strategy.market_position_size': '10',
  'strategy.prev_market_position': 'flat',
  'strategy.prev_market_position_size': '0',
};

/** The text as TradingView sends it; it leaves what it does not know as it is. */
export const fillIn = (text: string): string =>
  text.replace(/\{\{([\w.]+)\}\}/g, (whole, name: string) => filled[name] ?? whole);

const block =
  /(?:With the source's setting `([^\n]+)`:\n\n)?^```(?:json|text) ([a-z-]+)( refused)?\n([\s\S]*?)^```\n(?:\n((?:Comes to|Refused:) [^\n]+)\n)?/gm;

/** The alerts of a guide: its code blocks that name a dialect. */
export const alertsOfGuide = (page: string): readonly GuideAlert[] =>
  [...page.matchAll(block)].map(([, reading, dialect, refused, text, says]) => ({
    dialect: dialect!,
    refused: refused !== undefined,
    reading: reading === undefined ? null : (JSON.parse(reading) as SourceReading),
    text: text!.trimEnd(),
    says: says ?? null,
  }));
