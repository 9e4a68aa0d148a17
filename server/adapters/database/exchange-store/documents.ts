import type {
  VenueAccount,
  VenueExecution,
  VenueOrder,
  VenuePosition,
  VenueUpdate,
} from '../../../exchange/venue/model.ts';

// Records lie in jsonb as they are, but for amounts of money: those are decimal text there, as JSON's numbers are not exact beyond 2^53.

/** Documents as JSON text. */
export const jsonOf = (documents: readonly unknown[]): string =>
  JSON.stringify(documents, (_name, value) => (typeof value === 'bigint' ? value.toString() : value));

/** What was read, its amounts of money being text still, as the record that it is. */
export const accountOf = (data: VenueAccount): VenueAccount => ({ ...data, cash: BigInt(data.cash) });

export const positionOf = (data: VenuePosition): VenuePosition => ({ ...data, cost: BigInt(data.cost) });

export const orderOf = (data: VenueOrder): VenueOrder => ({
  ...data,
  notional: data.notional === null ? null : BigInt(data.notional),
  filledCost: BigInt(data.filledCost),
});

export const executionOf = (data: VenueExecution): VenueExecution => ({
  ...data,
  fee: data.fee && { ...data.fee, money: BigInt(data.fee.money) },
});

export const updateOf = (data: VenueUpdate): VenueUpdate => ({
  ...data,
  order: orderOf(data.order),
  execution: data.execution && executionOf(data.execution),
});
