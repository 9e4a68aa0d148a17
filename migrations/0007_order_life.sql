-- Why: one alert may become several orders (several accounts, several targets, an exit and then an entry), one order may wait for another or
-- replace it, some orders are ours without an alert (a missing stop), and a shared account's shares belong to strategies.
ALTER TABLE "orders" ADD COLUMN "origin" text DEFAULT 'decision' NOT NULL;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "step" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "after_order_id" uuid REFERENCES "orders"("id");
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "replaces_id" uuid REFERENCES "orders"("id");
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "trail_price" numeric;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "trail_percent" numeric;
--> statement-breakpoint
UPDATE "orders" SET "origin" = 'venue' WHERE "parent_id" IS NOT NULL;
--> statement-breakpoint
DROP INDEX "orders_one_per_decision";
--> statement-breakpoint
CREATE UNIQUE INDEX "orders_one_per_step" ON "orders" USING btree ("decision_id","step") WHERE parent_id is null;
--> statement-breakpoint
CREATE INDEX "orders_after" ON "orders" USING btree ("after_order_id") WHERE after_order_id is not null;
--> statement-breakpoint
ALTER TABLE "decisions" DROP CONSTRAINT "decisions_signal_id_unique";
--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_signal_account" UNIQUE NULLS NOT DISTINCT ("signal_id","account_id");
--> statement-breakpoint
CREATE TABLE "strategy_positions" (
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"quantity" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"realized_pnl" numeric DEFAULT '0' NOT NULL,
	"opened_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "strategy_positions_pk" PRIMARY KEY("account_id","strategy","symbol")
);
--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD COLUMN "strategy" text;
--> statement-breakpoint
-- What is held already belongs to the strategy of the last fill in it, or, bought by nobody here, to `external`.
INSERT INTO "strategy_positions" (account_id, strategy, symbol, quantity, cost, realized_pnl, opened_at, updated_at)
SELECT p.account_id, coalesce((
    SELECT o.strategy FROM trade_executions e JOIN orders o ON o.id = e.order_id
    WHERE e.account_id = p.account_id AND e.symbol = p.symbol ORDER BY e.executed_at DESC LIMIT 1), 'external'),
  p.symbol, p.quantity, p.cost, p.realized_pnl, p.opened_at, p.updated_at
FROM positions p;
