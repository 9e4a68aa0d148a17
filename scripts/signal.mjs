// npm run signal -- buy AAPL --risk 100     sends a test alert to the instance that runs on this data directory.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const usage = `npm run signal -- buy|sell TICKER --risk AMOUNT [--entry P] [--stop P] [--target P] [--strategy NAME] [--production] [--url WEBHOOK]
  for example: npm run signal -- buy AAPL --risk 100`;

function fail(message) {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

const [action, ticker, ...rest] = process.argv.slice(2);
if (!['buy', 'sell'].includes(String(action).toLowerCase()) || !ticker || ticker.startsWith('--')) {
  fail('Say what to do: buy or sell, and a ticker.');
}
const alert = { signal: action.toUpperCase(), ticker: ticker.toUpperCase(), mode: 'Paper', risk: '100' };
let url;
const fields = {
  '--risk': 'risk',
  '--entry': 'entryPrice',
  '--stop': 'stopLoss',
  '--target': 'takeProfit',
  '--strategy': 'strategy',
};
for (let i = 0; i < rest.length; i++) {
  if (rest[i] === '--production') alert.mode = 'Production';
  else if (rest[i] === '--url') url = rest[++i];
  else if (fields[rest[i]]) alert[fields[rest[i]]] = rest[++i] ?? fail(`${rest[i - 1]} needs a value.`);
  else fail(`Unknown option ${rest[i]}.`);
}
// Each call is an alert of its own, even when it says the same as the last one.
alert.timestamp = new Date().toISOString();

if (!url) {
  const file = join(resolve(process.env.DATA_DIR ?? '.data'), 'instance.json');
  try {
    url = JSON.parse(readFileSync(file, 'utf8')).webhookUrl;
  } catch {
    fail(`No running instance was found (${file}). Start one with: npm start`);
  }
}

try {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alert),
  });
  const answer = await response.json();
  if (!response.ok) {
    console.error(`Refused (${response.status}): ${answer.detail ?? JSON.stringify(answer)}`);
    for (const field of answer.fields ?? []) console.error(`  ${field.field}: ${field.message}`);
    process.exit(1);
  }
  console.log(
    `${alert.signal} ${alert.ticker}, risk ${alert.risk}: ${answer.status}\n${new URL(answer.receiptUrl, url)}`,
  );
} catch (error) {
  console.error(`The instance did not answer: ${error.cause?.code ?? error.message}. Is it running? Nothing was sent.`);
  process.exit(1);
}
