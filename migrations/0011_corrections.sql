-- Why: a venue may take back or change a trade it has told us of, an order may take another's place at the broker with what that one had
-- filled, and whoever asks for a cancel or a replacement must see for how long its outcome has been unclear.
ALTER TABLE "orders" ADD COLUMN "carried_quantity" numeric DEFAULT '0' NOT NULL;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "asked_at" timestamp with time zone;
--> statement-breakpoint
CREATE INDEX "orders_replaces" ON "orders" USING btree ("replaces_id") WHERE replaces_id is not null;
--> statement-breakpoint
-- After a bust the venue counts the order's filled quantity anew: the same cumulative quantity may then be another fill.
ALTER TABLE "trade_executions" ADD COLUMN "epoch" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "trade_executions" DROP CONSTRAINT "trade_executions_cumulative";
--> statement-breakpoint
ALTER TABLE "trade_executions" ADD CONSTRAINT "trade_executions_cumulative" UNIQUE("order_id","cumulative_quantity","epoch");
--> statement-breakpoint
CREATE TABLE "execution_corrections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL REFERENCES "orders"("id"),
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"kind" text NOT NULL,
	"execution_id" text NOT NULL,
	"previous_execution_id" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric NOT NULL,
	"realized_pnl" numeric DEFAULT '0' NOT NULL,
	"source" text NOT NULL,
	"corrected_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "execution_corrections_once" UNIQUE("account_id","previous_execution_id")
);
--> statement-breakpoint
CREATE INDEX "execution_corrections_order" ON "execution_corrections" USING btree ("order_id");
--> statement-breakpoint
CREATE TRIGGER execution_corrections_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON execution_corrections
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
