import { describe, expect, it } from 'vitest';
import { readWatchlist } from './watchlist.ts';

const symbols = (text: string): string[] => readWatchlist(text).tickers.map((one) => one.symbol);
const problems = (text: string): string[] =>
  readWatchlist(text).problems.map(({ line, message }) => `${line}: ${message}`);

describe('a watchlist', () => {
  it('is what TradingView exports, with the sections kept', () => {
    expect(readWatchlist('###Banks,NYSE:JPM,NYSE:BRK.B,###Futures,CME_MINI:NQ1!,NSE:M&M\n').tickers).toEqual([
      { symbol: 'NYSE:JPM', section: 'Banks', line: 1 },
      { symbol: 'NYSE:BRK.B', section: 'Banks', line: 1 },
      { symbol: 'CME_MINI:NQ1!', section: 'Futures', line: 1 },
      { symbol: 'NSE:M&M', section: 'Futures', line: 1 },
    ]);
    expect(symbols('NYSE:JPM\r\n\r\n###Other\r\nBITSTAMP:BTCUSD')).toEqual(['NYSE:JPM', 'BITSTAMP:BTCUSD']);
  });

  it('is CSV with a column ticker or symbol, and an exchange if there is one', () => {
    expect(symbols('name,Ticker,weight\n"Apple, Inc.",aapl,3\nBerkshire,BRK.B,2')).toEqual(['AAPL', 'BRK.B']);
    expect(symbols('\uFEFFsymbol,exchange\nAAPL,NASDAQ\nNYSE:JPM,NASDAQ\nMSFT,')).toEqual([
      'NASDAQ:AAPL',
      'NYSE:JPM',
      'MSFT',
    ]);
  });

  it('says with its line what is twice in it', () => {
    expect(problems('NASDAQ:AAPL\nNYSE:JPM\nNASDAQ:AAPL')).toEqual(['3: NASDAQ:AAPL is on line 1 already']);
    expect(problems('NASDAQ:AAPL\nAAPL')).toEqual([
      '2: AAPL is on line 1 already, and NASDAQ:AAPL there is the same ticker in an alert',
    ]);
  });

  it.each([
    ['NYSE:A/NYSE:B', '1: "NYSE:A/NYSE:B" is a formula of symbols, and an alert needs a ticker'],
    ['A B', '1: "A B" is no ticker like NASDAQ:AAPL or AAPL'],
    ['AA"PL', /^1: a quotation mark is in the middle/],
    ['NYSE:', '1: "NYSE:" is no ticker like NASDAQ:AAPL or AAPL'],
    [`NYSE:${'A'.repeat(21)}`, /^1: .* is longer than the 20 characters that a ticker may have$/],
    ['ticker\nAAPL\n ,', '3: there is no ticker'],
  ])('says with its line that %j is none', (text, expected) => {
    const [first, ...more] = problems(text);
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect(first).toMatch(expected);
    expect(more).toEqual([]);
  });

  it('loses nothing: each entry is a ticker or a problem', () => {
    const text = 'AAPL,MSFT,AAPL,x y,###S,JPM,NYSE:A*2';
    const { tickers, problems: told } = readWatchlist(text);
    expect(tickers.length + told.length).toBe(6);
  });
});
