import { expect, it } from 'vitest';
import { jobDataProblems } from './job-data.ts';

const id = '019aa2f4-0000-7000-8000-000000000000';

it.each([
  ['signal.process', { signalId: id }],
  ['order.cancel', { orderId: id, reason: 'by hand' }],
  ['order.replace', { orderId: id, change: { stopPrice: '12.5' }, reason: 'break even' }],
] as const)('takes %s %j', (queue, data) => {
  expect(jobDataProblems(queue, data)).toEqual([]);
});

it.each([
  ['order.submit', {}, ['orderId']],
  ['order.submit', { orderId: 7 }, ['orderId']],
  ['order.submit', { orderId: id, quantity: '100' }, ['quantity']],
  ['order.cancel', { orderId: id, reason: '' }, ['reason']],
  ['order.replace', { orderId: id, change: { stopPrice: 12.5 }, reason: 'x' }, ['change']],
  ['account.compare', null, ['data']],
  ['account.compare', [id], ['data']],
] as const)('says what is wrong with %s %j', (queue, data, wrong) => {
  expect(jobDataProblems(queue, data).map((one) => one.field)).toEqual(wrong);
});
