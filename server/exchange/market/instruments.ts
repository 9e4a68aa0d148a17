import type { AssetClass } from '../calendar/sessions.ts';

/** A listed instrument: its name and venue are real, its price is where the simulated market hovers. */
export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly exchange: 'NASDAQ' | 'NYSE' | 'ARCA' | 'CRYPTO';
  readonly sector: string;
  /** US dollars. */
  readonly anchor: number;
}

/** Lots to a share or a coin: sizes are whole lots, a share each, or a ten-thousandth of a coin. */
export const lotsPerUnit = (instrument: Pick<Instrument, 'assetClass'>): number =>
  instrument.assetClass === 'crypto' ? 10_000 : 1;

/** Lots in which the market shows its quotes: a hundred shares, or coins for about a hundred dollars. */
export const roundLotOf = (instrument: Instrument): number =>
  instrument.assetClass === 'crypto'
    ? Math.max(1, Math.round((100 / instrument.anchor) * lotsPerUnit(instrument)))
    : 100;

const rows = `
AAPL|Apple Inc.|NASDAQ|Technology|150
MSFT|Microsoft Corporation|NASDAQ|Technology|410
NVDA|NVIDIA Corporation|NASDAQ|Technology|120
AMZN|Amazon.com, Inc.|NASDAQ|Consumer Discretionary|180
GOOGL|Alphabet Inc. Class A|NASDAQ|Communication Services|165
META|Meta Platforms, Inc.|NASDAQ|Communication Services|500
TSLA|Tesla, Inc.|NASDAQ|Consumer Discretionary|240
AVGO|Broadcom Inc.|NASDAQ|Technology|170
AMD|Advanced Micro Devices, Inc.|NASDAQ|Technology|155
INTC|Intel Corporation|NASDAQ|Technology|30
CSCO|Cisco Systems, Inc.|NASDAQ|Technology|50
ADBE|Adobe Inc.|NASDAQ|Technology|520
CRM|Salesforce, Inc.|NYSE|Technology|260
ORCL|Oracle Corporation|NYSE|Technology|140
QCOM|QUALCOMM Incorporated|NASDAQ|Technology|165
TXN|Texas Instruments Incorporated|NASDAQ|Technology|195
NFLX|Netflix, Inc.|NASDAQ|Communication Services|680
DIS|The Walt Disney Company|NYSE|Communication Services|95
T|AT&T Inc.|NYSE|Communication Services|21
VZ|Verizon Communications Inc.|NYSE|Communication Services|42
JPM|JPMorgan Chase & Co.|NYSE|Financials|210
BAC|Bank of America Corporation|NYSE|Financials|40
GS|The Goldman Sachs Group, Inc.|NYSE|Financials|490
MS|Morgan Stanley|NYSE|Financials|100
WFC|Wells Fargo & Company|NYSE|Financials|57
V|Visa Inc.|NYSE|Financials|275
MA|Mastercard Incorporated|NYSE|Financials|470
BRK.B|Berkshire Hathaway Inc. Class B|NYSE|Financials|440
UNH|UnitedHealth Group Incorporated|NYSE|Health Care|560
JNJ|Johnson & Johnson|NYSE|Health Care|160
PFE|Pfizer Inc.|NYSE|Health Care|29
MRK|Merck & Co., Inc.|NYSE|Health Care|115
LLY|Eli Lilly and Company|NYSE|Health Care|880
ABBV|AbbVie Inc.|NYSE|Health Care|190
XOM|Exxon Mobil Corporation|NYSE|Energy|115
CVX|Chevron Corporation|NYSE|Energy|150
KO|The Coca-Cola Company|NYSE|Consumer Staples|68
PEP|PepsiCo, Inc.|NASDAQ|Consumer Staples|172
PG|The Procter & Gamble Company|NYSE|Consumer Staples|168
WMT|Walmart Inc.|NYSE|Consumer Staples|72
COST|Costco Wholesale Corporation|NASDAQ|Consumer Staples|860
HD|The Home Depot, Inc.|NYSE|Consumer Discretionary|360
MCD|McDonald's Corporation|NYSE|Consumer Discretionary|285
NKE|NIKE, Inc.|NYSE|Consumer Discretionary|80
SBUX|Starbucks Corporation|NASDAQ|Consumer Discretionary|92
BA|The Boeing Company|NYSE|Industrials|175
CAT|Caterpillar Inc.|NYSE|Industrials|345
GE|GE Aerospace|NYSE|Industrials|170
F|Ford Motor Company|NYSE|Consumer Discretionary|11
GM|General Motors Company|NYSE|Consumer Discretionary|47
UBER|Uber Technologies, Inc.|NYSE|Industrials|72
PLTR|Palantir Technologies Inc.|NASDAQ|Technology|31
SPY|SPDR S&P 500 ETF Trust|ARCA|Index|550
QQQ|Invesco QQQ Trust|NASDAQ|Index|475
IWM|iShares Russell 2000 ETF|ARCA|Index|215`;

const pairRows = `
AAVE/USD|Aave|120
AVAX/USD|Avalanche|30
BCH/USD|Bitcoin Cash|400
BTC/USD|Bitcoin|60000
DOGE/USD|Dogecoin|0.15
DOT/USD|Polkadot|6
ETH/USD|Ethereum|3000
LINK/USD|Chainlink|15
LTC/USD|Litecoin|80
SOL/USD|Solana|150
UNI/USD|Uniswap|8`;

/** US stocks and funds in alphabetical order. Prices are round figures of the right size, not quotes of any day. */
export const instruments: readonly Instrument[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [symbol, name, exchange, sector, anchor] = row.split('|');
    return {
      symbol: symbol!,
      name: name!,
      assetClass: 'us_equity' as const,
      exchange: exchange as Instrument['exchange'],
      sector: sector!,
      anchor: Number(anchor),
    };
  })
  .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));

/** Crypto pairs, which trade round the clock. */
export const cryptoPairs: readonly Instrument[] = pairRows
  .trim()
  .split('\n')
  .map((row) => {
    const [symbol, name, anchor] = row.split('|');
    return {
      symbol: symbol!,
      name: `${name} / US Dollar`,
      assetClass: 'crypto',
      exchange: 'CRYPTO',
      sector: 'Crypto',
      anchor: Number(anchor),
    };
  });
