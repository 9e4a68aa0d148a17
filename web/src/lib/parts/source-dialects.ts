/** What each dialect is called where a person chooses it; one that is new here is called by its key. */
const names: Readonly<Record<string, string>> = {
  native: 'Signalbox’s own JSON',
  'traders-post': 'TradersPost',
  'signal-stack': 'SignalStack',
  'three-commas': '3Commas',
  'target-position': 'Target position (OpenAlgo)',
  'pine-connector': 'PineConnector',
  'key-value': 'key=value lines',
  'tradingview-text': 'TradingView’s strategy text',
  template: 'A template of yours',
};

export const dialectName = (key: string): string => names[key] ?? key;

/** For a choice: each by its shape, or one that is fixed. */
export const dialectOptions = (keys: readonly string[]): { value: string; label: string }[] => [
  { value: '', label: 'Each by its shape' },
  ...keys.map((value) => ({ value, label: dialectName(value) })),
];
