export { equity, type Holding, unrealizedPnl, type Valuation } from '../../core/model/valuation.ts';
export * from './folds.ts';
export * from './opening.ts';
export * from './post-fill.ts';
