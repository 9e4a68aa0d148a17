/** What `--help` shows. */
export const usage = `npm run signal -- buy AAPL --risk 100
npm run signal -- mix --symbols AAPL,MSFT,KO --dialect traders-post --count 100 --rate 5/s
npm run signal -- --file alerts.csv --rate 2/s --dry-run

  Sends alerts to a Signalbox: to the instance that runs here, or to the address you name. By default they are paper.

What is sent: one of
  buy|sell|mix [TICKER]  alerts of ours; mix chooses the side by the seed
  --file FILE            alerts of yours: .json (one, or a list), .jsonl (one a line), .txt (blocks between empty lines, else one a line),
                         .csv (TradingView's export of its alert log, or a column named message, oldest first), or a corpus of ours
  --text TEXT            an alert as it stands; @FILE reads a whole file as one alert
  --list                 shows the samples of every dialect, and ends

  TradingView's placeholders ({{ticker}}, {{close}}, {{timenow}}, {{strategy.order.action}} …) are filled in, in your alerts as well, and so are
  {{id}}, {{n}}, {{risk}}, {{stop}}, {{target}}, {{strategy}}, {{mode}} and {{secret}}. Without {{id}} or {{timenow}} an alert that is sent
  twice is a resend.

About the alerts
  --dialect KEY          native (unless said), native-long, traders-post (by its own route), signal-stack, three-commas, target-position,
                         pine-connector, key-value, tradingview-text or template
  --symbols LIST         AAPL,MSFT or @watchlist.csv, in turn
  --risk 100  --quantity 1  --price 100  --stop P  --target P  --strategy NAME  --interval 5
  --mode paper|production   production also needs --confirm, whatever asks for it
  --seed N               of what is chosen: the sides of mix, and where the walk of prices goes

How many, how fast
  --count N              (1; of a file or of symbols: each once)
  --rate 5/s             also 30/m and 500/h; without it one after the other
  --burst N              so many at once, at each beat of the rate
  --timeout SECONDS      for a reply (10)

Where, and with which proofs (docs/proofs.md)
  --url ADDRESS          the webhook's address; else that of the instance in DATA_DIR
  --source NAME          a source of that instance, with --url-secret
  --route hooks|traders-post
  --url-secret S         the last part of the address
  --body-secret FIELD=S  put into that field of each alert; a number is a place in a list with commas
  --sign S               signs each alert: HMAC-SHA-256 with time and a nonce
  A secret may be @FILE. SIGNALBOX_URL_SECRET, SIGNALBOX_BODY_SECRET and SIGNALBOX_SIGNING_SECRET do as well, and stay out of the history.

What comes of it
  --expect WHAT          taken (accepted, recorded or a resend; so unless said), accepted, repeated, recorded, refused, limited, unauthorized,
                         any, or a code such as INTAKE_INVALID; of a corpus each alert says it itself
  --dry-run              prints what would be sent, and sends nothing
  --json                 the summary as JSON;  --verbose  a line for each alert, however many

  The status is 0 when all came out as wanted, 1 when any did not, 2 when the command cannot be used, 130 after Ctrl-C.
`;
