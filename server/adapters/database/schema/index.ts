export * from './accounts.ts';
export * from './alarms.ts';
export * from './auth.ts';
export * from './events.ts';
export * from './ledger.ts';
export * from './orders.ts';
export * from './search.ts';
export * from './signals.ts';
