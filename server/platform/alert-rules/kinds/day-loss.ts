import { resultOfDay } from '../day-result.ts';

export const kind = resultOfDay('loss');
