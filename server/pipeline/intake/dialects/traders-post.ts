import type { Dialect } from '../dialect.ts';
import { JsonObject } from '../json-text.ts';
import { readObject } from '../read-object.ts';
import { readAlert } from '../traders-post/read-alert.ts';

/**
 * TradersPost's signals, `{"ticker":"AAPL","action":"buy","quantity":10,"takeProfit":{"percent":4},"stopLoss":{"percent":2}}`, with all that
 * their public reference lists (November 2026). Names of fields are case-sensitive, and fields that it does not know are ignored, as there.
 */
export const dialect: Dialect = {
  key: 'traders-post',
  claims({ json }) {
    if (!json.ok || !(json.value instanceof JsonObject)) return false;
    const { fields } = json.value;
    return fields.has('action') && fields.has('ticker') && !fields.has('signal');
  },
  read(alert) {
    const fields = readObject(alert, '{"ticker": "AAPL", "action": "buy"}');
    return fields.ok ? readAlert(fields.value) : fields;
  },
};
