import { positionResult } from '../position-result.ts';

export const kind = positionResult('profit');
