/** What the codes in market data mean: the names of Alpaca's lists for those that this venue sends. */
export const exchangeNames = { N: 'New York Stock Exchange', P: 'NYSE Arca', Q: 'NASDAQ OMX', V: 'IEX' };

const sales = { '@': 'Regular Sale', I: 'Odd Lot Trade', O: 'Opening Prints', '6': 'Closing Prints' };

/** By the type of tick; they are the same on each tape. */
export const conditionNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  trade: sales,
  quote: { R: 'Regular, Two Sided Open' },
};
export const tapeNames = ['A', 'B', 'C'];
