-- Why: a comparison is to say all that it compared; what somebody else does at the broker is kept, once each, so that it is booked once,
-- shown, and can be given to a strategy later.
ALTER TABLE "reconciliations" ADD COLUMN "compared" jsonb DEFAULT '{}' NOT NULL;
--> statement-breakpoint
ALTER TABLE "reconciliations" ADD COLUMN "changed_orders" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "reconciliations" ADD COLUMN "recorded_fills" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "reconciliations" ADD COLUMN "problem" text;
--> statement-breakpoint
CREATE TABLE "foreign_fills" (
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"execution_id" text NOT NULL,
	"broker_order_id" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric NOT NULL,
	"cumulative_quantity" numeric NOT NULL,
	"realized_pnl" numeric DEFAULT '0' NOT NULL,
	"in_opening" boolean DEFAULT false NOT NULL,
	"order_id" uuid REFERENCES "orders"("id"),
	"executed_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "foreign_fills_pk" PRIMARY KEY("account_id","execution_id")
);
--> statement-breakpoint
CREATE INDEX "foreign_fills_order" ON "foreign_fills" USING btree ("account_id","broker_order_id");
--> statement-breakpoint
CREATE INDEX "foreign_fills_newest" ON "foreign_fills" USING btree ("account_id","executed_at");
--> statement-breakpoint
CREATE TABLE "foreign_orders" (
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"broker_order_id" text NOT NULL,
	"client_order_id" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"type" text NOT NULL,
	"time_in_force" text NOT NULL,
	"quantity" numeric NOT NULL,
	"filled_quantity" numeric NOT NULL,
	"limit_price" numeric,
	"stop_price" numeric,
	"broker_status" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"gone_at" timestamp with time zone,
	CONSTRAINT "foreign_orders_pk" PRIMARY KEY("account_id","broker_order_id")
);
--> statement-breakpoint
CREATE TABLE "account_activities" (
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"activity_id" text NOT NULL,
	"type" text NOT NULL,
	"symbol" text,
	"quantity" numeric,
	"net_amount" numeric NOT NULL,
	"description" text,
	"in_opening" boolean DEFAULT false NOT NULL,
	"happened_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "account_activities_pk" PRIMARY KEY("account_id","activity_id")
);
