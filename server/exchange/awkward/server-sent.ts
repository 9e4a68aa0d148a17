import type { Awkwardness } from './awkwardness.ts';
import type { Subject } from './fault.ts';

interface Told {
  readonly event?: string;
  readonly order?: { readonly symbol?: string };
}

/**
 * The faults of `/v2/events/trades`, which is one long answer: events that are never sent, or sent again, or with which the
 * connection breaks. Late and reordered ones are for the WebSocket streams.
 */
export function awkwardEvents(response: Response, awkward: Awkwardness, accounts: readonly string[]): Response {
  if (!response.body) return response;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  const faults = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split(/(?<=\n\n)/);
      rest = blocks.at(-1)!.endsWith('\n\n') ? '' : blocks.pop()!;
      for (const block of blocks) {
        const subject = subjectOf(block, accounts);
        if (!subject || awkward.calm) {
          controller.enqueue(encoder.encode(block));
          continue;
        }
        if (awkward.strike('stream_drop', subject).length > 0) {
          controller.error(new Error('the connection of the stream was broken on purpose'));
          return;
        }
        if (awkward.strike('stream_gap', subject).length > 0) continue;
        const copies = awkward
          .strike('stream_duplicate', subject)
          .reduce((sum, { fault }) => sum + Number(fault.parameters.copies), 1);
        for (let i = 0; i < copies; i++) controller.enqueue(encoder.encode(block));
      }
    },
  });
  return new Response(response.body.pipeThrough(faults), { status: response.status, headers: response.headers });
}

function subjectOf(block: string, accounts: readonly string[]): Subject | null {
  const data = /^data: ?(.*)$/m.exec(block)?.[1];
  if (!data) return null;
  try {
    const { event, order } = JSON.parse(data) as Told;
    return { stream: 'events', accounts, ...(event ? { event } : {}), symbols: order?.symbol ? [order.symbol] : [] };
  } catch {
    return null;
  }
}
