import type { Jobs, QueueName } from './job-queue.ts';

type Field = 'id' | 'text' | 'decimals';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const decimal = /^\d+(\.\d+)?$/;

/** What the data of each queue's jobs must look like. */
const fields: { readonly [Q in QueueName]: { readonly [F in keyof Jobs[Q]]: Field } } = {
  'signal.process': { signalId: 'id' },
  'order.submit': { orderId: 'id' },
  'order.cancel': { orderId: 'id', reason: 'text' },
  'order.replace': { orderId: 'id', change: 'decimals', reason: 'text' },
  'order.lookup': { orderId: 'id' },
  'account.compare': { accountId: 'id' },
  'approval.settle': { approvalId: 'id' },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fits(field: Field, value: unknown): boolean {
  if (field === 'id') return typeof value === 'string' && uuid.test(value);
  if (field === 'text') return typeof value === 'string' && value !== '';
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string' && decimal.test(one));
}

const wanted = (field: Field): string =>
  field === 'id' ? 'an id' : field === 'text' ? 'text' : 'amounts as decimal text';

/** What is wrong with the data of a job, field by field; nothing when it can be processed. */
export function jobDataProblems(
  queue: QueueName,
  data: unknown,
): { readonly field: string; readonly message: string }[] {
  const shape: Readonly<Record<string, Field>> = fields[queue];
  if (!isRecord(data)) return [{ field: 'data', message: 'expected an object' }];
  return [
    ...Object.entries(shape)
      .filter(([name, field]) => !fits(field, data[name]))
      .map(([name, field]) => ({ field: name, message: `expected ${wanted(field)}` })),
    ...Object.keys(data)
      .filter((name) => !Object.hasOwn(shape, name))
      .map((name) => ({ field: name, message: 'not a field of these jobs' })),
  ];
}

/** Thrown by a handler whose job can never be carried out: it is given up at once, for a person to see. */
export class UnprocessableJob extends Error {}
