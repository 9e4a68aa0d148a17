import { readFile, writeFile } from 'node:fs/promises';
import { correctionSteps, isTerminal, type OrderStatus, orderStatuses, orderSteps } from '../core/model/order.ts';

const root = new URL('../../', import.meta.url);
const generated = '<!-- Made by `node server/cli/generate-order-pages.ts`; a test fails when it is out of date. -->';

const meanings: Readonly<Record<OrderStatus, string>> = {
  approved: 'stored with its decision, not sent',
  waiting: 'an exit whose shares are being freed',
  submitting: 'committed before the broker is called',
  submit_unknown: 'no clear answer: only the broker’s word ends it',
  held: 'at the broker, waiting for its entry',
  accepted: 'at the broker, nothing filled',
  partially_filled: 'at the broker, filled in part',
  pending_replace: 'another order is to take its place; committed before the broker is asked',
  pending_cancel: 'a cancel is on its way; committed before the broker is asked',
  filled: 'every fill is in the ledger',
  canceled: 'ended without the rest',
  expired: 'its time in force ran out',
  rejected: 'refused, or not sent for a reason of ours',
  replaced: 'another order goes on in its place',
};

const stepsOf = (steps: typeof orderSteps): { from: OrderStatus; to: OrderStatus; why: string }[] =>
  orderStatuses.flatMap((from) =>
    Object.entries(steps[from]).map(([to, why]) => ({ from, to: to as OrderStatus, why })),
  );

const tableOf = (steps: typeof orderSteps): string[] => [
  '| from | to | why |',
  '|---|---|---|',
  ...stepsOf(steps).map(({ from, to, why }) => `| \`${from}\` | \`${to}\` | ${why} |`),
];

/** Every status of an order and every step between them, as a page. */
export function orderStatesPage(): string {
  return [
    generated,
    '# The states of an order',
    '',
    'There is one table of steps, in [order.ts](../server/core/model/order.ts). A step that is not in it is impossible: when the broker’s word asks for one, it is',
    'stored as the event `order.transition_refused`, and the order stays as it is. What an order has filled is what fills were recorded, never what a status says: an',
    'order is `filled` only when every fill is in the ledger.',
    '',
    '| status | means | final |',
    '|---|---|---|',
    ...orderStatuses.map((status) => `| \`${status}\` | ${meanings[status]} | ${isTerminal(status) ? 'yes' : ''} |`),
    '',
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> approved',
    '  [*] --> held: a leg the broker made',
    ...stepsOf(orderSteps).map(({ from, to }) => `  ${from} --> ${to}`),
    ...orderStatuses.filter(isTerminal).map((status) => `  ${status} --> [*]`),
    '```',
    '',
    '## Every step and why',
    '',
    ...tableOf(orderSteps),
    '',
    '## Steps back, after a trade was taken back or changed',
    '',
    'A venue may bust a trade, or correct its terms. Only that leads an order back, by these steps; the event `execution.busted` or `execution.corrected` comes with it.',
    '',
    ...tableOf(correctionSteps),
    '',
    '## What is unclear',
    '',
    'A request whose answer was lost is asked about until the broker’s word ends it: by client order id, by broker order id, by the list of activities, where a fill is',
    'as good a word as the order; and the stream may end it at any time. The pauses between two look-ups are half of the time that it has been unclear, from 0.25 s to 30 s,',
    'up to a half of each drawn. That the broker does not know a submission counts only 10 s after it was sent ([why](decisions/0012-when-a-miss-is-believed.md)). After 60 s',
    'the alarm `order.unclear` pages a person; it clears itself when the broker’s word is known. Each outcome of looking that is new is on the receipt (`order.looked_up`).',
    '',
    '| asked | stored first as | asked again | ends with |',
    '|---|---|---|---|',
    '| submission | `submitting` | only when the broker is sure that it never got it, under the same client order id | the order, or a refusal |',
    '| cancel | `pending_cancel` | as long as the order works; “not found” is not the end, a look-up is | the order’s end, or `order.cancel_refused` |',
    '| replacement | `pending_replace` | as long as the old order works and the new one is not there, under the same client order id | `replaced` with the new order, or `order.replace_refused` |',
    '',
  ].join('\n');
}

/** The numbered cases of the conformance suite, read from its source. */
export async function conformanceCases(): Promise<{ id: string; says: string }[]> {
  const source = await readFile(new URL('server/testing/conformance/broker.ts', root), 'utf8');
  return [...source.matchAll(/it\(\s*'(B\d\d) ([^']+)'/g)].map(([, id, says]) => ({ id: id!, says: says! }));
}

/** What a broker adapter is and must do, as a page. */
export async function brokersPage(): Promise<string> {
  const cases = await conformanceCases();
  return [
    generated,
    '# Brokers',
    '',
    'A broker is one folder under `server/adapters/brokers/` that implements one port, [Broker](../server/core/ports/broker.ts), for one account. Nothing outside it knows the',
    'venue’s words, types or errors.',
    '',
    '## Writing an adapter',
    '',
    '1. **Outcomes, not exceptions.** `submit`, `replace` and `cancel` never throw. Whatever does not clearly say that the venue has refused is `unknown`: a time-out, a reset, a',
    '   5xx. `not_sent` is for what surely never left: a refused connection, a rate limit. Questions (`findOrder`, `listOrders`, ...) throw when they could not be asked,',
    '   and answer null only when the venue is sure.',
    '2. **The client order id is the order.** It is passed on as it is, and a second one is `duplicate`. A venue without client order ids cannot be used.',
    '3. **Never repeat an order by yourself.** Reads may be tried again; whether an order is, execution decides.',
    '4. **The venue’s statuses** map to ours in one table; the venue’s own word is kept in `brokerStatus`. A status that is not known is one of a working order.',
    '5. **Fills** come by stream and by list, with the same cumulative quantity; a trade that is taken back or changed is a fill with `corrects`.',
    '6. **Replacements** have an id of their own, `replaces` and `replacedBy` link them, and quantity and filled quantity include what the first had filled.',
    '7. **`capabilities` is honest and synchronous**: what it leaves out, the venue refuses. What a venue cannot do is done by others in its stead.',
    '8. **The stream** says `onConnected` when the venue has confirmed the subscription, and again after each reconnect; it does not give up.',
    '9. Decimals are text on the wire, and errors that are thrown carry no key and no response.',
    '',
    'Then run the suite over it, in a test of three lines beside the adapter:',
    '',
    '```ts',
    "brokerConformance('My broker', async () => ({ broker: createMyBroker(...), symbol: 'AAPL', market: price('150'), close }));",
    '```',
    '',
    '## What every adapter must do',
    '',
    `${cases.length} numbered cases, in [conformance/broker.ts](../server/testing/conformance/broker.ts). They run over the fake, over the Alpaca adapter at the embedded exchange, and, with`,
    '`ALPACA_PAPER_KEY_ID` and `ALPACA_PAPER_SECRET_KEY` in the environment and the market open, over a real paper account: one share, far from the market, cancelled afterwards; cases that need a',
    'fill are left out there. A venue that cannot be made to fail in some way names that among what it lacks, and its test names the cases that are left out.',
    '',
    '| case | a broker |',
    '|---|---|',
    ...cases.map(({ id, says }) => `| ${id} | ${says} |`),
    '',
  ].join('\n');
}

/** The pages, by file. */
export const orderPages = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['order-states.md', orderStatesPage()],
    ['brokers.md', await brokersPage()],
  ]);

export const orderPageUrl = (file: string): URL => new URL(`docs/${file}`, root);

if (import.meta.main) {
  for (const [file, page] of await orderPages()) await writeFile(orderPageUrl(file), page);
}
