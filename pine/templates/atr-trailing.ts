import { float, int, type Template } from '../template.ts';

export const template: Template = {
  key: 'atr-trailing',
  name: 'ATR trailing',
  says: [
    'It follows a line that trails the price by trailMultiple average true ranges (TradingView’s Supertrend): a close beyond it turns the side, which buys or sells short.',
    'It leaves when the line turns again.',
    'The stop of the entry is the line itself.',
  ],
  parameters: [
    int('trailLength', 10, 1, 500, 'Bars of the average true range.'),
    float('trailMultiple', 3, 0.1, 50, 'The line is so many average true ranges away from the middle of the bar.'),
  ],
  rules: [
    '[trail, way] = ta.supertrend(trailMultiple, trailLength)',
    'goLong = way < 0 and way[1] > 0',
    'goShort = way > 0 and way[1] < 0',
    '[goLong, goShort, goShort, goLong, trail, trail]',
  ],
};
