import { priceSide } from '../price-side.ts';

export const kind = priceSide('above');
