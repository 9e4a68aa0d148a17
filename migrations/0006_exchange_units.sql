-- Why: the exchange counts thousand-millionths of a share, so that fractions are exact, and ten-trillionths of a dollar (a tick times such a
-- lot), which no double holds: amounts of money become text in its documents and numeric in its columns. Until now a lot was a share.
UPDATE exchange.accounts SET data = data || jsonb_build_object('cash', trunc((data->>'cash')::numeric * 1000000000)::text);
--> statement-breakpoint
UPDATE exchange.positions SET data = data || jsonb_build_object(
  'qty', (data->>'qty')::bigint * 1000000000, 'cost', trunc((data->>'cost')::numeric * 1000000000)::text);
--> statement-breakpoint
CREATE FUNCTION exchange.order_in_lots(data jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT data || jsonb_build_object(
    'qty', (data->>'qty')::bigint * 1000000000, 'filledQty', (data->>'filledQty')::bigint * 1000000000,
    'filledCost', trunc((data->>'filledCost')::numeric * 1000000000)::text, 'notional', null)
$$;
--> statement-breakpoint
CREATE FUNCTION exchange.execution_in_lots(data jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT data || jsonb_build_object(
    'qty', (data->>'qty')::bigint * 1000000000, 'cumQty', (data->>'cumQty')::bigint * 1000000000,
    'leavesQty', (data->>'leavesQty')::bigint * 1000000000, 'fee', null)
$$;
--> statement-breakpoint
UPDATE exchange.orders SET data = exchange.order_in_lots(data);
--> statement-breakpoint
UPDATE exchange.executions SET data = exchange.execution_in_lots(data);
--> statement-breakpoint
UPDATE exchange.updates SET data = data || jsonb_build_object(
  'order', exchange.order_in_lots(data->'order'),
  'execution', CASE WHEN jsonb_typeof(data->'execution') = 'object' THEN exchange.execution_in_lots(data->'execution') END,
  'positionQty', (data->>'positionQty')::bigint * 1000000000);
--> statement-breakpoint
DROP FUNCTION exchange.order_in_lots(jsonb);
--> statement-breakpoint
DROP FUNCTION exchange.execution_in_lots(jsonb);
--> statement-breakpoint
ALTER TABLE exchange.equity
  ALTER COLUMN equity TYPE numeric USING equity::numeric * 1000000000,
  ALTER COLUMN maintenance_margin TYPE numeric USING maintenance_margin::numeric * 1000000000;
