-- Why: since when shares have been without a stop must outlive the process that noticed it, and how long it took to protect each fill is
-- shown and measured.
CREATE TABLE "protections" (
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"stage" text NOT NULL,
	"held" numeric NOT NULL,
	"covered" numeric NOT NULL,
	"stop_order_id" uuid REFERENCES "orders"("id"),
	"stop_price" numeric,
	"uncovered_since" timestamp with time zone,
	"over_since" timestamp with time zone,
	"alarmed" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "protections_pk" PRIMARY KEY("account_id","strategy","symbol")
);
--> statement-breakpoint
CREATE TABLE "protection_times" (
	"execution_id" uuid PRIMARY KEY NOT NULL REFERENCES "trade_executions"("id"),
	"order_id" uuid NOT NULL REFERENCES "orders"("id"),
	"stop_order_id" uuid NOT NULL REFERENCES "orders"("id"),
	"milliseconds" integer NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "protection_times_order" ON "protection_times" USING btree ("order_id");
--> statement-breakpoint
CREATE INDEX "orders_exposure" ON "orders" USING btree ("account_id","symbol","strategy");
