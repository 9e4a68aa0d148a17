// The CUSIPs of the listed US instruments, as their issuers' public filings name them. Alpaca takes one wherever it takes a symbol.
const rows = `
AAPL 037833100 ABBV 00287Y109 ADBE 00724F101 AMD 007903107 AMZN 023135106 AVGO 11135F101 BA 097023105 BAC 060505104 BRK.B 084670702
CAT 149123101 COST 22160K105 CRM 79466L302 CSCO 17275R102 CVX 166764100 DIS 254687106 F 345370860 GE 369604301 GM 37045V100
GOOGL 02079K305 GS 38141G104 HD 437076102 INTC 458140100 IWM 464287655 JNJ 478160104 JPM 46625H100 KO 191216100 LLY 532457108
MA 57636Q104 MCD 580135101 META 30303M102 MRK 58933Y105 MS 617446448 MSFT 594918104 NFLX 64110L106 NKE 654106103 NVDA 67066G104
ORCL 68389X105 PEP 713448108 PFE 717081103 PG 742718109 PLTR 69608A108 QCOM 747525103 QQQ 46090E103 SBUX 855244109 SPY 78462F103
T 00206R102 TSLA 88160R101 TXN 882508104 UBER 90353T100 UNH 91324P102 V 92826C839 VZ 92343V104 WFC 949746101 WMT 931142103
XOM 30231G102`;

/** By symbol. */
export const cusips: ReadonlyMap<string, string> = new Map(
  [...rows.matchAll(/(\S+) ([0-9A-Z]{9})/g)].map(([, symbol, cusip]) => [symbol!, cusip!]),
);

/** The check digit of a CUSIP's first eight characters: digits and letters valued 0 to 35, every second one doubled, digits summed. */
export function cusipCheckDigit(body: string): number {
  const sum = [...body].reduce((total, letter, index) => {
    const value = Number.parseInt(letter, 36) * (index % 2 === 1 ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
