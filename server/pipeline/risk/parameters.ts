// Sizing has parameters of the same kinds, and stages never import each other.
export * from '../../core/parameters.ts';
